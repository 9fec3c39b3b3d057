import { failureOf } from '../doubt/failure.ts'
import { askAgain, doubt, intent, provesNotExecuted } from '../doubt/inquiry.ts'
import type { GatewayIdentity, Person, SentIdentity } from '../gateways/port/identity.ts'
import type { GatewayFailure, Outcome } from '../gateways/port/terms.ts'
import type { Instant } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { isOutdated } from '../kernel/page-request.ts'
import { Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import {
  type Attempt,
  type AttemptStart,
  attemptOf,
  representative,
  type Verification,
  type VerificationEvent,
  type VerifiedFacts,
} from './verification.ts'

type Events = readonly VerificationEvent[]

/** Encrypts what identifies a person uniquely. The plain values go no further. */
export type Seal = (person: Person) => VerifiedFacts

/** Attempts per verification. PortOne has a limit but does not document it; 100 is our choice. */
const maximumAttempts = 100
const maximumFromOneAddress = maximumAttempts / 2

/** How often a wrong code may be entered. Our choice: PortOne leaves it to the PGs. */
export const maximumRefusals = 3

type Known =
  | 'IDENTITY_VERIFICATION_NOT_FOUND'
  | 'IDENTITY_VERIFICATION_NOT_SENT'
  | 'IDENTITY_VERIFICATION_ALREADY_VERIFIED'

export type SendRefusal = Refusal<
  'MAX_TRANSACTION_COUNT_REACHED' | 'IDENTITY_VERIFICATION_ALREADY_SENT' | 'IDENTITY_VERIFICATION_ALREADY_VERIFIED'
>

/** Commits to sending a request. Changes nothing if the same API request did so before; see `sentBy`. */
export const requestSend = (verification: Verification, attempt: AttemptStart, now: Instant): Events | SendRefusal => {
  if (sentBy(verification, attempt.requestKey)) return []
  return refuseNewAttempt(verification) ?? [{ type: 'SendRequested', attempt, inquiry: intent(now) }]
}

/** The attempt that the API request with this key began. */
export const sentBy = ({ attempts }: Verification, requestKey: string | undefined): Attempt | undefined =>
  requestKey === undefined ? undefined : attempts.find((attempt) => attempt.requestKey === requestKey)

/**
 * Begins an attempt in the PG's window. It replaces those that the same client address opened before, and in which nobody is
 * verified: one of two would be verified, and nobody could say which. One that was opened elsewhere may be somebody else's, who has
 * learned the id and must not take the person's place: it stays, and whoever is verified first wins. A request that comes late, after the
 * page has opened another window, opens nothing. Changes nothing if the same API request did so before.
 */
export const open = (verification: Verification, attempt: AttemptStart): Events | SendRefusal => {
  if (sentBy(verification, attempt.requestKey)) return []
  const refusal = refuseNewAttempt(verification) ?? refuseTooManyFrom(verification, attempt.source)
  if (refusal) return refusal
  const own = verification.attempts
    .filter(({ method }) => method === 'WINDOW')
    .filter(({ source }) => source === undefined || source === attempt.source)
  const times = own.map(({ asked }) => asked)
  if (isOutdated(attempt.asked, times))
    return refuse('IDENTITY_VERIFICATION_ALREADY_SENT', outdated(verification.identityVerificationId))
  const replaced = own
    .filter(({ phase }) => phase === 'READY')
    .map(({ id: attemptId }) => ({ type: 'Failed', attemptId, failure: openedAnew, isReplaced: true }) as const)
  return [...replaced, { type: 'Opened', attempt }]
}

const outdated = (id: string): string =>
  `The page has opened another window for the identity verification ${id} since it asked for this one. Use that.`

const openedAnew = failureOf({
  pgCode: 'PAY_PROCESS_CANCELED',
  pgMessage: '새 본인인증 창이 열려 이전 창을 닫았습니다',
})

/** The person left the window or was refused in it, so this attempt cannot succeed any more. */
export const leave = (verification: Verification, attemptId: string, failure: GatewayFailure): Events =>
  attemptOf(verification, attemptId).phase === 'READY'
    ? [{ type: 'Failed', attemptId, failure: failureOf(failure) }]
    : []

const refuseNewAttempt = (verification: Verification): SendRefusal | undefined => {
  const { identityVerificationId: id, attempts } = verification
  const latest = representative(verification)
  if (latest?.phase === 'VERIFIED') return alreadyVerified(id)
  if (latest && isSent(latest))
    return refuse(
      'IDENTITY_VERIFICATION_ALREADY_SENT',
      `The identity verification ${id} has already been sent. Resend or confirm it.`,
    )
  return attempts.length < maximumAttempts
    ? undefined
    : refuse(
        'MAX_TRANSACTION_COUNT_REACHED',
        `The identity verification ${id} has reached the maximum of ${maximumAttempts} attempts. Use a new id.`,
      )
}

/** Whoever knows the id can open its windows: no one address may use up what the person needs. */
const refuseTooManyFrom = (
  { identityVerificationId: id, attempts }: Verification,
  source: string | undefined,
): Refusal<'MAX_TRANSACTION_COUNT_REACHED'> | undefined => {
  const own = source === undefined ? [] : attempts.filter((attempt) => attempt.source === source)
  return own.length < maximumFromOneAddress
    ? undefined
    : refuse(
        'MAX_TRANSACTION_COUNT_REACHED',
        `The identity verification ${id} was tried ${maximumFromOneAddress} times from this address. Use a new id.`,
      )
}

const isSent = ({ phase, method }: Attempt) => method !== 'WINDOW' && (phase === 'SENDING' || phase === 'READY')

const alreadyVerified = (id: string) =>
  refuse('IDENTITY_VERIFICATION_ALREADY_VERIFIED', `The identity verification ${id} has already been verified.`)

export type SentRefusal = Refusal<Known>

/** The attempt that can be resent or confirmed. */
export const sentAttempt = (verification: Verification): Attempt | SentRefusal => {
  const id = verification.identityVerificationId
  const attempt = representative(verification)
  if (!attempt)
    return refuse('IDENTITY_VERIFICATION_NOT_FOUND', `There is no identity verification ${id} in this store.`)
  if (attempt.phase === 'VERIFIED') return alreadyVerified(id)
  if (attempt.phase === 'READY' && isSent(attempt)) return attempt
  return refuse(
    'IDENTITY_VERIFICATION_NOT_SENT',
    `The identity verification ${id} has no pending request. Send one first.`,
  )
}

export const settleSend = (
  verification: Verification,
  attemptId: string,
  outcome: Outcome<SentIdentity>,
  now: Instant,
): Events => {
  const { phase, inquiry } = attemptOf(verification, attemptId)
  if (phase !== 'SENDING') return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'Sent', attemptId, pgTransactionId: outcome.value.pgTransactionId }]
    case 'failed':
      return [{ type: 'Failed', attemptId, failure: failureOf(outcome.failure) }]
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', attemptId, inquiry: doubt(inquiry, now) }]
  }
}

