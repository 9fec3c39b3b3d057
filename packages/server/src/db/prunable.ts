import type { Fragment } from 'postgres'
import type { Instant } from '../kernel/clock.ts'
import type { Sql } from './connect.ts'

/** Rows of a store's table that may go once they are old enough: deleted, or emptied of what nobody needs any longer. */
export type Prunable = {
  /** For whoever reads the report, such as `webhook exchanges`. */
  readonly kind: string
  readonly table: string
  /** The key within a store. */
  readonly idColumn: string
  /** Tells a row's age. A row without it is never old. */
  readonly timeColumn: string
  /** A further condition on the row `r`. */
  readonly condition?: (sql: Sql) => Fragment
  /** These columns become null, and the row stays. */
  readonly emptied?: readonly string[]
}

export type PrunableRows = { readonly rows: number; readonly bytes: number; readonly oldest: Instant | null }

/** The rows of a store that are older than `before`, by the store's clock. Reads all of that store's rows. */
export const countPrunable = async (
  sql: Sql,
  prunable: Prunable,
  storeId: string,
  before: Instant,
): Promise<PrunableRows> => {
  const { table, timeColumn } = prunable
  const [found] = await sql<[PrunableRows]>`
    select count(*)::int as rows, coalesce(sum(${bytesOf(sql, prunable)}), 0)::float8 as bytes,
      min(r.${sql(timeColumn)}) as oldest
    from ${sql(table)} r where r.store_id = ${storeId} and ${isPrunable(sql, prunable, before)}`
  return found
}

/** More would hold locks for longer than a request of a running server should wait. */
const batchSize = 1_000

/** `last` is the key after which to continue; null at the end of the table. */
export type PrunedBatch = { readonly rows: number; readonly bytes: number; readonly last: string | null }

/**
 * Prunes among the next thousand rows of a store behind the key `after`, in one statement. Whether a row may go is decided on
 * the row as it is by then: one that a server changes meanwhile, such as a webhook that is sent again, stays.
 */
export const pruneBatch = async (
  sql: Sql,
  prunable: Prunable,
  { storeId, before, after }: { readonly storeId: string; readonly before: Instant; readonly after: string },
): Promise<PrunedBatch> => {
  const { table, idColumn, emptied } = prunable
  const id = sql(idColumn)
  const itself = sql`r.store_id = ${storeId} and r.${id} = page.id and ${isPrunable(sql, prunable, before)}`
  const changed = emptied
    ? sql`update ${sql(table)} r set ${sql.unsafe(emptied.map((column) => `${column} = null`).join(', '))} from page where ${itself}`
    : sql`delete from ${sql(table)} r using page where ${itself}`
  const [batch] = await sql<[PrunedBatch]>`
    with page as materialized (
      select r.${id} as id, ${bytesOf(sql, prunable)} as bytes from ${sql(table)} r
      where r.store_id = ${storeId} and r.${id} > ${after} order by r.${id} limit ${batchSize}
    ), pruned as (${changed} returning page.bytes)
    select count(*)::int as rows, coalesce(sum(bytes), 0)::float8 as bytes, (select max(id) from page) as last from pruned`
  return batch
}

const isPrunable = (sql: Sql, { timeColumn, condition, emptied }: Prunable, before: Instant): Fragment => sql`
  r.${sql(timeColumn)} < ${before}::timestamptz
  ${condition ? sql`and ${condition(sql)}` : sql``}
  ${emptied ? sql.unsafe(`and (${emptied.map((column) => `r.${column} is not null`).join(' or ')})`) : sql``}`

/** As PostgreSQL stores it, possibly compressed. */
const bytesOf = (sql: Sql, { emptied }: Prunable): Fragment =>
  emptied
    ? sql.unsafe(emptied.map((column) => `coalesce(pg_column_size(r.${column}), 0)`).join(' + '))
    : sql`pg_column_size(r.*)`
