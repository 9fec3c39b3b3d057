import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { PendingQuery, Row } from 'postgres'
import { createTestDatabase } from './support/database.ts'

/** The only tables that belong to the installation instead of to a store or a merchant. */
const withoutTenant = ['installation', 'schema_migrations', 'servers']
const tenants = ['store_id', 'merchant_id']

const database = await createTestDatabase()
const { sql } = database
after(() => database[Symbol.asyncDispose]())

test('every table of a tenant says whose each row is and is keyed by it first', async () => {
  const tables = await sql<{ table: string; key: string[] | null }[]>`
    select c.relname as "table", (
      select array_agg(a.attname::text order by k.place)
      from pg_constraint p cross join unnest(p.conkey) with ordinality as k (number, place)
      join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.number
      where p.conrelid = c.oid and p.contype = 'p'
    ) as key
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`
  assert.ok(tables.length > withoutTenant.length, 'the catalogue was read')
  for (const { table, key } of tables) {
    assert.ok(key, `${table} has no primary key`)
    if (!withoutTenant.includes(table)) assertTenantFirst(`the primary key of ${table}`, key)
  }
  const missing = withoutTenant.filter((name) => !tables.some(({ table }) => table === name))
  assert.deepEqual(missing, [], 'a table of the exceptions is gone: take it off the list')
})

test('every unique index leads with the tenant', async () => {
  const indexes = await sql<{ name: string; table: string; columns: (string | null)[] }[]>`
    select i.indexrelid::regclass::text as name, c.relname as "table", (
      select array_agg(a.attname::text order by k.place)
      from unnest(i.indkey::int2[]) with ordinality as k (number, place)
      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
      where k.place <= i.indnkeyatts
    ) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
    where i.indisunique and c.relnamespace = 'public'::regnamespace`
  for (const { name, table, columns } of indexes)
    if (!withoutTenant.includes(table)) assertTenantFirst(`the unique index ${name}`, columns)
})

test('every foreign key contains the tenant, on both sides at its head', async () => {
  const keys = await sql<{ name: string; from: string[]; to: string[] }[]>`
    select p.conrelid::regclass::text || '.' || p.conname as name,
      (select array_agg(a.attname::text order by k.place) from unnest(p.conkey) with ordinality as k (number, place)
       join pg_attribute a on a.attrelid = p.conrelid and a.attnum = k.number) as "from",
      (select array_agg(a.attname::text order by k.place) from unnest(p.confkey) with ordinality as k (number, place)
       join pg_attribute a on a.attrelid = p.confrelid and a.attnum = k.number) as "to"
    from pg_constraint p where p.contype = 'f' and p.connamespace = 'public'::regnamespace`
  assert.ok(keys.length > 0)
  for (const { name, from, to } of keys) {
    assertTenantFirst(`the foreign key ${name}`, from)
    assert.equal(from[0], to[0], `the foreign key ${name} must meet the same tenant on the other side`)
  }
})

test('every due_at is indexed behind its store, leaving out rows at rest', async () => {
  const columns = await sql<{ table: string; nullable: boolean; indexes: { columns: string[]; where: string }[] }[]>`
    select c.relname as "table", not a.attnotnull as nullable, coalesce((
      select jsonb_agg(jsonb_build_object(
        'where', coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
        'columns', (select jsonb_agg(pg_get_indexdef(i.indexrelid, place, true) order by place)
                    from generate_series(1, i.indnkeyatts) place)
      )) from pg_index i where i.indrelid = c.oid and a.attnum = any(i.indkey::int2[])
    ), '[]') as indexes
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attname = 'due_at' and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`
  assert.ok(columns.length >= 3, 'payments, webhooks and notifications fall due')
  for (const { table, nullable, indexes } of columns) {
    const served = indexes.some(
      (index) =>
        index.columns[0] === 'store_id' &&
        index.columns.at(-1) === 'due_at' &&
        (!nullable || index.where === '(due_at IS NOT NULL)'),
    )
    assert.ok(served, `${table}.due_at needs an index (store_id, …, due_at) where due_at is not null`)
  }
})

