import type { Sql } from '../../db/connect.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import type { DueSource } from '../../workers/due.ts'
import { type DueParts, platformDue } from '../due.ts'
import { settleConnection } from '../partners/connect.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'
import { type Entity, type EntityKind, merges } from './entity.ts'
import { findEntity } from './store.ts'
import { applySchedule } from './write.ts'

/** Scheduled changes of partners, contracts and policies, and partners whose connection is pending. */
export const entityDue = (parts: DueParts): DueSource =>
  platformDue(parts, { name: 'platform change', table: 'platform_entities', concurrency: 8 }, (request, rest) => {
    const [kind = '', ...id] = rest.split('/')
    if (!isKind(kind)) throw new Error(`a change of a ${kind} is due, which is nothing that changes`)
    return runDue(parts.sql, request, kind, id.join('/'))
  })

const runDue = (sql: Sql, request: PlatformRequest, kind: EntityKind, id: string): Promise<void> =>
  inRounds<void>(`what is due of the ${kind} ${id}`, async () => {
    const { platform, now } = request
    const entity = await findEntity(sql, platform, kind, id)
    if (!entity || entity.dueAt === null || entity.dueAt > now) return
    if (entity.change !== null) return (await applyChange(sql, request, kind, entity)) ? undefined : again
    if (kind !== 'PARTNER') return again
    const partner = await findEntity(sql, platform, kind, id)
    if (partner) await settleConnection(sql, request, partner)
  })

/** Whether the change applies from now on; not where somebody changed the entity meanwhile. */
const applyChange = async <Kind extends EntityKind>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  entity: Entity<Kind>,
): Promise<boolean> =>
  entity.change === null ||
  (await applySchedule(sql, platform, kind, entity, merges[kind](entity.content, entity.change)))

/**
 * Applies every change of the platform that is due by now. For whoever settles by the newest versions and must not be
 * earlier than they are.
 */
export const applyDueChanges = async (sql: Sql, request: PlatformRequest): Promise<void> => {
  const { platform, now } = request
  const due = await sql<{ kind: EntityKind; id: string }[]>`
    select kind, id from platform_entities
    where ${ofPlatform(sql, platform)} and store_id = ${platform.store.storeId} and due_at <= ${now}::timestamptz
      and change is not null
    order by due_at`
  for (const { kind, id } of due) await runDue(sql, request, kind, id)
}

const kinds: readonly string[] = [
  'PARTNER',
  'CONTRACT',
  'ADDITIONAL_FEE_POLICY',
  'DISCOUNT_SHARE_POLICY',
] satisfies EntityKind[]

const isKind = (text: string): text is EntityKind => kinds.includes(text)
