import assert from 'node:assert/strict'
import { createChannelGroup } from '../../src/merchants/setup.ts'
import { maximumAttempts } from '../../src/payments/rules/limits.ts'
import { thrownBy } from './api.ts'
import type { TestNaru, TestStore } from './naru.ts'
import type { Provoke } from './provoke.ts'
import { card, newPaymentId, order } from './requests.ts'

export const issued = async ({ api, channelKey }: TestStore, testCode = 'approve'): Promise<string> =>
  (await api.call('issueBillingKey', { body: { channelKey, method: card() }, testCode })).billingKeyInfo.billingKey

/** The order of a charge, without what a billing key says itself. */
export const chargeOf = (total = 10_000) => {
  const { method: _, channelKey: __, ...charge } = order('none', { total })
  return charge
}

export const provokeIssuing = async (naru: TestNaru, { throws, answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { api, storeId, channelKey, manualChannelKey } = store
  // Before the first request: a server remembers its stores for a while.
  const members = [channelKey, manualChannelKey].map((key) => ({ channelKey: key, percentage: 50 }))
  const group = { storeId, name: 'Cards', isForTest: true, members }
  const channelGroupId = await createChannelGroup(naru.database.sql, group)
  const { billingKey } = store.portone.payment
  const issue = (key: string, method = card()) => billingKey.issueBillingKey({ channelKey: key, method })
  await throws('issueBillingKey', 'CHANNEL_NOT_FOUND', issue('no-such-channel'))
  await throws(
    'issueBillingKey',
    'PG_PROVIDER',
    billingKey.issueBillingKey({
      channelKey,
      method: card(),
      customer: { id: 'sbx-decline' },
    }),
  )
  const ofGroup = { channelGroupId, method: card() }
  const refusing = { ...ofGroup, customer: { id: 'sbx-decline' } }
  await throws('issueBillingKey', 'CHANNEL_SPECIFIC', billingKey.issueBillingKey(refusing))
  await throws('getBillingKeyInfo', 'BILLING_KEY_NOT_FOUND', billingKey.getBillingKeyInfo({ billingKey: 'none' }))

  const remove = (key: string) => billingKey.deleteBillingKey({ billingKey: key })
  await throws('deleteBillingKey', 'BILLING_KEY_NOT_FOUND', remove('none'))
  await throws('deleteBillingKey', 'PG_PROVIDER', remove(await issued(store, 'bk-delete-fail')))
  const undeletable = await api.call('issueBillingKey', { body: ofGroup, testCode: 'bk-delete-fail' })
  await throws('deleteBillingKey', 'CHANNEL_SPECIFIC', remove(undeletable.billingKeyInfo.billingKey))
  const deleted = await issued(store)
  await remove(deleted)
  await throws('deleteBillingKey', 'BILLING_KEY_ALREADY_DELETED', remove(deleted))

  const window = { channelKey, method: card() }
  const open = (wanted: object = {}) => api.call('authenticateSandboxBillingKey', { body: { ...window, ...wanted } })
  const shown = await open()
  await throws('deleteBillingKey', 'BILLING_KEY_NOT_ISSUED', remove(shown.billingKey))
  const payment = { paymentId: newPaymentId(), orderName: 'First month', amount: { total: 100 }, currency: 'KRW' }
  const withPayment = await open({ payment })
  const ways = [
    ['confirmBillingKey', billingKey.confirmBillingKey.bind(billingKey), shown, {}],
    [
      'confirmBillingKeyIssueAndPay',
      billingKey.confirmBillingKeyIssueAndPay.bind(billingKey),
      withPayment,
      { payment },
    ],
  ] as const
  for (const [id, confirm, { billingIssueToken }, wanted] of ways) {
    await throws(id, 'BILLING_KEY_NOT_FOUND', confirm({ billingIssueToken: 'guessed' }))
    await throws(id, 'INFORMATION_MISMATCH', confirm({ billingIssueToken, isTest: false }))
    await confirm({ billingIssueToken })
    await throws(id, 'BILLING_KEY_ALREADY_ISSUED', confirm({ billingIssueToken }))
    const anew = 'payment' in wanted ? { payment: { ...wanted.payment, paymentId: newPaymentId() } } : {}
    const declined = await open({ ...anew, customer: { id: 'sbx-decline' } })
    await throws(id, 'PG_PROVIDER', confirm({ billingIssueToken: declined.billingIssueToken }))
  }
  await answers(
    'authenticateSandboxBillingKey',
    'CHANNEL_NOT_FOUND',
    api.send('authenticateSandboxBillingKey', { body: { ...window, channelKey: 'no-such-channel' } }),
  )
  const tooFree = { ...payment, currency: 'KRW' as const, amount: { total: 1, taxFree: 2 } }
  await answers(
    'authenticateSandboxBillingKey',
    'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
    api.send('authenticateSandboxBillingKey', { body: { ...window, payment: tooFree } }),
  )
  await answers(
    'authenticateSandboxBillingKey',
    'PG_PROVIDER',
    api.send('authenticateSandboxBillingKey', { body: window, testCode: 'shopper-cancel' }),
  )
  const renew = api.send('renewSandboxBillingKey', { path: { billingKey: 'none' }, body: card() })
  await answers('renewSandboxBillingKey', 'BILLING_KEY_NOT_FOUND', renew)
}

export const provokeCharging = async (naru: TestNaru, { throws, answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { api, channelKey } = store
  const { payment } = store.portone
  const billingKey = await issued(store)
  const pay = (wanted: object = {}, paymentId = newPaymentId()) =>
    payment.payWithBillingKey({ paymentId, billingKey, ...chargeOf(), ...wanted })
  await throws('payWithBillingKey', 'BILLING_KEY_NOT_FOUND', pay({ billingKey: 'none' }))
  await throws('payWithBillingKey', 'CHANNEL_NOT_FOUND', pay({ channelKey: 'no-such-channel' }))
  await throws('payWithBillingKey', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', pay({ amount: { total: 1, taxFree: 2 } }))
  await throws('payWithBillingKey', 'PG_PROVIDER', pay({ amount: { total: 990_001 } }))
  const paid = newPaymentId()
  await pay({}, paid)
  await throws('payWithBillingKey', 'ALREADY_PAID', pay({}, paid))
  const often = newPaymentId()
  for (let attempt = 0; attempt < maximumAttempts; attempt++) await thrownBy(pay({ amount: { total: 990_001 } }, often))
  await throws('payWithBillingKey', 'MAX_TRANSACTION_COUNT_REACHED', pay({}, often))
  const deleted = await issued(store)
  await payment.billingKey.deleteBillingKey({ billingKey: deleted })
  await throws('payWithBillingKey', 'BILLING_KEY_ALREADY_DELETED', pay({ billingKey: deleted }))

  const scheme = { type: 'AMOUNT' as const, amount: 10_000 }
  const promotion = (cardCompany: 'SHINHAN_CARD' | 'HYUNDAI_CARD', amountFrom: number) =>
    api.call('createSandboxPromotion', {
      body: {
        name: 'Spring',
        discountPolicy: { partitions: [{ amountFrom, scheme }] },
        totalBudget: 100_000,
        endAt: '2099-01-01T00:00:00Z',
        cardCompany,
      },
    })
  const { id: elsewhere } = await promotion('HYUNDAI_CARD', 0)
  await throws('payWithBillingKey', 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH', pay({ promotionId: elsewhere }))
  const { id: generous } = await promotion('SHINHAN_CARD', 0)
  await throws('payWithBillingKey', 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT', pay({ promotionId: generous }))

  const scheduled = newPaymentId()
  await payment.paymentSchedule.createPaymentSchedule({
    paymentId: scheduled,
    payment: { billingKey, ...chargeOf() },
    timeToPay: '2099-01-01T00:00:00Z',
  })
  const exists = 'PAYMENT_SCHEDULE_ALREADY_EXISTS'
  await throws('payWithBillingKey', exists, pay({}, scheduled))
  await throws('payInstantly', exists, payment.payInstantly({ paymentId: scheduled, ...order(channelKey) }))
  const path = { paymentId: scheduled }
  const window = api.send('authenticateSandboxPayment', { path, body: order(channelKey) })
  await answers('authenticateSandboxPayment', exists, window)
  await throws('deleteBillingKey', exists, payment.billingKey.deleteBillingKey({ billingKey }))
}

export const provokeScheduling = async (naru: TestNaru, { throws }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { payment } = store.portone
  const { paymentSchedule } = payment
  const billingKey = await issued(store)
  const schedule = (wanted: object = {}, paymentId = newPaymentId(), timeToPay = '2099-01-01T00:00:00Z') =>
    paymentSchedule.createPaymentSchedule({ paymentId, payment: { billingKey, ...chargeOf(), ...wanted }, timeToPay })
  await throws('createPaymentSchedule', 'BILLING_KEY_NOT_FOUND', schedule({ billingKey: 'none' }))
  const tooFree = schedule({ amount: { total: 1, taxFree: 2 } })
  await throws('createPaymentSchedule', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', tooFree)
  const paid = newPaymentId()
  await payment.payWithBillingKey({ paymentId: paid, billingKey, ...chargeOf() })
  await throws('createPaymentSchedule', 'ALREADY_PAID_OR_WAITING', schedule({}, paid))
  const twice = newPaymentId()
  const { schedule: first } = await schedule({}, twice)
  await throws('createPaymentSchedule', 'PAYMENT_SCHEDULE_ALREADY_EXISTS', schedule({}, twice))
  const deleted = await issued(store)
  await payment.billingKey.deleteBillingKey({ billingKey: deleted })
  await throws('createPaymentSchedule', 'BILLING_KEY_ALREADY_DELETED', schedule({ billingKey: deleted }))
  const read = paymentSchedule.getPaymentSchedule({ paymentScheduleId: 'none' })
  await throws('getPaymentSchedule', 'PAYMENT_SCHEDULE_NOT_FOUND', read)

  const revoke = (wanted: object) => paymentSchedule.revokePaymentSchedules(wanted)
  await throws('revokePaymentSchedules', 'PAYMENT_SCHEDULE_NOT_FOUND', revoke({ scheduleIds: ['none'] }))
  await throws('revokePaymentSchedules', 'BILLING_KEY_NOT_FOUND', revoke({ billingKey: 'none' }))
  await throws('revokePaymentSchedules', 'BILLING_KEY_ALREADY_DELETED', revoke({ billingKey: deleted }))
  await revoke({ scheduleIds: [first.id] })
  await throws('revokePaymentSchedules', 'PAYMENT_SCHEDULE_ALREADY_REVOKED', revoke({ scheduleIds: [first.id] }))
  const { now } = await store.api.call('getSandboxClock')
  const soon = new Date(Date.parse(now) + 60_000).toISOString()
  const { schedule: ran } = await schedule({}, newPaymentId(), soon)
  await store.advance({ minutes: 2 })
  const after = await paymentSchedule.getPaymentSchedule({ paymentScheduleId: ran.id })
  assert.equal(after.status, 'SUCCEEDED')
  await throws('revokePaymentSchedules', 'PAYMENT_SCHEDULE_ALREADY_PROCESSED', revoke({ scheduleIds: [ran.id] }))
}
