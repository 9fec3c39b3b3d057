import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accountNumberFor } from '../books/accounts.ts'
import { identifiersOf } from '../books/identifiers.ts'
import { start } from '../testing/sandbox.ts'
import { cardFacts, cardProblem, testCards } from './cards.ts'
import { behaviourOf, codes } from './codes.ts'
import { companyCards } from './company-cards.ts'
import { failureOf } from './failures.ts'
import { triggerTable } from './trigger-table.ts'
import { codeFor, testAmounts } from './triggers.ts'

const card = (number: string, changes: Record<string, string> = {}, installmentMonth = 0) => ({
  credential: { number, expiryYear: '30', expiryMonth: '12', ...changes },
  installmentMonth,
})
const ordinary = { amount: 1_000, now: start }

describe('the choice of a scenario', () => {
  it('takes the header before the customer id, that before the card, and that before the amount', () => {
    const all = { testCode: 'doubt-none', customerId: 'sbx-decline', card: card('4000000000009995'), amount: 990011 }
    assert.equal(codeFor({ ...all, now: start }), 'doubt-none')
    assert.equal(codeFor({ ...all, testCode: undefined, now: start }), 'decline')
    assert.equal(codeFor({ card: all.card, amount: all.amount, now: start }), 'decline-insufficient')
    assert.equal(codeFor({ amount: all.amount, now: start }), 'maintenance')
    assert.equal(codeFor(ordinary), 'approve')
  })

  it('reads codes and customer ids whatever their case, and card numbers whatever their spacing', () => {
    assert.equal(codeFor({ ...ordinary, testCode: ' Decline-Lost ' }), 'decline-lost')
    assert.equal(codeFor({ ...ordinary, customerId: 'SBX-Pending-Paid-7' }), 'pending-paid-7')
    assert.equal(codeFor({ ...ordinary, customerId: 'customer-1' }), 'approve')
    assert.equal(codeFor({ ...ordinary, card: card('4000 0000-0000 0002') }), 'decline')
  })

  it('refuses a misspelt code instead of approving', () => {
    assert.equal(codeFor({ ...ordinary, testCode: 'declin' }), 'unknown-code')
    assert.equal(codeFor({ ...ordinary, customerId: 'sbx-declin' }), 'unknown-code')
    assert.equal(codeFor({ ...ordinary, testCode: 'slow-<s>' }), 'unknown-code')
    assert.equal(codeFor({ ...ordinary, testCode: 'toString' }), 'unknown-code')
  })

  it('lets an ordinary card leave the choice to the amount', () => {
    for (const number of ['4242424242424242', '4111111111111111'])
      assert.equal(codeFor({ card: card(number), amount: 990001, now: start }), 'decline')
  })

  for (const [number, code] of [
    ['4242 4242 4242 4242', 'approve'],
    ['5555 5555 5555 4444', 'approve'],
    ['3782 822463 10005', 'approve'],
    ['3530 1113 3330 0000', 'approve'],
    ['6200 0000 0000 0005', 'approve'],
    ['4000 0000 0000 0002', 'decline'],
    ['4000 0000 0000 9995', 'decline-insufficient'],
    ['4000 0000 0000 9987', 'decline-lost'],
    ['4000 0000 0000 9979', 'decline-stolen'],
    ['4000 0000 0000 0069', 'decline-expired'],
    ['4000 0000 0000 0127', 'invalid-password'],
    ['4000 0000 0000 0119', 'server-error'],
    ['4242 4242 4242 4241', 'invalid-number'],
    ['4000 0000 0000 6975', 'decline-velocity'],
    ['4000 0000 0000 0341', 'bk-fail-later'],
    ['4000 0025 0000 3155', 'approve'],
    ['4000 0082 6000 3178', 'decline-insufficient'],
    ['4000 0000 0000 0259', 'dispute'],
    ['4000 0000 0000 7726', 'cancel-pending-5'],
    ['4000 0000 0000 5126', 'cancel-pending-fail-5'],
    ['4100 0000 0000 0019', 'decline-fraud'],
  ] as const) {
    it(`card ${number}: ${code}`, () => assert.equal(codeFor({ ...ordinary, card: card(number) }), code))
  }

  for (const [amount, code] of [
    [990001, 'decline'],
    [990002, 'decline-insufficient'],
    [990003, 'doubt-approved'],
    [990004, 'doubt-failed'],
    [990005, 'doubt-none'],
    [990006, 'slow-25'],
    [990007, 'slow-40'],
    [990008, 'pending-paid-10'],
    [990009, 'pending-failed-10'],
    [990010, 'amount-mismatch'],
    [990011, 'maintenance'],
    [990012, 'late-success'],
    [990020, 'va-auto-5'],
    [990021, 'va-deposit-first'],
    [990022, 'va-reversal'],
    [990023, 'va-wrong-amount'],
    [990024, 'va-never'],
    [990025, 'va-late-deposit'],
    [990026, 'va-fail'],
    [990027, 'va-deposit-thrice'],
    [990028, 'va-close-refused'],
    [990029, 'va-close-doubt'],
    [990030, 'cancel-decline'],
    [990031, 'cancel-pending-5'],
    [990032, 'cancel-doubt-done'],
    [990033, 'partial-unsupported'],
    [990040, 'notify-delay-60'],
    [990041, 'notify-none'],
    [990042, 'notify-dup'],
    [990050, 'dispute'],
  ] as const) {
    it(`amount ${amount}: ${code}`, () => assert.equal(codeFor({ amount, now: start }), code))
  }

  it('refuses what was typed in wrong', () => {
    const good = '4242424242424242'
    assert.equal(codeFor({ ...ordinary, card: card('4242') }), 'invalid-number')
    assert.equal(codeFor({ ...ordinary, card: card('abcd424242424242') }), 'invalid-number')
    assert.equal(codeFor({ ...ordinary, card: card(good, { expiryMonth: '13' }) }), 'invalid-expiry')
    assert.equal(
      codeFor({ ...ordinary, card: card(good, { birthOrBusinessRegistrationNumber: '1990' }) }),
      'invalid-birth',
    )
    assert.equal(codeFor({ ...ordinary, card: card(good, { passwordTwoDigits: '0' }) }), 'invalid-password')
    assert.equal(codeFor({ ...ordinary, card: card(good, {}, 13) }), 'invalid-installment')
    assert.equal(codeFor({ ...ordinary, card: card(good, {}, 12) }), 'approve')
  })

  it('lets a card expire when its month ends in Korea', () => {
    const march = card('4242424242424242', { expiryYear: '26', expiryMonth: '03' })
    const endOfMarchInKorea = Date.parse('2026-03-31T15:00:00Z')
    assert.equal(codeFor({ card: march, amount: 1, now: endOfMarchInKorea - 1 }), 'approve')
    assert.equal(codeFor({ card: march, amount: 1, now: endOfMarchInKorea }), 'decline-expired')
  })
})

