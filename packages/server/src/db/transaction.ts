import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'
import { makeSettings, type SessionSettings } from './connection/session-settings.ts'

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
 * Transactions on a connection of their own, which is opened for one and closed after it. At most `most` at a time: the others
 * wait, since PostgreSQL would refuse connections beyond its limit. So a transaction must never wait for another one that is
 * begun on its behalf, and to begin one inside it is an error; what is called inside it is given its `sql`.
 *
 * This replaces the driver's `begin`, which postgres.js 3.4.9 does not survive: when the connection is lost it writes
 * its rollback to a socket that is no longer there, from a callback, which ends the process (its issues 1154 and
 * 1208); and a query waiting at that moment may run outside the transaction after the driver has dialled again (its
 * pull request 1155). The extra milliseconds do not matter here, where a change of state is a single statement and
 * transactions are for migrations and configuration.
 *
 * @param open opens a pool of one connection that does not dial again for a while, and says when it closes
 * @param settings hold in each transaction, whichever session a pooler gives to it
 */
export const transactions = (
  open: (onClose: () => void) => postgres.Sql,
  settings: SessionSettings,
  most: number,
): Transactions => {
  const inTurn = turns(most)
  const current = new AsyncLocalStorage<{ isOver: boolean }>()

  const onItsConnection = async <Result>(mode: string, work: Work<Result>): Promise<Result> => {
    const lost = Promise.withResolvers<never>()
    const connection = open(() => {
      const error = new Error('The database connection was lost inside a transaction.')
      lost.reject(Object.assign(error, { code: 'CONNECTION_CLOSED' }))
      // Rejects what waits, before it can be sent over a new connection.
      void connection.end({ timeout: 0 })
    })
    try {
      return await Promise.race([run(connection, { mode, settings }, work), lost.promise])
    } finally {
      await connection.end({ timeout: 1 })
    }
  }

  const isInside = () => current.getStore()?.isOver === false
  const begin = async <Result>(...given: [Work<Result>] | [string, Work<Result>]): Promise<Result> => {
    const [mode, work] = given.length === 1 ? ['', given[0]] : given
    if (isInside()) throw new Error('This runs inside a transaction: begin with its sql instead.')
    const transaction = { isOver: false }
    return await inTurn(() => current.run(transaction, () => onItsConnection(mode, work))).finally(() => {
      transaction.isOver = true
    })
  }
  return { begin, isInside }
}

/** How transactions begin, and whether whoever asks is inside one. */
type Transactions = { readonly begin: Begin; readonly isInside: () => boolean }

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

const run = async <Result>(
  connection: postgres.Sql,
  { mode, settings }: Start,
  work: Work<Result>,
): Promise<Result> => {
  // Where no level is asked for, that of the session would be the pooler's.
  const level = mode === '' ? 'isolation level read committed' : mode
  await connection.unsafe(`begin ${level}; select ${makeSettings(settings, 'transaction')}`)
  try {
    // A transaction inside a transaction is part of the outer one and ends with it.
    const begin: Begin = (...given: [Work<unknown>] | [string, Work<unknown>]) =>
      (given.length === 1 ? given[0] : given[1])(transaction)
    const transaction: TransactionSql = Object.assign(connection, { savepoint: notOffered, prepare: notOffered, begin })
    const result = await work(transaction)
    await connection`commit`
    return result
  } catch (error) {
    // Closing the connection would do, but a little later than the caller sees the error.
    await connection`rollback`.catch(() => {})
    throw error
  }
}

const notOffered = (): Promise<never> => Promise.reject(new Error('Savepoints and prepared commits are not supported.'))
