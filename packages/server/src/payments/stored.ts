import type { Fragment } from 'postgres'
import { type History, historyOf, replay } from '../aggregates/history.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { eitherOf } from '../db/either.ts'
import type { PaymentEvent } from './state/event.ts'
import { noPayment } from './state/evolve.ts'
import type { Payment } from './state/payment.ts'
import { paymentAggregate, paymentTables } from './store.ts'

/** A payment as the database has it: its state, or the events that made it. `paymentOf` tells which payment that is. */
export type StoredPayment = Payment | (StoredVersion & { readonly history: History<PaymentEvent> | null })

/** A version of a payment, made by as many events. */
export type StoredVersion = Pick<Payment, 'merchantId' | 'storeId' | 'paymentId'> & { readonly version: number }

/** A row `p` of `payments` as a `StoredPayment`. */
export const storedPayment = (sql: Queryable): Fragment => sql`
  case when p.kept_state is not null then p.kept_state::json else json_build_object(
    'merchantId', (select s.merchant_id from stores s where s.store_id = p.store_id),
    'storeId', p.store_id, 'paymentId', p.payment_id, 'version', p.version,
    'history', ${historyOf(sql, paymentAggregate, { storeId: sql`p.store_id`, id: sql`p.payment_id` })}
  ) end`

export const paymentOf = (stored: StoredPayment): Payment => {
  if (!('history' in stored)) return stored
  return replayPayment(stored, stored.history ?? [])
}

/** The payment that its events made; throws as `replay`. */
export const replayPayment = (
  { merchantId, storeId, paymentId, version }: StoredVersion,
  history: History<PaymentEvent>,
): Payment => {
  const name = `payment ${paymentId} of store ${storeId}`
  return replay(paymentAggregate, noPayment(merchantId, storeId, paymentId), { name, version, history })
}

/** Payments `p` that meet a condition, as a FROM item without a name. */
export const paymentsThat = (sql: Queryable, condition: Fragment): Fragment =>
  eitherOf(sql, paymentTables, 'p', condition)

/** Payments of one store, as `payment_id` and `stored`: for statements of others that read a payment beside their own. */
export const storedPayments = (sql: Queryable, storeId: string, paymentIds: readonly string[]): Fragment => sql`
  select p.payment_id, ${storedPayment(sql)} as stored
  from ${paymentsThat(sql, sql`p.store_id = ${storeId} and p.payment_id = any(${[...paymentIds]}::text[])`)} p`

/** One payment as it is; `undefined` where nothing was ever written. */
export const findPayment = async (sql: Sql, storeId: string, paymentId: string): Promise<Payment | undefined> => {
  const [row] = await sql<{ stored: StoredPayment }[]>`${storedPayments(sql, storeId, [paymentId])}`
  return row && paymentOf(row.stored)
}
