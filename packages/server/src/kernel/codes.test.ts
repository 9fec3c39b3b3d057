import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNaruCode, naruFailure } from './codes.ts'
import { codesPage } from './codes-page.ts'

test('a failure has the text of its code, with the facts that it leaves open', () => {
  assert.deepEqual(naruFailure('NARU_AMOUNT_MISMATCH', { charged: 10_000, asked: 9_000 }), {
    pgCode: 'NARU_AMOUNT_MISMATCH',
    pgMessage: 'The payment gateway charged 10000 instead of 9000. The charge is refunded.',
  })
  assert.equal(naruFailure('NARU_CONFIRM_PROCESS_FAILED', { message: 'sold {out}' }).pgMessage, 'sold {out}')
})

test('codes of payment gateways are not ours', () => {
  assert.ok(isNaruCode('NARU_RESULT_UNKNOWN'))
  for (const code of ['NARU_SOMETHING', 'SBX_DECLINED', 'toString', '']) assert.ok(!isNaruCode(code), code)
})

test('the page lists every code with its text', () => {
  for (const language of ['en', 'ko'] as const)
    assert.match(codesPage(language), /^\| `NARU_ACCOUNT_CLOSED` \| The virtual account was closed\. \| .+ \| .+ \|$/m)
})
