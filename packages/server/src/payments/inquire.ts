import type { AggregateKey } from '../aggregates/aggregate.ts'
import type { Inquiry } from '../doubt/inquiry.ts'
import { ask, perform } from '../gateways/call.ts'
import type { GatewayTarget } from '../gateways/port/terms.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { channelOf } from '../merchants/store.ts'
import { repeatFulfilment } from './fulfil-call.ts'
import { settleDiscounts } from './grant-discount.ts'
import type { LoadedPayment } from './parts.ts'
import { callOf, type PaymentParts, targetOf } from './parts.ts'
import { reverse } from './reverse.ts'
import { settleCapture, settleCaptureByInquiry } from './rules/capture.ts'
import { expireWindows } from './rules/checkout.ts'
import { mayTellOfDisputes, settleDisputes } from './rules/dispute.ts'
import { mayTellOfEscrow, settleEscrow } from './rules/escrow.ts'
import { isRepeated, settleByInquiry } from './rules/settle-approval.ts'
import { settleCancellationByInquiry } from './rules/settle-cancellation.ts'
import { expire, isExpired, settleClose, settleCloseByInquiry } from './rules/virtual-account.ts'
import type { Attempt, Cancellation } from './state/payment.ts'
import { attemptOf } from './state/payment.ts'
import { isBeingReversed } from './state/reversal.ts'

/**
 * Asks the PG about everything of this payment whose time has come, and applies what it says: lost answers, intents
 * that a crash left behind, deposit deadlines, reversals. Safe to run twice at once: inquiries change nothing, the
 * calls that are repeated carry the same reference, and each answer is applied to what the payment is by then.
 */
export const inquireDue = async (parts: PaymentParts, key: AggregateKey): Promise<void> => {
  const loaded = await parts.process.apply(key, expireWindows, await parts.process.load(key))
  const now = storeTime(loaded.clock)
  const isDue = (inquiry: Inquiry | undefined) => inquiry !== undefined && inquiry.nextAt <= now
  await settleDiscounts(parts, key, loaded)
  for (const attempt of loaded.state.attempts) await inquireAttempt(parts, key, loaded, attempt, now, isDue)
}

/**
 * The PG says that something happened to this transaction: asks what, and applies it. Notifications carry no truth.
 *
 * Returns whether it is known now, or will be asked about again. A deposit that is told of while the PG cannot be asked would
 * otherwise be found at the account's deadline alone.
 */
export const inquireNotified = async (
  parts: PaymentParts,
  key: AggregateKey,
  transactionId: string,
): Promise<boolean> => {
  const loaded = await parts.process.load(key)
  const attempt = loaded.state.attempts.find((candidate) => candidate.transactionId === transactionId)
  if (!attempt) return true
  const isKnown = await inquireApproval(parts, key, loaded, attempt)
  for (const cancellation of attempt.cancellations)
    if (cancellation.status === 'REQUESTED') await inquireCancellation(parts, key, loaded, attempt, cancellation)
  return isKnown
}

const inquireAttempt = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
  now: Instant,
  isDue: (inquiry: Inquiry | undefined) => boolean,
): Promise<void> => {
  if (isDue(attempt.inquiry)) await (isBeingReversed(attempt) ? reverse : inquireApproval)(parts, key, loaded, attempt)
  else if (isDue(attempt.selfCharge?.inquiry)) await inquireApproval(parts, key, loaded, attempt)
  if (isDue(attempt.disputeInquiry)) await inquireApproval(parts, key, loaded, attempt)
  if (isDue(attempt.fulfilment?.pending?.inquiry)) await repeatFulfilment(parts, key, loaded, attempt)
  if (isDue(attempt.closing?.inquiry)) await inquireClosing(parts, key, loaded, attempt)
  if (isDue(attempt.capture?.inquiry)) await inquireCapture(parts, key, loaded, attempt)
  if (isExpired(attempt, now)) await inquireExpired(parts, key, loaded, attempt)
  for (const cancellation of attempt.cancellations)
    if (isDue(cancellation.inquiry)) await inquireCancellation(parts, key, loaded, attempt, cancellation)
}