test('the database itself refuses to refund more than was paid', async () => {
  await createStore('refunds')
  await refused('never_refund_more_than_was_paid', insertPayment('refunds', { cancelled: 1_001 }))
  await refused('never_refund_more_than_was_paid', insertPayment('refunds', { cancelled: 600, reserved: 401 }))
  await refused('never_refund_more_than_was_paid', insertPayment('refunds', { cancelled: -1 }))
  await refused('never_refund_more_than_was_paid', insertPayment('refunds', { reserved: -1 }))
  await insertPayment('refunds', { cancelled: 600, reserved: 400 })
  await refused(
    'never_refund_more_than_was_paid',
    sql`update payments set reserved_amount = reserved_amount + 1 where store_id = 'refunds'`,
  )
})

test('the database itself holds CANCELLED and the cancelled amount together', async () => {
  await createStore('cancelled')
  await refused(
    'cancelled_means_all_of_it',
    insertPayment('cancelled', { status: 'CANCELLED', cancelled: 999, reserved: 0 }),
  )
  await refused('cancelled_means_all_of_it', insertPayment('cancelled', { cancelled: 1_000 }))
  await refused('payments_status_check', insertPayment('cancelled', { status: 'APPROVING' }))
  await refused('payments_version_check', insertPayment('cancelled', { version: 0 }))
  await insertPayment('cancelled', { status: 'CANCELLED', cancelled: 1_000 })
})

test("the sandbox PG's books refuse what the payments refuse", async () => {
  await createStore('books')
  await refused('never_refund_more_than_was_charged', insertCharge('books', { cancelled: 600, reserved: 401 }))
  await refused('never_refund_more_than_was_charged', insertCharge('books', { reserved: -1 }))
  await refused('refund_only_what_was_received', insertCharge('books', { state: 'WAITING', cancelled: 1 }))
  await refused('sandbox_transactions_amount_check', insertCharge('books', { amount: 0 }))
  await insertCharge('books', { cancelled: 600, reserved: 400 })
})

test('a live store cannot leave real time', async () => {
  await createStore('live', 'LIVE')
  await refused('live_time_is_real_time', sql`update stores set clock_offset = 1 where store_id = 'live'`)
  await refused('live_time_is_real_time', sql`update stores set clock_stopped_at = now() where store_id = 'live'`)
  await refused('live_time_is_real_time', sql`update stores set clock_target = now() where store_id = 'live'`)
})

const assertTenantFirst = (what: string, [first = null]: readonly (string | null)[]): void =>
  assert.ok(tenants.includes(String(first)), `${what} begins with ${first}, not with ${tenants.join(' or ')}`)

const refused = (constraint: string, query: PendingQuery<Row[]>): Promise<void> =>
  assert.rejects(query, { code: '23514', constraint_name: constraint })

const createStore = async (id: string, mode = 'SANDBOX'): Promise<void> => {
  await sql`insert into merchants (merchant_id, name, created_at) values (${id}, ${id}, now())`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, created_at) values (${id}, ${id}, ${id}, ${mode}, now())`
}

type PaymentRow = { status?: string; version?: number; total?: number; cancelled?: number; reserved?: number }

const insertPayment = (storeId: string, row: PaymentRow) => {
  const { status = 'PAID', version = 1, total = 1_000, cancelled = 0, reserved = 0 } = row
  return sql`
    insert into payments (store_id, payment_id, version, kept_state, status, total_amount, cancelled_amount, reserved_amount,
                          created_at)
    values (${storeId}, 'order', ${version}, '{}', ${status}, ${total}, ${cancelled}, ${reserved}, now())`
}

type ChargeRow = { state?: string; amount?: number; cancelled?: number; reserved?: number }

const insertCharge = (storeId: string, row: ChargeRow) => {
  const { state = 'APPROVED', amount = 1_000, cancelled = 0, reserved = 0 } = row
  return sql`
    insert into sandbox_transactions (store_id, reference, pg_transaction_id, kind, state, code, asked_amount, amount,
                                      cancelled_amount, reserved_amount, currency, order_name, data, created_at)
    values (${storeId}, 'charge', 'pg-1', 'CARD', ${state}, 'approve', 1000, ${amount}, ${cancelled}, ${reserved},
            'KRW', 'order', '{}', now())`
}
