import type { AggregateKey } from '../aggregates/aggregate.ts'
import { perform } from '../gateways/call.ts'
import { type Instant, realTime, storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { answerBy } from '../kernel/work.ts'
import { type DiscountRefusal, grantDiscount, returnDiscount, settleDiscounts } from './grant-discount.ts'
import { attemptOutcome, awaitSettled, type PaymentSummary, summarize } from './outcome.ts'
import { type Changed, callOf, type LoadedPayment, type PaymentParts } from './parts.ts'
import type { PayCommand } from './requests/pay-command.ts'
import { attemptBy, type NewAttemptRefusal, refusedOrder, refuseNewAttempt, requestApproval } from './rules/approval.ts'
import { settleApproval } from './rules/settle-approval.ts'
import type { AttemptStart } from './state/event.ts'
import { type Attempt, attemptOf, type Payment } from './state/payment.ts'
import { chargedAmount, withFittingParts } from './state/promotion.ts'

type PayRefusal = NewAttemptRefusal | DiscountRefusal | Refusal<'PG_PROVIDER'>

/**
 * Pays: commits the intent, calls the PG, commits the outcome. Three round trips beside the PG's and two commits.
 *
 * `prepare` makes the command from the store's time, which comes with the payment.
 *
 * - Twice at once: the second waits for the first's result, then pays anew if that failed, or gets `ALREADY_PAID`.
 * - The same Idempotency-Key again, after a crash: finds the attempt it started and answers with its outcome.
 * - A crash after the intent: the due loop asks the PG and settles the attempt.
 */
export const pay = async <R extends Refusal>(
  parts: PaymentParts,
  key: AggregateKey,
  prepare: (now: Instant) => PayCommand | R | Promise<PayCommand | R>,
): Promise<PaymentSummary | PayRefusal | R> => {
  const loaded = await parts.process.load(key)
  const command = await prepare(storeTime(loaded.clock))
  if (command instanceof Refusal) return refusedOrder(loaded.state, command)
  const known = attemptBy(loaded.state, command.start.requestKey)
  if (known) return summarize(await attemptOutcome(parts, key, loaded, known.transactionId))
  // Before the discount is held: whatever a budget ever held is in its books for good. Only who loses a race, or the
  // result of an attempt that is still waited for, is refused afterwards and gives back.
  const refusal = isApproving(loaded.state) ? undefined : refuseNewAttempt(loaded.state, command.start.request)
  if (refusal) return refusal
  const transactionId = timeOrderedId()
  const order = { transactionId, channel: command.channel, request: command.start.request }
  const promotion = await grantDiscount(parts, key, command.promotion, order, storeTime(loaded.clock))
  if (promotion instanceof Refusal) return promotion
  await command.companion?.keep(transactionId)
  const begun = await begin(parts, key, { ...command.start, transactionId, promotion }, loaded)
  if ('started' in begun) return summarize(await approve(parts, key, begun.started, command, transactionId))
  await command.companion?.drop(transactionId)
  await returnDiscount(parts, key, transactionId, promotion)
  if (begun instanceof Refusal) return begun
  return summarize(await attemptOutcome(parts, key, begun.known, begun.own.transactionId))
}

/** Commits the intent, after the attempts that others began were decided; or finds that this request began already. */
const begin = async (
  parts: PaymentParts,
  key: AggregateKey,
  start: AttemptStart,
  first: LoadedPayment,
): Promise<{ started: Changed } | { own: Attempt; known: LoadedPayment } | NewAttemptRefusal> => {
  let loaded = first
  for (;;) {
    if (isApproving(loaded.state) && realTime() < answerBy())
      loaded = await awaitSettled(parts, key, (payment) => !isApproving(payment))
    const begun = await parts.process.change(key, (payment, now) => requestApproval(payment, start, now), loaded)
    if (!(begun instanceof Refusal)) {
      const own = attemptBy(begun.state, start.requestKey)
      return own && begun.events.length === 0 ? { own, known: begun } : { started: begun }
    }
    if (begun.body.type !== 'ALREADY_PAID') return begun
    loaded = await parts.process.load(key)
    const lostRace = isApproving(loaded.state) && realTime() < answerBy()
    if (!lostRace) return begun
  }
}

export const isApproving = (payment: Payment) => payment.attempts.some(({ phase }) => phase === 'APPROVING')

type Call = Pick<PayCommand, 'channel' | 'testCode' | 'callGateway'>

/** Calls the PG for an attempt whose intent is committed, and waits for what comes of it. Also serves what is confirmed. */
export const approve = async (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  command: Call,
  transactionId: string,
): Promise<Attempt> => {
  const settled = await charge(parts, key, begun, command, transactionId)
  return await attemptOutcome(parts, key, settled, transactionId)
}

/**
 * Calls the PG for an attempt whose intent is committed, and commits its answer. Where that is lost an inquiry is planned:
 * whoever works through what is due goes on with something else.
 */
export const charge = async (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  command: Call,
  transactionId: string,
): Promise<Changed> => {
  const attempt = attemptOf(begun.state, transactionId)
  const charged = withFittingParts(chargedAmount(attempt), attempt.request.amount)
  const call = callOf(key, begun, attempt, transactionId, command.testCode)
  const outcome = await perform(parts, key.store, command.channel, call, (gateway, context) =>
    command.callGateway(gateway, context, charged),
  )
  const settled = await parts.process.apply(
    key,
    (payment, now) => settleApproval(payment, transactionId, outcome, now),
    begun,
  )
  await settleDiscounts(parts, key, settled)
  return settled
}
