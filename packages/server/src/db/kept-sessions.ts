import type postgres from 'postgres'
import { second } from '../kernel/clock.ts'

/** A connection that transactions run on, one after the other. */
export type Session = {
  readonly sql: postgres.Sql
  /** Rejects when the connection is lost. */
  readonly lost: Promise<never>
  /** Whether a transaction has run on it before. */
  readonly isUsed: boolean
  /** Aborted once it is to be used no more. */
  readonly old: AbortSignal | undefined
}

/** For so long a connection waits for the next transaction, in milliseconds. */
const longestWait = 10 * second

/**
 * Keeps the connections of transactions that ended well for the next ones. Dialling costs PostgreSQL more than most
 * transactions do: it starts a process, which reads the catalogue anew.
 *
 * @param open opens a pool of one connection that does not dial again for a while, and says when it closes
 * @param lifetime for how many seconds a connection is used, as those of a pool are; null where that does not matter
 */
export class KeptSessions {
  readonly #open: (onClose: () => void) => postgres.Sql
  /** Used last, taken first, so that those which a burst needed come to their end. */
  readonly #waiting: Waiting[] = []
  readonly #lifetime: number | null
  #isClosed = false

  constructor(open: (onClose: () => void) => postgres.Sql, lifetime: number | null) {
    this.#open = open
    this.#lifetime = lifetime
  }

  take(): Session {
    const waiting = this.#waiting.pop()
    if (waiting === undefined) return this.#opened()
    clearTimeout(waiting.timer)
    return waiting.session
  }

  /** To be called after a transaction that was committed, with nothing of it under way any more. */
  async giveBack(session: Session): Promise<void> {
    const { sql } = session
    if (this.#isClosed || session.old?.aborted) return await sql.end({ timeout: 1 })
    const timer = setTimeout(() => {
      this.#forget(sql)
      void sql.end({ timeout: 1 })
    }, longestWait)
    this.#waiting.push({ session: { ...session, isUsed: true }, timer })
  }

  /** Closes those that wait; those in use close when they are given back. */
  async close(): Promise<void> {
    this.#isClosed = true
    const waiting = this.#waiting.splice(0)
    for (const { timer } of waiting) clearTimeout(timer)
    await Promise.all(waiting.map(({ session }) => session.sql.end({ timeout: 1 })))
  }

  #opened(): Session {
    const lost = Promise.withResolvers<never>()
    // While it waits, nobody listens.
    lost.promise.catch(() => undefined)
    const sql = this.#open(() => {
      const error = new Error('The database connection was lost inside a transaction.')
      lost.reject(Object.assign(error, { code: 'CONNECTION_CLOSED' }))
      this.#forget(sql)
      // Rejects what waits, before it can be sent over a new connection.
      void sql.end({ timeout: 0 })
    })
    const old = this.#lifetime === null ? undefined : AbortSignal.timeout(this.#lifetime * second)
    return { sql, lost: lost.promise, isUsed: false, old }
  }

  #forget(sql: postgres.Sql): void {
    const index = this.#waiting.findIndex(({ session }) => session.sql === sql)
    for (const { timer } of index < 0 ? [] : this.#waiting.splice(index, 1)) clearTimeout(timer)
  }
}

type Waiting = { readonly session: Session; readonly timer: NodeJS.Timeout }
