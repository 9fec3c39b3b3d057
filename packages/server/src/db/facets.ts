import type { Fragment } from 'postgres'
import { perPool } from './batch.ts'
import type { Sql } from './connect.ts'
import { type Gap, gapsBetween, least, rowsOfNewFacets } from './facet-gaps.ts'
import type { FacetIndex } from './facet-index.ts'
import { Latest } from './latest.ts'
import { eachOf } from './looked-up.ts'
import { allOf, ofStores, type RowsQuery, type Stream } from './page.ts'

export type Facets = {
  readonly index: FacetIndex
  /** What a filter asks of columns that the facet is made of. */
  readonly conditions: readonly Fragment[]
  /** Of these a row meets just one, if the index does not have it. */
  readonly outside?: readonly Stream[]
  /** Whether a list is in the order in which the index has the rows of a facet. */
  readonly isInOrder: boolean
  /** Whether its window is of the time by which the index has them. */
  readonly isWindow: boolean
}

/** With more, reading each costs as much as reading the rows. */
const most = 1_000

/** So many of the latest rows are asked for their facet where a store is new to this server. */
const sampled = 1_000

/** A list of more stores is read without: each is asked for its facets, and 3,000 took half a minute. */
const mostTogether = 100

/** Of more stores they are asked for again. */
const mostStores = 1_000

type Known = Set<string>

const knownFacets = perPool(() => new Latest<Known>(mostStores))

/** `matches` is null where no row has the facet, or has any more. */
type Row = { readonly facet: string; readonly next: string | null; readonly matches: boolean | null }

/** The facets that there were when they were asked for. */
export type MatchingFacets = {
  /** Those whose rows meet the conditions. */
  readonly matching: readonly string[]
  /** Between which of its facets a store had no other ones: what has come there since is new. */
  readonly gaps: readonly Gap[]
}

/**
 * The facets of rows that meet the conditions, in any of the stores; `undefined` where there are too many,
 * or too many stores. None is missing, whoever
 * wrote its first row: each known one is asked for the next in the index.
 */
export const matchingFacets = async (
  sql: Sql,
  storeIds: readonly string[],
  facets: Facets,
): Promise<MatchingFacets | undefined> => {
  if (storeIds.length > mostTogether) return undefined
  const found = await Promise.all(storeIds.map((storeId) => matchingOfStore(sql, storeId, facets)))
  const all = found.flatMap((ofStore) => ofStore ?? [])
  if (all.length < storeIds.length) return undefined
  const matching = [...new Set(all.flatMap(({ matching }) => matching))]
  return matching.length > most ? undefined : { matching, gaps: all.flatMap(({ gaps }) => gaps) }
}

/** All rows that have one of these facets, and those outside of the index, as a query. */
export const rowsOfFacets = (
  sql: Sql,
  { as, storeIds, besides = [] }: Pick<RowsQuery, 'as' | 'storeIds' | 'besides'>,
  { index, conditions, outside = [] }: Facets,
  found: MatchingFacets,
): Fragment => {
  const [row, facet, within] = [sql(as), sql.unsafe(index.facet), sql.unsafe(index.within)]
  const ofTable = sql`from ${sql(index.table)} ${row} where ${ofStores(sql, as, storeIds)}`
  const ofFacets = sql`
    select ${row}.* from unnest(${[...found.matching]}::text[]::bigint[]) as of_facet (id) cross join lateral (
      select ${row}.* ${ofTable} and ${within} and ${facet} = of_facet.id offset 0
    ) ${row}`
  const meets = allOf(sql, [sql`true`, ...conditions])
  const others = [
    sql`select ${row}.* from (${rowsOfNewFacets(sql, index, found)}) ${row} where ${meets}`,
    ...outside.map(({ where }) => sql`select ${row}.* ${ofTable} and ${where} and ${meets}`),
    ...besides.map(
      (other) => sql`select ${row}.* from ${sql(other)} ${row} where ${ofStores(sql, as, storeIds)} and ${meets}`,
    ),
  ]
  return others.reduce((rows, one) => sql`${rows} union all ${one}`, ofFacets)
}

const matchingOfStore = async (sql: Sql, storeId: string, facets: Facets): Promise<MatchingFacets | undefined> => {
  const { table } = facets.index
  const stores = knownFacets(sql)
  const name = `${table}/${storeId}`
  const known = stores.get(name) ?? new Set([least, ...(await sample(sql, storeId, facets.index))])
  stores.set(name, known)
  const looked: Row[] = []
  // Another list may find a facet at the same time, and add it to what is known before this one has asked about it.
  const all = new Set(known)
  let asked = [...all]
  while (asked.length > 0) {
    if (all.size > most) return undefined
    const rows = await sql<Row[]>`${look(sql, storeId, facets, asked)}`
    looked.push(...rows)
    asked = [...new Set(rows.flatMap(({ next }) => (next === null || all.has(next) ? [] : [next])))]
    for (const facet of asked) {
      all.add(facet)
      known.add(facet)
    }
  }
  const facetsOf = (rows: readonly Row[]) => rows.map(({ facet }) => facet)
  return {
    matching: facetsOf(looked.filter(({ matches }) => matches === true)),
    // One that is known and empty may have a row in a moment, as a new one may: it is no end of a gap.
    gaps: gapsBetween(storeId, facetsOf(looked.filter(({ facet, matches }) => matches !== null || facet === least))),
  }
}

const sample = async (sql: Sql, storeId: string, { table, as, facet, within }: FacetIndex): Promise<string[]> => {
  const rows = await sql<{ facet: string }[]>`
    select distinct facet::text as facet from (
      select ${sql.unsafe(facet)} as facet from ${sql(table)} ${sql(as)}
      where ${sql(as)}.store_id = ${storeId} and ${sql.unsafe(within)} limit ${sampled}
    ) sampled`
  return rows.map(({ facet }) => facet)
}

/** Of each of these facets: the next one that the store has, and whether its rows meet the conditions; they all do if one does. */
const look = (sql: Sql, storeId: string, { index, conditions }: Facets, asked: readonly string[]): Fragment => {
  const { table, as } = index
  const [facet, within] = [sql.unsafe(index.facet), sql.unsafe(index.within)]
  const ofStore = sql`from ${sql(table)} ${sql(as)} where ${sql(as)}.store_id = ${storeId} and ${within}`
  const meets = allOf(sql, [sql`true`, ...conditions])
  return sql`
    select known.facet::text as facet, following.facet::text as next, one.matches
    from ${eachOf(sql, sql`${[...asked]}::text[]::bigint[]`)} as known (facet)
    left join lateral (
      select ${facet} as facet ${ofStore} and ${facet} > known.facet order by ${facet} limit 1
    ) following on true
    left join lateral (
      select (${meets}) is true as matches from (
        select ${sql(as)}.* ${ofStore} and ${facet} = known.facet order by ${sql.unsafe(index.time)} limit 1
      ) ${sql(as)}
    ) one on true`
}
