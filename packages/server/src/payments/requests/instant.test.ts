import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstantPaymentInput } from '@naru/contract'
import type { VirtualAccountRequest } from '../../gateways/port/payment.ts'
import { day, hour, toIso } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { groupMember as member, sandboxChannel, sandboxStore } from '../../merchants/testing/store.ts'
import { refusalType, start } from '../testing/story.ts'
import { instantPayment, maskedCard } from './instant.ts'

const store = sandboxStore({
  channels: [sandboxChannel('a'), sandboxChannel('b'), sandboxChannel('c')],
  formerChannels: [sandboxChannel('former')],
  channelGroups: [
    {
      id: 'group',
      name: 'Group',
      isForTest: true,
      members: [member('a', 70), member('b', 30), member('c', 50, false)],
    },
    { id: 'idle', name: 'Idle', isForTest: true, members: [member('a', 100, false)] },
  ],
})

const card = { credential: { number: '4242-4242-4242-4242', expiryYear: '30', expiryMonth: '12' } }
const virtualAccount = {
  bank: 'SHINHAN',
  expiry: { validHours: 24 },
  option: { type: 'NORMAL' },
} satisfies InstantPaymentInput['method']['virtualAccount']

const prepare = (changes: Partial<InstantPaymentInput>) =>
  instantPayment(
    store,
    {
      channelKey: 'key-of-a',
      method: { card },
      orderName: '티셔츠',
      amount: { total: 10_000 },
      currency: 'KRW',
      ...changes,
    },
    { origin: { platformType: 'API', ipAddress: '203.0.113.7' }, now: start },
  )

const prepared = (changes: Partial<InstantPaymentInput>) => {
  const command = prepare(changes)
  if (command instanceof Refusal) assert.fail(command.body.message)
  return command
}

const withAccount = (changes: Partial<typeof virtualAccount> | Record<string, unknown>) =>
  refusalType(prepare({ method: { virtualAccount: { ...virtualAccount, ...changes } } }))

test('nothing of a card is kept but its first six digits and its last four', () => {
  const { start: attempt } = prepared({})
  const kept = JSON.stringify(attempt)
  assert.deepEqual(attempt.method, {
    type: 'PaymentMethodCard',
    card: { bin: '424242', number: '424242******4242' },
  })
  for (const secret of ['42424242', '4242-4242', '"30"', '"12"']) assert.ok(!kept.includes(secret), secret)
})

test('a number too short to be a card is not shown at all', () => {
  assert.deepEqual(maskedCard('42424242424'), {})
  assert.deepEqual(maskedCard('123456789012'), { bin: '123456', number: '123456**9012' })
})

test('exactly one channel or group, and exactly one method', () => {
  assert.equal(refusalType(prepare({ channelGroupId: 'group' })), 'INVALID_REQUEST')
  assert.equal(refusalType(prepare({ method: {} })), 'INVALID_REQUEST')
  assert.equal(refusalType(prepare({ method: { card, virtualAccount } })), 'INVALID_REQUEST')
})

test('unknown and deleted channels, and groups with nobody active, are not found', () => {
  assert.equal(refusalType(prepare({ channelKey: 'key-x' })), 'CHANNEL_NOT_FOUND')
  assert.equal(refusalType(prepare({ channelKey: 'key-of-former' })), 'CHANNEL_NOT_FOUND')
})

test('a group draws among its active channels only', () => {
  const input = { method: { card }, orderName: '티셔츠', amount: { total: 10_000 }, currency: 'KRW' } as const
  const circumstances = { origin: { platformType: 'API', ipAddress: '203.0.113.7' }, now: start } as const
  const draw = (channelGroupId: string) => instantPayment(store, { ...input, channelGroupId }, circumstances)
  const drawn = new Set<string>()
  for (let times = 0; times < 200; times++) {
    const command = draw('group')
    assert.ok(!(command instanceof Refusal))
    drawn.add(command.channel.id)
    assert.equal(command.start.channelGroup?.id, 'group')
  }
  assert.deepEqual([...drawn].sort(), ['a', 'b'])
  assert.equal(refusalType(draw('idle')), 'CHANNEL_NOT_FOUND')
  assert.equal(refusalType(draw('nothing')), 'CHANNEL_NOT_FOUND')
})

