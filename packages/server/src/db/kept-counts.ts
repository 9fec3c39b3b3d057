import type { Instant } from '../kernel/clock.ts'
import { perPool } from './batch.ts'
import type { Sql } from './connect.ts'
import { Latest } from './latest.ts'

/** What is counted, within a window that may move on with the time. */
export type Countable = {
  /** The table whose rows are counted, and those that the conditions look into. */
  readonly tables: readonly string[]
  readonly storeIds: readonly string[]
  /** Everything that the count depends on besides, as a text. */
  readonly of: string
  readonly from: Instant
  readonly until: Instant
}

/** Rows that other servers have written meanwhile are missing for so long, in milliseconds. */
export const keptFor = 5_000

/** More are forgotten. */
const most = 1_000

type Kept = {
  readonly from: Instant
  readonly until: Instant
  readonly at: number
  readonly counted: Promise<number>
  /** Whose writes change it, by `nameOf`. */
  readonly dependsOn: ReadonlySet<string>
  /** How many rows this server has written since. */
  written: number
  /** Once it is counted. */
  result?: number
}

/**
 * Counts of very many rows, so that a page that is asked for again does not wait for them again. What this server has written
 * since is accounted for: a count of more than `enough` serves for as many writes as it is more, any other one for none.
 */
export class KeptCounts {
  readonly #kept = new Latest<Kept>(most)
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** To be called after each commit, with how many rows it changed. */
  wrote(table: string, storeId: string, rows: number): void {
    const name = nameOf(table, storeId)
    for (const [key, kept] of this.#kept.entries()) {
      if (this.#isOld(kept)) this.#kept.delete(key)
      else if (kept.dependsOn.has(name)) kept.written += rows
    }
  }

  /** How many there were a moment ago, or will be found by a count that is under way; `undefined` if that does not serve. */
  find(what: Countable, enough: number): Promise<number> | undefined {
    const kept = this.#kept.get(keyOf(what))
    if (!kept || this.#isOld(kept) || !isSameWindow(kept, what)) return undefined
    const serves = kept.written === 0 || (kept.result !== undefined && kept.result - kept.written >= enough)
    return serves ? kept.counted : undefined
  }

  /** What `find` has found, if it is counted already. */
  known(what: Countable): number | undefined {
    return this.#kept.get(keyOf(what))?.result
  }

  /** Keeps a count that has just begun. */
  keep(what: Countable, counted: Promise<number>): Promise<number> {
    const { tables, storeIds, from, until } = what
    const dependsOn = new Set(tables.flatMap((table) => storeIds.map((storeId) => nameOf(table, storeId))))
    const kept: Kept = { from, until, at: this.#now(), counted, dependsOn, written: 0 }
    const key = keyOf(what)
    this.#kept.set(key, kept)
    counted.then(
      (result) => {
        kept.result = result
      },
      // A count that failed is nothing to keep.
      () => this.#kept.get(key) === kept && this.#kept.delete(key),
    )
    return counted
  }

  #isOld({ at }: Kept): boolean {
    return this.#now() - at >= keptFor
  }
}

/** The same window, or one of the same length that began a moment later. */
const isSameWindow = (kept: Kept, { from, until }: Countable): boolean => {
  const moved = until - kept.until
  return from - kept.from === moved && moved >= 0 && moved < keptFor
}

const keyOf = ({ tables, storeIds, of }: Countable): string => JSON.stringify([tables, storeIds, of])

const nameOf = (table: string, storeId: string): string => `${table}/${storeId}`

/** Those of a server's database. */
export const keptCounts: (sql: Sql) => KeptCounts = perPool(() => new KeptCounts())
