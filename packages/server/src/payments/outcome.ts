import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import type { Instant } from '../kernel/clock.ts'
import { type Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { inquireDue } from './inquire.ts'
import type { LoadedPayment, PaymentParts } from './parts.ts'
import { cancellationOf } from './rules/settle-cancellation.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment } from './state/payment.ts'

/** Waits until `isSettled`, asking the PG whenever an inquiry is due; see `AggregateProcess.until`. */
export const awaitSettled = (
  parts: PaymentParts,
  key: AggregateKey,
  isSettled: (payment: Payment) => boolean,
): Promise<LoadedPayment> => parts.process.until(key, isSettled, () => inquireDue(parts, key))

/** Waits for one attempt's outcome where the PG's answer got lost; returns at once where it did not. */
export const attemptOutcome = async (
  parts: PaymentParts,
  key: AggregateKey,
  changed: LoadedPayment,
  transactionId: string,
): Promise<Attempt> => {
  const isDecided = (payment: Payment) => {
    const { phase } = attemptOf(payment, transactionId)
    return phase !== 'APPROVING' && phase !== 'REVERSING'
  }
  const settled = isDecided(changed.state) ? changed : await awaitSettled(parts, key, isDecided)
  return attemptOf(settled.state, transactionId)
}

/** As `attemptOutcome`, for one cancellation. An accepted one that comes later counts as an outcome. */
export const cancellationOutcome = async (
  parts: PaymentParts,
  key: AggregateKey,
  changed: LoadedPayment,
  transactionId: string,
  cancellationId: string,
): Promise<Cancellation> => {
  const find = (payment: Payment) => cancellationOf(attemptOf(payment, transactionId), cancellationId)
  const isDecided = (payment: Payment) => find(payment).status !== 'REQUESTED' || find(payment).isPending
  const settled = isDecided(changed.state) ? changed : await awaitSettled(parts, key, isDecided)
  return find(settled.state)
}

/** What a payment call answers: when it was paid, or when its virtual account was issued or its approval accepted. */
export type PaymentSummary = {
  readonly pgTxId: string
  readonly paidAt: Instant
  /** The attempt, where it is already paid. */
  readonly paid?: Attempt
}

/**
 * A result that is only pending answers like an issued virtual account (accepted, not paid): an error would invite the
 * caller to pay again under another id. The payment's status and the webhooks tell the rest.
 */
export const summarize = (attempt: Attempt): PaymentSummary | Refusal<'PG_PROVIDER'> => {
  const pgTxId = attempt.pgTransactionId
  if (attempt.phase === 'FAILED') return refusedByGateway(failureFacts(attempt.failure))
  if (attempt.phase === 'APPROVING' || attempt.phase === 'REVERSING' || pgTxId === undefined) return resultUnknown()
  const paidAt = attempt.paidAt ?? attempt.virtualAccount?.issuedAt ?? attempt.statusChangedAt
  return { pgTxId, paidAt, ...(attempt.phase === 'PAID' ? { paid: attempt } : {}) }
}
