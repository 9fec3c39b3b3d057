import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors, isErrorType, type OperationId, operationIds, operations } from '@naru/contract'
import { createSecret, setPlatform } from '../src/merchants/setup.ts'
import { refuses, request, typeOf } from './support/api.ts'
import { type Fragment, farAhead } from './support/fuzz-books.ts'
import { platformOf } from './support/fuzz-platform.ts'
import { startNaru } from './support/naru.ts'
import { assertAllErrorsAnswered, newContract, newPartner, newPlatformId } from './support/platform.ts'
import { externalCancel, externalOrder, registerCancel, registerOrder } from './support/platform-transfers.ts'
import { knownErrorsOf, methodsOf } from './support/recognised.ts'

const ids = operationIds.filter((id) => operations[id].path.startsWith('/platform'))

/** Documented by PortOne's API, and not declared by version 0.19.0 of the SDK yet, or not any more. */
const newerThanTheSdk = [
  'updatePlatformPartner PLATFORM_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
  'updatePlatformPartner PLATFORM_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
  'archivePlatformPartner PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS',
  'archivePlatformPartner PLATFORM_PARTNER_PENDING_NTS_OPERATION',
  'recoverPlatformPartner PLATFORM_PARTNER_PENDING_NTS_OPERATION',
  'connectPartnerMemberCompany PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED',
  'connectPartnerMemberCompany PLATFORM_ARCHIVED_PARTNER',
  'disconnectPartnerMemberCompany PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED',
  'downloadPlatformTransferSheet FORBIDDEN',
  'downloadPlatformTransferSheet PLATFORM_NOT_ENABLED',
  'createPlatformOrderTransfer PLATFORM_TRANSFER_ID_ALREADY_USED',
  'createPlatformOrderCancelTransfer PLATFORM_TRANSFER_ID_ALREADY_USED',
  'createPlatformManualTransfer PLATFORM_TRANSFER_ID_ALREADY_USED',
  'createPlatformManualTransfer PLATFORM_CURRENCY_NOT_SUPPORTED',
  'createPlatformManualTransfer PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED',
]

