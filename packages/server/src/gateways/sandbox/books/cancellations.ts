import type { Sql } from '../../../db/connect.ts'
import { inTime, ownStoreInTime } from '../../../db/epoch.ts'
import type { Instant } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import type { GatewayCancellation, GatewayCancellationState } from '../../port/payment.ts'
import type { Outcome } from '../../port/terms.ts'
import { type PgCode, recordedFailure, refusedWith } from '../scenarios/failures.ts'
import { isUniqueViolation } from '../unique-violation.ts'
import { insertNotifications, type Notification } from './notifications.ts'

/** A cancellation as the sandbox PG's books have it. Each function on it is one statement. */
export type Cancellation = {
  readonly storeId: string
  readonly reference: string
  readonly transactionReference: string
  readonly pgCancellationId: string
  readonly state: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED'
  readonly pgCode: string | null
  readonly amount: Amount
  readonly reason: string
  readonly createdAt: Instant
  readonly settledAt: Instant | null
}

export const cancellationColumns = (sql: Sql) => sql`
  store_id as "storeId", reference, transaction_reference as "transactionReference",
  pg_cancellation_id as "pgCancellationId", state, pg_code as "pgCode", amount, reason, created_at as "createdAt",
  settled_at as "settledAt"`

export const findCancellation = async (
  sql: Sql,
  storeId: string,
  reference: string,
): Promise<Cancellation | undefined> => {
  const [row] = await sql<Cancellation[]>`
    select ${cancellationColumns(sql)} from sandbox_cancellations where store_id = ${storeId} and reference = ${reference}`
  return row
}

/**
 * Takes the amount of a cancellation that succeeded or is pending from what the payment has left, and records it, in
 * one statement: two that together exceed what is left wait for each other on the payment's row, and the second finds
 * too little. `recorded` is false where too little is left, nothing was received, or the reference is taken. Fails where it
 * is too late (`ownStoreInTime`).
 */
export const recordCancellation = async (
  sql: Sql,
  cancellation: Cancellation,
  notifications: readonly Notification[],
  actBefore: Instant | undefined,
): Promise<{ readonly recorded: boolean }> => {
  const { storeId, reference, transactionReference, state, amount } = cancellation
  const [cancelled, reserved] = state === 'SUCCEEDED' ? [amount, 0] : [0, amount]
  const scheduled =
    notifications.length === 0
      ? sql``
      : sql`, ${insertNotifications(sql, notifications, sql`exists (select from recorded)`)}`
  try {
    const written = await sql`
      with charged as (
        update sandbox_transactions
        set cancelled_amount = cancelled_amount + ${cancelled}, reserved_amount = reserved_amount + ${reserved}
        where ${inTime(sql, storeId, actBefore)}
          and store_id = ${storeId} and reference = ${transactionReference} and state in ('APPROVED', 'DEPOSITED')
          and cancelled_amount + reserved_amount + ${amount} <= amount
        returning reference
      ),
      recorded as (
        insert into sandbox_cancellations (
          store_id, reference, transaction_reference, pg_cancellation_id, state, amount, reason, created_at, settled_at
        )
        select ${storeId}, ${reference}, ${transactionReference}, ${cancellation.pgCancellationId}, ${state}, ${amount},
               ${cancellation.reason}, ${cancellation.createdAt}, ${cancellation.settledAt}::timestamptz
        from charged
        returning reference
      )
      ${scheduled}
      select from recorded`
    return { recorded: written.count === 1 }
  } catch (error) {
    // The reference was recorded by a call that ran at the same time. The statement failed as a whole, so its amount
    // was not taken twice; `on conflict do nothing` would have taken it and recorded nothing.
    if (isUniqueViolation(error)) return { recorded: false }
    throw error
  }
}

/** Keeps a refusal under its reference, so that a repeated request is refused for the same reason. */
export const recordRefusal = async (
  sql: Sql,
  cancellation: Cancellation,
  pgCode: PgCode,
  actBefore: Instant | undefined,
): Promise<void> => {
  const { storeId, reference, transactionReference, pgCancellationId, amount, reason, createdAt } = cancellation
  await sql`
    insert into sandbox_cancellations (
      store_id, reference, transaction_reference, pg_cancellation_id, state, pg_code, amount, reason, created_at,
      settled_at
    ) values (
      ${ownStoreInTime(sql, storeId, actBefore)}, ${reference}, ${transactionReference}, ${pgCancellationId}, 'FAILED', ${pgCode}, ${amount}, ${reason},
      ${createdAt}, ${createdAt}
    ) on conflict do nothing`
}

export type Settlement = {
  readonly storeId: string
  readonly reference: string
  readonly to: 'SUCCEEDED' | 'FAILED' | 'STOPPED'
  readonly at: Instant
  /** Of what a call asks for: it fails where it is too late (`inTime`). Absent where the PG settles by itself. */
  readonly actBefore?: Instant
  readonly pgCode?: PgCode
}

/**
 * Ends a pending cancellation: what it held back is refunded or released, and nothing is left to happen by itself.
 * Undefined where it was not pending.
 */
export const settleCancellation = async (sql: Sql, settlement: Settlement): Promise<Cancellation | undefined> => {
  const { storeId, reference, to, at, actBefore, pgCode } = settlement
  const [row] = await sql<Cancellation[]>`
    with settled as (
      update sandbox_cancellations set state = ${to}, settled_at = ${at}, pg_code = ${pgCode ?? null}
      where ${inTime(sql, storeId, actBefore)}
        and store_id = ${storeId} and reference = ${reference} and state = 'PENDING'
      returning *
    ),
    released as (
      update sandbox_transactions as payment
      set reserved_amount = payment.reserved_amount - settled.amount,
          cancelled_amount = payment.cancelled_amount + case settled.state when 'SUCCEEDED' then settled.amount else 0 end
      from settled
      where payment.store_id = settled.store_id and payment.reference = settled.transaction_reference
    )
    select ${cancellationColumns(sql)} from settled`
  return row
}

/** What the caller of a cancellation is told, at first and whenever it repeats the reference. */
export const cancellationAnswer = (cancellation: Cancellation): Outcome<GatewayCancellation> => {
  switch (cancellation.state) {
    case 'PENDING':
      return { kind: 'pending', pgTransactionId: cancellation.pgCancellationId }
    case 'SUCCEEDED':
      return { kind: 'succeeded', value: resultOf(cancellation) }
    case 'FAILED':
      return { kind: 'failed', failure: recordedFailure(cancellation.pgCode) }
    case 'STOPPED':
      return refusedWith('SBX_CANCEL_STOPPED')
  }
}

/** What an inquiry is told. */
export const cancellationState = (cancellation: Cancellation | undefined): GatewayCancellationState => {
  switch (cancellation?.state) {
    case undefined:
      return { state: 'NONE' }
    case 'PENDING':
      return { state: 'PENDING' }
    case 'SUCCEEDED':
      return { state: 'SUCCEEDED', cancellation: resultOf(cancellation) }
    case 'FAILED':
      return { state: 'FAILED', failure: recordedFailure(cancellation.pgCode) }
    case 'STOPPED':
      return { state: 'STOPPED', stoppedAt: cancellation.settledAt ?? cancellation.createdAt }
  }
}

const resultOf = ({ pgCancellationId, settledAt, createdAt }: Cancellation): GatewayCancellation => ({
  pgCancellationId,
  cancelledAt: settledAt ?? createdAt,
})
