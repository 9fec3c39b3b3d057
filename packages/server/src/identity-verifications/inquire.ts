import type { AggregateKey } from '../aggregates/aggregate.ts'
import { ask } from '../gateways/call.ts'
import { storeTime } from '../kernel/clock.ts'
import { channelOf } from '../merchants/store.ts'
import { type LoadedVerification, sealFor, type VerificationParts } from './parts.ts'
import { settleInquiry } from './rules.ts'
import { type Attempt, attemptOf, type Verification } from './verification.ts'

/** Makes every inquiry about this verification that is due. */
export const inquireDue = async (parts: VerificationParts, key: AggregateKey): Promise<void> => {
  const loaded = await parts.process.load(key)
  const now = storeTime(loaded.clock)
  for (const attempt of loaded.state.attempts)
    if (attempt.inquiry && attempt.inquiry.nextAt <= now) await inquire(parts, key, loaded, attempt)
}

/** Asks the PG about an attempt and applies the answer. An inquiry changes nothing, so running twice does no harm. */
export const inquire = async (
  parts: VerificationParts,
  key: AggregateKey,
  { clock }: LoadedVerification,
  attempt: Attempt,
): Promise<LoadedVerification> => {
  const { store } = key
  const channel = channelOf(store, attempt)
  const { mayActWithin } = parts.gatewayOf(channel)
  const outcome = await ask(parts, store, channel, { reference: attempt.id, clock }, (gateway, context) =>
    gateway.inquireIdentity(context),
  )
  const seal = sealFor(parts, store.storeId, attempt.id)
  return parts.process.apply(key, (state, now) => settleInquiry(state, attempt.id, outcome, seal, mayActWithin, now))
}

/** Waits until the attempt has no outstanding answer, asking whenever an inquiry is due. */
export const awaitAnswer = async (
  parts: VerificationParts,
  key: AggregateKey,
  known: LoadedVerification,
  attemptId: string,
): Promise<Attempt> => {
  const isSettled = (state: Verification) => !attemptOf(state, attemptId).inquiry
  const settled = isSettled(known.state)
    ? known
    : await parts.process.until(key, isSettled, () => inquireDue(parts, key))
  return attemptOf(settled.state, attemptId)
}