test('a card that cannot be right is refused before anything else happens', () => {
  for (const changes of [
    { number: '4242' },
    { number: '4242abcd42424242' },
    { expiryYear: '2030' },
    { expiryMonth: '13' },
  ])
    assert.equal(
      refusalType(prepare({ method: { card: { credential: { ...card.credential, ...changes } } } })),
      'INVALID_REQUEST',
    )
  for (const installmentMonth of [-1, 1])
    assert.equal(refusalType(prepare({ method: { card: { ...card, installmentMonth } } })), 'INVALID_REQUEST')
})

test('what is malformed is told before what is missing, and that before amounts that do not add up', () => {
  const amount = { total: 1, taxFree: 2 }
  assert.equal(
    refusalType(prepare({ amount, channelKey: 'key-x', orderName: '', productCount: -1 })),
    'INVALID_REQUEST',
  )
  assert.equal(refusalType(prepare({ amount, channelKey: 'key-x' })), 'CHANNEL_NOT_FOUND')
  assert.equal(refusalType(prepare({ amount })), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
})

test('an account has one deadline, which is in the future and within reach', () => {
  for (const expiry of [
    {},
    { validHours: 1, dueDate: toIso(start + day) },
    { validHours: 0 },
    { validHours: 367 * 24 },
    { dueDate: toIso(start) },
    { dueDate: toIso(start + 400 * day) },
  ])
    assert.equal(withAccount({ expiry }), 'INVALID_REQUEST', JSON.stringify(expiry))
})

test('only a FIXED account names which, and by exactly one thing', () => {
  for (const option of [
    { type: 'NORMAL', fixed: { pgAccountId: '1' } },
    { type: 'FIXED' },
    { type: 'FIXED', fixed: {} },
    { type: 'FIXED', fixed: { pgAccountId: '1', accountNumber: '110-123-456789' } },
    { type: 'FIXED', fixed: { pgAccountId: ' ' } },
    { type: 'FIXED', fixed: { accountNumber: '' } },
    { type: 'FIXED', fixed: { accountNumber: '12345' } },
    { type: 'FIXED', fixed: { accountNumber: 'my account' } },
  ])
    assert.equal(withAccount({ option }), 'INVALID_REQUEST', JSON.stringify(option))
})

test('the deadline is counted in hours from now, or given', async () => {
  const expiresAt = async (expiry: { validHours?: number; dueDate?: string }) => {
    const asked: VirtualAccountRequest[] = []
    const command = prepared({ method: { virtualAccount: { ...virtualAccount, expiry } } })
    assert.equal(command.start.method, undefined, 'the PG says what the account is')
    await command.callGateway(recording(asked), context, { amount: 10_000, taxFree: 0, vat: 909 })
    return asked[0]?.expiresAt
  }
  assert.equal(await expiresAt({ validHours: 3 }), start + 3 * hour)
  assert.equal(await expiresAt({ dueDate: '2026-03-03T09:00:00+09:00' }), start + day)
})

const context = {
  storeId: 'store-1',
  channel: sandboxChannel('a'),
  reference: 'reference',
  clock: { offset: 0, stoppedAt: start },
  actBefore: start + hour,
}

const answer = async () => ({ kind: 'unknown', reason: 'recorded' }) as const

/** A PG that writes down which accounts it is asked for. */
const recording = (asked: VirtualAccountRequest[]) => ({
  mayActWithin: 0,
  cardCompanyOf: () => undefined,
  issueBillingKey: answer,
  chargeBillingKey: answer,
  deleteBillingKey: answer,
  inquireBillingKey: answer,
  authorize: answer,
  approve: answer,
  issueVirtualAccount: async (_context: unknown, request: VirtualAccountRequest) => {
    asked.push(request)
    return answer()
  },
  closeVirtualAccount: answer,
  capture: answer,
  cancel: answer,
  stopCancellation: answer,
  issueCashReceipt: answer,
  cancelCashReceipt: answer,
  inquireCashReceipt: answer,
  inquire: answer,
  fulfil: answer,
  lookUpOrder: answer,
  cardPromotions: answer,
  startIdentity: answer,
  resendIdentity: answer,
  confirmIdentity: answer,
  inquireIdentity: answer,
  inquireCancellation: answer,
})
