import type { AggregateKey } from '../aggregates/aggregate.ts'
import { realTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { answerBy } from '../kernel/work.ts'
import { channelOf } from '../merchants/store.ts'
import { attemptOutcome, awaitSettled, type PaymentSummary, summarize } from './outcome.ts'
import type { Changed, PaymentParts } from './parts.ts'
import { approve, isApproving } from './pay.ts'
import type { PayCommand } from './requests/pay-command.ts'
import { attemptBy } from './rules/approval.ts'
import { type ConfirmCommand, requestConfirmation } from './rules/checkout.ts'
import { type Attempt, type Payment, paidAttempt, undecidedAttempt } from './state/payment.ts'

type ConfirmRefusal = Refusal<
  'PAYMENT_NOT_FOUND' | 'ALREADY_PAID' | 'INVALID_PAYMENT_TOKEN' | 'INFORMATION_MISMATCH' | 'PG_PROVIDER'
>

/**
 * Approves what a shopper authenticated, with our stored amount, never with one from outside. Called again while the PG is asked, it
 * waits for the result, which is then that of both; `ALREADY_PAID` is said of what is paid, or accepted for later.
 */
export const confirm = async (
  parts: PaymentParts,
  key: AggregateKey,
  command: ConfirmCommand & { readonly testCode?: string | undefined },
): Promise<PaymentSummary | ConfirmRefusal> => {
  for (;;) {
    const begun = await parts.process.change(key, (payment, now) => requestConfirmation(payment, command, now))
    if (!(begun instanceof Refusal)) return await confirmed(parts, key, begun, command)
    if (begun.body.type !== 'ALREADY_PAID') return begun
    const underWay = await parts.process.load(key)
    const own = agreedBy(underWay.state, command)
    if (own?.phase === 'APPROVING' || own?.phase === 'REVERSING') {
      const result = summarize(await attemptOutcome(parts, key, underWay, own.transactionId))
      if (result instanceof Refusal) return result
    } else if (isApproving(underWay.state) && realTime() < answerBy())
      await awaitSettled(parts, key, (payment) => !isApproving(payment))
    else if (paidAttempt(underWay.state) || undecidedAttempt(underWay.state)) return begun
  }
}

const confirmed = async (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  command: Parameters<typeof confirm>[2],
): Promise<PaymentSummary | ConfirmRefusal> => {
  const own = attemptBy(begun.state, command.requestKey)
  if (own && begun.events.length === 0) return summarize(await attemptOutcome(parts, key, begun, own.transactionId))
  const attempt = agreedBy(begun.state, command)
  if (!attempt) throw new Error(`payment ${key.id} lost the attempt it confirms`)
  return summarize(await approveConfirmed(parts, key, begun, attempt, command.testCode))
}

const agreedBy = ({ attempts }: Payment, { tokenDigest }: ConfirmCommand): Attempt | undefined =>
  attempts.find(({ authentication }) => authentication?.tokenDigest === tokenDigest)

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
