import type { Sql } from '../db/connect.ts'
import type { Instant } from '../kernel/clock.ts'
import type { DueSource } from './due.ts'

/** The kind of which something of a store is due before all others, and when. */
export type FirstDue<Source> = { readonly source: Source; readonly dueAt: Instant }

/**
 * Which kind a clock has to run next, at or before `until`; of several at one instant the one that comes first in `sources`.
 * One statement for all kinds, which looks at the rows of those alone that are noted: whoever makes a row due notes it. To
 * ask each kind by itself was most of what an instant cost.
 */
export const firstDue = async <Source extends Pick<DueSource, 'kind' | 'rows'>>(
  sql: Sql,
  sources: readonly Source[],
  storeId: string,
  until: Instant,
): Promise<FirstDue<Source> | undefined> => {
  const found = await Promise.all(sources.map(async ({ kind, rows }) => ({ kind, rows: await rows?.(storeId) })))
  const looks = found.flatMap(({ kind, rows }) => {
    if (rows === undefined) return []
    const { table, narrowed = sql`` } = rows
    return [
      sql`when ${kind} then (
        select r.due_at from ${sql(table)} r
        where r.store_id = ${storeId} and r.due_at <= ${until}::timestamptz ${narrowed} order by r.due_at limit 1)`,
    ]
  })
  if (looks.length === 0) return undefined
  const [first] = await sql<[{ kind: string; dueAt: Instant }?]>`
    select kind, due_at as "dueAt"
    from (
      select work.kind, case work.kind ${looks.reduce((all, look) => sql`${all} ${look}`)} end as due_at
      from due_work work where work.store_id = ${storeId}
    ) as looked
    where due_at is not null
    order by due_at, array_position(${sources.map(({ kind }) => kind)}::text[], kind) limit 1`
  const source = sources.find(({ kind }) => kind === first?.kind)
  return first === undefined || source === undefined ? undefined : { source, dueAt: first.dueAt }
}
