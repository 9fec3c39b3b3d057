import type { AggregateKey } from '../aggregates/aggregate.ts'
import { ask, perform } from '../gateways/call.ts'
import { channelOf } from '../merchants/store.ts'
import { callOf, type LoadedPayment, type PaymentParts, targetOf } from './parts.ts'
import { knownReversal, type ReversalOutcome, settleReversal } from './rules/reversal.ts'
import type { Attempt } from './state/payment.ts'
import { withFittingParts } from './state/promotion.ts'
import { chargedAtGateway, isReversalAccepted, reversalReference } from './state/reversal.ts'

/** Gives back what must not have been charged: looks whether it is done, otherwise asks for it (again), unless the PG has accepted to. */
export const reverse = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
): Promise<void> => {
  const { transactionId } = attempt
  const reference = reversalReference(attempt)
  const known = () => inquireReversal(parts, key, loaded, attempt, reference)
  let outcome =
    (await known()) ?? (isReversalAccepted(attempt) ? notTold : await giveBack(parts, key, loaded, attempt, reference))
  // A PG that knows no references refuses the second of two calls, the first of which it has carried out.
  if (outcome.kind === 'failed') outcome = (await known()) ?? outcome
  const settled = await parts.process.apply(key, (payment, now) =>
    settleReversal(payment, { transactionId, reference }, outcome, now),
  )
  const isFirstRefusal = !attempt.refusedReversal && settled.events.some(({ type }) => type === 'ReversalRefused')
  if (outcome.kind === 'failed' && isFirstRefusal) warn(parts, key, attempt, outcome.failure)
}

const notTold: ReversalOutcome = { kind: 'unknown', reason: 'the payment gateway does not say how the refund stands' }

const inquireReversal = async (
  parts: PaymentParts,
  key: AggregateKey,
  { clock }: LoadedPayment,
  attempt: Attempt,
  reference: string,
) => {
  const channel = channelOf(key.store, attempt)
  const asked = await ask(parts, key.store, channel, { reference, clock }, (gateway, context) =>
    gateway.inquireCancellation(context, targetOf(attempt)),
  )
  return knownReversal(asked)
}

const giveBack = (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
  reference: string,
): Promise<ReversalOutcome> => {
  const { amount, currency } = attempt.request
  const charged = chargedAtGateway(attempt)
  const { taxFree, vat } = withFittingParts(charged, amount)
  const call = callOf(key, loaded, attempt, reference)
  return perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.cancel(context, targetOf(attempt), {
      taxFree,
      vat,
      remainingBefore: charged,
      currency,
      reason: attempt.refusedReversal?.cause.reason ?? attempt.failure?.reason ?? 'charged by mistake',
    }),
  )
}

/** Once, since it is asked again and again; but whoever runs this must know that money stays where it should not. */
const warn = (parts: PaymentParts, key: AggregateKey, attempt: Attempt, refusal: object): void => {
  const { transactionId, pgTransactionId, request } = attempt
  const amount = chargedAtGateway(attempt)
  const where = { storeId: key.store.storeId, paymentId: key.id, transactionId, pgTransactionId }
  parts.log.warn(
    { ...where, amount, currency: request.currency, ...refusal },
    'the PG charged what must not stand, and refuses to refund it: settle it with the PG. It is asked again from time to time',
  )
}
