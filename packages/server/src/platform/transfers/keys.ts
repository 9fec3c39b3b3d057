import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { lookedUp } from '../../db/looked-up.ts'
import type { Platform } from '../platform.ts'
import { type Criterion, holding, lookedThrough, meeting, type Streams } from './criteria.ts'
import { daysFirst } from './days-first.ts'
import type { TransferOrder } from './order.ts'
import type { TransferSearch } from './search.ts'

/** What a list of transfers looks for, and in which order. */
export type TransferQuery = {
  readonly platform: Platform
  readonly search: TransferSearch
  readonly order: TransferOrder
  /** Whether so many have the entry that a list by days is about that the days come first: see days-first.ts. */
  readonly areDaysFirst?: (wanted: number) => boolean
}

/** The first `limit` places in the order of the list, of everything that matches; in no order themselves. */
export const selectKeys = (sql: Sql, query: TransferQuery, limit: number): Fragment =>
  distinct(sql, sourcesOf(sql, query, { which: 'first', limit }))

/** The transfers that match, `limit` at most. */
export const countKeys = (sql: Sql, query: TransferQuery, limit: number): Fragment => {
  const matching = distinct(sql, sourcesOf(sql, query, { which: 'any', limit }))
  return sql`select count(*) from (select from (${matching}) matching limit ${limit}) counted`
}

/** Whether there are more transfers than were looked through for a part of a text. */
export const isBeyondLook = (sql: Sql, { platform, search, order }: TransferQuery): Fragment => sql`
  select exists (
    select from platform_transfers t
    where ${holding(sql, platform, search.criteria)} ${search.text?.among ? sql`and ${search.text.among}` : sql``}
    order by ${order.order} offset ${lookedThrough} limit 1
  ) as "isBeyond"`

type Source = { readonly keys: Fragment; readonly mayOverlap: boolean }

/** As many places as `limit`: the first ones for a page; for a count it does not matter which. */
type Wanted = { readonly which: 'first' | 'any'; readonly limit: number }

const distinct = (sql: Sql, sources: readonly Source[]): Fragment => {
  const [only] = sources
  if (sources.length === 1 && only && !only.mayOverlap) return only.keys
  const all = sources.map(({ keys }) => sql`(${keys})`).reduce((all, keys) => sql`${all} union all ${keys}`)
  return sql`select distinct * from (${all}) found`
}

const sourcesOf = (sql: Sql, query: TransferQuery, wanted: Wanted): readonly Source[] => {
  const { platform, search, order } = query
  const { text, criteria } = search
  const { limit } = wanted
  if (!text) return [sourceOf(sql, query, criteria, wanted)]
  const window = sql`
    select ${order.key} from (
      select t.* from platform_transfers t
      where ${holding(sql, platform, criteria)} ${text.among ? sql`and ${text.among}` : sql``}
      order by ${order.order} limit ${lookedThrough}
    ) t where ${text.holds} order by ${order.order} limit ${limit}`
  const exact = text.exactly.map((criterion) => sourceOf(sql, query, [criterion, ...criteria], wanted))
  return [{ keys: window, mayOverlap: false }, ...exact]
}

/** Along an index of all transfers, or merged from the streams of the first criterion that has some. */
const sourceOf = (
  sql: Sql,
  { platform, order, areDaysFirst }: TransferQuery,
  criteria: readonly Criterion[],
  { which, limit }: Wanted,
): Source => {
  const followed = criteria.find(({ streams }) => streams !== undefined)
  if (!followed?.streams) {
    const keys = sql`
      select ${order.key} from platform_transfers t
      where ${holding(sql, platform, criteria)} order by ${order.order} limit ${limit}`
    return { keys, mayOverlap: false }
  }
  const { streams } = followed
  const rest = criteria.filter((criterion) => criterion !== followed)
  const { merchantId, isForTest } = platform
  const each = sql`
    select each.*, ${merchantId}::text as merchant_id, ${isForTest}::boolean as is_for_test from (${streams.each}) each offset 0`
  // A count takes the transfers of an entry as its table has them: in the order of days, all would be read.
  const inOrder = which === 'any' && streams.entries ? sql`t.created_at desc, t.transfer_id desc` : order.order
  const heads = (many: number) => sql`(
    select ${order.key} from ${streamed(sql, streams, rest)}
    order by ${inOrder} limit ${many}
  )`
  const merged = (each: Fragment) => sql`select t.* from (${each}) k cross join lateral ${heads(limit)} t`
  if (streams.areMany !== true) {
    const mayOverlap = streams.mayOverlap === true
    if (!streams.entries || areDaysFirst?.(limit) !== true) return { keys: merged(each), mayOverlap }
    return { keys: daysFirst(sql, { platform, order, criteria, limit }, merged(each)), mayOverlap }
  }
  if (which === 'any') return { keys: sql`${merged(each)} limit ${limit}`, mayOverlap: false }
  // The first places are in the streams that begin first, so that of most streams one place is looked at.
  const foremost = sql`
    select k.* from (${each}) k cross join lateral ${heads(1)} head order by ${order.keyOrder} limit ${limit}`
  return { keys: merged(foremost), mayOverlap: false }
}

/**
 * The transfers of a stream `k`, which has their tenant: see `lookedUp`. The table of entries has what the order needs, and no
 * transfer that is deleted: often it is enough.
 */
const streamed = (sql: Sql, { entries: ofEntries, member }: Streams, rest: readonly Criterion[]): Fragment => {
  const of = (row: 'e' | 't', other: 'k' | 'e') => sql`
    ${sql(row)}.merchant_id = ${sql(other)}.merchant_id and ${sql(row)}.is_for_test = ${sql(other)}.is_for_test`
  if (ofEntries === undefined) return sql`platform_transfers t where ${member} and ${meeting(sql, of('t', 'k'), rest)}`
  const entries = sql`platform_transfer_entries e`
  if (rest.length === 0)
    return sql`(select e.created_at, e.transfer_id from ${entries} where ${of('e', 'k')} and ${member}) t`
  // By the whole of its key, and nothing besides: a prepared plan may look a day up in an index that begins with days.
  const transfer = sql`
    select t.* from platform_transfers t
    where ${of('t', 'e')} and t.created_at = e.created_at and t.transfer_id = e.transfer_id`
  return sql`(
    select e.created_at, e.transfer_id, t.settlement_date, t.settlement_start_date
    from ${entries} ${lookedUp(sql, transfer, 't')} where ${of('e', 'k')} and ${meeting(sql, member, rest)}
  ) t`
}

/** All that a search asks for in one condition on `t`: for whoever reads everything anyway. */
export const matching = (sql: Sql, platform: Platform, { criteria, text }: TransferSearch): Fragment => {
  const all = holding(sql, platform, criteria)
  if (!text) return all
  const anyway = text.exactly.reduce((any, { holds }) => sql`${any} or ${holds}`, text.holds)
  return sql`${all} and (${anyway})`
}
