import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import { invalid, Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { awaitAnswer } from './inquire.ts'
import { sealFor, subjectOf, type VerificationParts } from './module.ts'
import { requestConfirm, type SentRefusal, sentAttempt, settleConfirm } from './rules.ts'
import { type Attempt, representative } from './verification.ts'

export type ConfirmInput = {
  /** In memory only. */
  readonly otp?: string | undefined
  readonly requestKey?: string | undefined
  readonly testCode?: string | undefined
}

/**
 * Checks what the person confirmed with: commits the intent, asks the PG, commits its answer.
 *
 * - Twice at once: the second is told that the first is under way.
 * - A retry after a crash: finds what the first one achieved, or simply tries again.
 */
export const confirm = async (
  parts: VerificationParts,
  key: AggregateKey,
  { otp, requestKey, testCode }: ConfirmInput,
): Promise<Attempt | SentRefusal | Refusal<'INVALID_REQUEST' | 'PG_PROVIDER'>> => {
  const loaded = await parts.process.load(key)
  const known = representative(loaded.state)
  if (known?.phase === 'VERIFIED' && requestKey !== undefined && known.confirmKey === requestKey) return known
  const attempt = sentAttempt(loaded.state)
  if (attempt instanceof Refusal) return attempt
  if (attempt.method === 'SMS' && !otp) return invalid('otp is required: the code from the text message.')
  const { id } = attempt
  const begun = await parts.process.change(key, (state, now) => requestConfirm(state, id, requestKey, now), loaded)
  if (begun instanceof Refusal) return begun
  const { clock, followsScripts, now: intendedAt } = begun
  const call = { reference: id, clock, followsScripts, intendedAt, subject: subjectOf(key, attempt), testCode }
  const outcome = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.confirmIdentity(context, otp),
  )
  const seal = sealFor(parts, key.store.storeId, id)
  const answered = await parts.process.apply(key, (state, now) => settleConfirm(state, id, outcome, seal, now))
  const settled = await awaitAnswer(parts, key, answered, id)
  if (settled.phase === 'VERIFIED') return settled
  return settled.inquiry || !settled.failure ? resultUnknown() : refusedByGateway(failureFacts(settled.failure))
}
