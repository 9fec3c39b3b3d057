import type { Sql } from '../db/connect.ts'
import { hasEntry } from '../payments/store.ts'

/**
 * Of more payments than this, finding a text along the index of all payments reads fewer rows than looking all of them up:
 * so many of a million are found by reading a thousand for each on a page of ten.
 */
const many = 2_000

type Plan = [{ readonly Plan: { readonly 'Plan Rows': number } }]

/**
 * Those of these texts that PostgreSQL expects in very many payments. Asked of its planner each time: for a prepared statement it
 * chooses one plan for rare and common texts alike, and read all payments of a common one.
 */
export const commonTexts = async (
  sql: Sql,
  storeIds: readonly string[],
  entries: readonly string[],
): Promise<ReadonlySet<string>> => {
  const expected = async (storeId: string, entry: string): Promise<number> => {
    const [row] = await sql<[{ 'QUERY PLAN': Plan }]>`
      explain (format json) select from payments p where p.store_id = ${storeId} and ${hasEntry(sql, [storeId], entry)}`
    return row['QUERY PLAN'][0].Plan['Plan Rows']
  }
  const isCommon = async (entry: string): Promise<boolean> =>
    (await Promise.all(storeIds.map((storeId) => expected(storeId, entry)))).some((rows) => rows > many)
  const found = await Promise.all(entries.map(async (entry) => ((await isCommon(entry)) ? [entry] : [])))
  return new Set(found.flat())
}
