import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkoutKinds } from '@naru/contract'
import { codeTable } from '../kernel/codes.ts'
import { endsUndone, isTold, ownFailureText } from './failures.ts'
import { failureFields } from './result.ts'

const hangul = /\p{Script=Hangul}/u

test('whatever code of ours a window fails with, the result speaks the language of the page and names nothing internal', () => {
  const developers = 'The promotion p-1 does not exist.'
  const failures = [
    {},
    { reason: developers },
    { pgCode: 'NARU_OF_ANOTHER_VERSION', pgMessage: developers },
    ...Object.entries(codeTable).flatMap(([pgCode, { text }]) => [
      { pgCode, reason: `[${pgCode}] ${text}` },
      // The merchant's server wrote this one for the shopper.
      ...(pgCode === 'NARU_CONFIRM_PROCESS_FAILED' ? [] : [{ pgCode, pgMessage: text, reason: `[${pgCode}] ${text}` }]),
    ]),
  ]
  for (const kind of checkoutKinds)
    for (const failure of failures) {
      const [korean = '', english = ''] = (['ko', 'en'] as const).map((language) => {
        const { code, message, ...others } = failureFields(failure, kind, language)
        assert.match(code, /^(PORTONE_ERROR|ConfirmProcessFailed)$/)
        const pgCode = 'pgCode' in failure ? failure.pgCode : undefined
        const isCodeTold = pgCode !== undefined && isTold(pgCode)
        assert.deepEqual(others, isCodeTold ? { pgCode, pgMessage: message } : {})
        return message
      })
      assert.match(korean, hangul, JSON.stringify(failure))
      assert.doesNotMatch(korean, /[A-Za-z]/, JSON.stringify(failure))
      assert.doesNotMatch(english, hangul, JSON.stringify(failure))
      assert.doesNotMatch(english, /NARU_|\{|\[/, JSON.stringify(failure))
    }
})

test('whatever bids a shopper try again gives way to the news that the order is paid', () => {
  // The page says this while its window goes on.
  const isNoEnding = (code: string) => code === 'NARU_CONFIRMATION_UNDER_WAY'
  const bidding = Object.keys(codeTable).filter(
    (code) => /(?<!not )try again|use another/i.test(ownFailureText(code, 'PAYMENT', 'en')) && !isNoEnding(code),
  )
  assert.ok(bidding.length > 1)
  assert.deepEqual(
    bidding.filter((code) => !endsUndone(code)),
    [],
  )
})

test('what a PG says, and what the merchant’s server says to its shopper, stays as it is', () => {
  const declined = { pgCode: 'SBX_DECLINED', pgMessage: '카드사에서 승인을 거절했습니다' }
  assert.deepEqual(failureFields(declined, 'PAYMENT', 'en'), {
    code: 'FAILURE_TYPE_PG',
    message: `[SBX_DECLINED] ${declined.pgMessage}`,
    ...declined,
  })
  const refused = { pgCode: 'NARU_CONFIRM_PROCESS_FAILED', pgMessage: '품절되었습니다' }
  assert.deepEqual(failureFields(refused, 'PAYMENT', 'en'), { code: 'ConfirmProcessFailed', message: '품절되었습니다' })
})
