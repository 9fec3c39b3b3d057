import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Body, PlatformTransferFilterInput } from '@naru/contract'
import { parse } from 'csv-parse/sync'
import { newColumns } from '../src/platform/transfers/insert.ts'
import { refuses } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { newContract, newPartner, newPlatformId } from './support/platform.ts'

type Order = Partial<Body<'createPlatformOrderTransfer'>>

describe('reading transfers through the official SDK', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { portone } = store
  const { transfer, policy, partner: partners } = portone.platform
  const externalPaymentDetail = { currency: 'KRW', orderName: '책 한 권', method: { card: {} } } as const

  const contractId = await newContract(store, { name: '기본 계약' })
  const otherContractId = await newContract(store)
  const partnerId = await newPartner(store, {
    defaultContractId: contractId,
    name: '첫째 가게',
    memo: 'VIP',
    tags: ['food', 'new'],
  })
  const otherPartnerId = await newPartner(store, {
    defaultContractId: otherContractId,
    name: '둘째 가게',
    tags: ['books'],
    type: { whtPayer: {} },
  })
  const share = await policy.createPlatformDiscountSharePolicy({
    test: true,
    id: newPlatformId('share'),
    name: '반반',
    partnerShareRate: 50_000,
  })
  const fee = await policy.createPlatformAdditionalFeePolicy({
    test: true,
    id: newPlatformId('fee'),
    name: '풀필먼트',
    fee: { fixedRate: 5_000 },
    vatPayer: 'PARTNER',
  })
  const [sharePolicyId, policyId] = [share.discountSharePolicy.id, fee.additionalFeePolicy.id]

  const order = async (wanted: Order = {}) => {
    const created = await transfer.createPlatformOrderTransfer({
      test: true,
      partnerId,
      paymentId: newPlatformId('order'),
      orderDetail: { orderAmount: 10_000 },
      externalPaymentDetail,
      discounts: [],
      additionalFees: [],
      ...wanted,
    })
    return created.transfer
  }
  const cancel = async (transferId: string, amount: number) => {
    const created = await transfer.createPlatformOrderCancelTransfer({
      test: true,
      transferId,
      cancellationId: newPlatformId('cancellation'),
      orderDetail: { orderAmount: amount },
      externalCancellationDetail: {},
      discounts: [],
    })
    return created.transfer
  }

  const lines = {
    orderLines: [
      {
        product: { id: 'novel', name: '소설', amount: 5_000, tag: 'paper' },
        quantity: 2,
        discounts: [{ sharePolicyId, amount: 1_000 }],
        additionalFees: [{ policyId }],
      },
    ],
  }
  const paymentId = await paid(store, { total: 30_000 })
  const simple = await order({ memo: '급함' })
  const detailed = await order({ orderDetail: lines, settlementStartDate: '2026-01-05', settlementDate: '2026-01-20' })
  const others = await order({ partnerId: otherPartnerId, contractId })
  const { externalPaymentDetail: _, ...ofPortOne } = {
    paymentId,
    partnerId,
    orderDetail: { orderAmount: 30_000 },
    discounts: [],
    additionalFees: [],
    externalPaymentDetail,
  }
  const ours = (await transfer.createPlatformOrderTransfer({ test: true, ...ofPortOne })).transfer
  const cancelled = await cancel(simple.id, 4_000)
  const manual = (
    await transfer.createPlatformManualTransfer({
      test: true,
      partnerId: otherPartnerId,
      settlementAmount: -500,
      settlementDate: '2026-01-20',
      memo: '=조정',
    })
  ).transfer
  const all = [manual, cancelled, ours, others, detailed, simple]

  const summaries = async (filter: PlatformTransferFilterInput = {}) => {
    const { transferSummaries, page } = await transfer.getPlatformTransferSummaries({ test: true, filter })
    assert.equal(page.totalCount, transferSummaries.length)
    return transferSummaries
  }
  /** The SDK's types leave room for variants that it does not know. */
  const idsOf = (found: readonly object[]): readonly string[] =>
    found.map((one) => {
      assert('id' in one && typeof one.id === 'string')
      return one.id
    })
  const finds = async (filter: PlatformTransferFilterInput, expected: readonly { readonly id: string }[]) => {
    const found = await summaries(filter)
    assert.deepEqual(idsOf(found), idsOf(expected), JSON.stringify(filter))
  }

  test('every transfer reads as it was registered', async () => {
    for (const created of all)
      assert.deepEqual(await transfer.getPlatformTransfer({ test: true, id: created.id }), created)
  })

  test('a transfer that is not there, or of the other environment, is not found', async () => {
    await refuses(transfer.getPlatformTransfer({ test: true, id: 'no-such-transfer' }), 'PLATFORM_TRANSFER_NOT_FOUND')
    await refuses(transfer.getPlatformTransfer({ id: simple.id }), 'PLATFORM_TRANSFER_NOT_FOUND')
    assert.deepEqual((await transfer.getPlatformTransferSummaries()).transferSummaries, [])
  })

  test('lists are newest first, and a summary says what the transfer says', async () => {
    const found = await summaries()
    assert.deepEqual(idsOf(found), idsOf(all))
    const [first, second] = [found[0], found[4]]
    assert(first?.type === 'MANUAL' && second?.type === 'ORDER')
    assert.deepEqual(first.settlementAmount, -500)
    assert.deepEqual(second.partner, {
      id: partnerId,
      graphqlId: detailed.partner.graphqlId,
      name: '첫째 가게',
      type: 'BUSINESS',
      taxationType: 'NORMAL',
      userDefinedProperties: [],
    })
    assert.deepEqual(second.partnerUserDefinedProperties, second.partner.userDefinedProperties)
    assert.deepEqual(second.amount, detailed.amount)
    assert.deepEqual(second.contract, detailed.contract)
    assert.deepEqual(second.payment, {
      type: 'EXTERNAL',
      id: String(Reflect.get(detailed.payment, 'id')),
      orderName: '책 한 권',
      currency: 'KRW',
      methodType: 'CARD',
    })
  })

  test('pages follow each other without a gap', async () => {
    const seen: string[] = []
    for (let number = 0; ; number++) {
      const { transferSummaries, page } = await transfer.getPlatformTransferSummaries({
        test: true,
        page: { number, size: 4 },
      })
      assert.deepEqual(page, { number, size: 4, totalCount: all.length })
      seen.push(...idsOf(transferSummaries))
      if ((number + 1) * page.size >= page.totalCount) break
    }
    assert.deepEqual(seen, idsOf(all))
  })

  test('each condition of the filter finds its transfers', async () => {
    await finds({ types: ['MANUAL'] }, [manual])
    await finds({ types: ['ORDER_CANCEL', 'MANUAL'] }, [manual, cancelled])
    await finds({ statuses: ['SCHEDULED'] }, [])
    await finds({ statuses: ['IN_PROCESS', 'SETTLED'] }, all)
    await finds({ partnerTags: ['books', 'none'] }, [manual, others])
    await finds({ partnerTags: ['new'] }, [cancelled, ours, detailed, simple])
    await finds({ contractIds: [contractId] }, [cancelled, ours, others, detailed, simple])
    await finds({ contractIds: [otherContractId] }, [])
    await finds({ discountSharePolicyIds: [sharePolicyId] }, [detailed])
    await finds({ additionalFeePolicyIds: [policyId, 'none'] }, [detailed])
    await finds({ paymentMethodTypes: ['EASY_PAY'] }, [])
    await finds({ channelKeys: [store.channelKey] }, [ours])
    await finds({ settlementDateRange: { from: '2026-01-20', until: '2026-01-20' } }, [manual, detailed])
    await finds({ settlementStartDateRange: { from: '2026-01-01', until: '2026-01-05' } }, [detailed])
    await finds({ types: ['ORDER'], partnerTags: ['books'], contractIds: [contractId] }, [others])
    await finds({ types: [], contractIds: [] }, all)
  })

  test('each keyword finds its transfers: ids and products by the whole, texts by a part', async () => {
    await finds({ keyword: { paymentId } }, [ours])
    await finds({ keyword: { transferId: detailed.id } }, [detailed])
    await finds({ keyword: { transferId: detailed.id.slice(0, -1) } }, [])
    await finds({ keyword: { transferMemo: '급' } }, [simple])
    await finds({ keyword: { productId: 'novel' } }, [detailed])
    await finds({ keyword: { productName: '소설' } }, [detailed])
    await finds({ keyword: { productName: '소' } }, [])
    await finds({ keyword: { partnerId: otherPartnerId } }, [manual, others])
    await finds({ keyword: { partnerName: '둘째' } }, [manual, others])
    await finds({ keyword: { partnerMemo: 'vip' } }, [cancelled, ours, detailed, simple])
    await finds({ keyword: { payoutId: 'none' } }, [])
    await finds({ keyword: { all: '소' } }, [detailed])
    await finds({ keyword: { all: '둘째' } }, [manual, others])
    await finds({ keyword: { all: paymentId.slice(1) } }, [ours])
    await finds({ keyword: { all: '100%_' } }, [])
  })

  test('what a filter cannot mean is refused by its name', async () => {
    const range = { from: '2026-01-01', until: '2026-01-02' }
    const refused = async (filter: PlatformTransferFilterInput) => {
      await refuses(transfer.getPlatformTransferSummaries({ test: true, filter }), 'INVALID_REQUEST')
      await refuses(transfer.downloadPlatformTransferSheet({ test: true, filter }), 'INVALID_REQUEST')
    }
    await refused({ settlementDateRange: range, settlementStartDateRange: range })
    await refused({ settlementDateRange: { from: '2026-01-02', until: '2026-01-01' } })
    await refused({ keyword: { paymentId, transferId: simple.id } })
    await refuses(transfer.getPlatformTransferSummaries({ test: true, page: { size: 1_001 } }), 'INVALID_REQUEST')
    await refuses(transfer.getPlatformTransferSummaries({ test: true, page: { number: -1 } }), 'INVALID_REQUEST')
  })

  test('the query parameter decides over the environment, and the filter where it is absent', async () => {
    const list = (test: boolean | undefined, isForTest: boolean) =>
      transfer.getPlatformTransferSummaries({ ...(test === undefined ? {} : { test }), filter: { isForTest } })
    assert.equal((await list(undefined, true)).page.totalCount, all.length)
    assert.equal((await list(true, false)).page.totalCount, all.length)
    assert.equal((await list(false, true)).page.totalCount, 0)
  })

  const sheet = async (wanted: object = {}): Promise<readonly (readonly string[])[]> => {
    const text = await transfer.downloadPlatformTransferSheet({ test: true, ...wanted })
    return parse(text, { bom: true })
  }

  test('a sheet has a line for each transfer, and all columns unless some are named', async () => {
    const [headings = [], ...rows] = await sheet()
    assert.equal(headings.length, 55)
    assert.equal(rows.length, all.length)
    const named = await sheet({
      fields: ['TRANSFER_ID', 'TRANSFER_TYPE', 'TRANSFER_SETTLEMENT_AMOUNT', 'TRANSFER_MEMO', 'PARTNER_NAME'],
    })
    assert.deepEqual(named[0], ['정산건 아이디', '정산 유형', '정산 금액', '메모', '파트너명'])
    assert.deepEqual(named[1], [manual.id, '수기 정산', '-500', "'=조정", '둘째 가게'])
    assert.deepEqual(named[6], [simple.id, '주문 정산', String(simple.amount.settlement), '급함', '첫째 가게'])
  })

  test('a sheet takes the names of earlier versions, a filter, and no column that does not exist', async () => {
    const fields = ['TRANSFER_ID', 'STATUS', 'SETTLEMENT_ORDER_AMOUNT']
    const rows = await sheet({ fields, filter: { types: ['ORDER_CANCEL'] } })
    assert.deepEqual(
      rows.slice(1).map(([id, , amount]) => [id, amount]),
      [[cancelled.id, '4000']],
    )
    await refuses(transfer.downloadPlatformTransferSheet({ test: true, fields: ['NONE'] }), 'INVALID_REQUEST')
  })

  test('a sheet in another language has English headings and the values of the API', async () => {
    const body = encodeURIComponent(JSON.stringify({ fields: ['TRANSFER_TYPE'], filter: { types: ['MANUAL'] } }))
    const answer = await fetch(`${naru.url}/platform/transfer-summaries/sheet-file?test=true&requestBody=${body}`, {
      headers: { authorization: `PortOne ${store.apiSecret}`, 'accept-language': 'en-US,en;q=0.9' },
    })
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="transfers_\d{8}\.csv"$/)
    assert.equal(await answer.text(), 'Type\r\nMANUAL\r\n')
  })

  test('what is said of a partner is about the partner as it is now, and a transfer shows the one it had', async () => {
    await partners.updatePlatformPartner({ test: true, id: otherPartnerId, name: '셋째 가게', tags: ['moved'] })
    await finds({ keyword: { partnerName: '셋째' } }, [manual, others])
    await finds({ partnerTags: ['books'] }, [])
    const [first] = await summaries({ types: ['MANUAL'] })
    assert(first?.type === 'MANUAL')
    assert.equal(first.partner.name, '둘째 가게')
  })

  test('a transfer that was deleted is in no list', async () => {
    await transfer.deletePlatformTransfer({ test: true, id: cancelled.id })
    await refuses(transfer.getPlatformTransfer({ test: true, id: cancelled.id }), 'PLATFORM_TRANSFER_NOT_FOUND')
    await finds(
      {},
      all.filter(({ id }) => id !== cancelled.id),
    )
    assert.equal((await sheet()).length, all.length)
  })

  test('a sheet of thousands that were registered at the same instant has each of them once', async () => {
    const { sql } = naru.database
    await sql`
      insert into platform_transfers (merchant_id, is_for_test, ${newColumns(sql)})
      select merchant_id, is_for_test, ${newColumns(sql)} from (
        select (jsonb_populate_record(t, jsonb_build_object('transfer_id', 'copy-' || n, 'status', 'IN_PROCESS'))).*
        from platform_transfers t, generate_series(1, 2500) n where t.transfer_id = ${detailed.id}
      ) copies`
    await sql`
      insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
      select merchant_id, is_for_test, entry, created_at, transfer_id from platform_transfers, unnest(search) as entry
      where starts_with(transfer_id, 'copy-')`
    await sql`analyze platform_transfers, platform_transfer_entries`
    const range = { from: '2026-01-05', until: '2026-01-20' }
    for (const filter of [{}, { settlementDateRange: range }, { settlementStartDateRange: range }]) {
      const rows = await sheet({ fields: ['TRANSFER_ID'], filter: { ...filter, additionalFeePolicyIds: [policyId] } })
      const ids = new Set(rows.slice(1).map(([id]) => id))
      assert.deepEqual([ids.size, rows.length - 1], [2501, 2501], JSON.stringify(filter))
    }
  })

  test('pages of what was registered at the same instant have each transfer once, in the order of the sheet', async () => {
    const range = { from: '2026-01-05', until: '2026-01-20' }
    const same = { additionalFeePolicyIds: [policyId] }
    const filters: readonly PlatformTransferFilterInput[] = [
      { ...same, types: ['ORDER', 'MANUAL'] },
      { ...same, statuses: ['IN_PROCESS', 'SETTLED'] },
      { ...same, settlementDateRange: range },
    ]
    for (const filter of filters) {
      const pages: string[] = []
      for (let number = 0; number < 6; number++) {
        const found = await transfer.getPlatformTransferSummaries({ test: true, page: { number, size: 500 }, filter })
        pages.push(...idsOf(found.transferSummaries))
      }
      const rows = await sheet({ fields: ['TRANSFER_ID'], filter })
      assert.deepEqual(
        pages,
        rows.slice(1).map(([id]) => id),
        JSON.stringify(filter),
      )
      assert.deepEqual([new Set(pages).size, pages.length], [2501, 2501])
    }
  })

  test('pages of settlements that were made at the same instant have each once, in the same order every time', async () => {
    const place = await naru.newMerchant()
    const { platform } = place.portone
    await place.api.call('stopSandboxClock')
    await place.api.call('updatePlatformSetting', {
      query: { test: true },
      body: { manualSettlementPerTransfer: true },
    })
    const partner = await newPartner(place, { defaultContractId: await newContract(place) })
    for (let count = 0; count < 12; count++)
      await platform.transfer.createPlatformManualTransfer({
        test: true,
        partnerId: partner,
        settlementAmount: 100,
        settlementDate: '2026-01-20',
      })
    const walk = async () => {
      const ids: string[] = []
      for (let number = 0; number < 4; number++) {
        const { items } = await platform.partnerSettlement.getPlatformPartnerSettlements({
          test: true,
          page: { number, size: 5 },
          filter: {},
        })
        ids.push(...idsOf(items))
      }
      return ids
    }
    const [first, second] = [await walk(), await walk()]
    assert.deepEqual(first, second)
    assert.deepEqual([new Set(first).size, first.length], [12, 12])
  })
})
