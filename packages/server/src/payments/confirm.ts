import type { AggregateKey } from '../aggregates/aggregate.ts'
import { Refusal } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { attemptOutcome, type PaymentSummary, summarize } from './outcome.ts'
import type { Changed, PaymentParts } from './parts.ts'
import { approve } from './pay.ts'
import type { PayCommand } from './requests/pay-command.ts'
import { attemptBy } from './rules/approval.ts'
import { type ConfirmCommand, requestConfirmation } from './rules/checkout.ts'
import type { Attempt } from './state/payment.ts'

type ConfirmRefusal = Refusal<
  'PAYMENT_NOT_FOUND' | 'ALREADY_PAID' | 'INVALID_PAYMENT_TOKEN' | 'INFORMATION_MISMATCH' | 'PG_PROVIDER'
>

/** Approves what a shopper authenticated, with our stored amount, never with one from outside. */
export const confirm = async (
  parts: PaymentParts,
  key: AggregateKey,
  command: ConfirmCommand & { readonly testCode?: string | undefined },
): Promise<PaymentSummary | ConfirmRefusal> => {
  const begun = await parts.process.change(key, (payment, now) => requestConfirmation(payment, command, now))
  if (begun instanceof Refusal) return begun
  const own = attemptBy(begun.state, command.requestKey)
  if (own && begun.events.length === 0) return summarize(await attemptOutcome(parts, key, begun, own.transactionId))
  const attempt = begun.state.attempts.find(({ authentication }) => authentication?.tokenDigest === command.tokenDigest)
  if (!attempt) throw new Error(`payment ${key.id} lost the attempt it confirms`)
  return summarize(await approveConfirmed(parts, key, begun, attempt, command.testCode))
}

/** Has the PG approve an attempt whose confirmation is committed. Returns it with what came of that. */
export const approveConfirmed = (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  attempt: Attempt,
  testCode: string | undefined,
): Promise<Attempt> => {
  const callGateway: PayCommand['callGateway'] = (gateway, context, charged) =>
    gateway.approve(context, { ...authorizedCharge(attempt), ...charged })
  const channel = channelOf(key.store, attempt)
  return approve(parts, key, begun, { channel, testCode, callGateway }, attempt.transactionId)
}

const authorizedCharge = ({ request, authentication }: Attempt) => ({
  orderName: request.orderName,
  currency: request.currency,
  customerId: request.customer.id,
  authorization: authentication?.authorization ?? '',
})
