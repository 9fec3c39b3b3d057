import type { Fragment } from 'postgres'
import { beginsReceipt, receiptsBeginning } from '../cash-receipts/of-payments.ts'
import { begins, beginsByCodePoint } from '../db/beginning.ts'
import type { Sql } from '../db/connect.ts'
import { costOfLookUp } from '../db/expected-rows.ts'
import { alongFacets, type ListQuery } from '../db/find-rows.ts'
import { firstRows, ofStores } from '../db/page.ts'
import { mayBegin } from '../db/search-texts.ts'
import { foundBy } from '../payments/state/search.ts'

/** That a text is the beginning of any field of the payment `p`, or of its receipt. */
export const beginsAny = (sql: Sql, storeIds: readonly string[], text: string): Fragment => sql`(
  ${beginsId(sql, text)} or ${beginsOwnText(sql, text)} or ${beginsReceipt(sql, storeIds, text)})`

const beginsId = (sql: Sql, text: string): Fragment => sql`starts_with(p.payment_id, ${foundBy(text)})`

/** The texts are put together first: one look into all of them for each payment, which costs a third of a look into each. */
const beginsOwnText = (sql: Sql, text: string): Fragment => sql`(
  strpos(array_to_string(p.search, chr(10)), ${`=${foundBy(text)}`}) > 0 and exists (
    select from unnest(p.search) entry where starts_with(substr(entry, strpos(entry, '=') + 1), ${foundBy(text)})))`

/**
 * The payments that `beginsAny` is true of: those with such a text, those that only have such an id, and those that only have such a
 * receipt, each along an index. With one condition for all, PostgreSQL would make the keys of each payment's texts again.
 */
export const paymentsBeginning = (sql: Sql, storeIds: readonly string[], text: string): Fragment => {
  const payments = sql`select p.* from payments p where ${ofStores(sql, 'p', storeIds)}`
  return sql`
    ${payments} and ${mayBegin(sql, 'p', storeIds, foundBy(text))} and ${beginsOwnText(sql, text)}
    union all
    ${payments} and ${hasId(sql, text)} and not ${beginsOwnText(sql, text)}
    union all
    ${payments} and p.payment_id = any(array(${receiptsBeginning(sql, storeIds, text)}))
      and not ${beginsId(sql, text)} and not ${beginsOwnText(sql, text)} and ${beginsReceipt(sql, storeIds, text)}
    union all
    select p.* from payments_under_way p where ${ofStores(sql, 'p', storeIds)} and ${beginsAny(sql, storeIds, text)}`
}

/** In which of two indexes ids that begin alike are together depends on the database's collation: see migration 0118. */
const hasId = (sql: Sql, text: string): Fragment => sql`(
  not ('a' < 'B') and ${beginsByCodePoint(sql, sql`p.payment_id`, foundBy(text))}
  or 'a' < 'B' and ${begins(sql, sql`p.payment_id`, foundBy(text))})`

/** So many payments are looked at to see how many of all have a beginning, and so many of them tell. */
const sampled = 500
const telling = 4

/** A payment in so many, at most, is looked up: what the first ones lack would on average be met after half of all. */
const mostLookedUp = 1 / 20

export type Begun = {
  /** How many payments have the beginning. */
  readonly expected: number
  /** Whether to look up all of them reads less than to read a list in its order until there are as many as wanted. */
  isRare(wanted: number): boolean
  /** Whether as many as a count wants come early wherever payments are read. */
  readonly isUsual: boolean
}

/**
 * How many payments have a beginning. PostgreSQL's statistics do not tell: all may begin alike though no two are. So the first ones
 * of the list are looked at. Where these have few, those of all payments are counted as far as it matters.
 */
export const expectedBegun = async (
  sql: Sql,
  list: Omit<ListQuery, 'columns'>,
  text: string,
  { wanted, all }: { readonly wanted: number; readonly all: number },
): Promise<Begun> => {
  const { storeIds } = list
  const columns = sql`${beginsAny(sql, storeIds, text)} as begins`
  const query = await alongFacets(sql, { ...list, columns }, sampled)
  const [{ found, read }] = await sql<[{ found: number; read: number }]>`
    select count(*) filter (where begins) as found, count(*) as read
    from (${firstRows(sql, query, { limit: sampled })}) of_list`
  // There are no more.
  if (read < sampled) return { expected: all, isRare: () => false, isUsual: true }
  const most = Math.ceil(all * mostLookedUp)
  const readFor = (rows: number) => (rows * sampled) / found
  const counted = async (): Promise<number> => {
    const few = Math.min(most, Math.ceil(readFor(wanted) / costOfLookUp))
    return Math.min(await countBegun(sql, storeIds, text, few), few + 1)
  }
  const expected = found < telling ? await counted() : (found / sampled) * all
  const isRare = (rows: number) => expected <= most && expected * costOfLookUp <= readFor(rows)
  return { expected, isRare, isUsual: found >= sampled / 20 }
}

const countBegun = async (sql: Sql, storeIds: readonly string[], text: string, most: number): Promise<number> => {
  const payments = sql`select from payments p where ${ofStores(sql, 'p', storeIds)}`
  const [{ count }] = await sql<[{ count: number }]>`
    select (select count(*) from (${payments} and ${mayBegin(sql, 'p', storeIds, foundBy(text))} limit ${most + 1}) by_text)
      + (select count(*) from (${payments} and ${hasId(sql, text)} limit ${most + 1}) by_id)
      + (select count(*) from (${receiptsBeginning(sql, storeIds, text)} limit ${most + 1}) by_receipt) as count`
  return count
}
