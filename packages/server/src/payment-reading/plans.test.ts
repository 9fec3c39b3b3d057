import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import { createTestDatabase } from '../../test/support/database.ts'
import { countRows, firstRows } from '../db/page.ts'
import { createMerchant, createStore } from '../merchants/setup.ts'
import { paymentRows } from './list.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

/** Lists depend on these: one that reads all payments, or sorts them, takes longer the more there are. */
describe('a list of many payments reads along the index', async () => {
  const merchantId = await createMerchant(sql, 'Shop')
  const storeId = await createStore(sql, { merchantId, name: 'Shop', mode: 'SANDBOX', isRepresentative: true })
  await fill()

  const text = (field: 'CUSTOMER_EMAIL' | 'PAYMENT_ID', value: string): PaymentFilterInput => ({
    textSearch: [{ field, value }],
  })
  const expected: readonly (readonly [PaymentFilterInput, ...string[]])[] = [
    [{}, 'payments_by_status_time'],
    [{ sortOrder: 'ASC' }, 'payments_by_status_time'],
    [{ timestampType: 'CREATED_AT' }, 'payments_by_beginning'],
    [{ status: ['PAID'] }, 'payments_by_status_time'],
    [{ status: ['FAILED'] }, 'payments_by_rare_status'],
    [{ status: ['FAILED'], sortOrder: 'ASC' }, 'payments_by_rare_status'],
    [{ status: ['CANCELLED', 'READY', 'FAILED'] }, 'payments_by_rare_status'],
    [{ status: ['PENDING'] }, 'payments_due', 'payments_pending_without_due'],
    [{ status: ['FAILED', 'PENDING'] }, 'payments_by_rare_status', 'payments_due', 'payments_pending_without_due'],
    [text('PAYMENT_ID', 'payment-77'), 'payments_pkey'],
  ]

  for (const [filter, ...indexes] of expected)
    test(`${indexes.join(', ')}: ${JSON.stringify(filter)}`, async () => {
      for (const storeIds of [[storeId], [storeId, 'another-store']])
        assert.deepEqual(await readings(filter, storeIds), { page: indexes, count: indexes })
    })

  test('a text that few have is looked up', async () => {
    const { page, count } = await readings(text('CUSTOMER_EMAIL', 'customer-7@example.com'), [storeId])
    assert.deepEqual([page, count], [['payments_search'], ['payments_search']])
  })

  const readings = async (filter: PaymentFilterInput, storeIds: readonly string[]) => {
    const window = { from: Date.UTC(2026, 0, 1), until: Date.UTC(2026, 3, 1) }
    const rows = paymentRows(sql, { storeIds, filter, ...window, page: { number: 2, size: 10 } })
    return {
      page: await indexesOf(firstRows(sql, { ...rows, columns: sql`p.state` }, { offset: 20, limit: 10 })),
      count: await indexesOf(countRows(sql, rows)),
    }
  }

  type Plan = {
    readonly 'Node Type': string
    readonly 'Relation Name'?: string
    readonly 'Index Name'?: string
    readonly Plans?: readonly Plan[]
  }

  /** How a statement reads payments: the names of indexes, and `everything` for the whole table. */
  async function indexesOf(statement: Fragment): Promise<readonly string[]> {
    const [row] = await sql<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`explain (format json) ${statement}`
    const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]
    const names = nodes(row['QUERY PLAN'][0].Plan).flatMap((plan) =>
      plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] === 'payments'
        ? ['everything']
        : (plan['Index Name'] ?? []),
    )
    return [...new Set(names)].sort()
  }

  async function fill(): Promise<void> {
    await sql`
      insert into payments (store_id, payment_id, version, state, status, method, is_test, currency, total_amount,
        cancelled_amount, search, created_at, begun_at, requested_at, status_time, due_at)
      select ${storeId}, 'payment-' || n, 2, '{}', status, 'PaymentMethodCard', true, 'KRW', 1000,
        case status when 'CANCELLED' then 1000 else 0 end,
        array['TX_ID=' || n, 'CUSTOMER_EMAIL=customer-' || n / 10 || '@example.com'], at, at, at, at,
        case status when 'PAY_PENDING' then at end
      from generate_series(1, 30000) as n,
        lateral (select (array['FAILED', 'CANCELLED', 'READY', 'PAY_PENDING'])[n % 60 + 1] as rare) as r,
        lateral (select coalesce(rare, 'PAID') as status, timestamptz '2025-06-01' + n * interval '15 minutes' as at) as s`
    await sql`vacuum analyze payments`
  }
})
