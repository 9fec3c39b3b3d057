import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Page } from '../../db/page.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { findPage, pageOf } from '../page.ts'
import type { Platform } from '../platform.ts'
import type { Entity } from './entity.ts'
import type { ManagedKind } from './refusals.ts'
import { entityColumns } from './store.ts'

/** What a filter asks of the entities, or why that cannot be asked. */
export type Search = readonly Fragment[] | Refusal<'INVALID_REQUEST'>

/** What may be said of any list: only archived ones, or only others, which is what is meant where nothing is said. */
type ListInput = { readonly page?: Partial<Page>; readonly filter?: { readonly isArchived?: boolean } }

/** A page of entities of one kind, newest first. `search` says what else they must meet. */
export const listEntities = async <Kind extends ManagedKind, View>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  input: ListInput | undefined,
  search: Search,
  view: (platform: Platform, entity: Entity<Kind>) => View,
) => {
  const page = pageOf(input?.page)
  if (page instanceof Refusal) return page
  if (search instanceof Refusal) return search
  const query = {
    table: 'platform_entities',
    as: 'e',
    columns: entityColumns(sql),
    conditions: [...ofKind(sql, kind, input?.filter?.isArchived), ...search],
    order: sql`e.created_at desc, e.id`,
  }
  const { rows, totalCount } = await findPage<Entity<Kind>>(sql, platform, query, page)
  return { items: rows.map((entity) => view(platform, entity)), page: { ...page, totalCount } }
}

export const ofKind = (sql: Sql, kind: ManagedKind, isArchived = false): readonly Fragment[] => [
  sql`e.kind = ${kind}`,
  sql`e.is_archived = ${isArchived}`,
]
