import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'
import type { FacetIndex } from './facet-index.ts'

/** No facet is less, or greater. */
export const [least, greatest] = [String(-(2n ** 63n)), String(2n ** 63n - 1n)]

/** Between two of its facets, next to each other, a store had no other one. */
export type Gap = { readonly storeId: string; readonly after: string; readonly before: string }

/** The gaps between all facets of a store, `least` among them, in whatever order. */
export const gapsBetween = (storeId: string, facets: readonly string[]): readonly Gap[] => {
  const sorted = facets.toSorted((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1))
  return sorted.map((after, index) => ({ storeId, after, before: sorted[index + 1] ?? greatest }))
}

/**
 * Rows whose facet is new since facets were asked for, as a payment's is when it is paid: it would be in none of them. Few, and of
 * whatever facet but these, which other stores may have had. Found by themselves, along the index of facets.
 */
export const rowsOfNewFacets = (
  sql: Sql,
  { table, as, facet, within }: FacetIndex,
  { matching, gaps }: { readonly matching: readonly string[]; readonly gaps: readonly Gap[] },
): Fragment => {
  const [row, of] = [sql(as), sql.unsafe(facet)]
  const storeIds = gaps.map((gap) => gap.storeId)
  const [lows, highs] = [gaps.map(({ after }) => after), gaps.map(({ before }) => before)]
  return sql`
    select ${row}.* from unnest(${storeIds}::text[], ${lows}::text[]::bigint[], ${highs}::text[]::bigint[]) as gap (store_id, low, high)
    cross join lateral (
      select ${row}.* from ${sql(table)} ${row}
      where ${row}.store_id = gap.store_id and ${sql.unsafe(within)} and ${of} > gap.low and ${of} < gap.high offset 0
    ) ${row} where ${of} <> all(${[...matching]}::text[]::bigint[])`
}
