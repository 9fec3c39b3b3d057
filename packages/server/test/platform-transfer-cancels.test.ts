import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Body } from '@naru/contract'
import { sandboxStore } from '../src/merchants/testing/store.ts'
import { owedOf } from '../src/platform/transfers/owed.ts'
import { adminOf, newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'
import { assertAllErrorsAnswered, newPartner, newPlatformId } from './support/platform.ts'
import {
  configure,
  externalCancel,
  externalOrder,
  orderOf,
  pay,
  refund,
  refusalOf,
  registerCancel,
  registerOrder,
} from './support/platform-transfers.ts'
import { order as paymentOrder, virtualAccount } from './support/requests.ts'

const onTest = { test: true }
type CancelBody = Body<'createPlatformOrderCancelTransfer'>

describe('cancellations of order transfers', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const partnerId = await newPartner(store)
  const halfId = newPlatformId('share')
  await store.api.call('createPlatformDiscountSharePolicy', {
    query: onTest,
    body: { id: halfId, name: 'Coupon', partnerShareRate: 50_000 },
  })
  const cancel = (body: CancelBody) => registerCancel(store, body)
  const refused = async (body: CancelBody, type: string) =>
    refusalOf(await store.api.send('createPlatformOrderCancelTransfer', { query: onTest, body }), type)
  const remove = (id: string) => store.api.send('deletePlatformTransfer', { path: { id }, query: onTest })
  const line = (id: string, amount: number, quantity: number) => ({
    product: { id, name: `Product ${id}`, amount },
    quantity,
    discounts: [],
    additionalFees: [],
  })
  const byAmount = (transferId: string, orderAmount: number, more: Partial<CancelBody> = {}) =>
    externalCancel(transferId, { orderDetail: { orderAmount }, ...more })

  test('take back 4,450 for 5,000 of 10,000, as positive amounts, and the rest with the rest', async () => {
    const order = await registerOrder(store, externalOrder(partnerId))
    const half = await cancel(byAmount(order.id, 5_000, { memo: 'half' }))
    assert.deepEqual(
      [half.amount.settlement, half.amount.platformFee, half.amount.order, half.memo, half.type],
      [4_450, 500, 5_000, 'half', 'ORDER_CANCEL'],
    )
    assert.equal(half.contract.id, order.contract.id)
    const rest = await cancel(externalCancel(order.id))
    assert.equal(rest.amount.settlement, 4_450)
    await refused(externalCancel(order.id), 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED')
  })

  test('show the lines and discounts that are taken back', async () => {
    const discounts = [{ sharePolicyId: halfId, amount: 1_000 }]
    const orderDetail = { orderLines: [{ ...line('A', 2_000, 5), discounts }, line('B', 4_000, 1)] }
    const order = await registerOrder(store, externalOrder(partnerId, { orderDetail }))
    const two = await cancel(
      externalCancel(order.id, { orderDetail: { orderLines: [{ productId: 'A', quantity: 2, discounts: [] }] } }),
    )
    assert.deepEqual(
      two.orderLines.map(({ product, quantity, amount }) => [product.id, quantity, amount.settlement]),
      [['A', 2, 3_560]],
    )
    const rest = await cancel(externalCancel(order.id))
    assert.deepEqual(
      rest.orderLines.map(({ product, quantity, amount, discounts: shown }) => [
        product.id,
        quantity,
        amount.discount,
        shown[0]?.shareAmount,
      ]),
      [
        ['A', 3, 1_000, 500],
        ['B', 1, 0, undefined],
      ],
    )
  })

  test('name the order by partner and payment, too, where those have one order', async () => {
    const paymentId = newPlatformId('external')
    await registerOrder(store, externalOrder(partnerId, { paymentId }))
    const { transferId: _, ...pair } = { ...byAmount('', 1_000), partnerId, paymentId }
    assert.equal((await cancel(pair)).payment.id, paymentId)
  })

  test('of a payment of ours are those of its own cancellations', async () => {
    const paymentId = await pay(store)
    const order = await registerOrder(store, orderOf(partnerId, paymentId))
    const cancellationId = await refund(store, paymentId, 5_000)
    const { externalCancellationDetail: _, ...ours } = byAmount(order.id, 5_000, { cancellationId })
    await refused(
      { ...ours, orderDetail: { orderAmount: 5_001 } },
      'PLATFORM_SETTLEMENT_CANCEL_AMOUNT_EXCEEDED_PORT_ONE_CANCEL',
    )
    await refused({ ...ours, cancellationId: 'unknown' }, 'PLATFORM_CANCELLATION_NOT_FOUND')
    await refused({ ...ours, externalCancellationDetail: {} }, 'PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED')
    const transfer = await cancel(ours)
    assert.equal(transfer.cancellation.id, cancellationId)
    assert.equal((await refused(ours, 'PLATFORM_TRANSFER_ALREADY_EXISTS')).transferId, transfer.id)
  })

  test('of a payment in another store of the merchant are taken, until that store is reset', async () => {
    const other = await naru.newStore()
    const sellerId = await newPartner(naru)
    const cancelOf = async () => {
      const paymentId = await pay(other)
      const order = await registerOrder(naru, orderOf(sellerId, paymentId))
      const cancellationId = await refund(other, paymentId)
      const { externalCancellationDetail: _, ...ours } = externalCancel(order.id, { cancellationId })
      return ours
    }
    const [first, second] = [await cancelOf(), await cancelOf()]
    await refused(first, 'PLATFORM_TRANSFER_NOT_FOUND')
    assert.equal((await registerCancel(naru, first)).amount.settlement, 8_900)
    await other.api.call('resetSandboxStore')
    const answer = await naru.api.send('createPlatformOrderCancelTransfer', { query: onTest, body: second })
    refusalOf(answer, 'PLATFORM_PAYMENT_NOT_FOUND')
  })

  test('are refused, each reason by its type', async () => {
    const order = await registerOrder(
      store,
      externalOrder(partnerId, { discounts: [{ sharePolicyId: halfId, amount: 2_000 }] }),
    )
    const lines = await registerOrder(
      store,
      externalOrder(partnerId, { orderDetail: { orderLines: [line('A', 1_000, 2)] } }),
    )
    const units = (...ids: string[]) => ({
      orderDetail: { orderLines: ids.map((productId) => ({ productId, quantity: 1, discounts: [] })) },
    })
    const taking = (amount: number, taxFreeAmount = 0, sharePolicyId = halfId) => ({
      discounts: [{ sharePolicyId, amount, taxFreeAmount }],
    })
    await refused({ ...externalCancel(order.id), id: order.id }, 'PLATFORM_TRANSFER_ID_ALREADY_USED')
    await refused(externalCancel('unknown'), 'PLATFORM_TRANSFER_NOT_FOUND')
    await refused(
      { ...externalCancel(order.id), userDefinedProperties: [{ key: 'x', value: { string: '' } }] },
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    await refused(externalCancel(order.id, units('A')), 'PLATFORM_ORDER_DETAIL_MISMATCHED')
    await refused(externalCancel(lines.id, units('A', 'A')), 'PLATFORM_PRODUCT_ID_DUPLICATED')
    await refused(externalCancel(lines.id, units('B')), 'PLATFORM_PRODUCT_ID_NOT_FOUND')
    assert.deepEqual(
      await refused(
        externalCancel(lines.id, { orderDetail: { orderLines: [{ productId: 'A', quantity: 3, discounts: [] }] } }),
        'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED',
      ),
      { type: 'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED', productId: 'A', cancellableQuantity: 2 },
    )
    assert.deepEqual(await refused(byAmount(order.id, 9_000), 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED'), {
      type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
      amountType: 'SUPPLY_WITH_VAT',
      cancellableAmount: 8_000,
      requestAmount: 9_000,
    })
    const twice = { discounts: [...taking(1).discounts, ...taking(2).discounts] }
    await refused(byAmount(order.id, 1_000, twice), 'PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED')
    await refused(byAmount(order.id, 1_000, taking(1, 0, 'x')), 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND')
    await refused(byAmount(order.id, 5_000, taking(2_001)), 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED')
    await refused(byAmount(order.id, 5_000, taking(1_000, 1)), 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED')
    await refused(byAmount(order.id, 1_000, taking(1_500)), 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED')
    await refused(
      byAmount(order.id, 1_000, { settlementStartDate: '2099-01-02', settlementDate: '2099-01-01' }),
      'PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE',
    )
    for (const cancelledAt of ['1969-12-31T14:59:59Z', '9999-12-31T23:59:59Z']) {
      const body = externalCancel(order.id, { externalCancellationDetail: { cancelledAt } })
      const { text } = await store.api.send('createPlatformOrderCancelTransfer', { query: onTest, body })
      assert.equal(JSON.parse(text).type, 'INVALID_REQUEST')
      assert.match(text, /externalCancellationDetail\.cancelledAt must be between 1970-01-01 and 9989-12-31/)
    }
    const { externalCancellationDetail: _, ...ours } = externalCancel(order.id)
    await refused(ours, 'PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED')
    for (const orderDetail of [undefined, {}, { all: {}, orderAmount: 1 }])
      await refused(
        { ...externalCancel(order.id), ...(orderDetail === undefined ? { orderDetail: {} } : { orderDetail }) },
        'INVALID_REQUEST',
      )
    const { transferId: _id, ...unnamed } = externalCancel(order.id)
    await refused(unnamed, 'INVALID_REQUEST')
    // PortOne's own samples write all of it as an empty list.
    assert.equal((await cancel(externalCancel(order.id, { orderDetail: { all: [] } }))).amount.order, 10_000)
  })

  test('need the transfer where a partner has several orders of a payment', async () => {
    const several = await newPartner(store)
    await configure(naru, store, { supportsMultipleOrderTransfersPerPartner: true })
    const paymentId = newPlatformId('external')
    for (const orderAmount of [1_000, 2_000])
      await registerOrder(store, externalOrder(several, { paymentId, orderDetail: { orderAmount } }))
    const { transferId: _, ...pair } = { ...byAmount('', 1_000), partnerId: several, paymentId }
    await refused(pair, 'PLATFORM_CANNOT_SPECIFY_TRANSFER')
  })

  test('are deleted before their order, and give back what they took', async () => {
    const paymentId = await pay(store)
    const order = await registerOrder(store, orderOf(partnerId, paymentId))
    const cancellationId = await refund(store, paymentId)
    const { externalCancellationDetail: _, ...ours } = externalCancel(order.id, { cancellationId })
    const transfer = await cancel(ours)
    refusalOf(await remove(order.id), 'PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS')
    // Of an order that is paid out the status is told, whatever its cancellations: they are not to be deleted first.
    const settle = (status: string, settlementId: string | null) => naru.database.sql`
      update platform_transfers set status = ${status}, partner_settlement_id = ${settlementId}
      where transfer_id = ${order.id}`
    await settle('SETTLED', 'paid')
    refusalOf(await remove(order.id), 'PLATFORM_TRANSFER_NON_DELETABLE_STATUS')
    await settle('IN_PROCESS', null)
    assert.deepEqual(JSON.parse((await remove(transfer.id)).text), {})
    refusalOf(await remove(transfer.id), 'PLATFORM_TRANSFER_NOT_FOUND')
    const again = await cancel({ ...ours, id: newPlatformId('transfer') })
    await remove(again.id)
    assert.equal((await remove(order.id)).status, 200)
    await refused(ours, 'PLATFORM_TRANSFER_NOT_FOUND')
    // The payment can be registered again, and the partner has no order of it; only the id stays taken.
    refusalOf(
      await store.api.send('createPlatformOrderTransfer', {
        query: onTest,
        body: orderOf(partnerId, paymentId, { id: order.id }),
      }),
      'PLATFORM_TRANSFER_ID_ALREADY_USED',
    )
    await registerOrder(store, orderOf(partnerId, paymentId))
  })

  test('were refused for every error that the operation lists', () =>
    assertAllErrorsAnswered(naru, ['createPlatformOrderCancelTransfer']))
})

describe('what payments and their transfers owe each other', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const partnerId = await newPartner(store)
  const owed = async () => {
    const { sql } = naru.database
    const [row] = await sql<[{ merchant_id: string }]>`select merchant_id from stores where store_id = ${store.storeId}`
    const platform = {
      merchantId: row.merchant_id,
      isForTest: true,
      store: sandboxStore({ merchantId: row.merchant_id, storeId: store.storeId }),
    }
    const found = []
    for await (const one of owedOf(sql, platform)) found.push([one.paymentId, one.kind, one.amount])
    return found
  }

  test('is listed until the refund is registered', async () => {
    const paymentId = await pay(store)
    const order = await registerOrder(store, orderOf(partnerId, paymentId))
    assert.deepEqual(await owed(), [])
    const cancellationId = await refund(store, paymentId, 3_000)
    assert.deepEqual(await owed(), [[paymentId, 'REFUNDED_NOT_CANCELLED', 3_000]])
    const { externalCancellationDetail: _, ...ours } = externalCancel(order.id, { cancellationId })
    await registerCancel(store, { ...ours, orderDetail: { orderAmount: 3_000 } })
    assert.deepEqual(await owed(), [])
  })

  test('is shown by the admin API, the reverse too', async () => {
    const { sql } = naru.database
    const admin = adminOf(naru.url, await newAdmin(sql, store.storeId))
    const ask = async (query = '') => (await admin('GET', `/owed?test=true${query}`)).body
    assert.deepEqual(await ask(), { items: [] })
    // Nothing of ours un-refunds a payment; a PG that takes a refund back, or a mended database, may.
    const [payment] = await sql<{ id: string }[]>`
      update payments set cancelled_amount = 1000 where store_id = ${store.storeId} and cancelled_amount = 3000
      returning payment_id as id`
    const reverse = { paymentId: payment?.id, kind: 'CANCELLED_NOT_REFUNDED', amount: 2_000, currency: 'KRW' }
    assert.deepEqual(await ask(), { items: [reverse] })
    assert.deepEqual(await ask('&size=1'), { items: [reverse], next: payment?.id })
    assert.deepEqual(await ask(`&after=${payment?.id}`), { items: [] })
    assert.equal((await admin('GET', '/owed?storeId=store-of-nobody')).status, 403)
    await sql`update payments set cancelled_amount = 3000 where payment_id = ${payment?.id ?? ''}`
    assert.deepEqual(await ask(), { items: [] })
  })

  test('counts the part of a payment that is registered, and payments that never came', async () => {
    const paymentId = await pay(store)
    await registerOrder(store, orderOf(partnerId, paymentId, { orderDetail: { orderAmount: 6_000 } }))
    await refund(store, paymentId, 4_000)
    assert.deepEqual(await owed(), [], 'what was refunded is not what the partner has')
    await refund(store, paymentId, 1_000)
    assert.deepEqual(await owed(), [[paymentId, 'REFUNDED_NOT_CANCELLED', 1_000]])
    const waiting = newPlatformId('waiting')
    await store.api.call('payInstantly', {
      path: { paymentId: waiting },
      body: paymentOrder(store.channelKey, { method: virtualAccount() }),
    })
    await registerOrder(store, orderOf(partnerId, waiting, { settlementStartDate: '2099-01-01' }))
    assert.deepEqual((await owed()).at(-1), [waiting, 'NOT_PAID', 10_000])
  })
})

describe('manual transfers', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const partnerId = await newPartner(store)
  const body = (wanted: Partial<Body<'createPlatformManualTransfer'>> = {}) => ({
    partnerId,
    settlementAmount: 1_000,
    settlementDate: '2099-01-01',
    ...wanted,
  })
  const send = (wanted: Partial<Body<'createPlatformManualTransfer'>> = {}) =>
    store.api.send('createPlatformManualTransfer', { query: onTest, body: body(wanted) })

  test('have an amount of either sign, in the currency of the partner’s account', async () => {
    const { transfer } = JSON.parse((await send({ settlementAmount: -1_000, settlementTaxFreeAmount: -400 })).text)
    assert.deepEqual(
      [transfer.type, transfer.status, transfer.settlementAmount, transfer.settlementTaxFreeAmount],
      ['MANUAL', 'IN_PROCESS', -1_000, -400],
    )
    assert.deepEqual([transfer.settlementCurrency, transfer.settlementDate], ['KRW', '2099-01-01'])
    assert.ok(!('settlementStartDate' in transfer || 'payment' in transfer || 'contract' in transfer))
  })

  test('are refused, each reason by its type', async () => {
    const id = newPlatformId('transfer')
    await send({ id })
    refusalOf(await send({ id }), 'PLATFORM_TRANSFER_ID_ALREADY_USED')
    refusalOf(await send({ partnerId: 'nobody' }), 'PLATFORM_PARTNER_NOT_FOUND')
    refusalOf(await send({ settlementCurrency: 'GBP' }), 'PLATFORM_CURRENCY_NOT_SUPPORTED')
    refusalOf(
      await send({ userDefinedProperties: [{ key: 'x', value: { string: '' } }] }),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    for (const settlementTaxFreeAmount of [1_001, -1])
      refusalOf(await send({ settlementTaxFreeAmount }), 'INVALID_REQUEST')
    await configure(naru, store, { manualSettlementPerTransfer: true })
    refusalOf(await send({ settlementAmount: -1 }), 'PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED')
    assert.equal((await send({ settlementAmount: 0 })).status, 200)
  })

  test('are deleted as long as they are in no payout', async () => {
    const id = newPlatformId('transfer')
    await send({ id })
    await naru.database.sql`
      update platform_transfers set status = 'SETTLED', partner_settlement_id = 'paid' where transfer_id = ${id}`
    const remove = () => store.api.send('deletePlatformTransfer', { path: { id }, query: onTest })
    refusalOf(await remove(), 'PLATFORM_TRANSFER_NON_DELETABLE_STATUS')
    await naru.database.sql`
      update platform_transfers set status = 'IN_PROCESS', partner_settlement_id = null where transfer_id = ${id}`
    assert.equal((await remove()).status, 200)
    refusalOf(await remove(), 'PLATFORM_TRANSFER_NOT_FOUND')
  })

  test('were refused for every error that the operation lists', () =>
    assertAllErrorsAnswered(naru, ['createPlatformManualTransfer']))
})
