import type { CancelRequester, PromotionDiscountRetainOption, Trigger } from '@naru/contract'
import { failureOf } from '../../doubt/failure.ts'
import { askAgain, awaitNotification, doubt, intent, provesNotExecuted } from '../../doubt/inquiry.ts'
import type { GatewayCancellation, GatewayCancellationState } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import type { Amount } from '../../kernel/money.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { type Balance, cancellableBalance, vatWithin } from '../state/amount.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment, representative } from '../state/payment.ts'
import { refundOf } from '../state/promotion.ts'
import { askForChargeback } from './dispute.ts'
import { paymentNotFound } from './not-found.ts'
import { type AdjustmentRefusal, adjustForPromotion } from './promotion.ts'

/** Cancel attempts per payment, failed ones included. PortOne has a limit and does not say which; 100 is our choice. */
export const maximumCancellations = 100

export type CancelCommand = {
  readonly cancellationId: string
  readonly reason: string
  readonly amount?: Amount | undefined
  readonly taxFreeAmount?: Amount | undefined
  readonly vatAmount?: Amount | undefined
  readonly currentCancellableAmount?: Amount | undefined
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

type AmountRefusalType =
  | 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN'
  | 'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT'
  | 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT'
  | 'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT'
  | 'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT'

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
  if (attempt.phase !== 'PAID' && attempt.phase !== 'PARTIAL_CANCELLED')
    return refuse('PAYMENT_NOT_PAID', notPaidMessage(payment, attempt))
  if (attempt.cancellations.length >= maximumCancellations)
    return refuse('MAX_CANCEL_COUNT_REACHED', `The payment was cancelled or tried to be ${maximumCancellations} times.`)
  if (attempt.method?.type === 'PaymentMethodVirtualAccount' && command.refundAccountFault !== undefined)
    return refuse('INVALID_REQUEST', command.refundAccountFault)
  return attempt
}

const notPaidMessage = (payment: Payment, attempt: Attempt): string =>
  attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED'
    ? `The payment ${payment.paymentId} waits for a deposit. Close its virtual account instead of cancelling.`
    : `The payment ${payment.paymentId} is not paid, so there is nothing to cancel.`

type Parts = { readonly amount: Amount; readonly taxFree: Amount; readonly vat: Amount }

/** The amounts to refund, completed and checked against what is left. The order of the checks is part of the rules. */
export const cancelParts = (attempt: Attempt, command: CancelCommand): Parts | Refusal<AmountRefusalType> => {
  const balance = cancellableBalance(attempt)
  const expected = command.currentCancellableAmount
  if (expected !== undefined && expected !== balance.total)
    return refuse(
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
      `currentCancellableAmount is ${expected}, but ${balance.total} can be cancelled. Read the payment again.`,
    )
  const amount = command.amount ?? balance.total
  const taxFree = command.taxFreeAmount ?? (command.amount === undefined ? balance.taxFree : 0)
  const { vatAmount } = command
  return (
    refuseParts({ amount, taxFree, vat: vatAmount }, balance) ?? {
      amount,
      taxFree,
      vat: vatAmount ?? vatOf(amount - taxFree, balance),
    }
  )
}

const refuseParts = (
  parts: { amount: Amount; taxFree: Amount; vat: Amount | undefined },
  balance: Balance,
): Refusal<AmountRefusalType> | undefined => {
  const { amount, taxFree, vat } = parts
  if (taxFree + (vat ?? 0) > amount)
    return refuse(
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
      `taxFreeAmount (${taxFree}) + vatAmount (${vat ?? 0}) is more than amount (${amount}).`,
    )
  if (balance.total === 0)
    return refuse(
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      'All that was left is being cancelled already. Read the payment to see how that ends.',
    )
  if (amount > balance.total)
    return refuse(
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      `amount is ${amount}, but only ${balance.total} can be cancelled.`,
    )
  if (taxFree > balance.taxFree)
    return refuse(
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      `taxFreeAmount is ${taxFree}, but only ${balance.taxFree} of the tax-free part can be cancelled.`,
    )
  const taxable = amount - taxFree
  if (taxable > balance.taxable || (vat !== undefined && vat > balance.vat))
    return refuse(
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      `${taxable} taxable (VAT ${vat ?? 'derived'}) is more than the ${balance.taxable} (VAT ${balance.vat}) left. ` +
        'Give taxFreeAmount if part of the amount is tax-free; leave vatAmount out to have it derived.',
    )
  return undefined
}

/**
 * The VAT of a refund, where it was not given: the usual eleventh, within what keeps the rest refundable. A merchant
 * that gives VAT amounts of its own may leave some over, which must not keep the last of the money from being refunded.
 */
const vatOf = (taxable: Amount, balance: Balance): Amount =>
  Math.min(taxable, Math.max(leastVat(taxable, balance), Math.min(vatWithin(taxable), balance.vat)))

/**
 * The VAT that a refund must take at least: what stays taxable has to cover the VAT that stays. Otherwise many small
 * refunds, whose VAT rounds to 0, would leave more VAT than money, and the rest could never be refunded. Refunding all
 * that is taxable takes all the VAT, so that rounding never strands any.
 */
const leastVat = (taxable: Amount, balance: Balance): Amount => balance.vat - (balance.taxable - taxable)

