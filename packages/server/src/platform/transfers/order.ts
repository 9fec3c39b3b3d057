import type { PlatformTransferFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { TransferSummary } from './summary.ts'

/** In which order transfers are listed, and which of them come after one. Each order has an index of its own. */
export type TransferOrder = {
  readonly order: Fragment
  readonly after: (last: TransferSummary) => Fragment
}

/** The latest day first where the filter is about days, then the newest first. */
export const transferOrder = (sql: Sql, filter: PlatformTransferFilterInput = {}): TransferOrder => {
  const newest = sql`t.created_at desc, t.transfer_id desc`
  const byDay = (column: Fragment, dayOf: (last: TransferSummary) => string | undefined): TransferOrder => ({
    order: sql`${column} desc, ${newest}`,
    after: (last) => sql`
      (${column}, t.created_at, t.transfer_id)
        < (${dayOf(last) ?? null}::text, ${last.createdAt}::timestamptz, ${last.transferId})`,
  })
  if (filter.settlementDateRange) return byDay(sql`t.settlement_date`, (last) => last.settlementDate)
  if (filter.settlementStartDateRange)
    return byDay(sql`t.settlement_start_date`, (last) =>
      last.type === 'MANUAL' ? undefined : last.settlementStartDate,
    )
  return {
    order: newest,
    after: (last) => sql`(t.created_at, t.transfer_id) < (${last.createdAt}::timestamptz, ${last.transferId})`,
  }
}
