import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { refuses } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

/** What a payment and its transaction both say, whatever became of them. */
const common = [
  ...['id', 'status', 'version', 'merchantId', 'storeId', 'channel', 'method', 'orderName', 'amount', 'currency'],
  ...['customer', 'requestedAt', 'updatedAt', 'statusChangedAt', 'webhooks'],
]
const ofPayment = [...common, 'transactionId', 'origin']
const ofTransaction = [...common, 'paymentId']
const refunded = ['paidAt', 'pgTxId', 'cancellations', 'cancelledAt']

describe('what a payment shows', async () => {
  const naru = await startNaru()

  const opened = async ({ api, channelKey }: TestStore): Promise<string> => {
    const path = { paymentId: newPaymentId() }
    await api.call('authenticateSandboxPayment', { path, body: order(channelKey) })
    return path.paymentId
  }
  const declined = async (store: TestStore): Promise<string> => {
    const paymentId = newPaymentId()
    const body = order(store.channelKey, { method: card('4000000000000002') })
    await refuses(store.portone.payment.payInstantly({ paymentId, ...body }), 'PG_PROVIDER', 'SBX_DECLINED')
    return paymentId
  }
  const cancelled = async (store: TestStore, body: object): Promise<string> => {
    const paymentId = await paid(store)
    await store.portone.payment.cancelPayment({ paymentId, reason, ...body })
    return paymentId
  }

  const statuses: readonly {
    readonly status: string
    readonly make: (store: TestStore) => Promise<string>
    readonly shown: readonly string[]
    /** Besides what the transaction shows as well. */
    readonly only?: readonly string[]
  }[] = [
    { status: 'READY', make: opened, shown: [] },
    { status: 'PAY_PENDING', make: (store) => paid(store, { total: 990_008 }), shown: ['pgTxId'] },
    { status: 'VIRTUAL_ACCOUNT_ISSUED', make: (store) => paid(store, { method: virtualAccount() }), shown: ['pgTxId'] },
    { status: 'PAID', make: (store) => paid(store), shown: ['paidAt', 'pgTxId', 'pgResponse'], only: ['disputes'] },
    { status: 'FAILED', make: declined, shown: ['failedAt', 'failure'] },
    { status: 'PARTIAL_CANCELLED', make: (store) => cancelled(store, { amount: 1 }), shown: refunded },
    { status: 'CANCELLED', make: (store) => cancelled(store, {}), shown: refunded },
  ]

  for (const { status, make, shown, only = [] } of statuses)
    test(`${status} has ${[...shown, ...only].join(', ') || 'nothing'} besides what every status has, and no null`, async () => {
      const store = await naru.newStore()
      await store.api.call('stopSandboxClock')
      const paymentId = await make(store)
      const payment = await store.api.send('getPayment', { path: { paymentId } })
      assert(!payment.text.includes('null'), payment.text)
      const fields: Record<string, unknown> = JSON.parse(payment.text)
      assert.equal(fields.status, status)
      assert.deepEqual(Object.keys(fields).toSorted(), [...ofPayment, ...shown, ...only].toSorted())
      const { items } = await store.api.call('getPaymentTransactions', { path: { paymentId } })
      const [transaction] = items
      assert(transaction && items.length === 1)
      assert.deepEqual(Object.keys(transaction).toSorted(), [...ofTransaction, ...shown].toSorted())
      assert.deepEqual([transaction.id, transaction.paymentId], [fields.transactionId, paymentId])
    })

  test('times are those of what they are named after, by the clock of the store', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const instant = async () => new Date(await store.now()).toISOString()
    const requested = await instant()
    const paymentId = await paid(store, { method: virtualAccount() })
    await store.advance({ hours: 1 })
    const deposited = await instant()
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    const seen = await read(store, paymentId)
    assert(seen.status === 'PAID')
    assert.deepEqual(
      [seen.requestedAt, seen.paidAt, seen.statusChangedAt, seen.updatedAt],
      [requested, deposited, deposited, deposited],
    )
    const refundAccount = { bank: 'SHINHAN' as const, number: '110123456789', holderName: '김나루' }
    for (const amount of [1_000, 2_000]) {
      await store.advance({ hours: 1 })
      await store.portone.payment.cancelPayment({ paymentId, reason, amount, refundAccount })
    }
    const latest = await instant()
    const partly = await read(store, paymentId)
    assert(partly.status === 'PARTIAL_CANCELLED')
    assert.deepEqual(
      [partly.paidAt, partly.cancelledAt, partly.statusChangedAt, partly.updatedAt],
      [deposited, latest, latest, latest],
    )
    // A refund that is refused later changes the payment, not its status.
    await store.api.call('cancelPayment', {
      path: { paymentId },
      body: { reason, refundAccount },
      testCode: 'cancel-pending-fail-60',
    })
    await store.advance({ hours: 1 })
    const refused = await read(store, paymentId)
    assert(refused.status === 'PARTIAL_CANCELLED')
    assert.deepEqual([refused.cancelledAt, refused.statusChangedAt], [latest, latest])
    assert.equal(Date.parse(refused.updatedAt), Date.parse(latest) + 60_000)
  })

  test('the customer is shown without what only the gateway is told, and who asked', async () => {
    const store = await naru.newStore()
    const parts = {
      addressLine1: '테헤란로 1',
      addressLine2: ' ',
      city: '강남구',
      province: '서울',
      country: 'KR',
    } as const
    const given = {
      id: 'customer-1',
      name: { separated: { first: 'Ada', last: 'Lovelace' } },
      birthYear: '1990',
      gender: 'FEMALE',
      phoneNumber: '01012345678',
      zipcode: '06236',
      country: 'KR',
      businessRegistrationNumber: '1234567890',
      address: parts,
    } as const
    const payment = await read(store, await paid(store, { customer: given }))
    const { country: _, businessRegistrationNumber: __, ...shown } = given
    const address = { type: 'SEPARATED', oneLine: '서울 강남구 테헤란로 1', ...parts }
    assert.deepEqual(payment.customer, { ...shown, name: 'Ada Lovelace', address })
    // PortOne's own SDK does not know `origin` yet.
    const { origin } = await store.api.call('getPayment', { path: { paymentId: payment.id } })
    assert.match(String(origin.userAgent), /^portone-server-sdk-js/)
    assert.deepEqual([origin.platformType, origin.ipAddress], ['API', '127.0.0.1'])
    const nobody = await read(store, await paid(store))
    assert.deepEqual(nobody.customer, {})
  })

  test('a channel that was drawn from a group is shown with the group', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey, manualChannelKey } = store
    const { sql } = naru.database
    const members = [
      { channelKey, percentage: 100 },
      { channelKey: manualChannelKey, percentage: 0 },
    ]
    const channelGroupId = await createChannelGroup(sql, { storeId, name: 'Cards', isForTest: true, members })
    const { channelKey: __, ...drawn } = order(channelKey, { channelGroupId })
    const pay = (wanted: Order) => {
      const paymentId = newPaymentId()
      return store.portone.payment.payInstantly({ paymentId, ...drawn, ...wanted }).then(() => paymentId)
    }
    for (let count = 0; count < 5; count++) {
      const payment = await read(store, await pay({}))
      assert.deepEqual(payment.channelGroup, { id: channelGroupId, name: 'Cards', isForTest: true })
      assert.equal('channel' in payment && payment.channel?.key, channelKey, 'nothing is drawn that has no share')
    }
    await refuses(pay({ channelGroupId: 'channel-group-of-nobody' }), 'CHANNEL_NOT_FOUND')
    const { channelGroupId: ___, ...nowhere } = drawn
    const neither = store.portone.payment.payInstantly({ paymentId: newPaymentId(), ...nowhere })
    await refuses(neither, 'INVALID_REQUEST')
  })
})
