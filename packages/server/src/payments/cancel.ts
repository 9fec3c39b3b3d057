import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import type { RefundAccount } from '../gateways/port/payment.ts'
import { naruFailure } from '../kernel/codes.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { settleDiscounts } from './grant-discount.ts'
import { awaitSettled, cancellationOutcome } from './outcome.ts'
import type { LoadedPayment } from './parts.ts'
import { type Changed, callOf, type PaymentParts, targetOf } from './parts.ts'
import { faultOfRefundAccount } from './requests/bank-account-input.ts'
import { type CancelCommand, type CancelRefusal, cancellationBy, requestCancellation } from './rules/cancellation.ts'
import { cancellationOf, settleCancellation } from './rules/settle-cancellation.ts'
import { requestStop, settleStop } from './rules/stop-cancellation.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment } from './state/payment.ts'
import { refundableAmount, refundOf, withFittingParts } from './state/promotion.ts'

export type CancelInput = Omit<CancelCommand, 'cancellationId' | 'refundAccountFault'> & {
  /** Passed on to the PG, never stored. */
  readonly refundAccount?: RefundAccount | undefined
  readonly testCode?: string | undefined
}

/** Refunds all or part: commits the intent, which holds the amount back, calls the PG, commits the outcome. */
export const cancel = async (
  parts: PaymentParts,
  key: AggregateKey,
  input: CancelInput,
): Promise<Cancellation | CancelRefusal | Refusal<'PG_PROVIDER'>> => {
  const refundAccountFault = faultOfRefundAccount(input.refundAccount)
  const command = { ...input, cancellationId: timeOrderedId(), refundAccountFault }
  const begun = await parts.process.change(key, (payment, now) => requestCancellation(payment, command, now))
  if (begun instanceof Refusal) return begun
  const own = cancellationBy(begun.state, input.requestKey)
  if (own && begun.events.length === 0) {
    const { transactionId } = attemptWith(begun.state, own.id)
    return answer(await cancellationOutcome(parts, key, begun, transactionId, own.id))
  }
  const attempt = attemptWith(begun.state, command.cancellationId)
  if (cancellationOf(attempt, command.cancellationId).status === 'SUCCEEDED') {
    await settleDiscounts(parts, key, begun)
    return cancellationOf(attempt, command.cancellationId)
  }
  const outcome = await callGateway(parts, key, begun, attempt, command.cancellationId, input)
  const settled = await parts.process.apply(
    key,
    (payment, now) => settleCancellation(payment, attempt.transactionId, command.cancellationId, outcome, now),
    begun,
  )
  await settleDiscounts(parts, key, settled)
  return answer(await cancellationOutcome(parts, key, settled, attempt.transactionId, command.cancellationId))
}

const callGateway = (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  attempt: Attempt,
  cancellationId: string,
  input: CancelInput,
) => {
  const cancellation = cancellationOf(attempt, cancellationId)
  const { taxFreeAmount, vatAmount, reason, requester } = cancellation
  const refund = refundOf(cancellation)
  const call = callOf(key, begun, attempt, cancellationId, input.testCode)
  return perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.cancel(context, targetOf(attempt), {
      ...withFittingParts(refund, { taxFree: taxFreeAmount, vat: vatAmount }),
      remainingBefore: refundableAmount(attempt) + refund,
      currency: attempt.request.currency,
      reason,
      requester,
      refundAccount: input.refundAccount,
    }),
  )
}

/** A refused refund is an error, an accepted one is an answer, even if the money moves later. */
const answer = (cancellation: Cancellation): Cancellation | Refusal<'PG_PROVIDER'> => {
  if (cancellation.status === 'FAILED') return refusedByGateway(failureFacts(cancellation.failure))
  return cancellation.status === 'REQUESTED' && !cancellation.isPending ? resultUnknown() : cancellation
}

const attemptWith = (payment: Payment, cancellationId: string): Attempt => {
  const attempt = payment.attempts.find(({ cancellations }) => cancellations.some(({ id }) => id === cancellationId))
  if (!attempt) throw new Error(`payment ${payment.paymentId} has no cancellation ${cancellationId}`)
  return attempt
}

type StopRefusal = Refusal<
  'PAYMENT_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_FOUND' | 'PAYMENT_CANCELLATION_NOT_PENDING' | 'PG_PROVIDER'
>

/**
 * Withdraws a refund that the PG accepted and has not carried out; its amount can be cancelled again. A retry with the
 * same key answers as the first call did.
 */
export const stopCancellation = async (
  parts: PaymentParts,
  key: AggregateKey,
  cancellationId: string,
  { requestKey, testCode }: { readonly requestKey?: string | undefined; readonly testCode?: string | undefined },
): Promise<{ stoppedAt: number } | StopRefusal> => {
  const begun = await parts.process.change(key, (payment, now) => requestStop(payment, cancellationId, now, requestKey))
  if (begun instanceof Refusal) return begun
  const attempt = attemptWith(begun.state, cancellationId)
  if (begun.events.length === 0)
    return stopped(await stopOutcome(parts, key, begun, attempt.transactionId, cancellationId))
  const call = callOf(key, begun, attempt, cancellationId, testCode)
  const outcome = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.stopCancellation(context, targetOf(attempt)),
  )
  const { transactionId } = attempt
  const settled = await parts.process.apply(
    key,
    (payment, now) => settleStop(payment, transactionId, cancellationId, outcome, now),
    begun,
  )
  if (outcome.kind === 'failed') return refusedByGateway(outcome.failure)
  return stopped(await stopOutcome(parts, key, settled, transactionId, cancellationId))
}

const stopOutcome = async (
  parts: PaymentParts,
  key: AggregateKey,
  settled: LoadedPayment,
  transactionId: string,
  cancellationId: string,
): Promise<Cancellation> => {
  const find = (payment: Payment) => cancellationOf(attemptOf(payment, transactionId), cancellationId)
  const isDecided = (payment: Payment) => !find(payment).stopping
  return find((isDecided(settled.state) ? settled : await awaitSettled(parts, key, isDecided)).state)
}

const stopped = ({ stoppedAt, stopping, status }: Cancellation): { stoppedAt: number } | StopRefusal => {
  if (stoppedAt !== undefined) return { stoppedAt }
  if (stopping) return resultUnknown()
  return refusedByGateway(naruFailure('NARU_NOT_STOPPED', { status }))
}
