import type { Instant } from '../kernel/clock.ts'
import { perPool } from './batch.ts'
import type { Sql } from './connect.ts'

/** What is counted, within a window that may move on with the time. */
export type Countable = {
  readonly table: string
  readonly storeIds: readonly string[]
  /** Everything that the count depends on besides, as a text. */
  readonly of: string
  readonly from: Instant
  readonly until: Instant
}

/** Rows that other servers have written meanwhile are missing for so long, in milliseconds. */
export const keptFor = 5_000

/** More are forgotten, the oldest first. */
const most = 1_000

type Kept = {
  readonly from: Instant
  readonly until: Instant
  readonly written: number
  readonly at: number
  readonly counted: Promise<number>
}

/**
 * Counts of very many rows, so that a page that is asked for again does not wait for them again. What this server has written
 * since is accounted for: a count of more than `enough` serves for as many writes as it is more, any other one for none.
 */
export class KeptCounts {
  readonly #kept = new Map<string, Kept>()
  readonly #written = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** To be called after each commit, with how many rows it changed. */
  wrote(table: string, storeId: string, rows: number): void {
    const name = nameOf(table, storeId)
    this.#written.set(name, (this.#written.get(name) ?? 0) + rows)
  }

  /** As many as `count` finds, or as it found a moment ago; never more than `enough`. */
  async count(what: Countable, enough: number, count: () => Promise<number>): Promise<number> {
    const written = what.storeIds.reduce((sum, id) => sum + (this.#written.get(nameOf(what.table, id)) ?? 0), 0)
    const key = JSON.stringify([what.table, what.storeIds, what.of])
    const kept = this.#kept.get(key)
    if (kept && this.#serves(kept, what)) {
      const counted = await kept.counted
      const since = written - kept.written
      if (since === 0 || counted - since >= enough) return Math.min(counted, enough)
    }
    const counted = count()
    this.#keep(key, { from: what.from, until: what.until, written, at: this.#now(), counted })
    return Math.min(await counted, enough)
  }

  /** The same window, or one of the same length that began a moment later. */
  #serves(kept: Kept, { from, until }: Countable): boolean {
    const moved = until - kept.until
    return this.#now() - kept.at < keptFor && from - kept.from === moved && moved >= 0 && moved < keptFor
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest)
    // A count that failed is nothing to keep.
    kept.counted.catch(() => this.#kept.get(key) === kept && this.#kept.delete(key))
  }
}

const nameOf = (table: string, storeId: string): string => `${table}/${storeId}`

/** Those of a server's database. */
export const keptCounts: (sql: Sql) => KeptCounts = perPool(() => new KeptCounts())
