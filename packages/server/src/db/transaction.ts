import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'
import { codeOf } from '../kernel/error-code.ts'
import { makeSettings, type SessionSettings } from './connection/session-settings.ts'
import { KeptSessions, type Session } from './kept-sessions.ts'

/** The same template tag inside `sql.begin(…)`: one connection, one transaction, which a `begin` inside of it joins. */
export type TransactionSql = postgres.TransactionSql & Sql

/** A pool of connections, or a transaction. */
export type Sql = { readonly begin: Begin } & postgres.Sql

type Work<Result> = (sql: TransactionSql) => Promise<Result>

/** `sql.begin(work)` or `sql.begin('isolation level repeatable read', work)`. */
export type Begin = {
  <Result>(work: Work<Result>): Promise<Result>
  <Result>(mode: string, work: Work<Result>): Promise<Result>
}

/**
 * Transactions on connections of their own, each of which is kept for a moment for the next one. At most `most` at a time: the
 * others wait, since PostgreSQL would refuse connections beyond its limit. So a transaction must never wait for another
 * one that is begun on its behalf, and to begin one inside it is an error; what is called inside it is given its `sql`.
 *
 * This replaces the driver's `begin`, which postgres.js 3.4.9 does not survive: when the connection is lost it writes
 * its rollback to a socket that is no longer there, from a callback, which ends the process (its issues 1154 and
 * 1208); and a query waiting at that moment may run outside the transaction after the driver has dialled again (its
 * pull request 1155).
 *
 * @param open opens a pool of one connection that does not dial again for a while, and says when it closes
 * @param settings hold in each transaction, whichever session a pooler gives to it
 * @param limits `lifetime`: for how many seconds a connection is used
 */
export const transactions = (
  open: (onClose: () => void) => postgres.Sql,
  settings: SessionSettings,
  { most, lifetime }: { readonly most: number; readonly lifetime: number | null },
): Transactions => {
  const inTurn = turns(most)
  const current = new AsyncLocalStorage<Course>()
  const sessions = new KeptSessions(open, lifetime)

  const onItsConnection = async <Result>(mode: string, work: Work<Result>, course: Course): Promise<Result> => {
    const session = await begun(sessions, { mode, settings })
    try {
      const result = await Promise.race([run(session.sql, work, course), session.lost])
      await sessions.giveBack(session)
      return result
    } catch (error) {
      // Not kept: statements may still be under way on it that nobody waits for.
      await session.sql.end({ timeout: 1 })
      throw error
    }
  }

  const isInside = () => current.getStore()?.isOver === false
  const begin = async <Result>(...given: [Work<Result>] | [string, Work<Result>]): Promise<Result> => {
    const [mode, work] = given.length === 1 ? ['', given[0]] : given
    if (isInside()) throw new Error('This runs inside a transaction: begin with its sql instead.')
    const course = { isOver: false, isCommitted: false }
    return await inTurn(() => current.run(course, () => onItsConnection(mode, work, course))).finally(() => {
      course.isOver = true
    })
  }
  return { begin, isInside, close: () => sessions.close() }
}

/** How transactions begin, and whether whoever asks is inside one. */
type Transactions = {
  readonly begin: Begin
  readonly isInside: () => boolean
  /** Closes the connections that are kept. */
  readonly close: () => Promise<void>
}

/** Of one transaction. */
type Course = { isOver: boolean; isCommitted: boolean }

/** Runs `most` at a time, in the order in which they came. */
const turns = (most: number) => {
  let free = most
  const waiting: (() => void)[] = []
  return async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

type Start = { readonly mode: string; readonly settings: SessionSettings }

/** Begins a transaction. Where a kept connection turns out to be lost, on another one: nothing has been asked on it. */
const begun = async (sessions: KeptSessions, { mode, settings }: Start): Promise<Session> => {
  // Where no level is asked for, that of the session would be the pooler's.
  const level = mode === '' ? 'isolation level read committed' : mode
  for (;;) {
    const session = sessions.take()
    try {
      const beginning = session.sql.unsafe(`begin ${level}; select ${makeSettings(settings, 'transaction')}`)
      await Promise.race([beginning, session.lost])
      return session
    } catch (error) {
      await session.sql.end({ timeout: 1 })
      if (!session.isUsed) throw codeOf(error) === 'CONNECTION_CLOSED' ? lostAtOnce(error) : error
    }
  }
}

/** The driver passes over what the pooler says before it hangs up. */
const lostAtOnce = (cause: unknown): Error =>
  Object.assign(
    new Error(
      'The database connection was lost as a transaction began. If that happens each time, a pooler is in statement mode: ' +
        'set pool_mode = transaction.',
      { cause },
    ),
    { code: 'CONNECTION_CLOSED' },
  )

const run = async <Result>(connection: postgres.Sql, work: Work<Result>, course: Course): Promise<Result> => {
  try {
    const result = await work(sqlOf(connection, course))
    course.isCommitted = true
    await connection`commit`
    return result
  } catch (error) {
    // Closing the connection would do, but a little later than the caller sees the error.
    await connection`rollback`.catch(() => {})
    throw error
  }
}

/** What a transaction asks by. Once it is committed it asks no more: that would run in the next one on the connection. */
const sqlOf = (connection: postgres.Sql, course: Course): TransactionSql => {
  // A transaction inside a transaction is part of the outer one and ends with it.
  const begin: Begin = (...given: [Work<unknown>] | [string, Work<unknown>]) =>
    (given.length === 1 ? given[0] : given[1])(transaction)
  const requireCourse = () => {
    if (course.isCommitted) throw new Error('This transaction is over: nothing may be asked in it any more.')
  }
  const own = { savepoint: notOffered, prepare: notOffered, begin }
  const transaction: TransactionSql = new Proxy(Object.assign(connection, own), {
    apply: (asked, self, given) => {
      requireCourse()
      return Reflect.apply(asked, self, given)
    },
    get: (asked, name) => {
      if (name === 'unsafe') requireCourse()
      return Reflect.get(asked, name)
    },
  })
  return transaction
}

const notOffered = (): Promise<never> => Promise.reject(new Error('Savepoints and prepared commits are not supported.'))
