import type { CreatePaymentScheduleBody } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { findUsableKey, type Holder } from '../billing-keys/charge.ts'
import { billingKeyOrder } from '../billing-keys/pay.ts'
import { isCashLike } from '../cash-receipts/cash-like.ts'
import { dropForPayment, keepForPayment, type WantedReceipt, wantedReceipt } from '../cash-receipts/issue-awaited.ts'
import { fromIso } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { createSchedule, type ScheduleRefusal } from '../payments/rules/schedule.ts'
import type { PaymentRequest, Schedule } from '../payments/state/payment.ts'
import { scheduleStatus, schedulesOf } from '../payments/state/schedule.ts'
import type { ScheduleParts } from './parts.ts'

type CreateRefusal =
  | ScheduleRefusal
  | Refusal<
      'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_ALREADY_DELETED' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT' | 'INVALID_REQUEST'
    >

/**
 * Schedules a payment. Twice at once: one of the two is refused. The same Idempotency-Key again, after a crash: returns the
 * schedule that the first request made. While the key is being deleted: either the deletion is refused, or the schedule is
 * revoked again.
 */
export const createPaymentSchedule = async (
  parts: ScheduleParts,
  key: AggregateKey,
  body: CreatePaymentScheduleBody,
  requestKey: string | undefined,
): Promise<{ readonly id: string } | CreateRefusal> => {
  const order = billingKeyOrder(body.payment)
  if (order instanceof Refusal) return order
  const timeToPay = fromIso(body.timeToPay)
  if (timeToPay === undefined) return invalid('timeToPay must be an instant, such as 2026-01-31T09:00:00+09:00.')
  const receipt = wantedReceipt(body.payment.cashReceipt, 'payment.cashReceipt')
  if (receipt instanceof Refusal) return receipt
  const usable = await findUsableKey(parts.billingKeys, key.store, order.billingKey)
  if (usable instanceof Refusal) {
    const known = await takeBack(parts, key, { requestKey }, usable)
    return known instanceof Refusal ? known : { id: known }
  }
  const id = timeOrderedId()
  const awaitsReceipt = await keepReceipt(parts, key, id, usable, receipt, order.request)
  const [{ channel: issuedOn }] = usable
  const { promotionId } = body.payment
  const schedule = { ...order, id, promotionId, awaitsReceipt, issuedOn, timeToPay, requestKey }
  const made = await commit(parts, key, schedule)
  if (awaitsReceipt && made !== id)
    await dropForPayment(parts.cashReceipts, { store: key.store, id: key.id }, { scheduleId: id })
  return made instanceof Refusal ? made : { id: made }
}

/** Commits the schedule, then checks that its key is still in force. */
const commit = async (
  parts: ScheduleParts,
  key: AggregateKey,
  schedule: Omit<Schedule, 'createdAt'>,
): Promise<string | CreateRefusal> => {
  const isOwn = sameAs(schedule)
  const changed = await parts.payments.process.change(key, (payment, now) =>
    schedulesOf(payment).some(isOwn) ? [] : createSchedule(payment, schedule, now),
  )
  if (changed instanceof Refusal) return changed
  const usable = await findUsableKey(parts.billingKeys, key.store, schedule.billingKey)
  if (usable instanceof Refusal) return await takeBack(parts, key, schedule, usable)
  return schedulesOf(changed.state).find(isOwn)?.id ?? schedule.id
}

type Asked = { readonly id?: string; readonly requestKey?: string | undefined }

const sameAs =
  ({ id, requestKey }: Asked) =>
  (schedule: Schedule): boolean =>
    schedule.id === id || (requestKey !== undefined && schedule.requestKey === requestKey)

/**
 * The key is not in force: revokes the schedule, even one that was made before a crash. A schedule that has been carried
 * out since is returned.
 */
const takeBack = async <R extends Refusal>(
  { payments }: ScheduleParts,
  key: AggregateKey,
  asked: Asked,
  refusal: R,
): Promise<string | R> => {
  const isOwn = sameAs(asked)
  const after = await payments.process.apply(key, (payment) => {
    const own = schedulesOf(payment).find(isOwn)
    if (!own || scheduleStatus(payment, own) !== 'SCHEDULED') return []
    return [{ type: 'ScheduleRevoked', scheduleId: own.id }]
  })
  const own = schedulesOf(after.state).find(isOwn)
  return own && own.revokedAt === undefined ? own.id : refusal
}

/** Stores the receipt before the schedule is made. A receipt whose schedule was never made is dropped. */
const keepReceipt = async (
  { cashReceipts }: ScheduleParts,
  { store, id: paymentId }: AggregateKey,
  scheduleId: string,
  holders: readonly Holder[],
  receipt: WantedReceipt | undefined,
  request: PaymentRequest,
): Promise<true | undefined> => {
  const holder = holders.find(({ method }) => isCashLike(method))
  if (!receipt || !holder) return undefined
  const { channel } = holder
  await keepForPayment(cashReceipts, { store, id: paymentId }, receipt, { scheduleId, channel, request })
  return true
}
