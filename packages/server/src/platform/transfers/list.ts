import type { GetPlatformTransferSummariesBody, GetPlatformTransferSummariesResponse } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
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
  const found = await inTime(findPage<TransferSummary>(sql, platform, query, page))
  if (found instanceof Refusal) return found
  const { rows, totalCount } = found
  const snapshots = await readSnapshots(sql, platform, rows.flatMap(summaryKeysOf))
  return {
    transferSummaries: rows.map((row) => summaryView(platform, row, snapshots)),
    page: { ...page, totalCount },
  }
}

/** A part of a text is in no index: looking for one in too many transfers is ended by the database's limit for a statement. */
const inTime = async <Found>(finding: Promise<Found>): Promise<Found | Refusal<'INVALID_REQUEST'>> => {
  try {
    return await finding
  } catch (error) {
    if (codeOf(error) !== '57014') throw error
    return refuse('INVALID_REQUEST', 'filter matches too slowly: narrow it, for instance by settlementDateRange.')
  }
}

/** The columns of a `TransferSummary`. */
export const listedColumns = (sql: Sql): Fragment => sql`${summaryColumns(sql)}, t.detail -> 'payment' as payment`
