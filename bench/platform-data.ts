import type { Sql } from '../packages/server/src/db/connect.ts'

export const partners = 1_000
/** The last day of the month that is settled. What is dated later waits. */
export const today = '2026-03-31'

export const contract = {
  id: 'bench-contract',
  name: '10 %',
  platformFee: { fixedRate: 10_000 },
  settlementCycle: { lagDays: 1, datePolicy: 'HOLIDAY_BEFORE', method: { daily: {} } },
  platformFeeVatPayer: 'PARTNER',
  subtractPaymentVatAmount: false,
}

export const partner = {
  id: 'bench-partner',
  name: '파트너',
  contact: { name: '홍길동', email: 'partner@example.com' },
  account: { bank: 'KOOKMIN', currency: 'KRW', number: '12345678901', holder: '홍길동' },
  defaultContractId: contract.id,
  type: { whtPayer: {} },
}

export const order = {
  partnerId: partner.id,
  paymentId: 'order-{n}',
  orderDetail: { orderAmount: 10_000 },
  externalPaymentDetail: { currency: 'KRW' },
}

/**
 * `partner-0` to `partner-999` and `contract-0` to `contract-4`, as the ones there are, in both environments. Every tenth
 * partner is tagged.
 */
export const copyPartners = async (sql: Sql): Promise<void> => {
  const copies = sql`
    select e.merchant_id, both_of_them.is_for_test, e.kind, lower(e.kind) || '-' || n as id, e.version,
      e.content || case e.kind when 'CONTRACT' then '{}' else jsonb_build_object('status', 'APPROVED',
        'name', '파트너 ' || n, 'memo', 'memo of ' || n, 'tags', case n % 10 when 3 then '["tenth"]'::jsonb else '[]' end) end
        as content,
      e.applied_at, e.created_at, e.connection_status
    from platform_entities e, generate_series(0, ${partners - 1}::int) as n, (values (true), (false)) as both_of_them (is_for_test)
    where e.id = any(${[partner.id, contract.id]}::text[]) and (e.kind = 'PARTNER' or n < 5)`
  await sql`
    insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at,
      connection_status)
    ${copies}`
  await sql`
    insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
    select merchant_id, is_for_test, kind, id, version, content, applied_at from (${copies}) copies`
}

/**
 * So many copies of the one transfer there is, in one of the two environments: of all partners, over the days of a month.
 * One in ten settles later, and one in fifty has not started. Indexes are made afterwards, which is faster.
 */
export const copyTransfers = async (sql: Sql, isForTest: boolean, count: number): Promise<void> => {
  const remake = count > 100_000 ? await dropIndexes(sql) : undefined
  // In the order in which they are registered, as orders are settled.
  const day = (first: string) => `to_char(date '${first}' + (n::bigint * 30 / ${count + 1})::int, 'YYYY-MM-DD')`
  const settles = `case when n % 50 = 1 then '2026-05-02' when n % 10 = 0 then '2026-04-15' else ${day('2026-03-02')} end`
  const changed: Readonly<Record<string, string>> = {
    is_for_test: String(isForTest),
    transfer_id: "'copy-' || n",
    partner_id: `'partner-' || n % ${partners}`,
    contract_id: "'contract-' || n % 5",
    payment_id: "'copy-' || n",
    memo: "'memo ' || n",
    partner_settlement_id: `case when n % 50 <> 1 then 'pst-' || upper(substr(md5(concat_ws('/', ${isForTest}, n % ${partners},
      ${settles})), 1, 26)) end`,
    payment_method_type: "(array['CARD', 'TRANSFER', 'EASY_PAY'])[1 + n % 3]",
    channel_key: "'channel-' || n % 4",
    status: "case n % 50 when 1 then 'SCHEDULED' else 'ASSIGNED' end",
    settlement_start_date: `case n % 50 when 1 then '2026-05-01' else ${day('2026-03-01')} end`,
    settlement_date: settles,
    search: `array['product:product-' || n % 200, 'productName:티셔츠 ' || n % 200, 'discount:share-' || n % 3,
      'fee:fee-' || n % 2, 'property:channel=' || n % 20]`,
    created_at: "timestamptz '2026-03-01' + n * interval '1 second'",
  }
  const columns = await columnsOf(sql)
  await sql.unsafe(`
    insert into platform_transfers (${columns.join(', ')})
    select ${columns.map((name) => changed[name] ?? `t.${name}`).join(', ')}
    from (select * from platform_transfers where transfer_id not like 'copy-%' limit 1) t, generate_series(1, ${count}) as n`)
  await sql`
    insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
    select merchant_id, is_for_test, entry, created_at, transfer_id from platform_transfers, unnest(search) as entry
    where is_for_test = ${isForTest} and starts_with(transfer_id, 'copy-')`
  await sql`
    insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
    select distinct merchant_id, is_for_test, store_id, settlement_date, timestamptz '2099-01-01'
    from platform_transfers where status <> 'SETTLED' on conflict do nothing`
  await sql`
    insert into platform_settlement_days (merchant_id, is_for_test, store_id, day)
    select distinct merchant_id, is_for_test, store_id, settlement_date
    from platform_transfers where is_for_test = ${isForTest} and status = 'ASSIGNED' on conflict do nothing`
  await remake?.()
  await sql`vacuum analyze`
}

const columnsOf = async (sql: Sql): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns
    where table_name = 'platform_transfers' and is_generated = 'NEVER'`
  return rows.map(({ name }) => name)
}

const dropIndexes = async (sql: Sql): Promise<() => Promise<void>> => {
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'platform_transfers' and indexname <> 'platform_transfers_pkey'`
  for (const { name } of indexes) await sql`drop index ${sql(name)}`
  const key = sql`platform_transfer_entries_pkey`
  await sql`alter table platform_transfer_entries drop constraint ${key}`
  return async () => {
    for (const { definition } of indexes) await sql.unsafe(definition)
    await sql`
      alter table platform_transfer_entries
      add constraint ${key} primary key (merchant_id, is_for_test, entry, created_at, transfer_id)`
  }
}
