import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PlatformAccountTransferFilter, PlatformPayoutFilterInput } from '@naru/contract'
import { sandboxStore } from '../src/merchants/testing/store.ts'
import { ensureMockAccount } from '../src/platform/payouts/bank-account.ts'
import { generatePayouts } from '../src/platform/payouts/generate.ts'
import { orderPayouts } from '../src/platform/payouts/order.ts'
import { prepareBulkPayout } from '../src/platform/payouts/prepare.ts'
import { refuses } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { newContract, newPartner } from './support/platform.ts'
import { externalOrder, registerOrder } from './support/platform-transfers.ts'

describe('reading settlements and payouts through the official SDK', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { sql } = naru.database
  const { platform } = store.portone
  const mode = { test: true } as const
  const settlementDate = '2026-01-20'
  const dates = { settlementStartDate: '2026-01-05', settlementDate }

  const contractId = await newContract(store)
  const business = await newPartner(store, { defaultContractId: contractId, name: '첫째 가게', tags: ['food'] })
  const writer = await newPartner(store, { defaultContractId: contractId, name: '작가', type: { whtPayer: {} } })
  await registerOrder(store, externalOrder(business, dates))
  await registerOrder(store, externalOrder(business, dates))
  await registerOrder(store, externalOrder(writer, dates))
  await platform.transfer.createPlatformManualTransfer({
    ...mode,
    partnerId: business,
    settlementAmount: 100,
    settlementDate,
  })

  const settlements = (filter: object) => platform.partnerSettlement.getPlatformPartnerSettlements({ ...mode, filter })
  const idsOf = (items: readonly object[]): readonly string[] => items.map((item) => String(Reflect.get(item, 'id')))

  test('settled transfers are found as settlements, each with the sum of its transfers', async () => {
    const { items, page, counts } = await settlements({})
    assert.equal(page.totalCount, 3)
    assert.equal(counts.payoutPrepared, 3)
    const [ofBusiness] = (await settlements({ partnerIds: [business], settlementTypes: ['ORDER'] })).items
    assert(ofBusiness?.type === 'ORDER')
    assert.deepEqual(
      [ofBusiness.amount.order, ofBusiness.amount.settlement, Reflect.get(ofBusiness.amount, 'supply')],
      [20_000, 17_800, ofBusiness.amount.paymentSupply],
    )
    assert.deepEqual(ofBusiness.settlementStartDateRange, { from: '2026-01-05', until: '2026-01-05' })
    assert.equal(ofBusiness.contract.id, contractId)
    assert.equal(items.length, 3)
  })

  test('each condition finds its settlements, and counts do not heed the statuses', async () => {
    const count = async (filter: object) => (await settlements(filter)).page.totalCount
    assert.equal(await count({ settlementTypes: ['MANUAL'] }), 1)
    assert.equal(await count({ settlementDates: [settlementDate] }), 3)
    assert.equal(await count({ settlementDates: ['2026-01-21'] }), 0)
    assert.equal(await count({ contractIds: [contractId] }), 2)
    assert.equal(await count({ partnerTags: ['food'] }), 2)
    assert.equal(await count({ settlementCurrencies: ['USD'] }), 0)
    const { page, counts } = await settlements({ statuses: ['PAID_OUT'] })
    assert.deepEqual([page.totalCount, counts.payoutPrepared], [0, 3])
    await refuses(settlements({ keyword: { payoutId: 'a', bulkPayoutId: 'b' } }), 'INVALID_REQUEST')
    assert.equal((await platform.partnerSettlement.getPlatformPartnerSettlements({ filter: {} })).page.totalCount, 0)
  })

  const pay = async (bulkPayoutId: string) => {
    const [row] = await sql<[{ merchant_id: string }]>`select merchant_id from stores where store_id = ${store.storeId}`
    const of = { merchantId: row.merchant_id, storeId: store.storeId }
    const request = { platform: { ...of, isForTest: true, store: sandboxStore(of) }, now: await store.now() }
    const actor = 'somebody'
    await prepareBulkPayout(sql, request, { bulkPayoutId, name: 'January', settlementDates: [settlementDate], actor })
    await generatePayouts(sql, request, bulkPayoutId, actor)
    const { id: bankAccountId } = await ensureMockAccount(sql, request.platform)
    const [account] = await sql<[{ orders: number }]>`
      select orders from platform_bank_accounts where merchant_id = ${row.merchant_id} and is_for_test`
    await orderPayouts(sql, request, { bulkPayoutId, move: 'execute', actor, account: { bankAccountId, ...account } })
    await store.advance({ minutes: 1 })
  }

  test('what is paid is found as a bulk payout, its payouts and their movements at the bank', async () => {
    await pay('january')
    const [bulk] = (await platform.bulkPayout.getPlatformBulkPayouts(mode)).items
    assert.ok(bulk)
    assert.deepEqual(
      [bulk.id, bulk.name, bulk.status, Reflect.get(bulk, 'arePayoutsGenerated'), bulk.payoutStats.count.succeeded],
      ['january', 'January', 'COMPLETED', true, 2],
    )
    assert.equal(bulk.totalSettlementAmount, 17_800 + 100 + 8_900)
    assert.equal(bulk.payoutStats.amount.succeeded, bulk.totalPayoutAmount)

    const payouts = async (filter: PlatformPayoutFilterInput) => platform.payout.getPlatformPayouts({ ...mode, filter })
    const all = await payouts({ criteria: { bulkPayoutId: 'january' } })
    assert.deepEqual([all.page.totalCount, all.counts.succeeded], [2, 2])
    const [ofWriter] = (await payouts({ criteria: {}, partnerIds: [writer] })).items
    assert.ok(ofWriter)
    // 3 % income tax of 8,900 and a tenth of it as local income tax, each cut to tens of won.
    assert.deepEqual(
      [ofWriter.settlementAmount, ofWriter.incomeTaxAmount, ofWriter.localIncomeTaxAmount, ofWriter.amount],
      [8_900, 260, 20, 8_620],
    )
    assert.equal(ofWriter.status, 'SUCCEEDED')
    assert.equal(ofWriter.partner.name, '작가')
    const found = async (filter: PlatformPayoutFilterInput) => idsOf((await payouts(filter)).items)
    const [ofBusiness = ''] = await found({ criteria: {}, partnerIds: [business] })
    assert.deepEqual(await found({ criteria: { payoutId: ofWriter.id } }), [ofWriter.id])
    assert.deepEqual(await found({ criteria: {}, payoutIds: [ofWriter.id, 'none'] }), [ofWriter.id])
    assert.deepEqual(await found({ criteria: {}, partnerTypes: ['WHT_PAYER'] }), [ofWriter.id])
    assert.deepEqual(await found({ criteria: {}, partnerTaxationTypes: ['NORMAL'] }), [ofBusiness])
    assert.deepEqual(await found({ criteria: {}, partnerTags: ['food'] }), [ofBusiness])
    assert.deepEqual(await found({ criteria: {}, payoutAccountBanks: ['KOOKMIN'], statuses: ['FAILED'] }), [])
    assert.deepEqual(
      await found({ criteria: { timestampRange: { from: '2000-01-01T00:00:00Z', until: '2001-01-01T00:00:00Z' } } }),
      [],
    )

    const settled = await settlements({ keyword: { payoutId: ofWriter.id } })
    assert.deepEqual([settled.page.totalCount, settled.counts.paidOut], [1, 1])
    const { transferSummaries } = await platform.transfer.getPlatformTransferSummaries({
      ...mode,
      filter: { keyword: { payoutId: ofWriter.id }, statuses: ['PAID_OUT'] },
    })
    assert.equal(transferSummaries.length, 1)

    const movements = (filter: PlatformAccountTransferFilter = {}) =>
      platform.accountTransfer.getPlatformAccountTransfers({ ...mode, filter })
    const moved = await movements({ types: ['WITHDRAWAL'] })
    assert.deepEqual([moved.page.totalCount, moved.counts.succeeded], [2, 2])
    const [ofPayout] = (await movements({ payoutId: ofWriter.id })).items
    assert(ofPayout?.type === 'WITHDRAWAL')
    assert.deepEqual(
      [
        ofPayout.amount,
        ofPayout.withdrawalType,
        ofPayout.partnerId,
        ofPayout.bulkPayoutId,
        Reflect.get(ofPayout, 'bankAccount').provider,
      ],
      [8_620, 'PARTNER_PAYOUT', writer, 'january', 'MOCK'],
    )
    assert.equal((await movements({ depositAccountHolder: '길동' })).page.totalCount, 2)
    assert.equal((await movements({ depositMemo: 'no such memo' })).page.totalCount, 0)
    assert.equal((await movements({ types: ['DEPOSIT'] })).page.totalCount, 0)
    const [order] = (await platform.bulkAccountTransfer.getPlatformBulkAccountTransfers(mode)).items
    assert.ok(order)
    assert.deepEqual(
      [order.status, order.stats.count.succeeded, order.totalAmount],
      ['COMPLETED', 2, bulk.totalPayoutAmount],
    )
    assert.equal(order.id, ofPayout.bulkAccountTransferId)
  })

  test('payouts are asked for by criteria, as PortOne has it', async () => {
    const body = encodeURIComponent(JSON.stringify({ filter: { statuses: [] } }))
    const answer = await fetch(`${naru.url}/platform/payouts?requestBody=${body}`, {
      headers: { authorization: `PortOne ${store.apiSecret}` },
    })
    const [status, text] = [answer.status, await answer.text()]
    assert.equal(status, 400)
    assert.match(text, /filter\.criteria must be given/)
  })
})
