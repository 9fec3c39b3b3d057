import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declined, Story, unknown } from '../testing/story.ts'
import { searchEntries, searchEntry } from './search.ts'

test('a payment is found by its ids, its order, its customer and its method', () => {
  const story = new Story()
  const failed = story.begin()
  story.answer(failed, declined)
  const paid = story.pay({}, { customer: { name: '홍길동', email: 'hong@example.com' } })
  story.cancel({ amount: 1, reason: '변심' })
  const entries = new Set(searchEntries(story.payment))
  for (const entry of [
    `TX_ID=${failed}`,
    `TX_ID=${paid}`,
    'ORDER_NAME=티셔츠',
    'PG_TX_ID=pg-1',
    'PG_MERCHANT_ID=sandbox',
    'CUSTOMER_NAME=홍길동',
    'CUSTOMER_EMAIL=hong@example.com',
    'CARD_BIN=424242',
    'CARD_NUMBER=424242******4242',
    'CARD_APPROVAL_NUMBER=123',
    'PG_CANCELLATION_ID=pg-cancel-1',
    'CANCEL_REASON=변심',
  ])
    assert.ok(entries.has(entry), entry)
  assert.ok(![...entries].some((entry) => entry.startsWith('FAIL_REASON')), 'the failed attempt is not what is shown')
})

test('a payment that was only announced is found by nothing but its id', () => {
  assert.deepEqual(searchEntries(new Story().payment), [])
})

test('while the PG is asked for the first time a payment is found by its transaction, and by everything once there is any word', () => {
  for (const outcome of [declined, unknown]) {
    const story = new Story()
    const transactionId = story.begin()
    assert.deepEqual(searchEntries(story.payment), [`TX_ID=${transactionId}`])
    story.answer(transactionId, outcome)
    assert.ok(searchEntries(story.payment).includes('ORDER_NAME=티셔츠'))
  }
})

test('what could be found once can be found during another attempt', () => {
  const story = new Story()
  story.answer(story.begin(), declined)
  story.begin()
  assert.ok(searchEntries(story.payment).includes('ORDER_NAME=티셔츠'))
})

test('a waiting account is found by its number, bank and holder', () => {
  const story = new Story()
  story.openAccount({ remitteeName: '나루' })
  const entries = new Set(searchEntries(story.payment))
  for (const entry of [
    'VIRTUAL_ACCOUNT_BANK=SHINHAN',
    'VIRTUAL_ACCOUNT_NUMBER=110-123',
    'VIRTUAL_ACCOUNT_HOLDER_NAME=나루',
  ])
    assert.ok(entries.has(entry), entry)
})

test('a payment with a billing key is found by it, and by its schedule, once there is any word', () => {
  const story = new Story()
  const transactionId = story.begin({ billingKey: 'key-1', scheduleId: 'schedule-1' })
  assert.deepEqual(searchEntries(story.payment), [`TX_ID=${transactionId}`])
  story.answer(transactionId, declined)
  // In the order of the migration that gave them to older payments: the audit compares all of them.
  assert.deepEqual(searchEntries(story.payment).slice(-2), ['SCHEDULE_ID=schedule-1', 'BILLING_KEY=key-1'])
})

test('what is cut is cut between characters: PostgreSQL stores no half of one', () => {
  for (const length of [198, 199, 200]) {
    const entry = searchEntry('ORDER_NAME', `${'a'.repeat(length)}😀`)
    assert.equal(entry, `ORDER_NAME=${'a'.repeat(length)}${length === 198 ? '😀' : ''}`)
  }
})

test('a long value is found by all of it: both sides are cut alike', () => {
  const story = new Story()
  const orderName = '가'.repeat(5_000)
  story.pay({}, { orderName })
  assert.ok(searchEntries(story.payment).includes(searchEntry('ORDER_NAME', orderName)))
})
