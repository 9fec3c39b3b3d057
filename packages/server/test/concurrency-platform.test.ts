import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { startNaru } from './support/naru.ts'
import { allAtOnce, countOf, inTurn } from './support/parallel.ts'
import { newPartner, newPlatformId } from './support/platform.ts'
import { externalCancel, externalOrder, orderOf, pay, refund, registerOrder } from './support/platform-transfers.ts'

const onTest = { test: true }

describe('transfers at once on two servers', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const store = await naru.newMerchant()
  const apiOf = inTurn([store.api, second.clientsOf(store.apiSecret).api])
  const sumOf = async (paymentId: string) => {
    const [row] = await naru.database.sql<[{ payment: number; count: number }]>`
      select coalesce(sum(payment), 0)::bigint as payment, count(*) from platform_transfers
      where payment_id = ${paymentId} and deleted_at is null and type = 'ORDER'`
    return row
  }

  test('settle no more of a payment than was paid', async () => {
    const partners = await allAtOnce(12, () => newPartner(store))
    const paymentId = await pay(store, 10_000)
    const answers = await allAtOnce(12, (index) =>
      apiOf(index).send('createPlatformOrderTransfer', {
        query: onTest,
        body: orderOf(partners[index] ?? '', paymentId, { orderDetail: { orderAmount: 3_000 } }),
      }),
    )
    assert.deepEqual(countOf(answers), {
      200: 3,
      PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT: 9,
    })
    assert.deepEqual(await sumOf(paymentId), { payment: 9_000, count: 3 })
  })

  test('are one for a partner and a payment, and one for an id', async () => {
    const partnerId = await newPartner(store)
    const body = externalOrder(partnerId)
    const same = await allAtOnce(10, (index) =>
      apiOf(index).send('createPlatformOrderTransfer', { query: onTest, body }),
    )
    assert.deepEqual(countOf(same), { 200: 1, PLATFORM_TRANSFER_ALREADY_EXISTS: 9 })
    const id = newPlatformId('transfer')
    const manual = { id, partnerId, settlementAmount: 1, settlementDate: '2099-01-01' }
    const ids = await allAtOnce(10, (index) =>
      index % 3 === 0
        ? apiOf(index).send('createPlatformManualTransfer', { query: onTest, body: manual })
        : apiOf(index).send('createPlatformOrderTransfer', { query: onTest, body: externalOrder(partnerId, { id }) }),
    )
    assert.deepEqual(countOf(ids), { 200: 1, PLATFORM_TRANSFER_ID_ALREADY_USED: 9 })
  })

  test('cancel no more of an order than there is, and leave nothing once all is cancelled', async () => {
    const order = await registerOrder(store, externalOrder(await newPartner(store)))
    const answers = await allAtOnce(12, (index) =>
      apiOf(index).send('createPlatformOrderCancelTransfer', {
        query: onTest,
        body: externalCancel(order.id, { orderDetail: { orderAmount: 3_333 } }),
      }),
    )
    assert.deepEqual(countOf(answers), { 200: 3, PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED: 9 })
    const all = await allAtOnce(6, (index) =>
      apiOf(index).send('createPlatformOrderCancelTransfer', { query: onTest, body: externalCancel(order.id) }),
    )
    assert.deepEqual(countOf(all), { 200: 1, PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED: 5 })
    const [sums] = await naru.database.sql`
      select sum(settlement)::bigint as settlement, sum(platform_fee)::bigint as fee from platform_transfers
      where original_transfer_id = ${order.id}`
    assert.deepEqual(sums, { settlement: 8_900, fee: 1_000 })
  })

  test('take back no more for a cancellation than it gave back', async () => {
    const [one, other] = await allAtOnce(2, () => newPartner(store))
    const paymentId = await pay(store)
    const half = { orderDetail: { orderAmount: 5_000 } }
    const orders = [
      await registerOrder(store, orderOf(one ?? '', paymentId, half)),
      await registerOrder(store, orderOf(other ?? '', paymentId, half)),
    ]
    const cancellationId = await refund(store, paymentId, 6_000)
    const answers = await Promise.all(
      orders.map(({ id }, index) => {
        const { externalCancellationDetail: _, ...body } = externalCancel(id, { cancellationId })
        return apiOf(index).send('createPlatformOrderCancelTransfer', { query: onTest, body })
      }),
    )
    assert.deepEqual(countOf(answers), { 200: 1, PLATFORM_SETTLEMENT_CANCEL_AMOUNT_EXCEEDED_PORT_ONE_CANCEL: 1 })
  })

  test('of a partner that is archived meanwhile are either there before it or refused', async () => {
    for (let round = 0; round < 10; round++) {
      const partnerId = await newPartner(store)
      const [archived, ...registered] = await Promise.all([
        apiOf(round).send('archivePlatformPartner', { path: { id: partnerId }, query: onTest }),
        ...Array.from({ length: 4 }, (_, index) =>
          apiOf(index).send('createPlatformOrderTransfer', { query: onTest, body: externalOrder(partnerId) }),
        ),
      ])
      assert.equal(archived.status, 200)
      const counts = countOf(registered)
      assert.equal((counts['200'] ?? 0) + (counts.PLATFORM_PARTNER_NOT_FOUND ?? 0), 4)
      const later = await apiOf(round).send('createPlatformOrderTransfer', {
        query: onTest,
        body: externalOrder(partnerId),
      })
      assert.deepEqual(countOf([later]), { PLATFORM_PARTNER_NOT_FOUND: 1 })
    }
  })

  test('are deleted, or cancelled, and never both', async () => {
    for (let round = 0; round < 10; round++) {
      const order = await registerOrder(store, externalOrder(await newPartner(store)))
      const [deleted, cancelled] = await Promise.all([
        apiOf(round).send('deletePlatformTransfer', { path: { id: order.id }, query: onTest }),
        apiOf(round + 1).send('createPlatformOrderCancelTransfer', { query: onTest, body: externalCancel(order.id) }),
      ])
      const counts = countOf([deleted, cancelled])
      const refused = counts.PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS ?? counts.PLATFORM_TRANSFER_NOT_FOUND
      assert.deepEqual([counts['200'], refused], [1, 1])
    }
  })

  test('leave books that the audit proves', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
