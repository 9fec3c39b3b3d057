import { leaseOfWork, TakenOver } from '../kernel/work.ts'
import type { Queryable, Sql } from './connect.ts'

/**
 * Runs a statement that no version guards, on behalf of a request: where the request carries an Idempotency-Key and another
 * server has taken it over, nothing is written, and this throws `TakenOver`.
 */
export const underOwnLease = async <Result>(sql: Sql, write: (sql: Queryable) => Promise<Result>): Promise<Result> => {
  if (leaseOfWork() === undefined) return await write(sql)
  const { written } = await sql.begin(async (transaction) => {
    const written = await write(transaction)
    await requireLease(transaction)
    return { written }
  })
  return written
}

/**
 * To be called at the end of a transaction: until it is over, nobody takes the request over. Not at its beginning, since a
 * reset locks the store first and forgets its requests then.
 */
export const requireLease = async (sql: Queryable): Promise<void> => {
  const lease = leaseOfWork()
  if (lease === undefined) return
  for (let held = await lease.held(); ; ) {
    const { merchantId, requestKey, leasedUntil } = held
    const { count } = await sql`
      select from idempotency_keys
      where merchant_id = ${merchantId} and request_key = ${requestKey} and lease_until = ${leasedUntil} and status is null
      for share`
    if (count === 1) return
    // It may have been renewed between our reading and the statement.
    held = await lease.held()
    if (held.leasedUntil === leasedUntil) throw new TakenOver()
  }
}
