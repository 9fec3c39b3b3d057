import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { minute, second } from '../../kernel/clock.ts'
import type { BankTransferRequest } from '../port/payout.ts'
import { sandboxBank } from './bank.ts'
import { testAccounts } from './scenarios/bank-accounts.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database
const bank = sandboxBank({ sql })
const start = 1_772_409_600_000
const storeId = 'bank-store'
await sql`insert into merchants (merchant_id, name, created_at) values ('bank', 'Market', ${start})`
await sql`
  insert into stores (store_id, merchant_id, name, mode, is_representative, clock_stopped_at, created_at)
  values (${storeId}, 'bank', 'Market', 'SANDBOX', true, ${start}, ${start})`

/** An account of its own, whose clock stands at `start` plus `seconds`. */
const bankFor = (merchantId: string) => {
  const account = { id: 'mock', bank: 'KOOKMIN', number: '1', holder: 'Market', isForTest: true } as const
  const context = (reference: string, seconds = 0) => ({
    merchantId,
    storeId,
    account,
    reference,
    clock: { offset: 0, stoppedAt: start + seconds * second },
  })
  const request = (number: string, amount: number): BankTransferRequest => ({
    actBefore: start + 30 * second,
    to: { bank: 'SHINHAN', number, holder: '홍길동' },
    currency: 'KRW',
    amount,
  })
  return {
    pay: (reference: string, number: string, amount = 10_000) =>
      bank.transfer(context(reference), request(number, amount)),
    ask: async (reference: string, seconds = 0) => {
      const answer = await bank.inquireTransfer(context(reference, seconds))
      assert.equal(answer.kind, 'succeeded')
      return answer.kind === 'succeeded' ? answer.value : assert.fail()
    },
    left: async (seconds = 0) => {
      const answer = await bank.balance(context('', seconds))
      return answer.kind === 'succeeded' ? answer.value.amount : assert.fail()
    },
  }
}

const accountOf = (code: string): string =>
  testAccounts.find((account) => account.code === code)?.number ?? assert.fail()

describe('the mock account', () => {
  test('begins with 1,000,000,000 KRW and pays into any account', async () => {
    const { pay, ask, left } = bankFor('any')
    assert.equal(await left(), 1_000_000_000)
    const paid = await pay('a', '110-123-456789')
    assert.equal(paid.kind, 'succeeded')
    assert.equal(paid.kind === 'succeeded' && paid.value.balance, 999_990_000)
    assert.equal(await left(), 999_990_000)
    assert.equal((await ask('a')).state, 'TRANSFERRED')
  })

  test('never goes below nothing, however many transfers come at once', async () => {
    const { pay, left } = bankFor('empty')
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => pay(`transfer-${index}`, '1', 100_000_000)),
    )
    assert.equal(outcomes.filter(({ kind }) => kind === 'succeeded').length, 10)
    const refused = outcomes.filter((outcome) => outcome.kind === 'failed')
    assert.deepEqual(
      refused.map(({ failure }) => failure.pgCode),
      ['SBX_BANK_INSUFFICIENT_BALANCE', 'SBX_BANK_INSUFFICIENT_BALANCE'],
    )
    assert.equal(await left(), 0)
  })

  test('pays twice what it is asked for twice, so that a repetition shows', async () => {
    const { pay, left } = bankFor('twice')
    await pay('same', '1')
    await pay('same', '1')
    assert.equal(await left(), 999_980_000)
  })

  test('does nothing that reaches it too late by the clock of the store, whatever the sender takes the time to be', async () => {
    const { pay, ask, left } = bankFor('late')
    await sql`update stores set clock_stopped_at = ${start + 30 * second} where store_id = ${storeId}`
    assert.equal((await pay('a', '1')).kind, 'unknown')
    await sql`update stores set clock_stopped_at = ${start} where store_id = ${storeId}`
    assert.equal((await ask('a')).state, 'NONE')
    assert.equal(await left(), 1_000_000_000)
  })

  test('pays in KRW alone', async () => {
    const account = { id: 'mock', bank: 'KOOKMIN', number: '1', holder: 'Market', isForTest: true } as const
    const clock = { offset: 0, stoppedAt: start }
    const context = { merchantId: 'usd', storeId, account, reference: 'usd', clock }
    const to = { bank: 'SHINHAN', number: '1', holder: '홍길동' } as const
    const refused = await bank.transfer(context, { actBefore: start + second, to, currency: 'USD', amount: 1 })
    assert.equal(refused.kind, 'failed')
  })
})

