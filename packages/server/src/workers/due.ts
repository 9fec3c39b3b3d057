import type { Instant } from '../kernel/clock.ts'
import type { DueRowsOf } from './due-work.ts'

/**
 * A kind of row whose time comes: a webhook to send, a payment to inquire about, an account to expire. The row is
 * domain data of its module with a `due_at`; the module says how to find, lease and run it, and one loop does the rest.
 */
export type DueSource = {
  /** Named in logs, metrics and the clock's report of what it ran, such as `webhook`. */
  readonly name: string
  /** The table of its rows, by which `due_work` names it. */
  readonly kind: string
  /** How many may run at once in this process: half of them of one store. */
  readonly concurrency: number
  /**
   * Leases up to `limit` rows of a store whose time, by that store's own clock, has come, oldest first. A store whose clock is
   * being advanced is left to the advance.
   */
  claim(storeId: string, limit: number): Promise<readonly DueItem[]>
  /** There was nothing to claim: puts off when the store is looked at again. */
  settle(storeId: string): Promise<void>
  /**
   * Where its rows stand, leased or not, so that one statement finds which of all kinds is due first; absent where it has
   * none.
   */
  rows?(storeId: string): Promise<DueRowsOf>
  /**
   * Leases rows of a store that are due at one instant, for a clock that is about to run them side by side. Not those that are
   * leased already, which are left to their server, unless `evenLeased`.
   */
  take(storeId: string, dueAt: Instant, taking: Taking): Promise<readonly DueItem[]>
  /** Ends leases that `take` gave, where the rows are still there and still so leased. */
  giveBack(items: readonly DueItem[], until: Instant): Promise<void>
  /** Ends all leases of a store's rows: whoever has them is dead. */
  endLeases(storeId: string): Promise<void>
  /**
   * A clock is about to be advanced and waits for what runs of this store: waits for others should be short. Only sources
   * that wait long need it.
   */
  hurry?(storeId: string): void
  /** The server stops: what waits for others is to end soon, and is another server's then. Only sources that wait long need it. */
  stop?(): void
  /**
   * Runs one row. Afterwards its due_at is later, or gone. Must be safe to run twice. Whoever only waits for somebody
   * else any more may call `giveWay`, where it is given, so that another row is run in its place. Resolves to whether the
   * row was still to be run: a schedule may have been revoked since it was found.
   */
  run(item: DueItem, giveWay?: () => void): Promise<boolean>
}

/** A lease that a moving clock takes, until an instant of real time. */
export type Taking = { readonly until: Instant; readonly evenLeased: boolean }

export type DueItem = { readonly storeId: string; readonly id: string; readonly dueAt: Instant }
