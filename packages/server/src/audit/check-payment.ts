import { toIso } from '../kernel/clock.ts'
import { cancellableBalance, cancelledAmount } from '../payments/state/amount.ts'
import { nextDueAt } from '../payments/state/due.ts'
import { noPayment } from '../payments/state/evolve.ts'
import { type Attempt, type Payment, wasPaid } from '../payments/state/payment.ts'
import { unsettledHold } from '../payments/state/promotion.ts'
import { chargedAtGateway, isBeingReversed } from '../payments/state/reversal.ts'
import { paymentAggregate } from '../payments/store.ts'
import { checkStream } from './check-stream.ts'
import { broken } from './compare.ts'
import type { Broken } from './finding.ts'
import type { AuditedPayment } from './rows.ts'

/** Checks a payment against its journal, its columns and the money rules. */
export const checkPayment = (audited: AuditedPayment): readonly Broken[] => [
  ...checkStream(paymentAggregate, emptyOf(audited.snapshot), { ...audited, snapshot: withoutOwnId(audited.snapshot) }),
  ...checkDiscounts(audited),
  ...checkMoney(audited.snapshot.state),
  ...checkDue(audited.snapshot.state),
  ...checkGivenBack(audited.snapshot.state),
]

const emptyOf = ({ merchantId, storeId, paymentId }: AuditedPayment['snapshot']): Payment =>
  noPayment(merchantId, storeId, paymentId)

/** Earlier versions wrote a payment's own id among its texts, too. */
const withoutOwnId = (snapshot: AuditedPayment['snapshot']): AuditedPayment['snapshot'] => {
  const { search } = snapshot.row
  if (!Array.isArray(search)) return snapshot
  const entries: readonly unknown[] = search
  const own = `PAYMENT_ID=${snapshot.paymentId}`
  return { ...snapshot, row: { ...snapshot.row, search: entries.filter((entry) => entry !== own) } }
}

/** The promotion's budget holds what the attempt says, or what it is about to learn. */
const checkDiscounts = ({ snapshot, journal, holds }: AuditedPayment): readonly Broken[] =>
  snapshot.state.attempts.flatMap((attempt) => {
    const { transactionId, promotion } = attempt
    if (!promotion) return []
    const held = holds.get(transactionId) ?? 0
    const expected = [promotion.heldAmount, unsettledHold(attempt)?.amount]
    const isGivenUp = held === 0 && !wasPaid(attempt) && failedAtFirst(journal, transactionId)
    if (expected.includes(held) || isGivenUp) return []
    const what = `${transactionId} has ${promotion.heldAmount} of ${promotion.promotionId}, whose budget holds ${held} for it.`
    return [broken('discount-is-held', what)]
  })

/** Charged late, and being given back: others may have used the rest of the budget meanwhile. */
const failedAtFirst = (journal: AuditedPayment['journal'], transactionId: string): boolean =>
  journal.some(({ event }) => event.type === 'AttemptFailed' && event.transactionId === transactionId)

const checkMoney = ({ attempts }: Payment): readonly Broken[] => {
  const paid = attempts.filter(wasPaid).map(({ transactionId }) => transactionId)
  const twice = paid.length > 1 ? [broken('money-adds-up', `Paid more than once, by ${paid.join(' and ')}.`)] : []
  return [...twice, ...attempts.flatMap(checkAttemptMoney)]
}

const checkAttemptMoney = (attempt: Attempt): readonly Broken[] => {
  const { transactionId, phase, request, cancellations } = attempt
  const balance = cancellableBalance(attempt)
  const overdrawn = Object.entries(balance)
    .filter(([, left]) => left < 0)
    .map(([part, left]) => broken('money-adds-up', `${transactionId} has ${left} left of its ${part} amount.`))
  const isAll = cancelledAmount(attempt) === request.amount.total
  if (isAll !== (phase === 'CANCELLED'))
    overdrawn.push(
      broken(
        'money-adds-up',
        `${transactionId} is ${phase} with ${cancelledAmount(attempt)} of ${request.amount.total} refunded.`,
      ),
    )
  if (!wasPaid(attempt) && cancellations.length > 0)
    overdrawn.push(broken('money-adds-up', `${transactionId} is ${phase} and has cancellations.`))
  return overdrawn
}

const checkDue = (payment: Payment): readonly Broken[] => {
  const forgotten = payment.attempts.flatMap(undecidedWithoutInquiry)
  const isWaiting = payment.attempts.some(({ phase }) => phase === 'VIRTUAL_ACCOUNT_ISSUED')
  if (isWaiting && nextDueAt(payment) === undefined) forgotten.push('a virtual account that never expires')
  return forgotten.map((what) => broken('undecided-is-due', `Nobody will ever ask about ${what}.`))
}

/** Known of any PG, since it said so itself. An answer that is still waited for is no fault. */
const checkGivenBack = ({ attempts }: Payment): readonly Broken[] =>
  attempts.flatMap((attempt) => {
    const { transactionId, pgTransactionId, request, refusedReversal, failure, inquiry } = attempt
    if (!refusedReversal) return []
    const charge = `${chargedAtGateway(attempt)} ${request.currency} of ${transactionId} (${pgTransactionId} there)`
    const next = inquiry ? `, next asked at ${toIso(inquiry.nextAt)}` : ''
    const refusals = `Refusals so far: ${refusedReversal.times}${next}.`
    return [broken('charged-is-given-back', `The PG keeps ${charge}. ${refusals} ${failure?.pgMessage}`)]
  })

const undecidedWithoutInquiry = (attempt: Attempt): string[] => {
  const { transactionId, phase, inquiry, capture, cancellations } = attempt
  const isUndecided = phase === 'APPROVING' || phase === 'PAY_PENDING' || isBeingReversed(attempt)
  return [
    ...(isUndecided && !inquiry ? [`${transactionId}, which is ${phase}`] : []),
    ...(capture && capture.capturedAt === undefined && !capture.inquiry ? [`the capture of ${transactionId}`] : []),
    ...cancellations
      .filter((cancellation) => cancellation.status === 'REQUESTED' && !cancellation.inquiry)
      .map(({ id }) => `the cancellation ${id}`),
  ]
}
