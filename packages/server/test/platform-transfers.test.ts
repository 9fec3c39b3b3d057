import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Body } from '@naru/contract'
import { sandboxStore } from '../src/merchants/testing/store.ts'
import { startDue } from '../src/platform/transfers/start.ts'
import { statusColumn } from '../src/platform/transfers/status.ts'
import { startNaru } from './support/naru.ts'
import { assertAllErrorsAnswered, contractBody, newContract, newPartner, newPlatformId } from './support/platform.ts'
import {
  configure,
  externalCancel,
  externalOrder,
  orderOf,
  pay,
  refusalOf,
  registerCancel,
  registerOrder,
} from './support/platform-transfers.ts'
import { order as paymentOrder, virtualAccount } from './support/requests.ts'

const onTest = { test: true }

describe('order transfers', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  await configure(naru, store, {
    parameters: [{ key: 'weight', name: '무게', defaultValue: { decimal: 15, decimalScale: 1 } }],
    properties: [{ key: 'season', name: '시즌', objectType: 'TRANSFER', isSecret: false }],
  })
  const partnerId = await newPartner(store)
  const register = (body: Body<'createPlatformOrderTransfer'>) => registerOrder(store, body)
  const refused = async (body: Body<'createPlatformOrderTransfer'>, type: string) =>
    refusalOf(await store.api.send('createPlatformOrderTransfer', { query: onTest, body }), type)

  const newFeePolicy = async (fee: { fixedRate: number } | { fixedAmount: number }) => {
    const id = newPlatformId('fee')
    await store.api.call('createPlatformAdditionalFeePolicy', {
      query: onTest,
      body: { id, name: 'PG', fee, vatPayer: 'PARTNER' },
    })
    return id
  }
  const newSharePolicy = async (partnerShareRate: number) => {
    const id = newPlatformId('share')
    await store.api.call('createPlatformDiscountSharePolicy', {
      query: onTest,
      body: { id, name: 'Coupon', partnerShareRate },
    })
    return id
  }
  const halfId = await newSharePolicy(50_000)
  const feeId = await newFeePolicy({ fixedRate: 5_000 })
  const line = (id: string, amount: number, quantity = 1) => ({
    product: { id, name: `Product ${id}`, amount },
    quantity,
    discounts: [],
    additionalFees: [],
  })

  test('of a payment of ours settle 8,900 of 10,000 at a fee of 10 %, with everything they were computed by', async () => {
    const paymentId = await pay(store)
    const transfer = await register(
      orderOf(partnerId, paymentId, {
        memo: 'first',
        userDefinedProperties: [{ key: 'season', value: { string: 'spring' } }],
      }),
    )
    const today = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)
    assert.equal(transfer.status, 'IN_PROCESS')
    assert.equal(transfer.settlementStartDate, today)
    assert.ok(transfer.settlementDate > today)
    assert.deepEqual(
      [transfer.amount.settlement, transfer.amount.platformFee, transfer.amount.platformFeeVat],
      [8_900, 1_000, 100],
    )
    assert.deepEqual([transfer.amount.taxFree, transfer.amount.supply], [0, 9_091])
    assert.deepEqual(
      [transfer.partner.id, transfer.contract.name, transfer.memo, transfer.isForTest],
      [partnerId, '10 %', 'first', true],
    )
    assert.deepEqual(transfer.parameters, { weight: { decimal: 15, decimalScale: 1 } })
    const { payment } = transfer
    assert.ok(payment.type === 'PORT_ONE')
    assert.deepEqual(
      [payment.id, payment.storeId, payment.channelKey, payment.method?.type],
      [paymentId, store.storeId, store.channelKey, 'CARD'],
    )
    assert.match(transfer.id, /^trs-[0-9A-Z]{26}$/)
    assert.equal(transfer.graphqlId, Buffer.from(`6:${transfer.id}`).toString('base64'))
  })

  test('by lines show each line, with discounts and fees at both levels', async () => {
    const discounts = [{ sharePolicyId: halfId, amount: 2_500 }]
    const additionalFees = [{ policyId: feeId }]
    const contractId = await newContract(store, { platformFeeVatPayer: 'MERCHANT' })
    const orderLines = [{ ...line('A', 5_000, 5), discounts, additionalFees }]
    const transfer = await register(
      externalOrder(partnerId, { contractId, orderDetail: { orderLines }, discounts, additionalFees }),
    )
    const [shown] = transfer.orderLines
    assert.ok(shown)
    assert.deepEqual(
      [transfer.amount.settlement, transfer.amount.payment, shown.amount.settlement, shown.amount.payment],
      [17_250, 20_000, 19_875, 22_500],
    )
    assert.deepEqual(shown.product, { id: 'A', name: 'Product A', amount: 5_000, taxFreeAmount: 0 })
    assert.deepEqual(
      [transfer.discounts[0]?.shareAmount, transfer.additionalFees[0]?.amount, shown.additionalFees[0]?.vat],
      [1_250, 1_250, 125],
    )
    assert.deepEqual([transfer.payment.type, transfer.contract.id], ['EXTERNAL', contractId])
  })

  test('start by the payment, or as the request says, and settle by the cycle or as the request says', async () => {
    const paidAt = '2026-03-01T15:30:00Z'
    const elsewhere = await register(externalOrder(partnerId, { externalPaymentDetail: { currency: 'KRW', paidAt } }))
    assert.deepEqual([elsewhere.settlementStartDate, elsewhere.settlementDate], ['2026-03-02', '2026-03-03'])
    const later = await register(externalOrder(partnerId, { settlementStartDate: '2099-01-01' }))
    assert.deepEqual([later.status, later.settlementDate], ['SCHEDULED', '2099-01-02'])
    const given = await register(
      externalOrder(partnerId, { settlementStartDate: '2099-01-01', settlementDate: '2099-01-01' }),
    )
    assert.equal(given.settlementDate, '2099-01-01')
  })

  test('are settled at once where their settlement date has come, and can still be deleted', async () => {
    const own = await newPartner(store)
    const paidAt = '2026-03-01T00:00:00Z'
    const past = (orderAmount: number) =>
      register(externalOrder(own, { orderDetail: { orderAmount }, externalPaymentDetail: { currency: 'KRW', paidAt } }))
    const [first, second] = [await past(10_000), await past(5_000)]
    assert.deepEqual([first.status, second.status], ['SETTLED', 'SETTLED'])
    const sums = async () => [
      ...(await naru.database.sql<{ count: number; settlement: number; payment: number }[]>`
      select transfer_count as count, settlement, payment from platform_partner_settlements where partner_id = ${own}`),
    ]
    assert.deepEqual(await sums(), [{ count: 2, settlement: 13_350, payment: 15_000 }])
    const remove = (id: string) => store.api.call('deletePlatformTransfer', { path: { id }, query: onTest })
    await remove(first.id)
    assert.deepEqual(await sums(), [{ count: 1, settlement: 4_450, payment: 5_000 }])
    await remove(second.id)
    assert.deepEqual(await sums(), [])
  })

  test('use the versions that apply on the start date', async () => {
    const contractId = await newContract(store)
    const own = await newPartner(store, { defaultContractId: contractId })
    await store.advance({ days: 2 })
    await store.api.call('updatePlatformContract', {
      path: { id: contractId },
      query: onTest,
      body: { platformFee: { fixedRate: 20_000 } },
    })
    const day = (days: number) => new Date(Date.now() + (9 + 24 * days) * 3_600_000).toISOString().slice(0, 10)
    const now = await register(externalOrder(own))
    const before = await register(externalOrder(own, { settlementStartDate: day(0) }))
    assert.deepEqual([now.amount.platformFee, before.amount.platformFee], [2_000, 1_000])
    assert.deepEqual(before.contract.platformFee, { type: 'FIXED_RATE', rate: 10_000 })
  })

  test('that are scheduled are computed anew on the day they start', async () => {
    const own = await naru.newMerchant()
    const contractId = await newContract(own)
    const scheduledPartner = await newPartner(own, { defaultContractId: contractId })
    const start = new Date((await own.now()) + (9 + 72) * 3_600_000).toISOString().slice(0, 10)
    const scheduled = await registerOrder(own, externalOrder(scheduledPartner, { settlementStartDate: start }))
    const cancelled = await own.api.call('createPlatformOrderCancelTransfer', {
      query: onTest,
      body: {
        transferId: scheduled.id,
        cancellationId: newPlatformId('cancellation'),
        orderDetail: { orderAmount: 5_000 },
        discounts: [],
        externalCancellationDetail: {},
      },
    })
    assert.deepEqual([scheduled.status, cancelled.transfer.status], ['SCHEDULED', 'SCHEDULED'])
    await own.advance({ days: 1 })
    await own.api.call('updatePlatformContract', {
      path: { id: contractId },
      query: onTest,
      body: { platformFee: { fixedRate: 20_000 } },
    })
    await own.advance({ days: 3 })
    const rows = await naru.database.sql<{ status: string; platform_fee: number; contract_version: number }[]>`
      select status, platform_fee, contract_version from platform_transfers
      where transfer_id in (${scheduled.id}, ${cancelled.transfer.id}) order by platform_fee desc`
    assert.deepEqual(
      rows.map(({ platform_fee, contract_version }) => [platform_fee, contract_version]),
      [
        [2_000, 2],
        [1_000, 2],
      ],
    )
    assert.ok(rows.every(({ status }) => status !== 'SCHEDULED'))
  })

  test('that are scheduled follow their partner to another contract, unless they name theirs', async () => {
    const own = await naru.newMerchant()
    await own.api.call('stopSandboxClock')
    const platformFeeOf = (fixedRate: number) => newContract(own, { platformFee: { fixedRate } })
    const [standard, premium] = [await platformFeeOf(10_000), await platformFeeOf(3_000)]
    const partner = await newPartner(own, { defaultContractId: standard })
    const settlementStartDate = new Date((await own.now()) + 9 * 3_600_000 + 3 * 86_400_000).toISOString().slice(0, 10)
    const registered = async (given: { contractId?: string } = {}) =>
      await registerOrder(own, externalOrder(partner, { settlementStartDate, ...given }))
    const [follows, stays] = [await registered(), await registered({ contractId: standard })]
    const taken = await registerCancel(own, externalCancel(follows.id, { orderDetail: { orderAmount: 1_000 } }))
    assert.deepEqual([follows.status, follows.contract.id], ['SCHEDULED', standard])
    await own.api.call('updatePlatformPartner', {
      path: { id: partner },
      query: onTest,
      body: { defaultContractId: premium },
    })
    await own.advance({ days: 3 })
    const read = async (id: string) => {
      const found = await own.api.call('getPlatformTransfer', { path: { id }, query: onTest })
      if (found.type === 'MANUAL') assert.fail('it is an order')
      return [found.status, found.contract.id, found.amount.platformFee]
    }
    assert.deepEqual(await read(follows.id), ['IN_PROCESS', premium, 300])
    assert.deepEqual(await read(taken.id), ['IN_PROCESS', premium, 30])
    assert.deepEqual(await read(stays.id), ['IN_PROCESS', standard, 1_000])
    assert.deepEqual((await registered()).contract.id, premium)
  })

  test('that cannot be computed anew hold up themselves alone', async () => {
    const own = await naru.newMerchant()
    const seller = await newPartner(own)
    const { sql } = naru.database
    const orders = []
    for (let count = 0; count < 3; count++)
      orders.push(await registerOrder(own, externalOrder(seller, { settlementStartDate: '2098-12-31' })))
    const [, broken, last] = orders
    assert(broken && last)
    await registerCancel(own, externalCancel(broken.id, { orderDetail: { orderAmount: 5_000 } }))
    // As if a later version of Naru allowed less than an earlier one.
    await sql`
      update platform_transfers set detail = jsonb_set(detail, '{request,detail,amount}', '20000')
      where original_transfer_id = ${broken.id}`
    const [merchant] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${own.storeId}`
    const platform = { ...merchant, isForTest: true, store: sandboxStore({ ...merchant, storeId: own.storeId }) }
    const stuck: string[] = []
    await startDue(sql, { platform, now: Date.parse('2098-12-31') }, '2098-12-31', (id) => stuck.push(id))
    assert.deepEqual(stuck, [broken.id])
    const rows = await sql<{ id: string; status: string }[]>`
      select transfer_id as id, ${statusColumn(sql)} as status from platform_transfers t
      where transfer_id = any(${orders.map(({ id }) => id)}::text[]) order by transfer_id`
    assert.deepEqual(
      new Map(rows.map(({ id, status }) => [id, status])),
      new Map(orders.map(({ id }) => [id, id === broken.id ? 'SCHEDULED' : 'IN_PROCESS'])),
    )
  })

  test('are refused, each reason by its type', async () => {
    const paid = await pay(store)
    const id = newPlatformId('transfer')
    await register(externalOrder(partnerId, { id }))
    await refused(externalOrder(partnerId, { id }), 'PLATFORM_TRANSFER_ID_ALREADY_USED')
    await refused(externalOrder('nobody'), 'PLATFORM_PARTNER_NOT_FOUND')
    await refused(externalOrder(partnerId, { contractId: 'none' }), 'PLATFORM_CONTRACT_NOT_FOUND')
    const fees = [{ policyId: 'x' }, { policyId: feeId }, { policyId: 'y' }]
    assert.deepEqual(
      (await refused(externalOrder(partnerId, { additionalFees: fees }), 'PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND'))
        .ids,
      ['x', 'y'],
    )
    const shares = [{ sharePolicyId: 'x', amount: 1 }]
    const unknownShare = externalOrder(partnerId, { discounts: shares })
    assert.deepEqual((await refused(unknownShare, 'PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND')).ids, ['x'])
    await refused(
      externalOrder(partnerId, { parameters: { height: { decimal: 1 } } }),
      'PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND',
    )
    await refused(
      externalOrder(partnerId, { userDefinedProperties: [{ key: 'colour', value: { string: 'red' } }] }),
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
    )
    await refused(orderOf(partnerId, 'unknown-payment'), 'PLATFORM_PAYMENT_NOT_FOUND')
    await refused(
      externalOrder(partnerId, { externalPaymentDetail: { currency: 'GBP' } }),
      'PLATFORM_CURRENCY_NOT_SUPPORTED',
    )
    const inDollars = { externalPaymentDetail: { currency: 'USD' as const } }
    const fixedContract = await newContract(store, { platformFee: { fixedAmount: 500 } })
    assert.deepEqual(
      await refused(
        externalOrder(partnerId, { contractId: fixedContract, ...inDollars }),
        'PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED',
      ),
      {
        type: 'PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED',
        id: fixedContract,
        graphqlId: Buffer.from(`5:${fixedContract}`).toString('base64'),
        feeCurrency: 'KRW',
        settlementCurrency: 'USD',
      },
    )
    const fixedFee = await newFeePolicy({ fixedAmount: 100 })
    await refused(
      externalOrder(partnerId, { additionalFees: [{ policyId: fixedFee }], ...inDollars }),
      'PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED',
    )
    const twice = { orderDetail: { orderLines: [line('A', 1), line('A', 2)] } }
    assert.equal((await refused(externalOrder(partnerId, twice), 'PLATFORM_PRODUCT_ID_DUPLICATED')).id, 'A')
    assert.deepEqual(
      await refused(
        externalOrder(partnerId, { discounts: [{ sharePolicyId: halfId, amount: 10_001 }] }),
        'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED',
      ),
      {
        type: 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED',
        amountExceededType: 'DISCOUNT_THAN_ORDER',
        requestedAmount: 10_001,
        allowedAmount: 10_000,
      },
    )
    const first = await register(orderOf(partnerId, paid, { orderDetail: { orderAmount: 5_000 } }))
    assert.equal((await refused(orderOf(partnerId, paid), 'PLATFORM_TRANSFER_ALREADY_EXISTS')).transferId, first.id)
    assert.deepEqual(
      await refused(
        externalOrder(partnerId, { settlementStartDate: '2099-01-02', settlementDate: '2099-01-01' }),
        'PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE',
      ),
      {
        type: 'PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE',
        settlementStartDate: '2099-01-02',
        settlementDate: '2099-01-01',
      },
    )
  })

  test('settle no more of a payment than was paid, each of its parts', async () => {
    const another = await newPartner(store)
    const third = await newPartner(store)
    const paymentId = await pay(store)
    const half = { orderDetail: { orderAmount: 5_000 } }
    await register(orderOf(partnerId, paymentId, half))
    await register(orderOf(another, paymentId, half))
    assert.deepEqual(
      await refused(
        orderOf(third, paymentId, { orderDetail: { orderAmount: 1 } }),
        'PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
      ),
      {
        type: 'PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
        registeredSettlementPaymentAmount: 10_000,
        requestSettlementPaymentAmount: 1,
        portOnePaymentAmount: 10_000,
      },
    )
    const mixed = await pay(store, 10_000, 4_000)
    await refused(
      orderOf(partnerId, mixed, { ...half, taxFreeAmount: 4_001 }),
      'PLATFORM_SETTLEMENT_TAX_FREE_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
    )
    await refused(
      orderOf(partnerId, mixed, { orderDetail: { orderAmount: 6_001 } }),
      'PLATFORM_SETTLEMENT_SUPPLY_WITH_VAT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
    )
  })

  test('are refused for what cannot be read, in words that name the field', async () => {
    const wrong: readonly (readonly [Partial<Body<'createPlatformOrderTransfer'>>, RegExp])[] = [
      [{ orderDetail: {} }, /orderDetail/],
      [{ orderDetail: { orderAmount: 1, orderLines: [line('A', 1)] } }, /orderDetail/],
      [{ settlementStartDate: '9999-01-01' }, /settlementStartDate/],
      [{ settlementDate: '1969-12-31' }, /settlementDate/],
      ...['1969-12-31T14:59:59Z', '0001-01-01T00:00:00Z', '9989-12-31T15:00:00Z', '9999-12-31T23:59:59Z'].map(
        (paidAt) =>
          [
            { externalPaymentDetail: { currency: 'KRW' as const, paidAt } },
            /^externalPaymentDetail\.paidAt must be between 1970-01-01 and 9989-12-31\./,
          ] as const,
      ),
      [{ paymentId: '' }, /paymentId/],
      [{ paymentId: 'x'.repeat(201) }, /paymentId/],
      [{ externalPaymentDetail: { currency: 'KRW', method: { card: {}, mobile: {} } } }, /method/],
      [{ externalPaymentDetail: { currency: 'KRW', method: {} } }, /method/],
      [{ orderDetail: { orderLines: [line('A', Number.MAX_SAFE_INTEGER, 2)] } }, /beyond/],
      // Sums of settlements, payouts and balances stay exact.
      [{ orderDetail: { orderAmount: 1_000_000_000_001 } }, /beyond 1000000000000/],
      [
        { userDefinedProperties: ['a', 'b'].map((text) => ({ key: 'season', value: { string: text } })) },
        /userDefinedProperties/,
      ],
    ]
    for (const [change, words] of wrong) {
      const { status, text } = await store.api.send('createPlatformOrderTransfer', {
        query: onTest,
        body: externalOrder(partnerId, change),
      })
      assert.deepEqual([status, JSON.parse(text).type], [400, 'INVALID_REQUEST'], text)
      assert.match(JSON.parse(text).message, words)
    }
  })

  test('are refused with a field that is not where it belongs: a tax-free order would be settled as taxed', async () => {
    const body = externalOrder(partnerId)
    const orderDetail = { ...body.orderDetail, taxFreeAmount: 10_000 }
    const { status, text } = await store.api.send('createPlatformOrderTransfer', {
      query: onTest,
      body: { ...body, orderDetail },
    })
    assert.equal(status, 400)
    assert.match(JSON.parse(text).message, /orderDetail\.taxFreeAmount .*Did you mean taxFreeAmount\?/)
  })

  test('of a payment that is not paid yet need a start date', async () => {
    const paymentId = newPlatformId('waiting')
    await store.api.call('payInstantly', {
      path: { paymentId },
      body: paymentOrder(store.channelKey, { method: virtualAccount() }),
    })
    await refused(orderOf(partnerId, paymentId), 'INVALID_REQUEST')
    const { status } = await register(orderOf(partnerId, paymentId, { settlementStartDate: '2099-01-01' }))
    assert.equal(status, 'SCHEDULED')
  })

  test('of a payment that failed are refused, with a start date too: nothing of it is owed', async () => {
    const paymentId = newPlatformId('declined')
    await store.api.send('payInstantly', {
      path: { paymentId },
      body: { ...paymentOrder(store.channelKey), amount: { total: 990_001 } },
    })
    for (const change of [{}, { settlementStartDate: '2099-01-01' }]) {
      const body = orderOf(partnerId, paymentId, change)
      const { text } = await store.api.send('createPlatformOrderTransfer', { query: onTest, body })
      assert.match(JSON.parse(text).message, /has failed, so nothing of it is owed/)
    }
    // The customer paid in another way, and the merchant's order number is the same.
    assert.equal((await register(externalOrder(partnerId, { paymentId }))).payment.type, 'EXTERNAL')
  })

  test('of a payment of ours are never registered as paid elsewhere, where nothing would limit them', async () => {
    const paymentId = await pay(store)
    await register(orderOf(partnerId, paymentId))
    const body = externalOrder(await newPartner(store), { paymentId })
    const { status, text } = await store.api.send('createPlatformOrderTransfer', { query: onTest, body })
    assert.deepEqual([status, JSON.parse(text).type], [400, 'INVALID_REQUEST'], text)
    assert.match(JSON.parse(text).message, /was made here: leave externalPaymentDetail out/)
  })

  test('of a partner, contract or policy that is archived are refused', async () => {
    const contract = contractBody()
    await store.api.call('createPlatformContract', { query: onTest, body: contract })
    await store.api.call('archivePlatformContract', { path: { id: contract.id }, query: onTest })
    await refused(externalOrder(partnerId, { contractId: contract.id }), 'PLATFORM_CONTRACT_NOT_FOUND')
    const gone = await newPartner(store)
    await store.api.call('archivePlatformPartner', { path: { id: gone }, query: onTest })
    await refused(externalOrder(gone), 'PLATFORM_PARTNER_NOT_FOUND')
  })

  test('of a payment in another store of the merchant are found, and of another merchant are not', async () => {
    const other = await naru.newStore()
    const paymentId = await pay(other)
    await refused(orderOf(partnerId, paymentId), 'PLATFORM_PAYMENT_NOT_FOUND')
    const transfer = await registerOrder(naru, orderOf(await newPartner(naru), paymentId))
    assert.ok(transfer.payment.type === 'PORT_ONE')
    assert.equal(transfer.payment.storeId, other.storeId)
    // What was paid there is limited by what was paid, as what was paid here is.
    const body = externalOrder(await newPartner(naru), { paymentId })
    const { status, text } = await naru.api.send('createPlatformOrderTransfer', { query: onTest, body })
    assert.equal(status, 400)
    assert.match(JSON.parse(text).message, /was made here: leave externalPaymentDetail out/)
  })

  test('were refused for every error that the operation lists', () =>
    assertAllErrorsAnswered(naru, ['createPlatformOrderTransfer']))
})
