import { toJson } from '../../aggregates/kind.ts'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
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
  'contract_version',
  'setting_version',
  'settlement_date',
  'detail',
  'user_defined_formulas',
  ...amountFields.map(amountColumn),
]

/**
 * Writes each group whole, or not at all where one of its transfers has changed since it was read. All groups share one
 * statement.
 */
export const writeStarted = async (
  sql: Sql,
  platform: Platform,
  groups: readonly Recomputed[],
  today: Day,
): Promise<void> => {
  const started = groups.flatMap(({ transfers }) => transfers)
  const rows = started.map((transfer) => rowOf(platform, transfer, today))
  const awaited = started.filter((transfer) => isSettledWithItsDay(transfer, today))
  const { status, settlement } = assigned(sql, sql`given`)
  const members = groups.flatMap(({ order, transfers }) =>
    transfers.map(({ transferId }) => ({ id: transferId, order: order.transferId, size: transfers.length })),
  )
  const days = groups.flatMap(({ transfers }) =>
    transfers.flatMap(({ status, settlementStartDate, settlementDate }) =>
      status === 'SCHEDULED' ? [settlementStartDate, settlementDate] : [settlementDate],
    ),
  )
  await sql`
    with ${openDays(
      sql,
      platform,
      awaited.map(({ settlementDate }) => settlementDate),
    )}, given as materialized (
      select given.*, m.order_id, m.size from jsonb_populate_recordset(null::platform_transfers, ${sql.json(rows)}) given
      join jsonb_to_recordset(${sql.json(members.map(({ id, order, size }) => ({ id, order_id: order, size })))})
        as m (id text, order_id text, size integer) on m.id = given.transfer_id
    ), locked as materialized (
      select t.transfer_id, given.order_id, given.size
      from given join platform_transfers t on ${ofRow(sql, platform, 't')} and t.transfer_id = given.transfer_id
      where t.version = given.version and t.status = 'SCHEDULED' and t.deleted_at is null
        and (select count(*) from open_days) >= 0
      order by given.order_id, t.transfer_id for update of t
    ), whole as (
      select order_id from locked group by order_id having count(*) = max(size)
    ), started as (
      update platform_transfers t set status = ${status}, partner_settlement_id = ${settlement},
        ${sql.unsafe(columns.map((name) => `${name} = given.${name}`).join(', '))}, version = t.version + 1
      from given join whole using (order_id)
      where ${ofRow(sql, platform, 't')} and t.transfer_id = given.transfer_id
      returning 1
    ), ${armDays(sql, platform, { days, today }, sql`exists (select from started)`)}
    select from started`
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
  contract_version: transfer.contractVersion,
  setting_version: transfer.settingVersion,
  settlement_date: transfer.settlementDate,
  detail: toJson(transfer.detail),
  user_defined_formulas: toJson(transfer.userDefinedFormulas),
})
