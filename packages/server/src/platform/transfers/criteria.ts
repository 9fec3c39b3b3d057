import type { DateRange, PlatformTransferStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { contains } from '../page.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { ofRow } from './rows.ts'
import { hasOneOf, settlementStatusesOf } from './status.ts'

/**
 * One condition of a filter. `holds` says whether a transfer `t` meets it. `streams` are the transfers that meet it, split
 * so that an index has each part in the order of lists: a page is merged from the heads of all of them, and nothing else is
 * read, however many match and wherever they lie.
 */
export type Criterion = {
  readonly holds: Fragment
  readonly streams?: Streams
  /** Whether it is the range of days that a list is sorted by. */
  readonly isOfDays?: boolean
}

export type Streams = {
  /** Selects what distinguishes the streams, as rows `k`. */
  readonly each: Fragment
  /** Whether a transfer `t` is in the stream `k`. */
  readonly member: Fragment
  /** Whether there may be hundreds, as of settlements and partners. No transfer is in two of these. */
  readonly areMany?: boolean
  /** By which entries, where it is by entries: their table has the transfers of each, the newest first. */
  readonly entries?: readonly string[]
  /** Whether a transfer may be in several. */
  readonly mayOverlap?: boolean
}

/** So many of the newest are looked through for a part of a text, which no index has. */
export const lookedThrough = 10_000

/** All criteria in one condition on the platform's transfers `t`. */
export const holding = (sql: Sql, platform: Platform, criteria: readonly Criterion[]): Fragment =>
  meeting(sql, ofRow(sql, platform, 't'), criteria)

/** The same of whichever platform's. */
export const meeting = (sql: Sql, tenant: Fragment, criteria: readonly Criterion[]): Fragment =>
  criteria.reduce((all, { holds }) => sql`${all} and ${holds}`, sql`${tenant} and t.deleted_at is null`)

/** A column that has an index in the order of lists. */
export const anyOf = (sql: Sql, column: string, values: readonly string[] | undefined): readonly Criterion[] => {
  if (!values?.length) return []
  const distinct = [...new Set(values)]
  return [
    {
      holds: sql`${sql(`t.${column}`)} = any(${distinct}::text[])`,
      streams: {
        each: sql`select unnest(${distinct}::text[]) as value`,
        member: sql`${sql(`t.${column}`)} = k.value`,
      },
    },
  ]
}

/** Any of the entries that a transfer is registered with. */
export const hasEntry = (sql: Sql, entries: readonly string[]): readonly Criterion[] => {
  if (entries.length === 0) return []
  const distinct = [...new Set(entries)]
  return [
    {
      holds: sql`t.search && ${distinct}::text[]`,
      streams: {
        each: sql`select unnest(${distinct}::text[]) as value`,
        member: sql`e.entry = k.value`,
        entries: distinct,
        mayOverlap: distinct.length > 1,
      },
    },
  ]
}

/** Transfers of the partners that meet the condition now; their row is called `p`. */
export const ofPartners = (sql: Sql, platform: Platform, condition: Fragment): Criterion => {
  const ids = sql`
    select p.id as value from platform_entities p
    where ${ofPlatform(sql, platform)} and p.kind = 'PARTNER' and ${condition}`
  return {
    holds: sql`t.partner_id in (${ids})`,
    streams: { each: ids, member: sql`t.partner_id = k.value`, areMany: true },
  }
}

/**
 * Transfers of a partner in a range of settlement days, a stream for each day: one index has them in the order of a list by days.
 * Along the partner's own index, all of its transfers would have to be read and sorted.
 */
export const ofPartnerOnDays = (
  sql: Sql,
  platform: Platform,
  partnerId: string,
  { from, until }: DateRange,
): Criterion => {
  const within = (first: string, last: string) => sql`
    platform_transfers where ${ofPlatform(sql, platform)} and deleted_at is null
      and settlement_date between ${first > from ? first : from} and ${last < until ? last : until}`
  return {
    holds: sql`t.partner_id = ${partnerId} and t.settlement_date between ${from} and ${until}`,
    streams: {
      each: sql`
        select to_char(d.day, 'YYYY-MM-DD') as value from (
          select min(settlement_date)::date as first, max(settlement_date)::date as last
          from ${within(firstOfCalendar, lastOfCalendar)}
        ) bounds, generate_series(bounds.first, bounds.last, interval '1 day') as d (day)
        union select settlement_date from ${within(from, beforeCalendar)}
        union select settlement_date from ${within(afterCalendar, until)}`,
      member: sql`t.settlement_date = k.value and t.partner_id = ${partnerId}`,
    },
  }
}

/** Transfers in the settlements of a payout. */
export const ofPayout = (sql: Sql, platform: Platform, payoutId: string): Criterion =>
  ofSettlements(
    sql,
    sql`
    select s.settlement_date, s.partner_id, s.partner_settlement_id as value from platform_partner_settlements s
    where ${ofPlatform(sql, platform)} and s.payout_id = ${payoutId}`,
  )

/** Transfers in a settlement with this id, or with this in its id; of those, the thousand newest of the newest. */
export const ofSettlementsLike = (sql: Sql, platform: Platform, text: string): Criterion =>
  ofSettlements(
    sql,
    sql`
    select settlement_date, partner_id, partner_settlement_id as value from platform_partner_settlements
    where ${ofPlatform(sql, platform)} and partner_settlement_id = ${text}
    union
    (select settlement_date, partner_id, partner_settlement_id from (
      select * from platform_partner_settlements where ${ofPlatform(sql, platform)}
      order by created_at desc, partner_settlement_id desc limit ${lookedThrough}
    ) s where ${contains(sql, sql`s.partner_settlement_id`, text)} limit 1000)`,
  )

/** Transfers in settlements, which are selected with their days and partners. */
export const ofSettlements = (sql: Sql, settlements: Fragment): Criterion => ({
  holds: sql`(t.settlement_date, t.partner_id, t.partner_settlement_id) in (${settlements})`,
  streams: {
    each: settlements,
    member: sql`
      t.settlement_date = k.settlement_date and t.partner_id = k.partner_id and t.partner_settlement_id = k.value`,
    areMany: true,
  },
})

/**
 * A status is in no index of transfers, which settling would have to write. What has not started has one of its own; all
 * others are found by the days on which something has that status: those that wait are in `platform_days`, those that are
 * settled have the status of their settlement.
 */
export const hasStatus = (
  sql: Sql,
  platform: Platform,
  statuses: readonly PlatformTransferStatus[] | undefined,
): readonly Criterion[] => {
  if (!statuses?.length) return []
  if (statuses.every((status) => status === 'SCHEDULED')) return [{ holds: sql`t.scheduled_start is not null` }]
  const ofSettlement = [...settlementStatusesOf(statuses)]
  const holds = hasOneOf(sql, statuses)
  // The days on which only what has not started settles have a lot that none of these statuses is about.
  const hasStarted = statuses.includes('SCHEDULED') ? sql`true` : sql`t.scheduled_start is null`
  const waiting = sql`
    select day as value from platform_days
    where ${ofPlatform(sql, platform)} and ${statuses.some((status) => status === 'SCHEDULED' || status === 'IN_PROCESS')}`
  return [
    {
      holds,
      streams: {
        each: sql`${waiting} union ${daysOfSettlements(sql, platform, ofSettlement)}`,
        member: sql`t.settlement_date = k.value and ${hasStarted} and ${holds}`,
      },
    },
  ]
}

/** Days are gone through one by one between these. What is dated outside of them, as only mistakes are, is looked up. */
const [firstOfCalendar, lastOfCalendar] = ['2000-01-01', '2099-12-31']
const [beforeCalendar, afterCalendar] = ['1999-12-31', '2100-01-01']

/** One look into the index for each day there has been, instead of one for every settlement. */
const daysOfSettlements = (sql: Sql, platform: Platform, statuses: readonly string[]): Fragment => {
  const has = sql`${ofRow(sql, platform, 's')} and s.status = any(${[...statuses]}::text[])`
  return sql`
    select to_char(d.day, 'YYYY-MM-DD') from (
      select min(settlement_date)::date as first, max(settlement_date)::date as last from platform_partner_settlements
      where ${ofPlatform(sql, platform)} and settlement_date between ${firstOfCalendar} and ${lastOfCalendar}
    ) bounds, generate_series(bounds.first, bounds.last, interval '1 day') as d (day)
    where exists (
      select from platform_partner_settlements s where ${has} and s.settlement_date = to_char(d.day, 'YYYY-MM-DD')
    )
    union select s.settlement_date from platform_partner_settlements s
    where ${has} and s.settlement_date <= ${beforeCalendar}
    union select s.settlement_date from platform_partner_settlements s
    where ${has} and s.settlement_date >= ${afterCalendar}`
}
