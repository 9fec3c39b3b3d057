import { gatewayCall } from '../gateways/call.ts'
import { minute, realTime, storeTime } from '../kernel/clock.ts'
import { channelOf, type Store } from '../merchants/store.ts'
import { pollInterval } from '../payments/settlements.ts'
import type { DueSource } from '../workers/due.ts'
import { claimDueRows, nextDueRows } from '../workers/due-rows.ts'
import { type LoadedVerification, nameOf, sealFor, type VerificationKey, type VerificationParts } from './process.ts'
import { settleInquiry } from './rules.ts'
import { type Attempt, attemptOf } from './verification.ts'

/** Longer than a PG call with all its time-outs. */
const lease = 2 * minute

/** Verifications whose sending or confirmation a PG has not answered for. */
export const verificationDue = (
  parts: VerificationParts,
  findStore: (storeId: string) => Promise<Store | undefined>,
): DueSource => ({
  name: 'identity-verification',
  concurrency: 5,
  claim: (limit) => claimDueRows(parts.sql, 'identity_verifications', 'identity_verification_id', { limit, lease }),
  next: (storeId, until) =>
    nextDueRows(parts.sql, 'identity_verifications', 'identity_verification_id', storeId, until),
  run: async ({ storeId, id }) => {
    const store = await findStore(storeId)
    if (store) await inquireDue(parts, { store, id })
    await parts.sql`
      update identity_verifications set leased_until = null
      where store_id = ${storeId} and identity_verification_id = ${id} and leased_until is not null`
  },
})

const inquireDue = async (parts: VerificationParts, key: VerificationKey): Promise<void> => {
  const loaded = await parts.process.load(key)
  const now = storeTime(loaded.clock)
  for (const attempt of loaded.state.attempts)
    if (attempt.inquiry && attempt.inquiry.nextAt <= now) await inquire(parts, key, loaded, attempt)
}

/** Asks the PG what it knows of an attempt, and applies it. Changes nothing there, so twice does no harm. */
export const inquire = async (
  parts: VerificationParts,
  key: VerificationKey,
  { clock }: LoadedVerification,
  attempt: Attempt,
): Promise<LoadedVerification> => {
  const { store } = key
  const channel = channelOf(store, attempt)
  const { settlesWithin } = parts.gatewayOf(channel)
  const outcome = await gatewayCall(parts, store, channel, { reference: attempt.id, clock }, (gateway, context) =>
    gateway.inquireIdentity(context),
  )
  const seal = sealFor(parts, store.storeId, attempt.id)
  return parts.process.apply(key, (state, now) => settleInquiry(state, attempt.id, outcome, seal, settlesWithin, now))
}

/** How long a request waits for an answer that got lost, in real time. */
const patience = minute

/** Waits until nothing of the attempt is outstanding, asking whenever an inquiry is due. */
export const awaitAnswer = async (
  parts: VerificationParts,
  key: VerificationKey,
  attemptId: string,
): Promise<Attempt> => {
  const deadline = realTime() + patience
  for (;;) {
    await inquireDue(parts, key)
    const { state } = await parts.process.load(key)
    const attempt = attemptOf(state, attemptId)
    const left = deadline - realTime()
    if (!attempt.inquiry || left <= 0) return attempt
    await parts.settlements.next(nameOf(key), Math.min(left, pollInterval))
  }
}
