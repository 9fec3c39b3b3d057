import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'
import { amountColumns, groupColumns } from './amounts.ts'

/** How many transfers one statement settles: a second's work at most, so that a run can be stopped between two. */
const chunkSize = 5_000

type Settled = { readonly due: number; readonly settled: number }

/**
 * Settles every transfer of the platform's store whose settlement date has come: each joins the open settlement of its
 * partner, contract, type, date and currency, or founds one. Safe to run twice at once and to be cut off at any point:
 * every chunk is one statement, and what it did not take the next one finds. Returns how many were settled; `progress` is
 * told after every chunk.
 */
export const settleDue = async (
  sql: Sql,
  request: PlatformRequest,
  today: Day,
  progress: (settled: number) => void = () => undefined,
): Promise<number> => {
  let total = 0
  for (;;) {
    const { due, settled } = await settleChunk(sql, request, today)
    total += settled
    if (settled > 0) progress(total)
    // Others may have settled what this chunk wanted, or a payout may have closed a settlement under it: look again.
    if (due === 0) return total
  }
}

/**
 * One chunk. `due` takes the transfers' row locks, as whoever deletes one does: the second sees what the first did.
 * Groups are inserted in one order, so that two runs cannot wait for each other.
 */
const settleChunk = async (sql: Sql, { platform, now }: PlatformRequest, today: Day): Promise<Settled> => {
  const [row] = await sql<[Settled]>`
    with due as materialized (
      select * from platform_transfers
      where ${ofPlatform(sql, platform)} and store_id = ${platform.store.storeId} and status = 'IN_PROCESS'
        and settlement_date <= ${today} and deleted_at is null
      order by settlement_date, transfer_id limit ${chunkSize} for update
    ), shared as (
      ${founding(sql, sql`where not is_settled_alone group by ${names(sql, ['merchant_id', 'is_for_test', ...groupColumns])}`, now)}
      on conflict (merchant_id, is_for_test, partner_id, type, settlement_date, currency, (coalesce(contract_id, '')))
        where is_open
      do update set ${joining(sql)}, version = platform_partner_settlements.version + 1
      where platform_partner_settlements.is_open
      returning partner_settlement_id, ${names(sql, groupColumns)}
    ), alone as (
      ${founding(sql, sql`where is_settled_alone group by ${names(sql, ['merchant_id', 'is_for_test', ...groupColumns])}, transfer_id`, now)}
      returning partner_settlement_id
    ), settled as (
      update platform_transfers t set status = 'SETTLED', version = t.version + 1,
        partner_settlement_id = target.partner_settlement_id
      from (
        select due.transfer_id, shared.partner_settlement_id from due join shared using (partner_id, type, settlement_date, currency)
        where not due.is_settled_alone and due.contract_id is not distinct from shared.contract_id
        union all
        select due.transfer_id, alone.partner_settlement_id from due join alone on alone.partner_settlement_id = ${settlementId(sql, sql`due.transfer_id`)}
        where due.is_settled_alone
      ) target
      where ${ofPlatform(sql, platform)} and t.transfer_id = target.transfer_id
      returning 1
    )
    select (select count(*) from due) as due, (select count(*) from settled) as settled`
  return row
}

const names = (sql: Sql, columns: readonly string[]): Fragment => sql.unsafe(columns.join(', '))

/**
 * The id of the settlement that a transfer founds. A transfer founds one at most, ever, so its id names it; taken from
 * there, a group of which nobody knows in advance needs no id from outside.
 */
const settlementId = (sql: Sql, transferId: Fragment): Fragment =>
  sql`'pst-' || upper(substr(md5(${transferId}), 1, 26))`

const founding = (sql: Sql, grouped: Fragment, now: number): Fragment => sql`
  insert into platform_partner_settlements (
    merchant_id, is_for_test, partner_settlement_id, store_id, status, status_updated_at, created_at, is_open,
    ${names(sql, groupColumns)}, partner_version, contract_version, start_date_from, start_date_until, transfer_count,
    user_defined_formulas, ${names(sql, amountColumns)})
  select merchant_id, is_for_test, ${settlementId(sql, sql`min(transfer_id)`)}, min(store_id), 'PAYOUT_PREPARED',
    ${now}::timestamptz, ${now}::timestamptz, not bool_and(is_settled_alone), ${names(sql, groupColumns)},
    max(partner_version), max(contract_version), min(settlement_start_date), max(settlement_start_date), count(*),
    sum_of_formulas(user_defined_formulas), ${names(
      sql,
      amountColumns.map((column) => `sum(${column})::bigint`),
    )}
  from due ${grouped}
  order by ${names(sql, groupColumns)}`

/** What a settlement becomes when more transfers join it. */
const joining = (sql: Sql): Fragment => {
  const own = (column: string) => `platform_partner_settlements.${column}`
  return sql.unsafe(
    [
      ...['transfer_count', ...amountColumns].map((column) => `${column} = ${own(column)} + excluded.${column}`),
      ...['partner_version', 'contract_version', 'start_date_until'].map(
        (column) => `${column} = greatest(${own(column)}, excluded.${column})`,
      ),
      `start_date_from = least(${own('start_date_from')}, excluded.start_date_from)`,
      `user_defined_formulas = add_formulas(${own('user_defined_formulas')}, excluded.user_defined_formulas)`,
    ].join(', '),
  )
}