/** Applies the PG's answer to a cancel call. */
export const settleCancellation = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<GatewayCancellation>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const cancellation = cancellationOf(attempt, cancellationId)
  if (cancellation.status !== 'REQUESTED' || cancellation.isPending) return []
  const ids = { transactionId, cancellationId }
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'CancellationSucceeded', ...ids, ...outcome.value }]
    case 'failed':
      return [
        { type: 'CancellationFailed', ...ids, failure: failureOf(outcome.failure) },
        ...askForChargeback(attempt, now),
      ]
    case 'pending':
      return [{ type: 'CancellationPending', ...ids, inquiry: awaitNotification(now) }]
    case 'unknown':
      return [planned(ids, doubt(cancellation.inquiry, now))]
  }
}

/** Applies what the PG says about a cancellation when asked. */
export const settleCancellationByInquiry = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<GatewayCancellationState>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const { status, isPending, stopping, inquiry } = cancellationOf(attempt, cancellationId)
  if (status !== 'REQUESTED' || !inquiry) return []
  const ids = { transactionId, cancellationId }
  const again = [planned(ids, askAgain(inquiry, now))]
  if (outcome.kind !== 'succeeded') return again
  const known = outcome.value
  switch (known.state) {
    case 'NONE':
      return !isPending && provesNotExecuted(inquiry, mayActWithin, now)
        ? [{ type: 'CancellationFailed', ...ids, failure: notExecuted }, ...askForChargeback(attempt, now)]
        : again
    case 'PENDING':
      if (stopping) return [{ type: 'CancellationStopRefused', ...ids }, ...again]
      return isPending ? again : [{ type: 'CancellationPending', ...ids, inquiry: awaitNotification(now) }]
    case 'SUCCEEDED':
      return [{ type: 'CancellationSucceeded', ...ids, ...known.cancellation }]
    case 'FAILED':
      return [
        { type: 'CancellationFailed', ...ids, failure: failureOf(known.failure) },
        ...askForChargeback(attempt, now),
      ]
    case 'STOPPED':
      return [{ type: 'CancellationStopped', ...ids, stoppedAt: known.stoppedAt }, ...askForChargeback(attempt, now)]
  }
}

/**
 * Asks the PG to withdraw a refund that it accepted and has not carried out. Decides on nothing where the same request did so
 * before.
 */
export const requestStop = (
  payment: Payment,
  cancellationId: string,
  now: Instant,
  requestKey?: string,
):
  | readonly PaymentEvent[]
  | Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_PENDING'> => {
  if (payment.attempts.length === 0) return paymentNotFound(payment.paymentId)
  const attempt = payment.attempts.find(({ cancellations }) => cancellations.some(({ id }) => id === cancellationId))
  if (!attempt)
    return refuse(
      'PAYMENT_CANCELLATION_NOT_FOUND',
      `The payment ${payment.paymentId} has no cancellation ${cancellationId}.`,
    )
  const cancellation = cancellationOf(attempt, cancellationId)
  if (requestKey !== undefined && cancellation.stopRequestKey === requestKey) return []
  if (cancellation.status !== 'REQUESTED' || !cancellation.isPending || cancellation.stopping)
    return refuse('PAYMENT_CANCELLATION_NOT_PENDING', notPendingMessage(cancellation))
  return [
    {
      type: 'CancellationStopRequested',
      transactionId: attempt.transactionId,
      cancellationId,
      requestKey,
      inquiry: intent(now),
    },
  ]
}

const notPendingMessage = ({ status, stopping }: Cancellation): string => {
  if (stopping) return 'The cancellation is being stopped already. Read the payment to see how that ends.'
  return status === 'REQUESTED'
    ? 'The payment gateway has not said yet that it does the cancellation later, and only such a one can be stopped.'
    : `The cancellation is ${status}: nothing is left to stop.`
}

/** Applies the PG's answer to a stop call. A lost answer leaves the cancellation as it is, with an inquiry planned. */
export const settleStop = (
  payment: Payment,
  transactionId: string,
  cancellationId: string,
  outcome: Outcome<{ at: Instant }>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  if (!cancellationOf(attempt, cancellationId).stopping) return []
  const ids = { transactionId, cancellationId }
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'CancellationStopped', ...ids, stoppedAt: outcome.value.at }, ...askForChargeback(attempt, now)]
    case 'failed':
      return [{ type: 'CancellationStopRefused', ...ids }]
    case 'pending':
    case 'unknown':
      return []
  }
}

export const cancellationOf = (attempt: Attempt, cancellationId: string): Cancellation => {
  const cancellation = attempt.cancellations.find(({ id }) => id === cancellationId)
  if (!cancellation) throw new Error(`transaction ${attempt.transactionId} has no cancellation ${cancellationId}`)
  return cancellation
}

const planned = (
  ids: { transactionId: string; cancellationId: string },
  inquiry: ReturnType<typeof askAgain>,
): PaymentEvent => ({
  type: 'InquiryPlanned',
  transactionId: ids.transactionId,
  of: { kind: 'cancellation', cancellationId: ids.cancellationId },
  inquiry,
})

const notExecuted = failureOf(naruFailure('NARU_NOT_EXECUTED'))
