import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TestDatabase } from '../../../test/support/database.ts'
import type { Sql } from '../../db/connect.ts'
import type { Market } from './market.ts'
import { countingRows } from './rows-handled.ts'

type Filling = {
  /** Fills a merchant with few rows, the only one that statistics will know. */
  readonly known: () => Promise<unknown>
  /** Fills another one with as many rows of each kind as `count` says. */
  readonly unknown: () => Promise<Market>
  readonly count: number
}

/**
 * A merchant of whom PostgreSQL expects nothing, as where one is new in a large table, and a test of whether work for it handles
 * no more rows than it has, some times over: a statement that compares each with each handles their square.
 */
export const unknownMerchant = async ({ sql, url }: TestDatabase, { known, unknown, count }: Filling) => {
  await known()
  await sql`analyze`
  const place = await unknown()
  const counting = countingRows(url)
  after(() => counting[Symbol.asyncDispose]())
  const counts = (what: string, work: (sql: Sql) => Promise<unknown>) =>
    test(what, async () => {
      const handled = await counting.handledBy(work)
      assert.ok(handled > 0 && handled < 60 * count, `${handled} rows for ${count} of each kind`)
    })
  return { place, counts }
}
