import type { AggregateKey } from '../aggregates/aggregate.ts'
import { resultUnknown } from '../doubt/failure.ts'
import type { Fulfilled, FulfilmentStep } from '../gateways/port/fulfilment.ts'
import { naruFailure } from '../kernel/codes.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { callFulfilment } from './fulfil-call.ts'
import { inquireNotified } from './inquire.ts'
import { awaitSettled } from './outcome.ts'
import type { LoadedPayment, PaymentParts } from './parts.ts'
import { type FulfilmentRefusal, requestFulfilment, stepBy } from './rules/fulfilment.ts'
import { attemptOf, type Payment, representative } from './state/payment.ts'

/**
 * Tells the PG of one step after payment: commits the intent, calls, commits the outcome. A retry with the same key
 * answers as the first call did.
 */
export const fulfil = async (
  parts: PaymentParts,
  key: AggregateKey,
  step: FulfilmentStep,
  { requestKey, testCode }: { readonly requestKey?: string | undefined; readonly testCode?: string | undefined },
): Promise<Fulfilled | FulfilmentRefusal | Refusal<'PG_PROVIDER'>> => {
  const asked = { reference: timeOrderedId(), step, requestKey }
  const begun = await parts.process.change(key, (payment, now) => requestFulfilment(payment, asked, now))
  if (begun instanceof Refusal) return begun
  const own = stepBy(begun.state, requestKey)
  if (own && begun.events.length === 0) return await outcomeOf(parts, key, begun, own.transactionId, own.reference)
  const attempt = representative(begun.state)
  if (!attempt) throw new Error(`payment ${key.id} has no attempt to fulfil`)
  const { outcome, settled } = await callFulfilment(parts, key, begun, attempt, asked, testCode)
  if (outcome.kind === 'failed') {
    // It may be refused for what the PG announced and we never heard: that the goods arrived, or were rejected.
    if (attempt.fulfilment?.shipment) await inquireNotified(parts, key, attempt.transactionId)
    return refusedByGateway(outcome.failure)
  }
  return await outcomeOf(parts, key, settled, attempt.transactionId, asked.reference)
}

const outcomeOf = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  transactionId: string,
  reference: string,
): Promise<Fulfilled | Refusal<'PG_PROVIDER'>> => {
  const isPending = (payment: Payment) => attemptOf(payment, transactionId).fulfilment?.pending?.reference === reference
  const isDecided = (payment: Payment) => !isPending(payment)
  const { state } = isDecided(loaded.state) ? loaded : await awaitSettled(parts, key, isDecided)
  if (isPending(state)) return resultUnknown()
  const done = attemptOf(state, transactionId).fulfilment?.done.find((step) => step.reference === reference)
  if (done) return { at: done.at, receiptUrl: done.receiptUrl }
  return refusedByGateway(naruFailure('NARU_NOT_DONE'))
}
