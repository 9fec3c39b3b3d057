import { toJson } from '../../aggregates/kind.ts'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { byKey, isAmong } from '../among.ts'
import { armDays } from '../days.ts'
import type { Platform } from '../platform.ts'
import { settlementName } from '../settlements/name.ts'
import { assigned, openDays } from '../settlements/open-days.ts'
import { amountFields } from './arithmetic/amounts.ts'
import { amountColumn, ofRow } from './rows.ts'
import type { CancelTransfer, OrderTransfer } from './transfer.ts'

/** An order that starts, and it and its cancellations as they were computed anew. Versions are those that were read. */
export type Recomputed = {
  readonly order: OrderTransfer
  readonly transfers: readonly (OrderTransfer | CancelTransfer)[]
}

const columns = [
  'partner_version',
  'contract_id',
  'contract_version',
  'setting_version',
  'settlement_date',
  'detail',
  'user_defined_formulas',
  ...amountFields.map(amountColumn),
]

/**
 * Writes each group whole, or not at all where one of its transfers has changed since it was read. Returns whether all were
 * written. All groups share one statement, in which nothing is joined: each would be compared with each while statistics know nothing of the merchant.
 */
export const writeStarted = async (
  sql: Sql,
  platform: Platform,
  groups: readonly Recomputed[],
  today: Day,
): Promise<boolean> => {
  if (groups.length === 0) return true
  const started = groups.flatMap(({ transfers }) => transfers)
  const rows = Object.fromEntries(started.map((transfer) => [transfer.transferId, rowOf(platform, transfer, today)]))
  const awaited = started.filter((transfer) => isSettledWithItsDay(transfer, today))
  const { status, settlement } = assigned(sql, sql`given`)
  const ids = started.map(({ transferId }) => transferId)
  const versions = started.map(({ version }) => version)
  const orders = groups.flatMap(({ order, transfers }) => transfers.map(() => order.transferId))
  const orderOf = byKey(sql, sql`select * from unnest(${ids}::text[], ${orders}::text[])`)
  const sizeOf = byKey(
    sql,
    sql`select * from unnest(${groups.map(({ order }) => order.transferId)}::text[],
      ${groups.map(({ transfers }) => transfers.length)}::integer[])`,
  )
  const days = groups.flatMap(({ transfers }) =>
    transfers.flatMap(({ status, settlementStartDate, settlementDate }) =>
      status === 'SCHEDULED' ? [settlementStartDate, settlementDate] : [settlementDate],
    ),
  )
  const written = await sql`
    with ${openDays(
      sql,
      platform,
      awaited.map(({ settlementDate }) => settlementDate),
    )}, locked as materialized (
      select t.transfer_id, ${orderOf.valueOf(sql`t.transfer_id`)} as order_id from platform_transfers t
      where ${ofRow(sql, platform, 't')} and t.transfer_id = any(${ids}::text[])
        and ${isAmong(sql, sql`(t.transfer_id, t.version)`, sql`select * from unnest(${ids}::text[], ${versions}::integer[])`)}
        and t.status = 'SCHEDULED' and t.deleted_at is null and (select count(*) from open_days) >= 0
      order by order_id, t.transfer_id for update
    ), whole as materialized (
      select order_id, count(*) from locked group by order_id
      having count(*) = ${sizeOf.valueOf(sql`order_id`)}::integer
    ), complete as materialized (
      select transfer_id, order_id from locked
      where ${byKey(sql, sql`select order_id, count from whole`).hasComputed(sql`order_id`)}
    ), started as (
      update platform_transfers t set (status, partner_settlement_id, ${sql.unsafe(columns.join(', '))}) = (
          select ${status}, ${settlement}, ${sql.unsafe(columns.map((name) => `given.${name}`).join(', '))}
          from jsonb_populate_record(null::platform_transfers, ${sql.json(rows)}::jsonb -> t.transfer_id) given
        ), version = t.version + 1
      where ${ofRow(sql, platform, 't')}
        and ${byKey(sql, sql`select transfer_id, order_id from complete`).has(sql`t.transfer_id`)}
      returning 1
    ), ${armDays(sql, platform, { days, today }, sql`exists (select from started)`)}
    select from started`
  return written.count === started.length
}

/** As for new transfers: one whose date has come already is settled by the run that follows, by itself. */
const isSettledWithItsDay = ({ status, settlementDate }: OrderTransfer | CancelTransfer, today: Day): boolean =>
  status === 'IN_PROCESS' && settlementDate > today

const rowOf = (platform: Platform, transfer: OrderTransfer | CancelTransfer, today: Day) => ({
  ...Object.fromEntries(amountFields.map((field) => [amountColumn(field), transfer.amounts[field]])),
  transfer_id: transfer.transferId,
  version: transfer.version,
  status: transfer.status,
  partner_settlement_id: isSettledWithItsDay(transfer, today)
    ? settlementName(platform, { ...transfer, isSettledAlone: false })
    : null,
  partner_version: transfer.partnerVersion,
  contract_id: transfer.contractId,
  contract_version: transfer.contractVersion,
  setting_version: transfer.settingVersion,
  settlement_date: transfer.settlementDate,
  detail: toJson(transfer.detail),
  user_defined_formulas: toJson(transfer.userDefinedFormulas),
})
