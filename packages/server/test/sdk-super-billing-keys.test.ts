import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId } from './support/requests.ts'

describe('billing keys that several channels hold, through the official SDK', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  /** A store with a group of its two channels, made before the server has read the store. */
  const withGroup = async () => {
    const store = await naru.newStore()
    const { storeId, channelKey, manualChannelKey } = store
    const members = [channelKey, manualChannelKey].map((key) => ({ channelKey: key, percentage: 50 }))
    return {
      ...store,
      channelGroupId: await createChannelGroup(sql, { storeId, name: 'Cards', isForTest: true, members }),
    }
  }
  type Store = Awaited<ReturnType<typeof withGroup>>

  const issue = ({ portone, channelGroupId }: Store) =>
    portone.payment.billingKey.issueBillingKey({ channelGroupId, method: card() })
  const read = ({ api }: TestStore, billingKey: string) => api.call('getBillingKeyInfo', { path: { billingKey } })

  test('one channel that refuses does not keep the others from holding the key, and is told of', async () => {
    const store = await withGroup()
    const body = { match: { operation: 'ISSUE_BILLING_KEY' as const }, steps: ['decline'] }
    await store.api.call('createSandboxScript', { body })
    const { billingKeyInfo, channelSpecificFailures = [] } = await issue(store)
    const { billingKey } = billingKeyInfo
    const [failure] = channelSpecificFailures
    assert(failure && 'pgCode' in failure)
    assert.deepEqual(
      [channelSpecificFailures.length, billingKeyInfo.channels?.length, failure.pgCode],
      [1, 1, 'SBX_DECLINED'],
    )
    assert.notEqual(failure.channel.key, billingKeyInfo.channels?.[0]?.key)
    const info = await read(store, billingKey)
    assert.deepEqual(info.channels, billingKeyInfo.channels)
    assert.equal(info.channelGroup?.id, store.channelGroupId)
    assert.deepEqual(info.pgBillingKeyIssueResponses?.map(({ type }) => type).sort(), ['FAILED', 'ISSUED'])
    await store.webhooks.next('BillingKey.Issued', { billingKey })
    const { key } = failure.channel
    assert(key)
    const paymentId = newPaymentId()
    const charge = { paymentId, ...monthly(billingKey) }
    await refuses(store.portone.payment.payWithBillingKey({ ...charge, channelKey: key }), 'CHANNEL_NOT_FOUND')
    await store.portone.payment.payWithBillingKey(charge)
    const payment = await store.api.call('getPayment', { path: { paymentId } })
    assert.deepEqual([payment.channel?.key, payment.channelGroup?.id], [info.channels[0]?.key, store.channelGroupId])
  })

  test('a deletion that one channel refuses keeps the key there, and repeated deletes the rest', async () => {
    const store = await withGroup()
    const { billingKey } = (await issue(store)).billingKeyInfo
    const body = { match: { operation: 'DELETE_BILLING_KEY' as const }, steps: ['bk-delete-fail'] }
    await store.api.call('createSandboxScript', { body })
    const path = { billingKey }
    const refused = await store.api.send('deleteBillingKey', { path })
    assert.equal(typeOf(refused), 'CHANNEL_SPECIFIC')
    const { failures, succeededChannels } = JSON.parse(refused.text)
    assert.deepEqual([failures.length, succeededChannels.length], [1, 1])
    const kept = await read(store, billingKey)
    assert.deepEqual([kept.status, kept.channels], ['ISSUED', [failures[0].channel]])
    const paymentId = newPaymentId()
    await store.portone.payment.payWithBillingKey({ paymentId, ...monthly(billingKey) })
    const { deletedAt } = await store.api.call('deleteBillingKey', { path })
    const deleted = await read(store, billingKey)
    assert(deleted.status === 'DELETED')
    assert.equal(deleted.deletedAt, deletedAt)
    await store.webhooks.next('BillingKey.Deleted', { billingKey })
  })

  test('with no channel left nothing is charged, and no attempt is recorded', async () => {
    const store = await withGroup()
    const { billingKey } = (await issue(store)).billingKeyInfo
    await sql`update channel_group_members set is_active = false where store_id = ${store.storeId}`
    // This one reads the store anew.
    const { portone, api } = (await naru.another()).clientsOf(store.apiSecret)
    const paymentId = newPaymentId()
    await refuses(portone.payment.payWithBillingKey({ paymentId, ...monthly(billingKey) }), 'INVALID_REQUEST')
    await refuses(portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    const later = newPaymentId()
    const timeToPay = new Date((await store.now()) + 60_000).toISOString()
    const { schedule } = await portone.payment.paymentSchedule.createPaymentSchedule({
      paymentId: later,
      payment: monthly(billingKey),
      timeToPay,
    })
    await api.call('advanceSandboxClock', { body: { minutes: 2 } })
    const failed = await api.call('getPaymentSchedule', { path: { paymentScheduleId: schedule.id } })
    assert(failed.status === 'FAILED')
    assert.equal(failed.completedAt, timeToPay)
    const payment = await api.call('getPayment', { path: { paymentId: later } })
    assert(payment.status === 'FAILED')
    assert.equal(payment.failure.pgCode, 'NARU_INVALID_REQUEST')
    assert.deepEqual((await api.call('getSandboxLedger')).items, [])
  })
})
