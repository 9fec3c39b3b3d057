import type { CreatePaymentScheduleBody } from '@naru/contract'
import { type BillingKeyParts, findUsableKey } from '../billing-keys/charge.ts'
import { fromIso } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { billingKeyOrder } from '../payments/billing-key-payment.ts'
import { invalid } from '../payments/input.ts'
import { change, type PaymentKey, type PaymentParts } from '../payments/process.ts'
import { createSchedule, revokeSchedule, type ScheduleRefusal } from '../payments/rules/schedule.ts'
import { schedulesOf } from '../payments/schedule.ts'

export type ScheduleParts = { readonly payments: PaymentParts; readonly billingKeys: BillingKeyParts }

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
  { payments, billingKeys }: ScheduleParts,
  key: PaymentKey,
  body: CreatePaymentScheduleBody,
  requestKey: string | undefined,
): Promise<{ readonly id: string } | CreateRefusal> => {
  const order = billingKeyOrder(body.payment)
  if (order instanceof Refusal) return order
  const timeToPay = fromIso(body.timeToPay)
  if (timeToPay === undefined) return invalid('timeToPay must be an instant, such as 2026-01-31T09:00:00+09:00.')
  const usable = await findUsableKey(billingKeys, key.store, order.billingKey)
  if (usable instanceof Refusal) return usable
  const [issuedOn] = usable.channels
  if (!issuedOn) throw new Error(`billing key ${order.billingKey} is held by no channel`)
  const id = timeOrderedId()
  const { promotionId } = body.payment
  const schedule = { ...order, id, promotionId, issuedOn, timeToPay, requestKey }
  const changed = await change(payments, key, (payment, now) => {
    const isRepeat = requestKey !== undefined && schedulesOf(payment).some((own) => own.requestKey === requestKey)
    return isRepeat ? [] : createSchedule(payment, schedule, now)
  })
  if (changed instanceof Refusal) return changed
  const still = changed.events.length === 0 ? usable : await findUsableKey(billingKeys, key.store, order.billingKey)
  if (still instanceof Refusal) {
    await change(payments, key, (payment) => revokeSchedule(payment, id, undefined))
    return still
  }
  const own = schedulesOf(changed.state).find((made) => made.id === id || made.requestKey === requestKey)
  return { id: own?.id ?? id }
}