describe('the tables', () => {
  it('name only scenarios that exist', () => {
    for (const code of [...testCards.map((entry) => entry.code), ...testAmounts.values()])
      assert.ok(behaviourOf(code), code)
  })

  it('lead every scenario to a way of provoking it, each card and amount once', () => {
    assert.equal(triggerTable.length, codes.length - 1)
    const ways = triggerTable.flatMap(({ provokedBy }) => provokedBy)
    for (const { number } of testCards)
      assert.equal(ways.filter((way) => way.replaceAll(' ', '') === `card${number}`).length, 1, number)
    for (const amount of testAmounts.keys())
      assert.equal(ways.filter((way) => way === `amount ${amount}`).length, 1, String(amount))
  })

  it('use the documented texts', () => {
    assert.equal(failureOf('SBX_DECLINED').pgMessage, '카드사에서 승인을 거절했습니다')
    assert.equal(failureOf('SBX_INSUFFICIENT_FUNDS').pgMessage, '잔액이 부족합니다')
  })
})

describe('card facts', () => {
  const facts = (number: string) => cardFacts({ number, expiryYear: '30', expiryMonth: '12' })

  it('keep the first 6 and the last 4 digits only', () => {
    assert.equal(facts('4242 4242 4242 4242').number, '424242******4242')
    assert.equal(facts('378282246310005').number, '378282*****0005')
    assert.equal(facts('4242424242424242').bin, '424242')
  })

  it('know brand and issuer by number', () => {
    const known = ['4242424242424242', '5555555555554444', '378282246310005', '3530111333300000', '6200000000000005']
    assert.deepEqual(
      known.map((number) => [facts(number).brand, facts(number).issuer]),
      [
        ['VISA', 'SHINHAN_CARD'],
        ['MASTER', 'HYUNDAI_CARD'],
        ['AMEX', 'KOOKMIN_CARD'],
        ['JCB', 'KOOKMIN_CARD'],
        ['UNIONPAY', 'KOOKMIN_CARD'],
      ],
    )
  })

  it('know each company by its test number, whatever was chosen; elsewhere the choice counts', () => {
    for (const [company, number] of Object.entries(companyCards)) {
      const credential = { number, expiryYear: '30', expiryMonth: '12' }
      assert.equal(cardProblem(credential, 0, Date.parse('2026-01-01')), undefined, number)
      assert.deepEqual([facts(number).issuer, cardFacts(credential, 'K_BANK').issuer], [company, company])
    }
    assert.equal(new Set(Object.values(companyCards).map((number) => number.slice(0, 6))).size, 23)
    const visa = { number: '4242424242424242', expiryYear: '30', expiryMonth: '12' }
    assert.equal(cardFacts(visa, 'SAMSUNG_CARD').issuer, 'SAMSUNG_CARD')
  })

  it('call a card corporate when it is identified by a business number', () => {
    const credential = { number: '4242424242424242', expiryYear: '30', expiryMonth: '12' }
    assert.equal(cardFacts(credential).ownerType, 'PERSONAL')
    assert.equal(cardFacts({ ...credential, birthOrBusinessRegistrationNumber: '1234567890' }).ownerType, 'CORPORATE')
  })
})

