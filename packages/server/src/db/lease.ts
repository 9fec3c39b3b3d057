import { Refusal } from '../kernel/refusal.ts'
import { type HeldLease, type Lease, leaseOfWork, TakenOver } from '../kernel/work.ts'
import type { Queryable, Sql } from './connect.ts'
import { untilNotOvertaken } from './overtaken.ts'

/**
 * Takes a step on behalf of a request, once for all tries of the request: what came of it is kept in the same transaction,
 * and a retry after a crash gets that and writes nothing. For effects that are no events of an aggregate, which recognise
 * their request by themselves. Without an Idempotency-Key `write` runs as it stands, outside of a transaction.
 *
 * Where another server has taken the request over, nothing is written, and this throws `TakenOver`. A refusal is not kept:
 * a retry decides anew.
 *
 * `write` runs again, in a new transaction, where one of its statements failed and it caught the error, as of an id that
 * somebody else took at the same moment: PostgreSQL executes nothing more after a failed statement.
 *
 * @param step names it among the steps of the request
 * @param write its result must be what JSON can hold
 * @param isDone whether the result says that something was done; unless given, all but a refusal does
 */
export const once = async <Result>(
  sql: Sql,
  step: string,
  write: (sql: Sql) => Promise<Result>,
  isDone: (result: Result) => boolean = (result) => !(result instanceof Refusal),
): Promise<Result> => {
  const lease = leaseOfWork()
  if (lease === undefined) return await write(sql)
  const kept = lease.steps.get(step)
  if (kept !== undefined) return JSON.parse(kept)
  const { result, text } = await inOneTransaction(sql, step, async (transaction) => {
    const result = await write(transaction)
    const text = isDone(result) ? JSON.stringify(result ?? null) : undefined
    await (text === undefined ? requireLease(transaction) : keepStep(transaction, lease, step, text))
    return { result, text }
  })
  if (text !== undefined) lease.steps.add(step, text)
  return result
}

/** As `once`, and in one transaction without an Idempotency-Key as well. */
export const onceAsAWhole = <Result>(sql: Sql, step: string, write: (sql: Sql) => Promise<Result>): Promise<Result> =>
  leaseOfWork() === undefined ? inOneTransaction(sql, step, write) : once(sql, step, write)

const inOneTransaction = <Result>(sql: Sql, step: string, write: (sql: Sql) => Promise<Result>): Promise<Result> =>
  untilNotOvertaken(`the step ${step} of a request`, () => sql.begin(write), [afterFailure])

/** What came of a step where an earlier try of the request has taken it; `undefined` where none has. */
export const earlierResult = <Result>(step: string): Result | undefined => {
  const kept = leaseOfWork()?.steps.get(step)
  return kept === undefined ? undefined : JSON.parse(kept)
}

/** The SQLSTATE of a statement after one that failed in the same transaction. */
const afterFailure = '25P02'

const keepStep = (sql: Queryable, lease: Lease, step: string, text: string): Promise<void> => {
  const steps = lease.steps.sealedWith(step, text)
  return whileHeld(
    lease,
    ({ merchantId, requestKey, leasedUntil }) => sql`
      update idempotency_keys set steps = ${steps}
      where merchant_id = ${merchantId} and request_key = ${requestKey} and lease_until = ${leasedUntil} and status is null`,
  )
}

/**
 * To be called at the end of a transaction: until it is over, nobody takes the request over. Not at its beginning, since a
 * reset locks the store first and forgets its requests then.
 */
export const requireLease = async (sql: Queryable): Promise<void> => {
  const lease = leaseOfWork()
  if (lease === undefined) return
  await whileHeld(
    lease,
    ({ merchantId, requestKey, leasedUntil }) => sql`
      select from idempotency_keys
      where merchant_id = ${merchantId} and request_key = ${requestKey} and lease_until = ${leasedUntil} and status is null
      for share`,
  )
}

/**
 * Runs a statement that finds the request's row only under our lease, and keeps its row until the transaction is over. A
 * renewal that is under way is waited for only where the row was not found: it runs on a connection of the pool, all of which
 * may wait for locks of this very transaction.
 */
const whileHeld = async (
  lease: Lease,
  find: (held: HeldLease) => Promise<{ readonly count: number }>,
): Promise<void> => {
  for (let held = lease.claim(); ; ) {
    const { leasedUntil } = held
    const { count } = await find(held)
    if (count === 1) return
    // It may have been renewed before the statement.
    held = await lease.held()
    if (held.leasedUntil === leasedUntil) throw new TakenOver()
  }
}
