import type { Sql } from '../../db/connect.ts'
import { fromIso, type Instant, toIso } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import { holdLease } from '../../kernel/work.ts'
import { instantProblem } from '../datable.ts'
import { type Platform, type PlatformRequest, platformId } from '../platform.ts'
import { type Changes, type Contents, type Entity, merges, type Snapshot, scheduledVersion } from './entity.ts'
import { kindNames, type ManagedKind, type RefusalOf, refusalTypes } from './refusals.ts'
import { findEntity, type Reliance, relyingOnNothing } from './store.ts'
import { archiveEntity, insertEntities, recoverEntity, removeSchedule, writeSchedule, writeVersion } from './write.ts'

const prefixes = {
  PARTNER: 'ptn',
  CONTRACT: 'ctr',
  ADDITIONAL_FEE_POLICY: 'afp',
  DISCOUNT_SHARE_POLICY: 'dsp',
} as const

/** What is to be written, and what it relies on. */
export type Plan<Planned> = { readonly planned: Planned; readonly reliance: Reliance }

export const plan = <Planned>(planned: Planned, reliance: Reliance = relyingOnNothing): Plan<Planned> => ({
  planned,
  reliance,
})

/**
 * Decides anew from what there is now. It is called again where somebody was faster: what it relies on may be gone by then,
 * which it must find and refuse.
 */
type Decide<Known, Planned, R extends Refusal> = (known: Known) => Promise<Plan<Planned> | R>

/**
 * Creates what has no id yet, or one that must be new. Without an id it is named after the request: what an earlier try of the
 * request made is found by that name.
 */
export const create = async <Kind extends ManagedKind, R extends Refusal>(
  sql: Sql,
  { platform, now, name }: PlatformRequest,
  kind: Kind,
  id: string | undefined,
  decide: Decide<undefined, Contents[Kind], R>,
): Promise<Snapshot<Kind> | R | RefusalOf<Kind, 'alreadyExists'>> =>
  inRounds<Snapshot<Kind> | R | RefusalOf<Kind, 'alreadyExists'>>(`the creation of a ${kindNames[kind]}`, async () => {
    const given = id ?? (name === undefined ? undefined : platformId(prefixes[kind], name))
    const known = given === undefined ? undefined : await findEntity(sql, platform, kind, given)
    if (known !== undefined && id === undefined) return known
    if (known !== undefined)
      return refuse(refusalTypes[kind].alreadyExists, `There is a ${kindNames[kind]} ${id} already. Choose another id.`)
    const decided = await decide(undefined)
    if (decided instanceof Refusal) return decided
    const entity = { id: given ?? platformId(prefixes[kind]), content: decided.planned }
    holdLease()
    const [created] = (await insertEntities(sql, platform, kind, [entity], decided.reliance, now)) ?? []
    return created ?? again
  })

/** Reads, decides and writes, again where somebody was faster. */
const attempt = async <Kind extends ManagedKind, Written, R extends Refusal>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  id: string,
  write: (entity: Entity<Kind>) => Promise<Written | R | undefined>,
): Promise<Written | R | RefusalOf<Kind, 'notFound'>> =>
  inRounds<Written | R | RefusalOf<Kind, 'notFound'>>(`the change of the ${kindNames[kind]} ${id}`, async () => {
    const entity = await findEntity(sql, platform, kind, id)
    holdLease()
    return entity === undefined ? notFound(kind, id) : ((await write(entity)) ?? again)
  })

/** The entity of this id, archived or not. */
export const read = async <Kind extends ManagedKind>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  id: string,
): Promise<Snapshot<Kind> | RefusalOf<Kind, 'notFound'>> =>
  (await findEntity(sql, platform, kind, id)) ?? notFound(kind, id)

/** Changes the entity at once. */
export const update = async <Kind extends ManagedKind, R extends Refusal>(
  sql: Sql,
  { platform, now }: PlatformRequest,
  kind: Kind,
  id: string,
  decide: Decide<Entity<Kind>, Changes[Kind], R>,
): Promise<Snapshot<Kind> | R | RefusalOf<Kind, 'notFound' | 'archived'>> =>
  attempt<Kind, Snapshot<Kind>, R | RefusalOf<Kind, 'archived'>>(sql, platform, kind, id, async (entity) => {
    if (entity.isArchived) return archived(kind, id)
    const decided = await decide(entity)
    if (decided instanceof Refusal) return decided
    const content = merges[kind](entity.content, decided.planned)
    return await writeVersion(sql, platform, kind, entity, content, decided.reliance, now)
  })

/** A reason that only some kinds have, if there is one. */
type RefusesAlso<R extends Refusal> = R | undefined | Promise<R | undefined>

/** Archives the entity; one that is archived stays so. */
export const archive = async <Kind extends ManagedKind, R extends Refusal = never>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  id: string,
  refuseAlso: (entity: Entity<Kind>) => RefusesAlso<R> = () => undefined,
): Promise<Snapshot<Kind> | R | RefusalOf<Kind, 'notFound' | 'cannotArchive'>> =>
  attempt<Kind, Snapshot<Kind>, R | RefusalOf<Kind, 'cannotArchive'>>(sql, platform, kind, id, async (entity) => {
    if (entity.isArchived) return entity
    const refused = await refuseAlso(entity)
    if (refused) return refused
    if (entity.change !== null)
      return refuse(
        refusalTypes[kind].cannotArchive,
        `A change of the ${kindNames[kind]} ${id} is scheduled. Cancel it first.`,
      )
    return await archiveEntity(sql, platform, kind, id)
  })

