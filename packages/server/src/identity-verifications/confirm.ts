import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import type { Instant } from '../kernel/clock.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { awaitAnswer } from './inquire.ts'
import { type LoadedVerification, sealFor, subjectOf, type VerificationParts } from './parts.ts'
import { requestConfirm, type SentRefusal, settleConfirm } from './rules.ts'
import { type Attempt, representative } from './verification.ts'

export type ConfirmInput = {
  /** Kept in memory only. */
  readonly otp?: string | undefined
  readonly requestKey?: string | undefined
  readonly testCode?: string | undefined
}

/**
 * Confirms a person's code: commits the intent, asks the PG, commits its answer.
 *
 * - Twice at once: the second is refused while the first is under way.
 * - The same Idempotency-Key again: returns the outcome of the first confirmation, or repeats one that provably never
 *   reached the PG.
 */
export const confirm = async (
  parts: VerificationParts,
  key: AggregateKey,
  { otp, requestKey, testCode }: ConfirmInput,
): Promise<Attempt | SentRefusal | Refusal<'INVALID_REQUEST' | 'PG_PROVIDER'>> => {
  const command = { requestKey, hasCode: Boolean(otp) }
  const begun = await parts.process.change(key, (state, now) => requestConfirm(state, command, now))
  if (begun instanceof Refusal) return begun
  const attempt = representative(begun.state)
  if (!attempt) throw new Error(`identity verification ${key.id} has no attempt to confirm`)
  const isBegun = begun.events.length > 0
  const answered = isBegun ? await askOperator(parts, key, begun, attempt, { otp, testCode }) : begun
  const settled = await awaitAnswer(parts, key, answered, attempt.id)
  if (settled.phase === 'VERIFIED') return settled
  return settled.inquiry || !settled.failure ? resultUnknown() : refusedByGateway(failureFacts(settled.failure))
}

const askOperator = async (
  parts: VerificationParts,
  key: AggregateKey,
  { clock, followsScripts, now: intendedAt }: LoadedVerification & { readonly now: Instant },
  attempt: Attempt,
  { otp, testCode }: Pick<ConfirmInput, 'otp' | 'testCode'>,
): Promise<LoadedVerification> => {
  const { id } = attempt
  const call = { reference: id, clock, followsScripts, intendedAt, subject: subjectOf(key, attempt), testCode }
  const outcome = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.confirmIdentity(context, otp),
  )
  const seal = sealFor(parts, key.store.storeId, id)
  return await parts.process.apply(key, (state, now) => settleConfirm(state, id, outcome, seal, now))
}
