import type { Instant } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { perPool } from './batch.ts'
import type { Sql } from './connect.ts'
import { Latest } from './latest.ts'

/** What is counted or found, within a window that may move on with the time. */
export type Sought = {
  /** The table whose rows are sought, and those that the conditions look into. */
  readonly tables: readonly string[]
  readonly storeIds: readonly string[]
  /** Everything that the result depends on besides, as a text. */
  readonly of: string
  readonly from: Instant
  readonly until: Instant
}

/** Rows that other servers have written meanwhile are missing for so long, in milliseconds. */
export const keptFor = 5_000

/** More are forgotten. */
const most = 1_000

type Keeping<Result> = {
  readonly storeIds: readonly string[]
  readonly from: Instant
  readonly until: Instant
  readonly begunAt: number
  /** A count that takes longer than it is kept would be made for each page anew, if it grew old from its beginning. */
  foundAt?: number
  readonly found: Promise<Result>
  /** Whose writes change it, by `nameOf`. */
  readonly dependsOn: ReadonlySet<string>
  /** How many rows this server has written since. */
  written: number
  /** Once it is found. */
  result?: Result
}

/**
 * What was counted or found of very many rows, so that a page that is asked for again does not wait for it again. What this server has
 * written since is accounted for: a result of more rows than `enough` serves for as many writes as it is more, any other one for none.
 */
export class Kept<Result> {
  readonly #kept = new Latest<Keeping<Result>>(most)
  readonly #rowsOf: (result: Result) => number
  readonly #now: () => number

  constructor(rowsOf: (result: Result) => number, now: () => number = () => performance.now()) {
    this.#rowsOf = rowsOf
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

  /** To be called when a store was reset: nothing of it is there any more. */
  forget(storeId: string): void {
    for (const [key, { storeIds }] of this.#kept.entries()) if (storeIds.includes(storeId)) this.#kept.delete(key)
  }

  /** What there was a moment ago, or will be found by a statement that is under way; `undefined` if that does not serve. */
  find(what: Sought, enough: number): Promise<Result> | undefined {
    const kept = this.#kept.get(keyOf(what))
    if (!kept || this.#isOld(kept) || !isSameWindow(kept, what, this.#now() - kept.begunAt)) return undefined
    const serves =
      kept.written === 0 || (kept.result !== undefined && this.#rowsOf(kept.result) - kept.written >= enough)
    return serves ? kept.found : undefined
  }

  /** What `find` has found, if it is there already. */
  known(what: Sought): Result | undefined {
    return this.#kept.get(keyOf(what))?.result
  }

  /** Keeps the result of a statement that has just begun. */
  keep(what: Sought, found: Promise<Result>): Promise<Result> {
    const { tables, storeIds, from, until } = what
    const dependsOn = new Set(tables.flatMap((table) => storeIds.map((storeId) => nameOf(table, storeId))))
    const kept: Keeping<Result> = { storeIds, from, until, begunAt: this.#now(), found, dependsOn, written: 0 }
    const key = keyOf(what)
    this.#kept.set(key, kept)
    found.then(
      (result) => {
        kept.result = result
        kept.foundAt = this.#now()
      },
      // What failed is nothing to keep.
      () => this.#kept.get(key) === kept && this.#kept.delete(key),
    )
    return found
  }

  #isOld({ foundAt }: Keeping<Result>): boolean {
    return foundAt !== undefined && this.#now() - foundAt >= keptFor
  }
}

/** The same window, or that of a list which ends now, a moment later: not one of a store whose clock was moved meanwhile. */
const isSameWindow = (kept: Pick<Sought, 'from' | 'until'>, { from, until }: Sought, passed: number): boolean => {
  const moved = until - kept.until
  return from - kept.from === moved && moved >= 0 && moved < passed + keptFor
}

const keyOf = ({ tables, storeIds, of }: Sought): string => digestOf(JSON.stringify([tables, storeIds, of]))

const nameOf = (table: string, storeId: string): string => `${table}/${storeId}`

/** Rows that a list has found, as far as they were wanted. */
export type Found = {
  /** The first ones, in order. */
  readonly keys: readonly { readonly storeId: string; readonly id: string }[]
  /** How many there are. */
  readonly matching: number
  /** The earliest instant of any of them, by the time of the window; null of none. */
  readonly earliest: Instant | null
  /** The end of the window in which they were found. */
  readonly until: Instant
  /** What tells whether they would be found again: see `Keeps`. */
  readonly seen: string
}

/** How many rows a list has, and how often its stores had been reset by then. */
export type Counted = { readonly count: number; readonly resets: string | null }

/** The counts of a server's database. */
export const keptCounts: (sql: Sql) => Kept<Counted> = perPool(() => new Kept<Counted>(({ count }) => count))

/** What lists of a server's database have found. */
export const keptFinds: (sql: Sql) => Kept<Found> = perPool(() => new Kept<Found>(({ matching }) => matching))

/** To be called after each commit, with how many rows of a store it changed: what lists keep is not up to date any more. */
export const wroteRows = (sql: Sql, table: string, storeId: string, rows: number): void => {
  keptCounts(sql).wrote(table, storeId, rows)
  keptFinds(sql).wrote(table, storeId, rows)
}

/** To be called after each reset of a store. */
export const forgetStore = (sql: Sql, storeId: string): void => {
  keptCounts(sql).forget(storeId)
  keptFinds(sql).forget(storeId)
}