/** Takes the entity back into use; one that is in use stays so. */
export const recover = async <Kind extends ManagedKind, R extends Refusal = never>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  id: string,
  refuseAlso: (entity: Entity<Kind>) => RefusesAlso<R> = () => undefined,
): Promise<Snapshot<Kind> | R | RefusalOf<Kind, 'notFound'>> =>
  attempt<Kind, Snapshot<Kind>, R>(
    sql,
    platform,
    kind,
    id,
    async (entity) => (await refuseAlso(entity)) ?? (await recoverEntity(sql, platform, kind, id)),
  )

/** Plans a change where none is planned. */
export const schedule = async <Kind extends ManagedKind, R extends Refusal>(
  sql: Sql,
  request: PlatformRequest,
  kind: Kind,
  id: string,
  appliedAt: string,
  decide: Decide<Entity<Kind>, Changes[Kind], R>,
) => {
  const at = futureInstant(request, appliedAt)
  if (at instanceof Refusal) return at
  return attempt<Kind, Snapshot<Kind>, R | RefusalOf<Kind, 'archived' | 'scheduleExists'>>(
    sql,
    request.platform,
    kind,
    id,
    async (entity) => {
      if (entity.isArchived) return archived(kind, id)
      if (entity.change !== null)
        return refuse(
          refusalTypes[kind].scheduleExists,
          `A change of the ${kindNames[kind]} ${id} is scheduled. Replace it with PUT, or cancel it first.`,
        )
      return await planChange(sql, request, kind, entity, at, decide)
    },
  )
}

/** Plans a change in place of the one that is planned, if any. */
export const reschedule = async <Kind extends ManagedKind, R extends Refusal>(
  sql: Sql,
  request: PlatformRequest,
  kind: Kind,
  id: string,
  appliedAt: string,
  decide: Decide<Entity<Kind>, Changes[Kind], R>,
) => {
  const at = futureInstant(request, appliedAt)
  if (at instanceof Refusal) return at
  return attempt<Kind, Snapshot<Kind>, R | Refusal<'INVALID_REQUEST'>>(
    sql,
    request.platform,
    kind,
    id,
    async (entity) =>
      entity.isArchived
        ? refuse('INVALID_REQUEST', `The ${kindNames[kind]} ${id} is archived. Recover it before changing it.`)
        : await planChange(sql, request, kind, entity, at, decide),
  )
}

const planChange = async <Kind extends ManagedKind, R extends Refusal>(
  sql: Sql,
  { platform, now }: PlatformRequest,
  kind: Kind,
  entity: Entity<Kind>,
  appliedAt: Instant,
  decide: Decide<Entity<Kind>, Changes[Kind], R>,
): Promise<Snapshot<Kind> | R | undefined> => {
  const decided = await decide(entity)
  if (decided instanceof Refusal) return decided
  const planned = { change: decided.planned, appliedAt }
  const written = await writeSchedule(sql, platform, kind, entity, planned, decided.reliance, now)
  return written && scheduledVersion(kind, written)
}

/** The entity as it will be. PortOne lists no error for "nothing is scheduled" but that the entity is not found. */
export const readSchedule = async <Kind extends ManagedKind>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  id: string,
): Promise<Snapshot<Kind> | RefusalOf<Kind, 'notFound'>> => {
  const entity = await findEntity(sql, platform, kind, id)
  if (entity === undefined) return notFound(kind, id)
  return scheduledVersion(kind, entity) ?? nothingScheduled(kind, id)
}

export const cancelSchedule = async <Kind extends ManagedKind>(
  sql: Sql,
  { platform }: PlatformRequest,
  kind: Kind,
  id: string,
): Promise<Record<string, never> | RefusalOf<Kind, 'notFound'>> =>
  (await removeSchedule(sql, platform, kind, id)) ? {} : nothingScheduled(kind, id)

export const notFound = <Kind extends ManagedKind>(kind: Kind, id: string): RefusalOf<Kind, 'notFound'> =>
  refuse(refusalTypes[kind].notFound, `There is no ${kindNames[kind]} ${id}.`)

const nothingScheduled = <Kind extends ManagedKind>(kind: Kind, id: string): RefusalOf<Kind, 'notFound'> =>
  refuse(refusalTypes[kind].notFound, `No change of the ${kindNames[kind]} ${id} is scheduled.`)

const archived = <Kind extends ManagedKind>(kind: Kind, id: string): RefusalOf<Kind, 'archived'> =>
  refuse(refusalTypes[kind].archived, `The ${kindNames[kind]} ${id} is archived. Recover it before changing it.`)

/** When a change shall apply, which must be in the future by the clock of the platform's store. */
export const futureInstant = (
  { now }: Pick<PlatformRequest, 'now'>,
  text: string,
): Instant | Refusal<'INVALID_REQUEST'> => {
  const instant = fromIso(text)
  if (instant === undefined || instant <= now)
    return refuse('INVALID_REQUEST', `appliedAt must be in the future; the clock shows ${toIso(now)}.`)
  return instantProblem({ appliedAt: text }) ?? instant
}
