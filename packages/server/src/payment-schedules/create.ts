import type { CreatePaymentScheduleBody } from '@naru/contract'
import { type BillingKeyParts, findUsableKey, type Holder } from '../billing-keys/charge.ts'
import { isCashLike } from '../cash-receipts/cash-like.ts'
import { scheduleGone } from '../cash-receipts/due.ts'
import { keepForPayment, type WantedReceipt, wantedReceipt } from '../cash-receipts/issue-awaited.ts'
import type { CashReceiptParts } from '../cash-receipts/process.ts'
import { fromIso } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { billingKeyOrder } from '../payments/billing-key-payment.ts'
import { invalid } from '../payments/input.ts'
import type { PaymentRequest } from '../payments/payment.ts'
import { change, type PaymentKey, type PaymentParts } from '../payments/process.ts'
import { createSchedule, revokeSchedule, type ScheduleRefusal } from '../payments/rules/schedule.ts'
import { type Schedule, schedulesOf } from '../payments/schedule.ts'

export type ScheduleParts = {
  readonly payments: PaymentParts
  readonly billingKeys: BillingKeyParts
  readonly cashReceipts: CashReceiptParts
}

type CreateRefusal =
  | ScheduleRefusal
  | Refusal<
      'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_ALREADY_DELETED' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT' | 'INVALID_REQUEST'
    >

/**
 * Schedules a payment. Twice at once: one of them is refused. The same Idempotency-Key again, after a crash: answers
 * with the schedule that the first request made. While the key is being deleted: either the deletion is refused, or the
 * schedule is revoked again.
 */
export const createPaymentSchedule = async (
  parts: ScheduleParts,
  key: PaymentKey,
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
  if (usable instanceof Refusal) return usable
  const id = timeOrderedId()
  const awaitsReceipt = await keepReceipt(parts, key, id, usable, receipt, order.request)
  const [{ channel: issuedOn }] = usable
  const { promotionId } = body.payment
  const schedule = { ...order, id, promotionId, awaitsReceipt, issuedOn, timeToPay, requestKey }
  const made = await commit(parts, key, schedule)
  if (awaitsReceipt && made !== id) await scheduleGone(parts.cashReceipts, { store: key.store, id: key.paymentId }, id)
  return made instanceof Refusal ? made : { id: made }
}

/** Commits the schedule, and looks whether its key is in force still. */
const commit = async (
  { payments, billingKeys }: ScheduleParts,
  key: PaymentKey,
  schedule: Omit<Schedule, 'createdAt'>,
): Promise<string | CreateRefusal> => {
  const { id, billingKey, requestKey } = schedule
  const changed = await change(payments, key, (payment, now) => {
    const isRepeat = requestKey !== undefined && schedulesOf(payment).some((own) => own.requestKey === requestKey)
    return isRepeat ? [] : createSchedule(payment, schedule, now)
  })
  if (changed instanceof Refusal) return changed
  if (changed.events.length === 0)
    return schedulesOf(changed.state).find((made) => made.requestKey === requestKey)?.id ?? id
  const usable = await findUsableKey(billingKeys, key.store, billingKey)
  if (usable instanceof Refusal) {
    await change(payments, key, (payment) => revokeSchedule(payment, id, undefined))
    return usable
  }
  return id
}

/** Keeps the receipt before the schedule is made: one whose schedule was never made is dropped. */
const keepReceipt = async (
  { cashReceipts }: ScheduleParts,
  { store, paymentId }: PaymentKey,
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
