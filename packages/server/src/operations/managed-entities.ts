import type { Page } from '../db/page.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Changes, Contents, Snapshot } from '../platform/entities/entity.ts'
import {
  archive,
  cancelSchedule,
  create,
  plan,
  read,
  readSchedule,
  recover,
  reschedule,
  schedule,
  update,
} from '../platform/entities/lifecycle.ts'
import { listEntities, type Search } from '../platform/entities/list.ts'
import type { ManagedKind } from '../platform/entities/refusals.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { Platform, PlatformRequest } from '../platform/platform.ts'
import { changingPlatform, onPlatform, type PlatformCall } from './on-platform.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

/** How bodies become contents of a kind, and entities of it become answers. */
type Managed<Kind extends ManagedKind, Create, Change, Filter, View, Wrapped, Scheduled> = {
  readonly kind: Kind
  readonly content: (body: Create) => Contents[Kind] | Invalid
  readonly change: (body: Change) => Changes[Kind] | Invalid
  readonly search: (sql: PlatformParts['sql'], filter: Filter | undefined) => Search
  readonly view: (platform: Platform, entity: Snapshot<Kind>) => View
  /** The view as answers to a change wrap it, such as `{ contract }`, and answers to a scheduled one. */
  readonly wrapped: (view: View) => Wrapped
  readonly scheduled: (view: View) => Scheduled
}

type Of<Parts> = PlatformCall & Parts
type Named = { readonly path: { readonly id: string } }
type Listed<Filter> = { readonly body?: ListBody<Filter> | undefined }
type ListBody<Filter> = { readonly page?: Partial<Page>; readonly filter?: Filter }
type Scheduling<Change> = { readonly body: { readonly update: Change; readonly appliedAt: string } }

/**
 * The ten operations that contracts and both kinds of policies share. Partners, whose accounts and companies are looked up,
 * have handlers of their own.
 */
export const managedEntities = <
  Kind extends ManagedKind,
  Create extends { readonly id?: string },
  Change,
  Filter extends { readonly isArchived?: boolean },
  View,
  Wrapped,
  Scheduled,
>(
  parts: PlatformParts,
  { kind, content, change, search, view, ...answers }: Managed<Kind, Create, Change, Filter, View, Wrapped, Scheduled>,
) => {
  const { sql } = parts

  const viewed = <R extends Refusal>({ platform }: PlatformRequest, entity: Snapshot<Kind> | R) =>
    entity instanceof Refusal ? entity : view(platform, entity)

  const wrapped = <R extends Refusal>({ platform }: PlatformRequest, entity: Snapshot<Kind> | R) =>
    entity instanceof Refusal ? entity : answers.wrapped(view(platform, entity))

  const scheduled = <R extends Refusal>({ platform }: PlatformRequest, entity: Snapshot<Kind> | R) =>
    entity instanceof Refusal ? entity : answers.scheduled(view(platform, entity))

  return {
    list: onPlatform(parts, ({ platform }, { body }: Of<Listed<Filter>>) =>
      listEntities(sql, platform, kind, body, search(sql, body?.filter), view),
    ),
    create: changingPlatform(parts, async ({ sql }, request, { body }: Of<{ readonly body: Create }>) => {
      const given = content(body)
      if (given instanceof Refusal) return given
      return wrapped(request, await create<Kind, never>(sql, request, kind, body.id, async () => plan(given)))
    }),
    read: onPlatform(parts, async (request, { path }: Of<Named>) =>
      viewed(request, await read(sql, request, kind, path.id)),
    ),
    update: changingPlatform(parts, async ({ sql }, request, { path, body }: Of<Named & { readonly body: Change }>) => {
      const changes = change(body)
      if (changes instanceof Refusal) return changes
      return wrapped(request, await update<Kind, never>(sql, request, kind, path.id, async () => plan(changes)))
    }),
    archive: changingPlatform(parts, async ({ sql }, request, { path }: Of<Named>) =>
      wrapped(request, await archive<Kind>(sql, request, kind, path.id)),
    ),
    recover: changingPlatform(parts, async ({ sql }, request, { path }: Of<Named>) =>
      wrapped(request, await recover<Kind>(sql, request, kind, path.id)),
    ),
    readSchedule: onPlatform(parts, async (request, { path }: Of<Named>) =>
      viewed(request, await readSchedule(sql, request, kind, path.id)),
    ),
    schedule: changingPlatform(parts, async ({ sql }, request, { path, body }: Of<Named & Scheduling<Change>>) => {
      const changes = change(body.update)
      if (changes instanceof Refusal) return changes
      const { appliedAt } = body
      const made = await schedule<Kind, never>(sql, request, kind, path.id, appliedAt, async () => plan(changes))
      return scheduled(request, made)
    }),
    reschedule: changingPlatform(parts, async ({ sql }, request, { path, body }: Of<Named & Scheduling<Change>>) => {
      const changes = change(body.update)
      if (changes instanceof Refusal) return changes
      const { appliedAt } = body
      const made = await reschedule<Kind, never>(sql, request, kind, path.id, appliedAt, async () => plan(changes))
      return scheduled(request, made)
    }),
    cancelSchedule: changingPlatform(parts, ({ sql }, request, { path }: Of<Named>) =>
      cancelSchedule(sql, request, kind, path.id),
    ),
  }
}
