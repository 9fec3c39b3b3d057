import { awaitOutcome } from '../doubt/await-outcome.ts'
import type { Instant } from '../kernel/clock.ts'
import { type Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { inquireDue } from './inquire.ts'
import type { LoadedPayment } from './module.ts'
import { load, type PaymentKey, type PaymentParts, queueKey } from './module.ts'
import { cancellationOf } from './rules/cancellation.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment } from './state/payment.ts'

/**
 * Waits until `isSettled`, asking the PG whenever an inquiry is due and listening for what others find out; at most until
 * the request must be answered.
 */
export const awaitSettled = (
  parts: PaymentParts,
  key: PaymentKey,
  isSettled: (payment: Payment) => boolean,
): Promise<LoadedPayment> =>
  awaitOutcome(parts.settlements, queueKey(key), {
    inquireDue: () => inquireDue(parts, key),
    load: () => load(parts, key),
    isSettled,
  })

/** Waits for one attempt's outcome where the PG's answer got lost; returns at once where it did not. */
export const attemptOutcome = async (
  parts: PaymentParts,
  key: PaymentKey,
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
  key: PaymentKey,
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
  /** The attempt, where it is paid already. */
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

export const failureFacts = (failure: Attempt['failure']) => ({
  pgCode: failure?.pgCode ?? 'NARU_UNKNOWN_FAILURE',
  pgMessage: failure?.pgMessage ?? failure?.reason ?? 'The payment gateway refused without saying why.',
})

/** No member of PortOne's error unions means "not known yet", so the code says it. */
export const resultUnknown = (): Refusal<'PG_PROVIDER'> =>
  refusedByGateway({
    pgCode: 'NARU_RESULT_UNKNOWN',
    pgMessage:
      'The payment gateway has not said yet whether it happened. Naru keeps asking and announces the result by webhook. ' +
      'Do not try again under another id: read the payment.',
  })
