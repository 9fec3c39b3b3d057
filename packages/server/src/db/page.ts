import type { Fragment } from 'postgres'
import type { Queryable, Sql } from './connect.ts'
import { eitherOf } from './either.ts'
import type { FacetIndex } from './facet-index.ts'

/** PortOne refuses to page beyond this many items. Lists by cursor read everything. */
export const pagedItems = 60_000

export type Page = { readonly number: number; readonly size: number }

/** All conditions of a list combined. There is always one: the store. */
export const allOf = (sql: Sql, conditions: Iterable<Fragment>): Fragment =>
  [...conditions].reduce((all, condition) => sql`${all} and ${condition}`)

/** Rows that meet a condition. In an order of their own where that is the same for them, and has an index. */
export type Stream = { readonly where: Fragment; readonly order?: Fragment }

/** Which rows of a table, of which stores, and what of them is wanted. */
export type RowsQuery = {
  readonly storeIds: readonly string[]
  readonly table: string
  /** Tables with the same columns, and few rows, which are read besides. */
  readonly besides?: readonly string[]
  /** The name by which the other parts call a row. */
  readonly as: string
  readonly columns: Fragment
  /** The conditions besides the store. */
  readonly conditions: Iterable<Fragment>
  /**
   * The rows in which all that match are, as a query that finds them by what few have: of these the first ones are sorted out, by
   * `id`, which tells a row from the others of its store. Each row of the page says how many match (`matching`).
   */
  readonly among?: { readonly rows: Fragment; readonly id: string } | undefined
  /** How a count finds them where it reads fewer rows otherwise: a page ends early in its order, a count may take any. */
  readonly counted?: { readonly among: Fragment; readonly conditions: Iterable<Fragment> } | undefined
  /**
   * Of these a row meets just one, such as one status out of several. Each is read by itself, along an index of its own where
   * there is one, and the first rows of each are merged.
   */
  readonly streams?: readonly Stream[]
  /** Two streams more: the rows that have any of these facets, and those of another facet, which are few. */
  readonly along?: { readonly index: FacetIndex; readonly facets: readonly string[]; readonly others: Fragment }
  /** Total within a store. Two stores may have rows that are equal by it, such as the same id at the same instant. */
  readonly order: Fragment
  /** Where rows that lack the instant come last: those that have it are read in their order first, the others as far as needed. */
  readonly withoutInstant?: {
    readonly has: Fragment
    readonly lacks: Fragment
    readonly order: Fragment
    readonly rest: Fragment
  }
}

/** The store whose rows are read, as a plain condition, or several stores of one merchant. */
export const ofStores = (sql: Queryable, as: string, [first = '', ...others]: readonly string[]): Fragment =>
  others.length === 0
    ? sql`${sql(as)}.store_id = ${first}`
    : sql`${sql(as)}.store_id = any(${[first, ...others]}::text[])`

/** What a stream reads: rows that meet the conditions, in order where `isOrdered`, as far as the limit. */
type Read = {
  readonly selected: Fragment
  readonly conditions: readonly Fragment[]
  readonly isOrdered: boolean
  readonly limit: number
}

/** The streams of a query, each as a statement in parentheses. Without any, all rows are one. */
const readStreams = (
  sql: Sql,
  query: RowsQuery,
  { selected, conditions, isOrdered, limit }: Read,
): readonly Fragment[] => {
  const { storeIds, table, besides = [], as, streams, along, withoutInstant } = query
  const by = (order: Fragment) => (isOrdered ? sql`order by ${order}` : sql``)
  const rowsOf = (of: string, which: readonly Fragment[], inOrder: Fragment, most = sql`${limit}`) =>
    sql`(select ${selected} from ${sql(of)} ${sql(as)} where ${allOf(sql, [...conditions, ...which])} ${inOrder} limit ${most})`
  const rows = (which: readonly Fragment[], order = query.order, most?: Fragment) =>
    rowsOf(table, which, by(order), most)
  const few = besides.map((other) => rowsOf(other, [], by(query.order)))
  if (withoutInstant && isOrdered) {
    const first = rows([withoutInstant.has], withoutInstant.order)
    const missing = sql`(select ${limit} - count(*) from ${first} as found)`
    return [first, rows([withoutInstant.lacks], withoutInstant.rest, missing), ...few]
  }
  const all = streams ?? (along ? [] : [{ where: sql`true` }])
  const plain = [...all.map(({ where, order }) => rows([where], order)), ...few]
  if (!along) return plain
  const { index, facets, others } = along
  // The index of facets has them in order. Unless asked for it, PostgreSQL would at times take another one, and look at each row.
  const inOrder = storeIds.length === 1 ? sql`order by ${query.order}` : by(query.order)
  const ofFacet = rowsOf(table, [sql.unsafe(index.within), sql`${sql.unsafe(index.facet)} = of_facet.id`], inOrder)
  const alongFacets = sql`(select ${selected} from unnest(${[...facets]}::text[]::bigint[]) as of_facet (id)
    cross join lateral ${ofFacet} ${sql(as)} ${by(query.order)} limit ${limit})`
  const ofOthers = sql`(select ${selected} from (${others}) ${sql(as)} where ${allOf(sql, conditions)} ${by(query.order)} limit ${limit})`
  return [...plain, alongFacets, ofOthers]
}