describe('scenarios', () => {
  const refusals = {
    'bank-holder-mismatch': 'SBX_BANK_HOLDER_MISMATCH',
    'bank-no-account': 'SBX_BANK_NO_ACCOUNT',
    'bank-maintenance': 'SBX_BANK_MAINTENANCE',
  }
  for (const [code, bankCode] of Object.entries(refusals))
    test(`${code} refuses, and nothing leaves`, async () => {
      const { pay, ask, left } = bankFor(code)
      const refused = await pay('a', accountOf(code))
      assert.equal(refused.kind === 'failed' && refused.failure.pgCode, bankCode)
      assert.equal((await ask('a')).state, 'FAILED')
      assert.equal(await left(), 1_000_000_000)
    })

  test('bank-refused-once succeeds the second time', async () => {
    const { pay } = bankFor('once')
    const outcomes = [await pay('a', accountOf('bank-refused-once')), await pay('b', accountOf('bank-refused-once'))]
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['failed', 'succeeded'],
    )
  })

  test('bank-delayed takes on, holds the money, and has it done a minute later', async () => {
    const { pay, ask, left } = bankFor('delayed')
    assert.equal((await pay('a', accountOf('bank-delayed'))).kind, 'pending')
    assert.equal((await ask('a', 59)).state, 'PENDING')
    assert.equal(await left(59), 999_990_000)
    const done = await ask('a', 60)
    assert.equal(done.state === 'TRANSFERRED' && done.transfer.transferredAt, start + minute)
    assert.equal(await left(60), 999_990_000)
  })

  test('bank-delayed-refused gives the money back', async () => {
    const { pay, ask, left } = bankFor('delayed-refused')
    assert.equal((await pay('a', accountOf('bank-delayed-refused'))).kind, 'pending')
    assert.equal(await left(59), 999_990_000)
    const refused = await ask('a', 60)
    assert.equal(refused.state === 'FAILED' && refused.failure.pgCode, 'SBX_BANK_REFUSED')
    assert.equal(await left(60), 1_000_000_000)
  })

  test('lost answers are told by inquiries', async () => {
    const { pay, ask, left } = bankFor('doubt')
    const codes = ['bank-doubt-paid', 'bank-doubt-not-paid', 'bank-doubt-slow', 'bank-doubt-refused']
    for (const code of codes) assert.equal((await pay(code, accountOf(code))).kind, 'unknown')
    const asked = async () => Promise.all(codes.map(async (code) => (await ask(code)).state))
    assert.deepEqual(await asked(), ['TRANSFERRED', 'NONE', 'NONE', 'FAILED'])
    assert.deepEqual(await asked(), ['TRANSFERRED', 'NONE', 'NONE', 'FAILED'])
    assert.deepEqual(await asked(), ['TRANSFERRED', 'NONE', 'TRANSFERRED', 'FAILED'])
    assert.equal(await left(), 999_980_000)
  })

  test('holders are told by account', async () => {
    const account = { id: 'mock', bank: 'KOOKMIN', number: '1', holder: 'Market', isForTest: true } as const
    const ask = (number: string) =>
      bank.lookUpHolder(
        { merchantId: 'holders', account, clock: { offset: 0, stoppedAt: start } },
        { bank: 'KAKAO', number },
      )
    assert.deepEqual(await ask('3333-01-1234567'), { kind: 'found', holderName: '홍길동' })
    assert.deepEqual(await ask('9900-0000-0001'), { kind: 'found', holderName: '김바다' })
    assert.equal((await ask(accountOf('bank-no-account'))).kind, 'refused')
    assert.equal((await ask(accountOf('bank-look-up-down'))).kind, 'unavailable')
  })
})
