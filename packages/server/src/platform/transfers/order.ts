import type { PlatformTransferFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { TransferSummary } from './summary.ts'

/** In which order transfers are listed, and which of them come after one. Each order has an index of its own. */
export type TransferOrder = {
  readonly order: Fragment
  readonly after: (last: TransferSummary) => Fragment
  /** The columns by which a transfer has its place; another query orders by them with `keyOrder`. */
  readonly key: Fragment
  readonly keyOrder: Fragment
  /** Whether days come before instants. */
  readonly isByDay: boolean
}

/** The latest day first where the filter is about days, then the newest first. */
export const transferOrder = (sql: Sql, filter: PlatformTransferFilterInput = {}): TransferOrder => {
  const newest = sql`t.created_at desc, t.transfer_id desc`
  const byDay = (column: Fragment, dayOf: (last: TransferSummary) => string | undefined): TransferOrder => ({
    order: sql`${column} desc, ${newest}`,
    after: (last) => sql`
      (${column}, t.created_at, t.transfer_id)
        < (${dayOf(last) ?? null}::text, ${last.createdAt}::timestamptz, ${last.transferId})`,
    key: sql`${column} as day, t.created_at, t.transfer_id`,
    keyOrder: sql`day desc, created_at desc, transfer_id desc`,
    isByDay: true,
  })
  if (filter.settlementDateRange) return byDay(sql`t.settlement_date`, (last) => last.settlementDate)
  if (filter.settlementStartDateRange)
    return byDay(sql`t.settlement_start_date`, (last) =>
      last.type === 'MANUAL' ? undefined : last.settlementStartDate,
    )
  return {
    order: newest,
    after: (last) => sql`(t.created_at, t.transfer_id) < (${last.createdAt}::timestamptz, ${last.transferId})`,
    key: sql`t.created_at, t.transfer_id`,
    keyOrder: sql`created_at desc, transfer_id desc`,
    isByDay: false,
  }
}
