import type { GetPlatformTransferSummariesBody, GetPlatformTransferSummariesResponse } from '@naru/contract'
import type { Fragment } from 'postgres'
import { boundedRows } from '../../db/bounded-rows.ts'
import type { Sql } from '../../db/connect.ts'
import { lookedUp } from '../../db/looked-up.ts'
import type { Page } from '../../db/page.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { countedFor, pageOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import { lookedThrough } from './criteria.ts'
import { daysBeforeEntries } from './days-first.ts'
import { countKeys, isBeyondLook, selectKeys, type TransferQuery } from './keys.ts'
import { transferOrder } from './order.ts'
import { ofFewSettlements } from './rare-status.ts'
import { ofRow, summaryColumns } from './rows.ts'
import { transferSearch } from './search.ts'
import { readSnapshots } from './snapshots.ts'
import { summaryKeysOf, summaryView, type TransferSummary } from './summary.ts'

/** A page of transfers: the latest day first where the filter is about days, then the newest first. */
export const listTransfers = async (
  sql: Sql,
  platform: Platform,
  { page: wanted, filter = {} }: GetPlatformTransferSummariesBody,
): Promise<GetPlatformTransferSummariesResponse | Refusal<'INVALID_REQUEST'>> => {
  const page = pageOf(wanted)
  if (page instanceof Refusal) return page
  const search = transferSearch(sql, platform, filter, await ofFewSettlements(sql, platform, filter))
  if (search instanceof Refusal) return search
  const order = transferOrder(sql, filter)
  const areDaysFirst = await daysBeforeEntries(sql, platform, search, order)
  const query = { platform, search, order, ...(areDaysFirst && { areDaysFirst }) }
  const found = await inTime(findTransfers(sql, query, page))
  if (found instanceof Refusal) return found
  const { rows, totalCount } = found
  const snapshots = await readSnapshots(sql, platform, rows.flatMap(summaryKeysOf))
  return {
    transferSummaries: rows.map((row) => summaryView(platform, row, snapshots)),
    page: { ...page, totalCount },
  }
}

const findTransfers = async (sql: Sql, query: TransferQuery, page: Page) => {
  const [rows, [{ count }]] = await Promise.all([
    boundedRows<TransferSummary>(sql, selectPage(sql, query, page), page.size),
    sql<[{ count: number }]>`${countKeys(sql, query, countedFor(page))}`,
  ])
  if (count > 0 || !query.search.text) return { rows, totalCount: count }
  const [{ isBeyond }] = await sql<[{ isBeyond: boolean }]>`${isBeyondLook(sql, query)}`
  return isBeyond ? notAmongTheNewest : { rows, totalCount: count }
}

/** The places of the page first, so that what it skips is not worked out. */
export const selectPage = (sql: Sql, query: TransferQuery, { number, size }: Page): Fragment => {
  const { platform, order } = query
  return sql`
    select ${listedColumns(sql)} from (
      select * from (${selectKeys(sql, query, (number + 1) * size)}) found
      order by ${order.keyOrder} limit ${size} offset ${number * size}
    ) place ${lookedUp(
      sql,
      sql`select * from platform_transfers t where ${ofRow(sql, platform, 't')} and t.transfer_id = place.transfer_id`,
      't',
    )}
    order by ${order.order}`
}

/** "There is none" would not be true. */
const notAmongTheNewest = refuse(
  'INVALID_REQUEST',
  `A part of a text is looked for in the newest ${lookedThrough.toLocaleString('en')} transfers that meet the other conditions. None of them has it, and there are more: narrow the filter, for instance by settlementDateRange.`,
)

/** Conditions that nothing finds together may match too late: the database ends what takes too long. */
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
