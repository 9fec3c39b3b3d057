import type { GetPlatformTransferSummariesBody, GetPlatformTransferSummariesResponse } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { findPage, pageOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import { transferOrder } from './order.ts'
import { summaryColumns } from './rows.ts'
import { isScattered, transferSearch } from './search.ts'
import { readSnapshots } from './snapshots.ts'
import { summaryKeysOf, summaryView, type TransferSummary } from './summary.ts'

/** A page of transfers: the latest day first where the filter is about days, then the newest first. */
export const listTransfers = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter }: GetPlatformTransferSummariesBody,
): Promise<GetPlatformTransferSummariesResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const conditions = transferSearch(sql, platform, filter)
  if (conditions instanceof Refusal) return conditions
  const query = {
    table: 'platform_transfers',
    as: 't',
    columns: listedColumns(sql),
    conditions,
    order: transferOrder(sql, filter).order,
    isScattered: isScattered(filter),
  }
  const { rows, totalCount } = await findPage<TransferSummary>(sql, platform, query, page)
  const snapshots = await readSnapshots(sql, platform, rows.flatMap(summaryKeysOf))
  return {
    transferSummaries: rows.map((row) => summaryView(platform, row, snapshots)),
    page: { ...page, totalCount },
  }
}

/** The columns of a `TransferSummary`. */
export const listedColumns = (sql: Sql): Fragment => sql`${summaryColumns(sql)}, t.detail -> 'payment' as payment`