describe('identifiers', () => {
  it('follow from channel, operation and reference alone', () => {
    const identifiers = identifiersOf('channel-key-1', 'authorize', 'reference-1')
    assert.deepEqual(identifiers, identifiersOf('channel-key-1', 'authorize', 'reference-1'))
    assert.match(identifiers.id, /^sbx_[0-9a-v]{20}$/)
    assert.match(identifiers.approvalNumber, /^\d{8}$/)
    for (const [channel, operation, reference] of [
      ['channel-key-2', 'authorize', 'reference-1'],
      ['channel-key-1', 'cancel', 'reference-1'],
      ['channel-key-1', 'authorize', 'reference-2'],
    ] as const)
      assert.notEqual(identifiersOf(channel, operation, reference).id, identifiers.id)
  })

  it('give virtual accounts 9, the bank code and 10 digits', () => {
    const number = accountNumberFor('channel-key-1', 'reference-1', { bank: 'SHINHAN', accountType: 'NORMAL' })
    assert.match(number ?? '', /^9088\d{10}$/)
    assert.equal(accountNumberFor('channel-key-1', 'r', { bank: 'BANK_OF_KOREA', accountType: 'NORMAL' }), undefined)
  })

  it('give a fixed account the same number for every payment', () => {
    const fixed = { bank: 'SHINHAN', accountType: 'FIXED', pgAccountId: 'customer-1' } as const
    const number = accountNumberFor('channel-key-1', 'reference-1', fixed)
    assert.equal(accountNumberFor('channel-key-1', 'reference-2', fixed), number)
    assert.notEqual(accountNumberFor('channel-key-1', 'reference-2', { ...fixed, pgAccountId: 'customer-2' }), number)
    assert.equal(accountNumberFor('channel-key-1', 'r', { ...fixed, accountNumber: '110123456' }), '110123456')
  })
})
