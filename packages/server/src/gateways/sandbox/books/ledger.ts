import type { Fragment } from 'postgres'
import type { Sql } from '../../../db/connect.ts'
import { inTime } from '../../../db/epoch.ts'
import type { Instant } from '../../../kernel/clock.ts'
import type { EffectContext } from '../../port/terms.ts'
import type { PgCode } from '../scenarios/failures.ts'
import { insertNotifications, type Notification } from './notifications.ts'
import type { Transaction, TransactionState } from './transaction.ts'

/**
 * The sandbox PG's books of payments. Each function is one statement. A row is named by the caller's reference, so that
 * a repeated request finds what the first one did.
 */
export const transactionColumns = (sql: Sql): Fragment => sql`
  store_id as "storeId", channel_key as "channelKey", reference, pg_transaction_id as "pgTransactionId", kind, state, code, pg_code as "pgCode",
  asked_amount as "askedAmount", amount, cancelled_amount as "cancelledAmount", reserved_amount as "reservedAmount",
  currency, order_name as "orderName", data, created_at as "createdAt", settled_at as "settledAt",
  captured_at as "capturedAt", resolved_at as "resolvedAt", remitter_name as "remitterName", dispute,
  disputed_at as "disputedAt", dispute_settled_at as "disputeSettledAt", charged_back_amount as "chargedBackAmount",
  escrow, escrow_at as "escrowAt", is_automatically_confirmed as "isAutomaticallyConfirmed"`

export const find = async (sql: Sql, storeId: string, reference: string): Promise<Transaction | undefined> => {
  const [row] = await sql<Transaction[]>`
    select ${transactionColumns(sql)} from sandbox_transactions where store_id = ${storeId} and reference = ${reference}`
  return row
}

export const findByPgTransactionId = async (
  sql: Sql,
  storeId: string,
  pgTransactionId: string,
): Promise<Transaction | undefined> => {
  const [row] = await sql<Transaction[]>`
    select ${transactionColumns(sql)} from sandbox_transactions
    where store_id = ${storeId} and pg_transaction_id = ${pgTransactionId}`
  return row
}

/** The oldest account with this number that waits for just this amount: a FIXED account may serve many payments. */
export const findWaitingAccount = async (
  sql: Sql,
  storeId: string,
  accountNumber: string,
  amount: number,
): Promise<Transaction | undefined> => {
  const [row] = await sql<Transaction[]>`
    select ${transactionColumns(sql)} from sandbox_transactions
    where store_id = ${storeId} and kind = 'VIRTUAL_ACCOUNT' and data ->> 'accountNumber' = ${accountNumber}
      and state = 'WAITING' and amount = ${amount}
    order by created_at, reference limit 1`
  return row
}

/** Counts an inquiry and says how many there have been. */
export const countInquiry = async (sql: Sql, storeId: string, reference: string): Promise<number> => {
  const [row] = await sql<{ inquiries: number }[]>`
    update sandbox_transactions set inquiries = inquiries + 1 where store_id = ${storeId} and reference = ${reference}
    returning inquiries`
  return row?.inquiries ?? 0
}

export type Transition = {
  readonly storeId: string
  readonly reference: string
  readonly from: readonly TransactionState[]
  readonly to: TransactionState
  readonly at: Instant
  /** Of what a call asks for: it fails where it is too late (`inTime`). Absent where the PG moves by itself. */
  readonly actBefore?: Instant
  readonly pgCode?: PgCode | undefined
  readonly remitterName?: string | undefined
  readonly resolve?: true | undefined
  /** To be made known if, and only if, the state changed. */
  readonly notifications?: readonly Notification[]
}

/** Moves a payment on; undefined where it was in none of the `from` states, and then nothing is written. */
export const move = async (sql: Sql, transition: Transition): Promise<Transaction | undefined> => {
  const { storeId, reference, from, to, at, actBefore, pgCode, remitterName, resolve, notifications = [] } = transition
  const scheduled =
    notifications.length === 0
      ? sql``
      : sql`, ${insertNotifications(sql, notifications, sql`exists (select from moved)`)}`
  const [row] = await sql<Transaction[]>`
    with moved as (
      update sandbox_transactions
      set state = ${to}, settled_at = case state when ${to} then settled_at else ${at} end, pg_code = ${pgCode ?? null}, remitter_name = ${remitterName ?? null},
          resolved_at = coalesce(resolved_at, ${resolve ? at : null})
      where ${inTime(sql, storeId, actBefore)}
        and store_id = ${storeId} and reference = ${reference} and state = any(${from})
        and cancelled_amount + reserved_amount = 0
      returning *
    )
    ${scheduled}
    select ${transactionColumns(sql)} from moved`
  return row
}

/**
 * Captures an approved payment; the first capture's time stays. Returns it, or undefined where nothing is approved or all
 * of it was given back before. Fails where it is too late (`inTime`).
 */
export const capture = async (
  sql: Sql,
  { storeId, actBefore }: Pick<EffectContext, 'storeId' | 'actBefore'>,
  reference: string,
  at: Instant,
): Promise<Instant | undefined> => {
  const [row] = await sql<{ capturedAt: Instant }[]>`
    update sandbox_transactions set captured_at = coalesce(captured_at, ${at})
    where ${inTime(sql, storeId, actBefore)}
      and store_id = ${storeId} and reference = ${reference} and state = 'APPROVED'
      and (captured_at is not null or cancelled_amount < amount)
    returning captured_at as "capturedAt"`
  return row?.capturedAt
}

/** Opens or ends a dispute; what is not so far, or is over, is left alone. Losing it refunds all that is left. */
export const setDispute = async (
  sql: Sql,
  { storeId, reference, to, at }: { storeId: string; reference: string; to: 'OPEN' | 'WON' | 'LOST'; at: Instant },
): Promise<void> => {
  if (to === 'OPEN')
    await sql`
      update sandbox_transactions set dispute = 'OPEN', disputed_at = ${at}
      where store_id = ${storeId} and reference = ${reference} and dispute is null and state = 'APPROVED'`
  else if (to === 'WON')
    await sql`
      update sandbox_transactions set dispute = 'WON', dispute_settled_at = ${at}
      where store_id = ${storeId} and reference = ${reference} and dispute = 'OPEN'`
  else await chargeBack(sql, storeId, reference, at)
}

const chargeBack = async (sql: Sql, storeId: string, reference: string, at: Instant): Promise<void> => {
  await sql`
    with lost as (
      update sandbox_transactions
      set dispute = 'LOST', dispute_settled_at = ${at}, cancelled_amount = amount - reserved_amount,
          charged_back_amount = amount - reserved_amount - cancelled_amount
      where store_id = ${storeId} and reference = ${reference} and dispute = 'OPEN'
      returning store_id, reference, pg_transaction_id || '-chargeback' as chargeback_id, charged_back_amount
    )
    insert into sandbox_cancellations (
      store_id, reference, transaction_reference, pg_cancellation_id, state, amount, reason, created_at, settled_at
    )
    select store_id, chargeback_id, reference, chargeback_id, 'SUCCEEDED', charged_back_amount, 'dispute lost',
           ${at}::timestamptz, ${at}::timestamptz
    from lost where charged_back_amount > 0`
}
