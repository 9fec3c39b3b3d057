import type { Sql } from '../db/connect.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'
import type { DueSource } from './due.ts'
import { clockKind, findWork, noteAll } from './due-work.ts'
import type { FindWork } from './loop.ts'

/**
 * One store at a time: the cost of a second is the same for ten stores and for ten thousand, which take half a day. With two
 * seconds a quarter of all that an idle server asks was this second line.
 */
const pause = 4 * second
/** How many ids are read at once. */
const pageSize = 1_000

/**
 * Walks slowly through all stores and notes whatever of them may fall due. The notes of statements are what counts; this is
 * the second line, for rows that were written by hand or by an older version.
 */
class Sweep {
  readonly #sql: Sql
  readonly #tables: readonly string[]
  #ahead: { readonly storeId: string; readonly merchantId: string }[] = []
  #last = ''
  #nextAt: Instant = realTime() + pause

  constructor(sql: Sql, sources: readonly DueSource[]) {
    this.#sql = sql
    this.#tables = sources.map(({ kind }) => kind).filter((kind) => kind !== clockKind)
  }

  /** Sweeps the next store where its time has come. */
  async step(): Promise<void> {
    if (realTime() < this.#nextAt || this.#tables.length === 0) return
    this.#nextAt = realTime() + pause
    const store = this.#ahead.shift()
    if (store !== undefined) return await noteAll(this.#sql, store, this.#tables)
    this.#ahead = await this.#sql<{ storeId: string; merchantId: string }[]>`
      select store_id as "storeId", merchant_id as "merchantId" from stores
      where store_id > ${this.#last} order by store_id limit ${pageSize}`
    this.#last = this.#ahead.length === pageSize ? (this.#ahead.at(-1)?.storeId ?? '') : ''
  }
}

/** Looks for work as the loop does it once a second: which stores have some, and a step of the sweep. */
export const lookForWork = (sql: Sql, sources: readonly DueSource[]): FindWork => {
  const sweep = new Sweep(sql, sources)
  return async (after, limit) => {
    const found = await findWork(sql, after, limit)
    await sweep.step()
    return found
  }
}
