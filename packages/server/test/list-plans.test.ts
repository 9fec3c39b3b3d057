import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type {
  BillingKeyFilterInput,
  BillingKeySortInput,
  CashReceiptFilterInput,
  CashReceiptSortInput,
  PaymentFilterInput,
  PaymentScheduleFilterInput,
  PaymentScheduleSortInput,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import { billingKeyRows } from '../src/billing-keys/list.ts'
import { receiptRows } from '../src/cash-receipts/list.ts'
import { rowsHaving } from '../src/db/expected-rows.ts'
import { alongFacets, type ListQuery } from '../src/db/find-rows.ts'
import { countRows, firstRows } from '../src/db/page.ts'
import { createMerchant, createStore } from '../src/merchants/setup.ts'
import { findPayments, paymentRows, paymentWays } from '../src/payment-reading/list.ts'
import { scheduleRows } from '../src/payment-schedules/list.ts'
import { createTestDatabase } from './support/database.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const rows = 20_000
/** A page, or a count as far as each is made anew, of rows of which few match. */
const mostRead = 2_500
const size = 10

/** A list that reads more rows the more there are is slow once there are very many. */
describe('a page and its count read few rows, whatever is asked for', async () => {
  const merchantId = await createMerchant(sql, 'Shop')
  const storeId = await createStore(sql, { merchantId, name: 'Shop', mode: 'SANDBOX', isRepresentative: true })
  await fill()

  const window = { storeIds: [storeId], from: Date.UTC(2026, 0, 1), until: Date.UTC(2027, 0, 1) }
  const page = { number: 0, size }
  const text = (
    field: 'ALL' | 'CUSTOMER_EMAIL' | 'TX_ID' | 'CARD_ISSUER' | 'ORDER_NAME' | 'PG_RECEIPT_ID',
    value: string,
  ) => [{ field, value }]

  const twoDays = { from: '2026-01-10T00:00:00Z', until: '2026-01-12T00:00:00Z' }
  const payments: readonly PaymentFilterInput[] = [
    {},
    { sortOrder: 'ASC' },
    { timestampType: 'CREATED_AT' },
    { sortBy: 'REQUESTED_AT' },
    { sortBy: 'REQUESTED_AT', sortOrder: 'ASC' },
    { timestampType: 'CREATED_AT', sortBy: 'STATUS_CHANGED_AT' },
    ...(['PAID', 'FAILED', 'CANCELLED', 'PENDING', 'READY'] as const).map((status) => ({ status: [status] })),
    { status: ['FAILED', 'CANCELLED', 'PENDING'] },
    { methods: ['CARD'] },
    { methods: ['MOBILE'] },
    { methods: ['CRYPTO'], sortOrder: 'ASC' },
    { pgProvider: ['KPN'] },
    { isTest: false },
    { isScheduled: true },
    { platformType: 'SDK_MOBILE' },
    { currency: 'USD' },
    { isEscrow: true },
    { escrowStatus: 'DELIVERED' },
    { cardBrand: 'DINERS' },
    { cardType: 'GIFT' },
    { cardOwnerType: 'CORPORATE' },
    { giftCertificateType: 'BOOKNLIFE' },
    { timestampType: 'CREATED_AT', pgProvider: ['KPN'] },
    { timestampType: 'CREATED_AT', methods: ['CRYPTO'] },
    { timestampType: 'CREATED_AT', isTest: true },
    { sortBy: 'REQUESTED_AT', isTest: false },
    { sortBy: 'REQUESTED_AT', status: ['PAID'] },
    { textSearch: text('CARD_ISSUER', 'SHINHAN_CARD'), isTest: false },
    { status: ['FAILED'], methods: ['MOBILE'], currency: 'KRW' },
    { webhookStatus: 'SUCCEEDED' },
    { webhookStatus: 'FAILED_NOT_OK_RESPONSE' },
    { cashReceiptType: 'CORPORATE' },
    { cashReceiptType: 'CORPORATE', cashReceiptStatus: 'CANCELLED', status: ['PAID'] },
    { cashReceiptType: 'PERSONAL', sortOrder: 'ASC' },
    { cashReceiptStatus: 'ISSUED' },
    { cashReceiptStatus: 'CANCELLED', sortBy: 'REQUESTED_AT' },
    { cashReceiptIssuedAtRange: twoDays },
    { cashReceiptCancelledAtRange: twoDays },
    { textSearch: text('CUSTOMER_EMAIL', 'customer-7@example.com') },
    { textSearch: text('TX_ID', '77') },
    { textSearch: text('CARD_ISSUER', 'SHINHAN_CARD') },
    { textSearch: text('CARD_ISSUER', 'HANA_CARD') },
    { textSearch: [...text('CARD_ISSUER', 'SHINHAN_CARD'), ...text('TX_ID', '77')], status: ['PAID'] },
    { textSearch: text('ORDER_NAME', 'usual') },
    { textSearch: text('PG_RECEIPT_ID', 'receipt-7') },
    { textSearch: text('PG_RECEIPT_ID', 'receipt-7'), cashReceiptType: 'NO_RECEIPT' },
    { textSearch: text('ALL', 'payment-777') },
    { textSearch: text('ALL', 'customer-77@') },
    { textSearch: text('ALL', 'nobody') },
    { textSearch: text('ALL', '홍길') },
    { textSearch: text('ALL', 'payment-') },
    { textSearch: text('ALL', 'HANA') },
    { textSearch: text('ALL', 'SHINHAN_CARD') },
    { textSearch: text('ALL', 'receipt-77'), sortOrder: 'ASC' },
    { textSearch: text('ALL', 'customer-'), isTest: false },
    { textSearch: text('ALL', 'customer-77@'), sortBy: 'REQUESTED_AT', currency: 'KRW' },
    { textSearch: [...text('ALL', 'SHINHAN'), ...text('ALL', 'customer-77@')], status: ['PAID'] },
  ]
  for (const filter of payments)
    test(`payments: ${JSON.stringify(filter)}`, async () =>
      readsFew(await paymentRows(sql, { ...window, page, filter })))

  test('what few payments have is looked up, and what many have is met in the order of the list, for a page sooner than for a count', async () => {
    const ways = (filter: PaymentFilterInput) =>
      paymentWays(sql, { ...window, storeIds: [storeId, 'another-store'], page, filter })
    const issuer = (value: string) => ({ by: 'text', entry: `CARD_ISSUER=${value}` })
    const [common, rare, none] = ['SHINHAN_CARD', 'HANA_CARD', 'NO_CARD'] as const
    const texts = (...values: string[]) => values.flatMap((value) => text('CARD_ISSUER', value))
    const inOrder = { ofPage: 'in order', ofCount: 'in order' }
    assert.deepEqual(await ways({}), inOrder)
    assert.deepEqual(await ways({ cashReceiptType: 'NO_RECEIPT' }), inOrder)
    assert.deepEqual(await ways({ textSearch: texts(common) }), inOrder)
    for (const value of [rare, none])
      assert.deepEqual(await ways({ textSearch: texts(common, value) }), {
        ofPage: issuer(value),
        ofCount: issuer(value),
      })
    const [order] = text('ORDER_NAME', 'usual')
    const ofCount = { by: 'text', entry: 'ORDER_NAME=usual' }
    assert.deepEqual(await ways({ textSearch: order ? [order] : [] }), { ofPage: 'in order', ofCount })
    const receipts = { by: 'receipts' }
    assert.deepEqual(await ways({ cashReceiptType: 'PERSONAL' }), { ofPage: 'in order', ofCount: receipts })
    assert.deepEqual(await ways({ cashReceiptType: 'CORPORATE' }), { ofPage: receipts, ofCount: receipts })
    const ofDays = {
      cashReceiptType: 'PERSONAL' as const,
      cashReceiptIssuedAtRange: { ...twoDays, until: '2027-01-01T00:00:00Z' },
    }
    assert.deepEqual(await ways(ofDays), { ofPage: receipts, ofCount: receipts })
    const webhooks = { by: 'webhooks' }
    const beginning = (text: string) => ({ by: 'beginning', text })
    const all = (...values: string[]) => values.flatMap((value) => text('ALL', value))
    assert.deepEqual(await ways({ textSearch: all('payment-') }), inOrder)
    for (const value of ['payment-777', 'customer-77@', 'nobody', '홍길'])
      assert.deepEqual(await ways({ textSearch: all('payment-', value) }), {
        ofPage: beginning(value),
        ofCount: beginning(value),
      })
    assert.deepEqual(await ways({ textSearch: all('usual') }), { ofPage: 'in order', ofCount: beginning('usual') })
    assert.deepEqual(await ways({ webhookStatus: 'SUCCEEDED' }), inOrder)
    assert.deepEqual(await ways({ webhookStatus: 'FAILED_NOT_OK_RESPONSE' }), { ofPage: webhooks, ofCount: webhooks })
  })

  test('what few payments have is found once, for the page and its count together', async () => {
    const rare = rows / 100
    // What is rare, its payments, and the rows that have both.
    const filters: readonly (readonly [PaymentFilterInput, number])[] = [
      [{ cashReceiptType: 'CORPORATE' }, 3.5 * rare],
      [{ webhookStatus: 'FAILED_NOT_OK_RESPONSE' }, 4.5 * rare],
      [{ textSearch: text('CARD_ISSUER', 'HANA_CARD') }, 3.5 * rare],
    ]
    for (const [filter, most] of filters) {
      const found = async (number: number) => {
        const { items, totalCount } = await findPayments(sql, { ...window, page: { number, size }, filter })
        return { ids: items.map(({ state }) => state.paymentId), totalCount }
      }
      const first = await found(0)
      assert.deepEqual([first.ids[0], first.ids.length, first.totalCount], ['payment-19907', size, rare])
      const last = await found(19)
      assert.deepEqual([last.ids.at(-1), last.totalCount], ['payment-7', rare])
      assert.deepEqual(await found(20), { ids: [], totalCount: rare })
      const query = await paymentRows(sql, { ...window, page, filter })
      const { read, plan } = await explained(firstRows(sql, query, { limit: size }))
      assert.ok(read <= most, `reads ${read} rows:\n${JSON.stringify(plan, undefined, 1)}`)
    }
  })

  test('a payment whose PG has not answered yet is found by its texts too', async () => {
    await sql`
      insert into payments_under_way (store_id, payment_id, version, kept_state, status, search, created_at, begun_at, requested_at, status_time)
      select store_id, 'under-way', version, kept_state, status, array['TX_ID=under-way-7'], created_at, begun_at, requested_at, status_time
      from payments where payment_id = 'payment-7'`
    for (const [field, value] of [
      ['TX_ID', 'under-way-7'],
      ['ALL', 'under-w'],
      ['ALL', 'under-way-7'],
    ] as const) {
      const { items, totalCount } = await findPayments(sql, {
        ...window,
        page,
        filter: { textSearch: text(field, value) },
      })
      assert.deepEqual([items.length, totalCount], [1, 1])
    }
    await sql`delete from payments_under_way`
  })

  test('payments of receipts are looked up together, not each by itself', async () => {
    const filter = { cashReceiptIssuedAtRange: twoDays }
    const { items, totalCount } = await findPayments(sql, { ...window, page, filter })
    assert.deepEqual([items.length, totalCount], [size, 145])
    const query = await paymentRows(sql, { ...window, page, filter })
    const { loops, plan } = await explained(firstRows(sql, query, { limit: size }))
    assert.ok(loops <= size, `looks ${loops} times:\n${JSON.stringify(plan, undefined, 1)}`)
  })

  test('what PostgreSQL does not know to be rare is counted as far as it matters', async () => {
    const payments = sql`select from payments p where p.store_id = ${storeId}`
    const expected = (condition: Fragment) =>
      rowsHaving(sql, sql`${payments} and ${condition}`, { wanted: 10, all: rows })
    assert.equal(await expected(sql`p.total_amount + 0 > 5000`), 0)
    assert.ok((await expected(sql`p.total_amount + 0 > 0`)) > 1_000)
    assert.ok((await expected(sql`p.payment_id = 'payment-7'`)) < 10)
  })

  test('a text in any field is looked for once, for the page and its count', async () => {
    const find = async (value: string, page: { number: number; size: number }, filter: PaymentFilterInput = {}) => {
      const asked = { ...filter, textSearch: [{ field: 'ALL' as const, value }] }
      const { items, totalCount } = await findPayments(sql, { ...window, page, filter: asked })
      return { found: items.map(({ state }) => state.paymentId), totalCount }
    }
    const one = await find('customer-77@', { number: 0, size: 4 })
    assert.deepEqual(one, { found: [779, 778, 777, 776].map((n) => `payment-${n}`), totalCount: 10 })
    const last = await find('customer-77@', { number: 2, size: 4 }, { sortOrder: 'ASC' })
    assert.deepEqual(last, { found: ['payment-778', 'payment-779'], totalCount: 10 })
    assert.deepEqual(await find('nobody', page), { found: [], totalCount: 0 })
    assert.deepEqual(await find('CUSTOMER_EMAIL', page), { found: [], totalCount: 0 })
    const many = await find('payment-', { number: 1, size: 5 })
    assert.equal(many.totalCount, 1_010)
    assert.deepEqual(many.found.length, 5)
    const receipt = await find('receipt-1234', { number: 0, size: 20 })
    assert.deepEqual([receipt.found.length, receipt.totalCount], [11, 11])
  })

  const schedules: readonly (readonly [PaymentScheduleFilterInput, PaymentScheduleSortInput])[] = [
    ...[{}, { status: ['SUCCEEDED' as const] }, { status: ['REVOKED' as const] }, { status: ['STARTED' as const] }].map(
      (filter) => [filter, {}] as const,
    ),
    [{ isForTest: false }, {}],
    [{ isForTest: false }, { by: 'CREATED_AT' }],
    [{ status: ['REVOKED'] }, { by: 'COMPLETED_AT' }],
    [{ status: ['STARTED'] }, { by: 'STATUS_TIMESTAMP', order: 'ASC' }],
    [{ status: ['SUCCEEDED'] }, { by: 'CREATED_AT' }],
    [{ billingKey: 'key-7' }, {}],
    ...(['CREATED_AT', 'TIME_TO_PAY', 'COMPLETED_AT', 'STATUS_TIMESTAMP'] as const).flatMap((by) =>
      (['ASC', 'DESC'] as const).map((order) => [{}, { by, order }] as const),
    ),
  ]
  for (const [filter, sort] of schedules)
    test(`schedules: ${JSON.stringify({ ...filter, ...sort })}`, () =>
      readsFew(scheduleRows(sql, { ...window, page, filter, sort })))

  const keys: readonly (readonly [BillingKeyFilterInput, BillingKeySortInput])[] = [
    [{}, {}],
    [{ status: ['ISSUED'] }, {}],
    [{ status: ['DELETED'] }, {}],
    [{ channelGroupIds: ['group-1'] }, {}],
    [{ customerId: 'customer-7' }, {}],
    [{ platformType: 'SDK_PC' }, {}],
    [{ pgProviders: ['KPN'] }, {}],
    [{ pgCompanies: ['KPN'] }, {}],
    [{ methods: ['EASY_PAY'] }, {}],
    [{ methods: ['EASY_PAY'] }, { by: 'ISSUED_AT' }],
    [{ channelGroupIds: ['group-2'] }, { by: 'STATUS_TIMESTAMP' }],
    [{ timeRangeField: 'DELETED_AT', pgProviders: ['KPN'] }, {}],
    [{ textSearch: { field: 'CUSTOMER_EMAIL', value: 'customer-7@example.com' } }, {}],
    [{ textSearch: { field: 'CUSTOMER_EMAIL', value: 'customer-7@example.com' } }, { by: 'DELETED_AT' }],
    [{ textSearch: { field: 'CARD_BIN', value: '424242' } }, {}],
    [{ textSearch: { field: 'CARD_BIN', value: '424242' }, status: ['DELETED'] }, {}],
    [{ textSearch: { field: 'CARD_BIN', value: '424242' } }, { by: 'ISSUED_AT', order: 'ASC' }],
    [{ textSearch: { field: 'CARD_BIN', value: '555555' } }, {}],
    ...(['REQUESTED_AT', 'ISSUED_AT', 'DELETED_AT', 'STATUS_TIMESTAMP'] as const).flatMap((by) => [
      [{}, { by }] as const,
      [{ timeRangeField: by }, { by, order: 'ASC' }] as const,
    ]),
  ]
  for (const [filter, sort] of keys)
    test(`billing keys: ${JSON.stringify({ ...filter, ...sort })}`, async () =>
      readsFew(await billingKeyRows(sql, { ...window, page, filter, sort })))

  const receipts: readonly (readonly [CashReceiptFilterInput, CashReceiptSortInput])[] = [
    [{}, {}],
    [{ statuses: ['ISSUED'] }, {}],
    [{ statuses: ['CANCELLED'] }, {}],
    [{ statuses: ['FAILED'] }, {}],
    [{ paymentId: 'payment-7' }, {}],
    [{ isTest: false }, {}],
    [{ isManual: false }, {}],
    [{ orderName: 'order 7' }, {}],
    [{ pgReceiptId: 'receipt-7' }, {}],
    [{ pgMerchantId: 'merchant-7' }, {}],
    [{ pgProviders: ['KPN'] }, {}],
    [{ pgCompanies: ['KPN'] }, {}],
    [{ types: ['CORPORATE'] }, {}],
    [{ types: ['CORPORATE'] }, { by: 'STATUS_UPDATED_AT' }],
    [{ statuses: ['FAILED'] }, { by: 'CANCELLED_AT' }],
    [{ timeRangeField: 'STATUS_UPDATED_AT', pgProviders: ['KPN'] }, {}],
    ...(['ISSUED_AT', 'CANCELLED_AT', 'STATUS_UPDATED_AT'] as const).flatMap((by) => [
      [{}, { by }] as const,
      [{ timeRangeField: by }, { by, order: 'ASC' }] as const,
    ]),
  ]
  for (const [filter, sort] of receipts)
    test(`cash receipts: ${JSON.stringify({ ...filter, ...sort })}`, () =>
      readsFew(receiptRows(sql, { ...window, page, filter, sort })))

  async function readsFew(list: Omit<ListQuery, 'columns'>): Promise<void> {
    for (const storeIds of [[storeId], [storeId, 'another-store']]) {
      const query = await alongFacets(sql, { ...list, storeIds, columns: sql`1 as found` }, size)
      for (const statement of [firstRows(sql, query, { limit: size }), countRows(sql, query, 101)]) {
        const { read, plan } = await explained(statement)
        assert.ok(read <= mostRead, `reads ${read} of ${rows} rows:\n${JSON.stringify(plan, undefined, 1)}`)
      }
    }
  }

  type Plan = {
    readonly 'Node Type': string
    readonly 'Actual Rows': number
    readonly 'Actual Loops': number
    readonly 'Rows Removed by Filter'?: number
    readonly 'Rows Removed by Index Recheck'?: number
    readonly Plans?: readonly Plan[]
  }

  type Explained = { readonly read: number; readonly loops: number; readonly plan: Plan }

  /** How many rows all the scans of a statement looked at, and how often one of them began. */
  async function explained(statement: Fragment): Promise<Explained> {
    const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`explain (analyze, format json) ${statement}`
    const plan = row['QUERY PLAN'][0].Plan
    const nodes = (node: Plan): Plan[] => [node, ...(node.Plans ?? []).flatMap(nodes)]
    const scans = nodes(plan).filter((node) => node['Node Type'].includes('Scan'))
    const looked = scans.map(
      (node) =>
        (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
        node['Actual Loops'],
    )
    const loops = Math.max(...scans.map((node) => node['Actual Loops']))
    return { read: looked.reduce((sum, one) => sum + one, 0), loops, plan }
  }

  /** One row in a hundred is unlike the others in everything. */
  async function fill(): Promise<void> {
    const numbers = sql`generate_series(1, ${rows}::integer) as n,
      lateral (select timestamptz '2026-01-01' + n * interval '20 minutes' as at, n % 100 = 7 as rare) as of`
    await sql`
      insert into payments (store_id, payment_id, version, kept_state, status, method, pg_provider, is_test, currency, total_amount,
        cancelled_amount, platform_type, is_escrow, escrow_status, card_brand, card_type, card_owner_type,
        gift_certificate_type, schedule_id, search, created_at, begun_at, requested_at, status_time, due_at)
      select ${storeId}, 'payment-' || n, 2, jsonb_build_object('paymentId', 'payment-' || n), status, case when rare then 'PaymentMethodMobile' else 'PaymentMethodCard' end,
        case when rare then 'KPN' else 'TOSSPAYMENTS' end, not rare, case when rare then 'USD' else 'KRW' end, 1000,
        case status when 'CANCELLED' then 1000 else 0 end, case when rare then 'MOBILE' else 'API' end, rare,
        case when rare then 'DELIVERED' end, case when rare then 'DINERS' end, case when rare then 'GIFT' else 'CREDIT' end,
        case when rare then 'CORPORATE' else 'PERSONAL' end, case when rare then 'BOOKNLIFE' end,
        case when rare then 'schedule' end, array['TX_ID=' || n, case n % 20 when 3 then 'ORDER_NAME=usual' else 'ORDER_NAME=' || n end, 'CUSTOMER_EMAIL=customer-' || n / 10 || '@example.com',
          'CUSTOMER_NAME=' || case n % 100 when 9 then '홍길동' else '김나루' end,
          case when rare then 'CARD_ISSUER=HANA_CARD' else 'CARD_ISSUER=SHINHAN_CARD' end],
        at, at, at + case when rare then interval '1 minute' else interval '0' end, at + interval '2 minutes',
        case status when 'PAY_PENDING' then at end
      from ${numbers}, lateral (select coalesce((array['FAILED', 'CANCELLED', 'PAY_PENDING'])[n % 60 + 1], 'PAID') as status) s`
    await sql`
      insert into webhooks (store_id, webhook_id, payment_id, environment, type, url, target, content_type, body,
        payment_status, status, created_at)
      select store_id, 'webhook-' || payment_id, payment_id, 'TEST', 'Transaction.Paid', '', '', '', '', status,
        case when is_escrow then 'FAILED_NOT_OK_RESPONSE' else 'SUCCEEDED' end, created_at from payments`
    await sql`
      insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at,
        completed_at, status_time)
      select ${storeId}, 'schedule-' || n, 'payment-' || n, 'key-' || n / 10, case when rare then 'REVOKED' else 'SUCCEEDED' end,
        not rare, at, at, case when not rare then at + interval '1 second' end, at
      from ${numbers}`
    await sql`
      insert into billing_keys (store_id, billing_key, version, state, status, channel_group_id, customer_id, methods,
        pg_providers, search, created_at, requested_at, issued_at, deleted_at)
      select ${storeId}, 'key-' || n, 2, '{}', case when rare then 'DELETED' else 'ISSUED' end, case when rare then 'group-1' end,
        'customer-' || n, array[case when rare then 'BillingKeyPaymentMethodEasyPay' else 'BillingKeyPaymentMethodCard' end],
        array[case when rare then 'KPN' else 'TOSSPAYMENTS' end],
        array['BILLING_KEY=key-' || n, 'CUSTOMER_EMAIL=customer-' || n || '@example.com',
          'CARD_BIN=' || case n % 20 when 3 then '555555' else '424242' end], at, at, at, case when rare then at end
      from ${numbers}`
    // The customers of another merchant have one e-mail address, and it is also one of ours.
    await sql`
      insert into billing_keys (store_id, billing_key, version, state, status, methods, pg_providers, search, created_at, requested_at,
        issued_at)
      select 'store-of-another', 'other-key-' || n, 2, '{}', 'ISSUED', '{}', '{}',
        array['BILLING_KEY=other-key-' || n, 'CUSTOMER_EMAIL=customer-7@example.com'], at, at, at
      from ${numbers}`
    await sql`
      insert into cash_receipts (store_id, payment_id, version, state, status, type, is_manual, is_test, pg_provider,
        pg_merchant_id, pg_receipt_id, issue_number, order_name, currency, total_amount, tax_free_amount, vat_amount, issued_at,
        cancelled_at, status_updated_at, in_force, created_at)
      select ${storeId}, 'payment-' || n, 2, '{}', case when rare then 'CANCELLED' else 'ISSUED' end,
        case when rare then 'CORPORATE' else 'PERSONAL' end, not rare, not rare, case when rare then 'KPN' else 'TOSSPAYMENTS' end,
        case when rare then 'merchant-7' else 'merchant' end, 'receipt-' || n, n::text, 'order ' || n / 10, 'KRW', 1000, 0, 90,
        at, case when rare then at end, at, case when rare then 0 else 1 end, at
      from ${numbers}`
    for (const table of ['payments', 'webhooks', 'payment_schedules', 'billing_keys', 'cash_receipts'])
      await sql`vacuum analyze ${sql(table)}`
  }
})
