import type { PaymentMethod, SelectedChannel, SimplifiedPaymentMethodType } from '@naru/contract'
import type { Sql } from '../db/connect.ts'
import { day, type Instant } from '../kernel/clock.ts'
import { beginOf, type Day, type Days, dayOf, isWithin, withinTime } from '../kernel/days.ts'
import type { Amount } from '../kernel/money.ts'
import { type Attempt, type Payment, wasPaid } from '../payments/state/payment.ts'
import { chargedAmount, discountOf, refundOf } from '../payments/state/promotion.ts'
import { isBeingReversed } from '../payments/state/reversal.ts'
import { paymentOf, type StoredPayment, storedPayment } from '../payments/stored.ts'

/** Money that moved, from our journal. */
export type Movement = {
  readonly storeId: string
  readonly paymentId: string
  readonly type: 'APPROVAL' | 'CANCELLATION'
  readonly pgTransactionId: string
  /** Absent for a mistaken charge that was reversed: we know the transaction, but not the PG's id of the reversal. */
  readonly pgMovementId?: string | undefined
  readonly method: SimplifiedPaymentMethodType
  readonly channel: SelectedChannel
  /** The channel whose files contain the PG's row. */
  readonly channelId: string
  readonly currency: string
  /** What the PG moved. Absent if it moved another amount than requested, and reversed it. */
  readonly amount?: Amount | undefined
  /** The order amount behind it, before any discount. */
  readonly order: { readonly total: Amount; readonly taxFree: Amount; readonly discount: Amount }
  readonly date: Day
  /** The PG did it between this day and `date`, when we learned of it, and did not say when. Absent: on `date`. */
  readonly since?: Day | undefined
}

/**
 * We learn of most movements at once, and the PG's clock is close to ours. Whatever we learned of later than this came from
 * an inquiry, up to a year later for a deposit that was never announced. For those the PG's own time is used.
 */
const slack = day

/** All movements of the given stores in the given days, inclusive: a range of the journal's index. */
export const findMovements = async (
  sql: Sql,
  storeIds: readonly string[],
  days: Days,
): Promise<readonly Movement[]> => {
  const [begin, end]: [Instant, Instant] = [withinTime(beginOf(days.from)), withinTime(beginOf(days.until) + day)]
  const heardOf = sql`j.at >= ${begin - slack}::timestamptz and (j.at < ${end + slack}::timestamptz or
    coalesce(j.data #> '{approval,paidAt}', j.data -> 'paidAt', j.data -> 'cancelledAt')::bigint < ${end})`
  // Long after the charge, where the PG had refused to give it back. Mistaken charges are rare, and all looked at.
  const returned = sql`exists (
    select from journal r
    where r.store_id = j.store_id and r.stream = j.stream and r.stream_id = j.stream_id and r.type = 'ReversalSucceeded'
      and r.at >= ${begin}::timestamptz and r.at < ${end}::timestamptz)`
  const rows = await sql<{ stored: StoredPayment }[]>`
    select ${storedPayment(sql)} as stored from payments p
    where p.store_id = any(${[...storeIds]}::text[]) and (p.store_id, p.payment_id) in (
      select j.store_id, j.stream_id from journal j
      where j.store_id = any(${[...storeIds]}::text[]) and j.stream = 'payment'
        and j.type in ('Approved', 'DepositReceived', 'CancellationSucceeded') and ${heardOf}
      union
      select j.store_id, j.stream_id from journal j
      where j.store_id = any(${[...storeIds]}::text[]) and j.stream = 'payment' and j.type = 'ReversalRequested'
        and ${heardOf}
      union
      select j.store_id, j.stream_id from journal j
      where j.store_id = any(${[...storeIds]}::text[]) and j.stream = 'payment' and j.type = 'ReversalRequested'
        and ${returned})
    order by p.store_id, p.created_at, p.payment_id`
  return rows.flatMap(({ stored }) => movementsOf(paymentOf(stored))).filter(({ date }) => isWithin(date, days))
}

const movementsOf = (payment: Payment): readonly Movement[] =>
  payment.attempts.flatMap((attempt) =>
    wasPaid(attempt) ? paidMovements(payment, attempt) : reversedMovements(payment, attempt),
  )

const paidMovements = (payment: Payment, attempt: Attempt): readonly Movement[] => {
  const { pgTransactionId, paidAt, request, cancellations } = attempt
  if (pgTransactionId === undefined || paidAt === undefined) return []
  const base = baseOf(payment, attempt, pgTransactionId)
  const { total, taxFree } = request.amount
  const order = { total, taxFree, discount: discountOf(attempt) }
  const amount = chargedAmount(attempt)
  return [
    { ...base, type: 'APPROVAL', pgMovementId: pgTransactionId, amount, order, date: dayOf(paidAt) },
    ...cancellations.flatMap((cancellation): Movement[] => {
      const { status, pgCancellationId, cancelledAt, totalAmount, taxFreeAmount, promotion } = cancellation
      if (status !== 'SUCCEEDED' || pgCancellationId === undefined || cancelledAt === undefined) return []
      const discount = promotion?.releasedDiscount ?? 0
      return [
        {
          ...base,
          type: 'CANCELLATION',
          pgMovementId: pgCancellationId,
          amount: refundOf(cancellation),
          order: { total: totalAmount, taxFree: taxFreeAmount, discount },
          date: dayOf(cancelledAt),
        },
      ]
    }),
  ]
}

/** A mistaken charge: it is in the PG's books as charge and, once it is given back, as reversal; the two sum up to nothing. */
const reversedMovements = (payment: Payment, attempt: Attempt): readonly Movement[] => {
  const { pgTransactionId, paidAt, failedAt, returnedAt } = attempt
  if (pgTransactionId === undefined || paidAt === undefined) return []
  const base = { ...baseOf(payment, attempt, pgTransactionId), order: { total: 0, taxFree: 0, discount: 0 } }
  const charged = { ...base, type: 'APPROVAL' as const, pgMovementId: pgTransactionId, date: dayOf(paidAt) }
  const givenBackAt = returnedAt ?? failedAt ?? paidAt
  const given = { ...base, type: 'CANCELLATION' as const, date: dayOf(givenBackAt), since: dayOf(paidAt) }
  return isBeingReversed(attempt) ? [charged] : [charged, given]
}

const baseOf = ({ storeId, paymentId }: Payment, { request, channel, method }: Attempt, pgTransactionId: string) => ({
  storeId,
  paymentId,
  pgTransactionId,
  channel,
  // Every channel has an id; only the contract's type leaves it optional.
  channelId: channel.id ?? channel.pgMerchantId,
  currency: request.currency,
  method: simplified(method),
})

const simplified = (method: PaymentMethod | undefined): SimplifiedPaymentMethodType => {
  switch (method?.type) {
    case 'PaymentMethodCard':
      return 'CARD'
    case 'PaymentMethodVirtualAccount':
      return 'VIRTUAL_ACCOUNT'
    case 'PaymentMethodTransfer':
      return 'TRANSFER'
    case 'PaymentMethodMobile':
      return 'MOBILE'
    default:
      return 'ETC'
  }
}
