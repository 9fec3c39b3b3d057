import { type Inquiry, intent, waitAtAge } from '../../doubt/inquiry.ts'
import type { GatewayDispute } from '../../gateways/port/fulfilment.ts'
import type { GatewayPayment } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import { day, type Instant } from '../../kernel/clock.ts'
import { compact } from '../../kernel/compact.ts'
import type { Amount } from '../../kernel/money.ts'
import { cancellableBalance, vatWithin } from '../state/amount.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type CancellationAdjustment, type Payment, wasPaid } from '../state/payment.ts'
import { refundableAmount, remainingDiscount } from '../state/promotion.ts'

/**
 * Applies what the PG says of the disputes of a payment. A lost one took money: it becomes a cancellation with the
 * trigger `CHARGEBACK`, which nobody has to ask the PG for.
 */
export const settleDisputes = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const isKnown = outcome.kind === 'succeeded' && outcome.value.state === 'APPROVED'
  const disputes = isKnown ? (outcome.value.disputes ?? []) : []
  const news = wasPaid(attempt) ? disputes.flatMap((dispute) => newsOf(attempt, dispute, now)) : []
  if (news.length > 0) return news
  const { disputeInquiry } = attempt
  if (disputeInquiry === undefined || disputeInquiry.nextAt > now) return []
  return [{ type: 'InquiryPlanned', transactionId, of: { kind: 'dispute' }, inquiry: lookAgain(disputeInquiry, now) }]
}

/** Whether `settleDisputes` could have anything to say: most payments are never disputed. */
export const mayTellOfDisputes = (attempt: Attempt, outcome: Outcome<GatewayPayment>): boolean =>
  attempt.disputeInquiry !== undefined ||
  (outcome.kind === 'succeeded' && outcome.value.state === 'APPROVED' && outcome.value.disputes !== undefined)

const newsOf = (attempt: Attempt, dispute: GatewayDispute, now: Instant): readonly PaymentEvent[] => {
  const { pgDisputeId, reason, createdAt, resolution } = dispute
  const known = attempt.disputes.find((candidate) => candidate.pgDisputeId === pgDisputeId)
  if (known?.status === 'RESOLVED') return []
  const { transactionId } = attempt
  const created: readonly PaymentEvent[] = known
    ? []
    : [{ type: 'DisputeCreated', transactionId, pgDisputeId, reason, createdAt, inquiry: watch(now) }]
  if (!resolution) return created
  const resolved = { type: 'DisputeResolved', transactionId, pgDisputeId, resolvedAt: resolution.at } as const
  if (!resolution.chargeback) return [...created, resolved]
  // A refund of ours under way may hold that money still: the PG will refuse it, and then the chargeback fits.
  const { amount } = resolution.chargeback
  if (amount > refundableAmount(attempt)) return created
  return [...created, resolved, ...chargeBack(attempt, resolution.chargeback, resolution.at, now)]
}

const chargeBack = (
  attempt: Attempt,
  { pgCancellationId, amount }: { readonly pgCancellationId: string; readonly amount: Amount },
  cancelledAt: Instant,
  now: Instant,
): readonly PaymentEvent[] => {
  const { transactionId } = attempt
  const { total, taxFree, vat } = chargedBackParts(attempt, amount)
  const cancellation = {
    // The PG's own id: however often we hear of it, it is one chargeback.
    id: pgCancellationId,
    totalAmount: total,
    taxFreeAmount: taxFree,
    vatAmount: vat,
    reason: 'The buyer won a dispute.',
    trigger: 'CHARGEBACK',
    ...compact({ promotion: chargedBackDiscount(attempt, amount) }),
  } as const
  return [
    { type: 'CancellationRequested', transactionId, cancellation, inquiry: intent(now) },
    { type: 'CancellationSucceeded', transactionId, cancellationId: pgCancellationId, pgCancellationId, cancelledAt },
  ]
}

/**
 * What of the order a chargeback cancels. A bank takes money back and knows neither of parts nor of discounts (our
 * choice): all the money left is all of the order left, discount included; less than that is as much of the order, of
 * which the taxable part goes first, so that no part gets below 0.
 */
export const chargedBackParts = (
  attempt: Attempt,
  amount: Amount,
): { readonly total: Amount; readonly taxFree: Amount; readonly vat: Amount } => {
  const balance = cancellableBalance(attempt)
  if (amount === refundableAmount(attempt))
    return { total: balance.total, taxFree: balance.taxFree, vat: Math.min(balance.vat, balance.taxable) }
  const taxFree = Math.max(0, amount - balance.taxable)
  return { total: amount, taxFree, vat: Math.min(vatWithin(amount - taxFree), balance.vat) }
}

const chargedBackDiscount = (attempt: Attempt, amount: Amount): CancellationAdjustment | undefined => {
  if (!attempt.promotion) return undefined
  const isAll = amount === refundableAmount(attempt)
  return isAll
    ? { option: 'RELEASE', refundAmount: amount, releasedDiscount: remainingDiscount(attempt) }
    : { option: 'RETAIN', refundAmount: amount, releasedDiscount: 0 }
}

/**
 * A refund that came to nothing no longer holds its money. A chargeback of it, which did not fit beside the refund and was
 * not applied, fits now: the PG is asked at once, not when the dispute is next looked at, which may be in a day.
 */
export const askForChargeback = ({ transactionId, disputeInquiry }: Attempt, now: Instant): readonly PaymentEvent[] =>
  disputeInquiry === undefined
    ? []
    : [{ type: 'InquiryPlanned', transactionId, of: { kind: 'dispute' }, inquiry: { ...disputeInquiry, nextAt: now } }]

/** Disputes last for weeks: our choice is to ask once a day, and less often about one that nobody ends for months. */
const watch = (now: Instant): Inquiry => ({ since: now, count: 0, nextAt: now + day, inDoubt: false })
const lookAgain = (inquiry: Inquiry, now: Instant): Inquiry => ({
  ...inquiry,
  count: inquiry.count + 1,
  nextAt: now + Math.max(day, waitAtAge(now - inquiry.since)),
})
