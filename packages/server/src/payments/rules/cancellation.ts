import type { CancelRequester, PromotionDiscountRetainOption, Trigger } from '@naru/contract'
import { intent } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, type Cancellation, type Payment, representative } from '../state/payment.ts'
import { refundOf } from '../state/promotion.ts'
import { type AmountRefusalType, type CancelAmounts, cancelParts } from './cancel-amounts.ts'
import { paymentNotFound } from './not-found.ts'
import { paymentNotPaid } from './not-paid.ts'
import { type AdjustmentRefusal, adjustForPromotion } from './promotion.ts'

/** Cancel attempts per payment, failed ones included. PortOne has a limit and does not say which; 100 is our choice. */
export const maximumCancellations = 100

export type CancelCommand = CancelAmounts & {
  readonly cancellationId: string
  readonly reason: string
  /** Only means something for a discounted order. */
  readonly promotionDiscountRetainOption?: PromotionDiscountRetainOption | undefined
  readonly requester?: CancelRequester | undefined
  readonly trigger: Trigger
  readonly requestKey?: string | undefined
  readonly skipWebhook?: boolean | undefined
  /** Why money that cannot go back by itself could not be sent to the account that was given, or not given. */
  readonly refundAccountFault: string | undefined
}

export type CancelRefusal =
  | Refusal<
      | 'INVALID_REQUEST'
      | 'PAYMENT_NOT_FOUND'
      | 'PAYMENT_ALREADY_CANCELLED'
      | 'PAYMENT_NOT_PAID'
      | 'MAX_CANCEL_COUNT_REACHED'
      | AmountRefusalType
    >
  | AdjustmentRefusal

/**
 * Holds the amount back and commits to asking the PG for the refund. State is checked before amounts: PortOne answers
 * `PAYMENT_ALREADY_CANCELLED`, not an amount error, for any amount on a payment that is cancelled in full. Decides on nothing
 * where the same request began a cancellation before; see `cancellationBy`.
 */
export const requestCancellation = (
  payment: Payment,
  command: CancelCommand,
  now: Instant,
): readonly PaymentEvent[] | CancelRefusal => {
  if (cancellationBy(payment, command.requestKey)) return []
  const attempt = cancellableAttempt(payment, command)
  if (attempt instanceof Refusal) return attempt
  const parts = cancelParts(attempt, command)
  if (parts instanceof Refusal) return parts
  const promotion = adjustForPromotion(attempt, parts.amount, command.promotionDiscountRetainOption)
  if (promotion instanceof Refusal) return promotion
  const { reason, trigger, cancellationId } = command
  const cancellation = {
    id: cancellationId,
    totalAmount: parts.amount,
    taxFreeAmount: parts.taxFree,
    vatAmount: parts.vat,
    reason,
    trigger,
    requester: command.requester,
    requestKey: command.requestKey,
    skipWebhook: command.skipWebhook,
    promotion,
  }
  const { transactionId } = attempt
  const requested = { type: 'CancellationRequested', transactionId, cancellation, inquiry: intent(now) } as const
  // The discount that goes is worth as much as what is cancelled: nothing to ask the PG for.
  return refundOf(cancellation) === 0
    ? [requested, { type: 'CancellationSucceeded', transactionId, cancellationId, cancelledAt: now }]
    : [requested]
}

/** The cancellation that a request began, by its key. */
export const cancellationBy = ({ attempts }: Payment, requestKey: string | undefined): Cancellation | undefined =>
  requestKey === undefined
    ? undefined
    : attempts.flatMap(({ cancellations }) => cancellations).find((one) => one.requestKey === requestKey)

const cancellableAttempt = (payment: Payment, command: CancelCommand): Attempt | CancelRefusal => {
  const attempt = representative(payment)
  if (!attempt) return paymentNotFound(payment.paymentId)
  if (attempt.phase === 'CANCELLED')
    return refuse('PAYMENT_ALREADY_CANCELLED', `The payment ${payment.paymentId} is cancelled in full already.`)
  if (attempt.phase !== 'PAID' && attempt.phase !== 'PARTIAL_CANCELLED') return paymentNotPaid(payment, attempt)
  if (attempt.cancellations.length >= maximumCancellations)
    return refuse('MAX_CANCEL_COUNT_REACHED', `The payment was cancelled or tried to be ${maximumCancellations} times.`)
  if (attempt.method?.type === 'PaymentMethodVirtualAccount' && command.refundAccountFault !== undefined)
    return refuse('INVALID_REQUEST', command.refundAccountFault)
  return attempt
}
