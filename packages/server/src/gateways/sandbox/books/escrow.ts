import type { Sql } from '../../../db/connect.ts'
import { inTime } from '../../../db/epoch.ts'
import { type Instant, storeTime } from '../../../kernel/clock.ts'
import type { FulfilmentStep, GatewayEscrow } from '../../port/fulfilment.ts'
import type { EffectContext, GatewayTarget } from '../../port/terms.ts'
import { transactionColumns } from './ledger.ts'
import { insertNotifications, type Notification } from './notifications.ts'
import type { Transaction } from './transaction.ts'

type Status = GatewayEscrow['status']

/** Of REGISTERED the payment's row says nothing: it is what the steps that we were told amount to. */
type Known = Status | 'REGISTERED'

/** Where the goods may be when we are told of a step; null where a step is not about them. */
const before: Readonly<Record<FulfilmentStep['kind'], readonly Known[] | null>> = {
  REGISTER_SHIPMENT: ['REGISTERED'],
  MODIFY_SHIPMENT: ['REGISTERED'],
  CONFIRM_ESCROW: ['REGISTERED', 'DELIVERED'],
  STORE_RECEIPT: null,
  DELIVERY: null,
}

/**
 * Books a step once for each reference: sent again it is what it was. Undefined where the goods are past it. A purchase
 * that the merchant confirms at the moment in which the buyer rejects waits for that on the payment's row. Fails where it is too
 * late (`inTime`).
 */
export const bookStep = async (
  sql: Sql,
  { storeId, reference, clock, actBefore }: EffectContext,
  target: GatewayTarget,
  kind: FulfilmentStep['kind'],
): Promise<{ readonly at: Instant; readonly isNew: boolean } | undefined> => {
  const at = storeTime(clock)
  const allowed = before[kind]
  const confirms = kind === 'CONFIRM_ESCROW'
  const { count } = await sql`
    with payment as (
      update sandbox_transactions
      set escrow = case when ${confirms} then 'CONFIRMED' else escrow end,
          escrow_at = case when ${confirms} then ${at}::timestamptz else escrow_at end
      where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and reference = ${target.reference}
        and (${allowed === null} or coalesce(escrow, 'REGISTERED') = any(${allowed ?? []}::text[]))
        and not exists (select from sandbox_fulfilments where store_id = ${storeId} and reference = ${reference})
      returning reference
    )
    insert into sandbox_fulfilments (store_id, reference, transaction_reference, kind, done_at)
    select ${storeId}, ${reference}, reference, ${kind}, ${at}::timestamptz from payment
    on conflict do nothing`
  if (count === 1) return { at, isNew: true }
  const [known] = await sql<{ at: Instant }[]>`
    select done_at as at from sandbox_fulfilments where store_id = ${storeId} and reference = ${reference}`
  return known && { at: known.at, isNew: false }
}

/** What may become of the goods, and from where. PGs that never say DELIVERED confirm from registration on. */
const progress: Readonly<Record<Status, readonly Known[]>> = {
  DELIVERED: ['REGISTERED'],
  CONFIRMED: ['REGISTERED', 'DELIVERED'],
  REJECTED: ['REGISTERED', 'DELIVERED'],
  REJECT_CONFIRMED: ['REJECTED'],
}

/** Notes what became of the goods, to be announced; undefined where nothing is shipped or this cannot follow. */
export const progressEscrow = async (
  sql: Sql,
  { storeId, reference }: Pick<Transaction, 'storeId' | 'reference'>,
  { status, at, isAutomaticallyConfirmed }: GatewayEscrow,
  announcement: Notification,
): Promise<Transaction | undefined> => {
  const [row] = await sql<Transaction[]>`
    with moved as (
      update sandbox_transactions
      set escrow = ${status}, escrow_at = ${at}, is_automatically_confirmed = ${isAutomaticallyConfirmed}
      where store_id = ${storeId} and reference = ${reference} and state in ('APPROVED', 'DEPOSITED')
        and cancelled_amount < amount and coalesce(escrow, 'REGISTERED') = any(${progress[status]}::text[])
        and exists (
          select from sandbox_fulfilments where store_id = ${storeId} and transaction_reference = ${reference}
            and kind = 'REGISTER_SHIPMENT')
      returning *
    ),
    ${insertNotifications(sql, [announcement], sql`exists (select from moved)`)}
    select ${transactionColumns(sql)} from moved`
  return row
}