/** Returns whether the PG has said how it stands, or is planned to be asked again. */
const inquireApproval = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
): Promise<boolean> => {
  const { outcome, mayActWithin } = await inquire(parts, key, loaded, attempt)
  const changed = await parts.process.apply(key, (payment, now) =>
    settleByInquiry(payment, attempt.transactionId, outcome, mayActWithin, now),
  )
  const { transactionId } = attempt
  if (isRepeated(changed.events)) {
    await parts.repeatCharge?.(key, changed, attempt)
    return true
  }
  const disputed = mayTellOfDisputes(attempt, outcome)
    ? await parts.process.apply(key, (payment, now) => settleDisputes(payment, transactionId, outcome, now), changed)
    : changed
  if (mayTellOfEscrow(attempt, outcome))
    await parts.process.apply(key, (payment) => settleEscrow(payment, transactionId, outcome))
  await settleDiscounts(parts, key, disputed)
  const after = attemptOf(changed.state, transactionId)
  if (after.phase === 'REVERSING' && attempt.phase !== 'REVERSING') await reverse(parts, key, changed, after)
  return outcome.kind === 'succeeded' || after.inquiry !== undefined || after.selfCharge?.inquiry !== undefined
}

const inquireClosing = async (parts: PaymentParts, key: AggregateKey, loaded: LoadedPayment, attempt: Attempt) => {
  const { outcome, mayActWithin } = await inquire(parts, key, loaded, attempt)
  let retry = false
  const settled = await parts.process.apply(key, (payment, now) => {
    const events = settleCloseByInquiry(payment, attempt.transactionId, outcome, mayActWithin, now)
    retry = events === 'retry'
    return events === 'retry' ? [] : events
  })
  if (!retry) return
  const closed = await perform(
    parts,
    key.store,
    channelOf(key.store, attempt),
    callOf(key, settled, attempt, `${attempt.transactionId}-close`),
    (gateway, context) => gateway.closeVirtualAccount(context, targetOf(attempt)),
  )
  await parts.process.apply(key, (payment, now) => settleClose(payment, attempt.transactionId, closed, now))
}

const inquireCapture = async (parts: PaymentParts, key: AggregateKey, loaded: LoadedPayment, attempt: Attempt) => {
  const { outcome } = await inquire(parts, key, loaded, attempt)
  let retry = false
  const settled = await parts.process.apply(key, (payment, now) => {
    const events = settleCaptureByInquiry(payment, attempt.transactionId, outcome, now)
    retry = events === 'retry'
    return events === 'retry' ? [] : events
  })
  if (!retry) return
  const captured = await perform(
    parts,
    key.store,
    channelOf(key.store, attempt),
    callOf(key, settled, attempt, `${attempt.transactionId}-capture`),
    (gateway, context) => gateway.capture(context, targetOf(attempt)),
  )
  await parts.process.apply(key, (payment, now) => settleCapture(payment, attempt.transactionId, captured, now))
}

const inquireExpired = async (parts: PaymentParts, key: AggregateKey, loaded: LoadedPayment, attempt: Attempt) => {
  const { outcome, mayActWithin } = await inquire(parts, key, loaded, attempt)
  await parts.process.apply(key, (payment, now) => expire(payment, attempt.transactionId, outcome, mayActWithin, now))
}

const inquireCancellation = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  attempt: Attempt,
  cancellation: Cancellation,
) => {
  const channel = channelOf(key.store, attempt)
  const outcome = await ask(
    parts,
    key.store,
    channel,
    { reference: cancellation.id, clock: loaded.clock },
    (gateway, context) => gateway.inquireCancellation(context, targetOf(attempt)),
  )
  const { mayActWithin } = parts.gatewayOf(channel)
  const changed = await parts.process.apply(key, (payment, now) =>
    settleCancellationByInquiry(payment, attempt.transactionId, cancellation.id, outcome, mayActWithin, now),
  )
  await settleDiscounts(parts, key, changed)
}

const inquire = async (parts: PaymentParts, key: AggregateKey, loaded: LoadedPayment, attempt: Attempt) => {
  const channel = channelOf(key.store, attempt)
  const target: GatewayTarget = targetOf(attempt)
  const outcome = await ask(
    parts,
    key.store,
    channel,
    { reference: attempt.transactionId, clock: loaded.clock },
    (gateway, context) => gateway.inquire(context, target),
  )
  return { outcome, mayActWithin: parts.gatewayOf(channel).mayActWithin }
}