const allRows = (streams: readonly Fragment[], sql: Sql): Fragment =>
  streams.reduce((all, one) => sql`${all} union all ${one}`)

/** How many rows match, as far as `limit`. */
export const countRows = (sql: Sql, query: RowsQuery, limit: number): Fragment =>
  sql`select count(*) from ${matchingRows(sql, query, limit)}`

/** Rows without columns, to be counted, of which there may be `limit`. */
export const matchingRows = (sql: Sql, query: RowsQuery, limit: number): Fragment => {
  const { as, storeIds, counted } = query
  const of = (conditions: Iterable<Fragment>) => [ofStores(sql, as, storeIds), ...conditions]
  const rows = counted
    ? sql`select from ${lookedUp(sql, as, counted.among)} where ${allOf(sql, of(counted.conditions))} limit ${limit}`
    : allRows(
        readStreams(sql, query, { selected: sql``, conditions: of(query.conditions), isOrdered: false, limit }),
        sql,
      )
  return sql`(select from (${rows}) as matching limit ${limit}) as reachable`
}

/** PostgreSQL finds these by themselves: with other conditions beside them it would at times read all rows that meet those too. */
export const lookedUp = (sql: Sql, as: string, among: Fragment): Fragment => sql`(${among} offset 0) ${sql(as)}`

/**
 * The first rows of all stores together, in order: those of each store, merged. Each store by itself is read along an
 * index; for `store_id = any(…)` PostgreSQL would read and sort everything that matches: 31 ms for a page of 100,000
 * payments instead of 6. The columns stand outside, since those that look into other tables would be worked out for every
 * row that the offset skips too: on the last page of 60,000 payments 350 ms instead of 225, though none had a webhook.
 */
export const firstRows = (
  sql: Sql,
  query: RowsQuery,
  { offset = 0, limit }: { readonly offset?: number; readonly limit: number },
): Fragment => {
  const { storeIds, as, columns, order, among } = query
  const inOrder = sql`order by ${order}, ${sql(as)}.store_id`
  if (among) return firstAmong(sql, query, among, sql`${inOrder} limit ${limit} offset ${offset}`)
  const selected = sql`${sql(as)}.*`
  const ofStore = (store: Fragment): Fragment => {
    const conditions = [sql`${sql(as)}.store_id = ${store}`, ...query.conditions]
    return allRows(readStreams(sql, query, { selected, conditions, isOrdered: true, limit: offset + limit }), sql)
  }
  const [first = '', ...others] = storeIds
  const [stream, ...more] = query.streams ?? []
  if (others.length + more.length === 0 && !query.besides?.length && !query.along && !query.withoutInstant) {
    const where = allOf(sql, [
      sql`${sql(as)}.store_id = ${first}`,
      ...query.conditions,
      ...(stream ? [stream.where] : []),
    ])
    const rows = sql`select ${selected} from ${sql(query.table)} ${sql(as)} where ${where} order by ${order}`
    return sql`select ${columns} from (${rows} limit ${limit} offset ${offset}) ${sql(as)} order by ${order}`
  }
  const all =
    others.length === 0
      ? sql`(${ofStore(sql`${first}`)}) ${sql(as)}`
      : sql`unnest(${[first, ...others]}::text[]) as of_store (id)
          cross join lateral (${ofStore(sql`of_store.id`)}) ${sql(as)}`
  return sql`
    select ${columns} from (select ${selected} from ${all} ${inOrder} limit ${limit} offset ${offset}) ${sql(as)} ${inOrder}`
}

/**
 * All that match are found and sorted for a page, whichever it is, so that they need not be found once more to be counted. Sorted are
 * their ids: whole rows, counted, would be written to a file once there are some thousands.
 */
const firstAmong = (
  sql: Sql,
  { storeIds, table, besides = [], as, columns, order, conditions }: RowsQuery,
  { rows, id }: NonNullable<RowsQuery['among']>,
  inOrder: Fragment,
): Fragment => {
  const [row, rowId, rowStore] = [sql(as), sql(`${as}.${id}`), sql(`${as}.store_id`)]
  const where = allOf(sql, [ofStores(sql, as, storeIds), ...conditions])
  return sql`
    select ${columns}, of_page.matching from (
      select ${rowStore} as store_id, ${rowId} as id, count(*) over () as matching
      from ${lookedUp(sql, as, rows)} where ${where} ${inOrder}
    ) of_page cross join lateral (
      select * from ${eitherOf(sql, [table, ...besides], as, sql`${rowStore} = of_page.store_id and ${rowId} = of_page.id`)} ${row} offset 0
    ) ${row} order by ${order}, ${rowStore}`
}
