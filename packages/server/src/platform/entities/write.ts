import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { noteDue } from '../../workers/due-work.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { Changes, Contents, Entity, EntityKind } from './entity.ts'
import { entityColumns, type Reliance, relianceOf, versionOf } from './store.ts'

/**
 * Every function here is one statement that reads the entity again, locks it, and writes only where it is as the caller
 * knows it: `undefined` means that somebody was faster, or that something it relies on is gone. The caller looks again.
 */

export type NewEntity<Kind extends EntityKind> = { readonly id: string; readonly content: Contents[Kind] }

/** Creates entities, all or none; `undefined` also where one of the ids is taken. */
export const insertEntities = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  entities: readonly NewEntity<Kind>[],
  reliance: Reliance,
  now: Instant,
): Promise<readonly Entity<Kind>[] | undefined> => {
  const { merchantId, isForTest } = platform
  try {
    const rows = await sql<Entity<Kind>[]>`
      with target as (
        select id, content, place
        from jsonb_to_recordset(${JSON.stringify(entities.map((entity, place) => ({ ...entity, place })))}::text::jsonb)
          as new (id text, content jsonb, place integer)
      ), ${relianceOf(sql, platform, reliance, now)}, written as (
        insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at,
                                       connection_status)
        select ${merchantId}, ${isForTest}::boolean, ${kind}::text, id, 1, content, ${now}::timestamptz,
          ${now}::timestamptz + place * interval '1 microsecond',
          case when ${kind}::text = 'PARTNER' then 'NOT_CONNECTED' end
        from target where exists (select from allowed)
        returning *
      ), ${versionOf(sql)}
      select ${entityColumns(sql)} from written e join target using (id) order by target.place`
    return rows.length === entities.length ? rows : undefined
  } catch (error) {
    if (codeOf(error) === '23505') return undefined
    throw error
  }
}

/** Writes a new version, which applies at once. */
export const writeVersion = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  known: Entity<Kind>,
  content: Contents[Kind],
  reliance: Reliance,
  now: Instant,
): Promise<Entity<Kind> | undefined> => {
  const [row] = await sql<Entity<Kind>[]>`
    with target as (
      select from platform_entities
      where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${known.id} and version = ${known.version}
        and not is_archived and connection_status is not distinct from ${known.connectionStatus}
      for update
    ), ${relianceOf(sql, platform, reliance, now)}, written as (
      update platform_entities
      set version = version + 1, content = ${JSON.stringify(content)}::text::jsonb, applied_at = ${now}::timestamptz
      where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${known.id} and exists (select from allowed)
      returning *
    ), ${versionOf(sql)}
    select ${entityColumns(sql)} from written e`
  return row
}

/** Plans a change for `appliedAt` by the clock of the platform's store, in place of one that is planned. */
export const writeSchedule = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  known: Entity<Kind>,
  { change, appliedAt }: { readonly change: Changes[Kind]; readonly appliedAt: Instant },
  reliance: Reliance,
  now: Instant,
): Promise<Entity<Kind> | undefined> => {
  const [row] = await sql<Entity<Kind>[]>`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_entities', at: appliedAt }])}),
    target as (
      select from platform_entities
      where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${known.id} and version = ${known.version}
        and not is_archived and due_at is not distinct from ${known.dueAt}::timestamptz
        and connection_status is not distinct from ${known.connectionStatus}
      for update
    ), ${relianceOf(sql, platform, reliance, now)}
    update platform_entities e
    set change = ${JSON.stringify(change)}::text::jsonb, due_at = ${appliedAt}::timestamptz, leased_until = null,
      store_id = ${platform.store.storeId}
    where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${known.id} and exists (select from allowed)
    returning ${entityColumns(sql)}`
  return row
}

/** Applies the change that is due, as of the instant it was planned for. */
export const applySchedule = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  known: Entity<Kind>,
  content: Contents[Kind],
): Promise<boolean> => {
  const [row] = await sql`
    with written as (
      update platform_entities
      set version = version + 1, content = ${JSON.stringify(content)}::text::jsonb, applied_at = due_at,
        change = null, due_at = null, leased_until = null, store_id = null
      where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${known.id} and version = ${known.version}
        and change is not null and due_at = ${known.dueAt}::timestamptz
      returning *
    ), ${versionOf(sql)}
    select from written`
  return row !== undefined
}

/** Takes back the change that is planned. */
export const removeSchedule = async (sql: Sql, platform: Platform, kind: EntityKind, id: string): Promise<boolean> => {
  const { count } = await sql`
    update platform_entities set change = null, due_at = null, leased_until = null, store_id = null
    where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${id} and change is not null`
  return count > 0
}

/** Archives what nothing is planned for. */
export const archiveEntity = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  id: string,
): Promise<Entity<Kind> | undefined> => {
  const [row] = await sql<Entity<Kind>[]>`
    update platform_entities e set is_archived = true
    where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${id} and due_at is null
    returning ${entityColumns(sql)}`
  return row
}

export const recoverEntity = async <Kind extends EntityKind>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  id: string,
): Promise<Entity<Kind> | undefined> => {
  const [row] = await sql<Entity<Kind>[]>`
    update platform_entities e set is_archived = false
    where ${ofPlatform(sql, platform)} and kind = ${kind} and id = ${id}
      and connection_status is distinct from 'CONNECT_PENDING' and connection_status is distinct from 'DISCONNECT_PENDING'
    returning ${entityColumns(sql)}`
  return row
}