/** `hasCode`: the request has the person's code. The code itself goes only to the PG. */
export type ConfirmCommand = { readonly requestKey?: string | undefined; readonly hasCode: boolean }

/** Commits to a confirmation. Changes nothing if the same API request did so before. */
export const requestConfirm = (
  verification: Verification,
  { requestKey, hasCode }: ConfirmCommand,
  now: Instant,
): Events | SentRefusal | Refusal<'INVALID_REQUEST' | 'PG_PROVIDER'> => {
  if (requestKey !== undefined && representative(verification)?.confirmKey === requestKey) return []
  const attempt = sentAttempt(verification)
  if (attempt instanceof Refusal) return attempt
  if (attempt.method === 'SMS' && !hasCode)
    return refuse('INVALID_REQUEST', 'otp is required: the code from the text message.')
  if (attempt.inquiry) return refusedByGateway(naruFailure('NARU_CONFIRMATION_UNDER_WAY'))
  return [{ type: 'ConfirmRequested', attemptId: attempt.id, requestKey, inquiry: intent(now) }]
}

/** Applies the PG's answer to a confirmation. */
export const settleConfirm = (
  verification: Verification,
  attemptId: string,
  outcome: Outcome<GatewayIdentity>,
  seal: Seal,
  now: Instant,
): Events => {
  const attempt = attemptOf(verification, attemptId)
  if (attempt.phase !== 'READY' || !attempt.inquiry) return []
  if (outcome.kind === 'failed') return refused(attempt, failureOf(outcome.failure))
  if (outcome.kind !== 'succeeded') return [{ type: 'InquiryPlanned', attemptId, inquiry: doubt(attempt.inquiry, now) }]
  const { value } = outcome
  if (value.state === 'WAITING' && value.refusal) return refused(attempt, failureOf(value.refusal))
  return decided(verification, attempt, value, seal) ?? [{ type: 'ConfirmLost', attemptId }]
}

const refused = ({ id: attemptId, refusals }: Attempt, failure: ReturnType<typeof failureOf>): Events => {
  const event = { type: 'ConfirmRefused', attemptId, failure } as const
  return refusals + 1 < maximumRefusals ? [event] : [event, { type: 'Failed', attemptId, failure }]
}

const decided = (
  verification: Verification,
  { id: attemptId }: Attempt,
  known: GatewayIdentity,
  seal: Seal,
): Events | undefined => {
  if (known.state === 'FAILED') return [{ type: 'Failed', attemptId, failure: failureOf(known.failure) }]
  if (known.state !== 'VERIFIED') return undefined
  // Whoever was verified first has the id: it must not become somebody else's.
  if (representative(verification)?.phase === 'VERIFIED')
    return [{ type: 'Failed', attemptId, failure: failureOf(naruFailure('NARU_ALREADY_VERIFIED')) }]
  const { pgTransactionId } = known.person
  return [{ type: 'Verified', attemptId, pgTransactionId, verified: seal(known.person) }]
}

/** Applies the PG's answer to an inquiry, about a lost answer or about what happened in the window. */
export const settleInquiry = (
  verification: Verification,
  attemptId: string,
  outcome: Outcome<GatewayIdentity>,
  seal: Seal,
  mayActWithin: number,
  now: Instant,
): Events => {
  const attempt = attemptOf(verification, attemptId)
  const { phase, inquiry } = attempt
  if (phase !== 'SENDING' && phase !== 'READY') return []
  const known = outcome.kind === 'succeeded' ? outcome.value : undefined
  const final = known && decided(verification, attempt, known, seal)
  if (final) return final
  if (!inquiry) return []
  if (known?.state === 'WAITING' && phase === 'SENDING')
    return [{ type: 'Sent', attemptId, pgTransactionId: known.pgTransactionId }]
  if (known && provesNotExecuted(inquiry, mayActWithin, now))
    return [phase === 'READY' ? { type: 'ConfirmLost', attemptId } : { type: 'Failed', attemptId, failure: notSent }]
  return [{ type: 'InquiryPlanned', attemptId, inquiry: askAgain(inquiry, now) }]
}

const notSent = failureOf(naruFailure('NARU_NOT_EXECUTED'))
