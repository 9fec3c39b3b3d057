import type { AggregateKey } from '../aggregates/aggregate.ts'
import { perform } from '../gateways/call.ts'
import type { Fulfilled } from '../gateways/port/fulfilment.ts'
import type { Outcome } from '../gateways/port/terms.ts'
import { channelOf } from '../merchants/store.ts'
import { callOf, type LoadedPayment, type PaymentParts, targetOf } from './parts.ts'
import { settleFulfilment } from './rules/fulfilment.ts'
import type { Attempt, PendingStep } from './state/payment.ts'

export const callFulfilment = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
  { reference, step }: Pick<PendingStep, 'reference' | 'step'>,
  testCode?: string | undefined,
): Promise<{ outcome: Outcome<Fulfilled>; settled: LoadedPayment }> => {
  const call = callOf(key, loaded, attempt, reference, testCode)
  const outcome = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.fulfil(context, targetOf(attempt), step),
  )
  const settled = await parts.process.apply(key, (payment, now) =>
    settleFulfilment(payment, attempt.transactionId, reference, outcome, now),
  )
  return { outcome, settled }
}

/** Sends again what a crash or a lost answer left open: at the PG the same reference is one step. */
export const repeatFulfilment = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
): Promise<void> => {
  const pending = attempt.fulfilment?.pending
  if (pending) await callFulfilment(parts, key, loaded, attempt, pending)
}
