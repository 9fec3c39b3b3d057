import type { Fragment } from 'postgres'
import type { Queryable, Sql } from '../../db/connect.ts'
import { lookedUp } from '../../db/looked-up.ts'
import type { Instant } from '../../kernel/clock.ts'
import { addDays, beginOf, type Day } from '../../kernel/days.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { Entity, EntityKind, Snapshot } from './entity.ts'

/** An entity's columns, under the names that code calls them by. `e` is its row. */
export const entityColumns = (sql: Sql): Fragment => sql`
  e.id, e.version, e.content, e.applied_at as "appliedAt", e.created_at as "createdAt", e.is_archived as "isArchived",
  e.change, e.due_at as "dueAt", e.connection_status as "connectionStatus",
  e.connection_failed_reason as "connectionFailedReason"`

/** The entities of these ids that there are, archived ones too. */
export const findEntities = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Entity<Kind>>> => {
  const rows = await sql<Entity<Kind>[]>`
    select ${entityColumns(sql)} from platform_entities e
    where ${ofPlatform(sql, platform)} and kind = ${kind} and id = any(${[...ids]}::text[])`
  return new Map(rows.map((row) => [row.id, row]))
}

export const findEntity = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  id: string,
): Promise<Entity<Kind> | undefined> => (await findEntities(sql, platform, kind, [id])).get(id)

const snapshotColumns = (sql: Sql): Fragment => sql`
  v.id, v.version, v.content, v.applied_at as "appliedAt", e.is_archived as "isArchived",
  e.connection_status as "connectionStatus", e.connection_failed_reason as "connectionFailedReason"`

/** The query of the entity that a version `v` is of. */
export const entityOfVersion = (sql: Queryable): Fragment => sql`
  select * from platform_entities e
  where e.merchant_id = v.merchant_id and e.is_for_test = v.is_for_test and e.kind = v.kind and e.id = v.id`

/**
 * The versions by which something that begins on `start` is settled. PortOne chooses them by the settlement start date,
 * whenever it is registered: the newest that applied on that day or before; where all came later, the oldest.
 */
export const findEffective = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  ids: readonly string[],
  start: Day,
): Promise<ReadonlyMap<string, Snapshot<Kind>>> => {
  const nextDay = beginOf(addDays(start, 1))
  const rows = await sql<Snapshot<Kind>[]>`
    select ${snapshotColumns(sql)} from unnest(${[...new Set(ids)]}::text[]) as k (id)
    ${lookedUp(
      sql,
      sql`select * from platform_versions v
        where ${ofPlatform(sql, platform)} and v.kind = ${kind} and v.id = k.id
        order by v.applied_at < ${nextDay}::timestamptz desc,
          case when v.applied_at < ${nextDay}::timestamptz then -v.version else v.version end
        limit 1`,
      'v',
    )} ${lookedUp(sql, entityOfVersion(sql), 'e')}`
  return new Map(rows.map((row) => [row.id, row]))
}

/** Which version of which entity. */
export type VersionKey = { readonly id: string; readonly version: number }

export const versionKey = ({ id, version }: VersionKey): string => `${version}/${id}`

/** What a new content relies on besides itself: decided in the statement that writes it. */
export type Reliance = {
  /** Contracts that must be there and in use. */
  readonly contractIds: readonly string[]
  /** Results of look-ups that are used up by this. */
  readonly verificationIds: readonly string[]
}

export const relyingOnNothing: Reliance = { contractIds: [], verificationIds: [] }

/**
 * CTEs that lock what is relied on, and use up the verifications; `allowed` has a row where all of it holds. They follow a
 * CTE `target`, which has a row where the entity itself may be written, so that nothing is used up in vain.
 */
export const relianceOf = (
  sql: Sql,
  platform: Platform,
  { contractIds, verificationIds }: Reliance,
  now: Instant,
): Fragment => sql`
  contracts as (
    select id from platform_entities
    where ${ofPlatform(sql, platform)} and kind = 'CONTRACT' and id = any(${[...contractIds]}::text[]) and not is_archived
    for share
  ), verifications as (
    select verification_id from platform_verifications
    where ${ofPlatform(sql, platform)} and verification_id = any(${[...verificationIds]}::text[]) and used_at is null
    for update
  ), allowed as (
    select where (select count(*) from target) > 0
      and (select count(*) from contracts) = ${contractIds.length}
      and (select count(*) from verifications) = ${verificationIds.length}
  ), used as (
    update platform_verifications set used_at = ${now}::timestamptz
    where ${ofPlatform(sql, platform)} and verification_id = any(${[...verificationIds]}::text[])
      and exists (select from allowed)
  )`

/** A CTE that keeps what the CTE `written` wrote as a version. */
export const versionOf = (sql: Sql): Fragment => sql`
  versioned as (
    insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
    select merchant_id, is_for_test, kind, id, version, content, applied_at from written
  )`