describe('errors of partner settlement', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { sql } = naru.database
  const { together = {} } = await platformOf(store)

  /** What `platformOf` leaves to chance. */
  const rest: Partial<Record<OperationId, object>> = {
    createPlatformAdditionalFeePolicy: { vatPayer: 'PARTNER' },
    createPlatformDiscountSharePolicy: { name: 'Half', partnerShareRate: 50_000 },
    createPlatformOrderTransfer: { paymentId: 'order' },
    createPlatformOrderCancelTransfer: { cancellationId: 'cancellation' },
    createPlatformManualTransfer: { settlementDate: '2026-01-02' },
    completePlatformPayoutByPartnerSettlementIds: { bulkPayoutId: 'elsewhere' },
    schedulePlatformPartners: { update: {}, appliedAt: farAhead },
  }

  /** A request that nothing is wrong with, but for what is said. */
  const ask = (
    id: OperationId,
    query = '',
    { url, secret = store.apiSecret }: { url: string; secret?: string } = naru,
  ) => {
    const { method, path } = operations[id]
    const fragment: Fragment = together[id]?.[0] ?? {}
    const filled = Object.entries({ id: 'none', ...fragment.path }).reduce(
      (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))),
      String(path),
    )
    const body = JSON.stringify({ ...fragment.body, ...rest[id] })
    const isInQuery = method === 'GET' && fragment.body !== undefined
    return request(url, {
      method,
      path: `${filled}?${query}${isInQuery ? `&requestBody=${encodeURIComponent(body)}` : ''}`,
      headers: { authorization: `PortOne ${secret}` },
      body: method === 'GET' ? undefined : body,
    })
  }
  const answersEverywhere = async (type: string, send: (id: OperationId) => ReturnType<typeof ask>) => {
    for (const id of ids) {
      const answer = await send(id)
      assert.equal(typeOf(answer), type, `${id}: ${answer.text}`)
    }
  }

  test('every operation wants a secret that is known', () =>
    answersEverywhere('UNAUTHORIZED', (id) => ask(id, '', { url: naru.url, secret: 'no-such-secret' })))

  test('every operation refuses the secret of a single store, on either platform', async () => {
    const { apiSecret } = await naru.newStore()
    const { storeId } = store
    const [{ merchantId }] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${storeId}`
    const { secret } = await createSecret(sql, { merchantId, storeId, name: 'of the representative store' })
    for (const query of ['test=true', 'test=false', ''])
      for (const single of [apiSecret, secret])
        await answersEverywhere('FORBIDDEN', (id) => ask(id, query, { url: naru.url, secret: single }))
  })

  test('every operation refuses an environment that is neither', () =>
    answersEverywhere('INVALID_REQUEST', (id) => ask(id, 'test=maybe')))

  test('a merchant without partner settlement is told so by every operation', async () => {
    const [merchant] = await sql<
      { id: string }[]
    >`select merchant_id as id from stores where store_id = ${store.storeId}`
    assert.ok(merchant)
    await setPlatform(sql, merchant.id, { platform: false })
    // A server remembers for a while what a store may do.
    const { url } = await naru.another()
    await answersEverywhere('PLATFORM_NOT_ENABLED', (id) => ask(id, '', { url }))
    await setPlatform(sql, merchant.id, { platform: true })
  })

  test('settlements that are paid, unknown, named twice or not at all are neither deleted nor paid again', async () => {
    const contractId = await newContract(store)
    const partnerId = await newPartner(store, { defaultContractId: contractId })
    const dates = { settlementStartDate: '2026-01-05', settlementDate: '2026-01-20' }
    const order = await registerOrder(store, externalOrder(partnerId, dates))
    await registerCancel(
      store,
      externalCancel(order.id, { orderDetail: { orderAmount: 1_000 }, settlementStartDate: '2099-01-05' }),
    )
    const find = async (partner: string) => {
      const { items } = await store.portone.platform.partnerSettlement.getPlatformPartnerSettlements({
        test: true,
        filter: { partnerIds: [partner] },
      })
      return items.map((item) => String(Reflect.get(item, 'id')))
    }
    const [settlement = ''] = await find(partnerId)
    const remove = async (partnerSettlementIds: string[]) =>
      typeOf(
        await store.api.send('deletePlatformPartnerSettlements', {
          query: { test: true },
          body: { partnerSettlementIds },
        }),
      )
    const complete = async (partnerSettlementIds: string[], bulkPayoutId = newPlatformId('bulk')) => {
      const body = { partnerSettlementIds, bulkPayoutId }
      return await store.api.send('completePlatformPayoutByPartnerSettlementIds', { query: { test: true }, body })
    }
    assert.equal(await remove(['none']), 'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND')
    assert.equal(await remove([settlement]), 'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST')
    assert.equal(typeOf(await complete([])), 'PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS')
    assert.equal(typeOf(await complete(['none'])), 'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND')
    assert.equal(typeOf(await complete([settlement, settlement])), 'PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS')
    assert.equal((await complete([settlement], 'paid')).status, 200)
    assert.equal(typeOf(await complete([settlement])), 'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS')
    assert.equal(await remove([settlement]), 'PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS')
    await refuses(
      store.portone.platform.transfer.deletePlatformTransfer({ test: true, id: order.id }),
      'PLATFORM_TRANSFER_NON_DELETABLE_STATUS',
    )

    const debtor = await newPartner(store, { defaultContractId: contractId })
    const owed = { partnerId: debtor, settlementAmount: -500, settlementDate: '2026-01-20' }
    await store.portone.platform.transfer.createPlatformManualTransfer({ test: true, ...owed })
    const debts = await find(debtor)
    const negative = await complete(debts)
    // PortOne's contract gives this error the type of another.
    assert.equal(typeOf(negative), 'PLATFORM_CURRENCY_NOT_SUPPORTED')
    assert.match(negative.text, /negative|-500/)
    const creditor = await newPartner(store, { defaultContractId: contractId })
    await registerOrder(store, externalOrder(creditor, dates))
    assert.equal(typeOf(await complete(await find(creditor), 'paid')), 'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS')
    assertAllErrorsAnswered(naru, ['deletePlatformPartnerSettlements', 'completePlatformPayoutByPartnerSettlementIds'])
  })

  test('the SDK recognises every error of the operations that it has', () => {
    const methods = new Set(methodsOf(store.portone.platform))
    const unknown = ids
      .filter((id) => methods.has(id))
      .flatMap((id) => {
        const known = knownErrorsOf(`${id.charAt(0).toUpperCase()}${id.slice(1)}Error`)
        const listed: readonly string[] = operations[id].errors
        return listed
          .filter((type) => isErrorType(type) && !known.includes(errors[type].name))
          .map((type) => `${id} ${type}`)
      })
    assert.deepEqual(unknown, newerThanTheSdk)
  })
})
