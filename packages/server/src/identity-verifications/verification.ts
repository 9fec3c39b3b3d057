import type { Gender, IdentityVerificationOperator, PaymentFailure, SelectedChannel } from '@naru/contract'
import type { Inquiry } from '../doubt/inquiry.ts'
import type { Instant } from '../kernel/clock.ts'
import type { PageRequest } from '../kernel/page-request.ts'

/** All attempts to verify a person under the merchant's id, oldest first. At most one succeeds. */
export type Verification = {
  readonly merchantId: string
  readonly storeId: string
  readonly identityVerificationId: string
  readonly attempts: readonly Attempt[]
}

/** `SENDING` lasts from our commit to the PG's answer, and is `READY` in the API. */
export type Phase = 'SENDING' | 'READY' | 'VERIFIED' | 'FAILED'

export type Attempt = AttemptStart & {
  readonly phase: Phase
  readonly requestedAt: Instant
  readonly updatedAt: Instant
  readonly statusChangedAt: Instant
  readonly pgTransactionId?: string | undefined
  /** How many confirmations the PG refused. */
  readonly refusals: number
  /** Set while the PG's answer to the sending or to a confirmation is outstanding. */
  readonly inquiry?: Inquiry | undefined
  /** Digest of the Idempotency-Key of the latest confirmation. */
  readonly confirmKey?: string | undefined
  /** Digest of the Idempotency-Key of the latest resending. */
  readonly resendKey?: string | undefined
  readonly failure?: PaymentFailure | undefined
  readonly failedAt?: Instant | undefined
  /** It failed since another window took its place. */
  readonly isReplaced?: true | undefined
  readonly verified?: VerifiedFacts | undefined
}

/** What is known from the start. The resident registration number is not stored, only the date of birth in it. */
export type AttemptStart = {
  /** Our reference at the PG. */
  readonly id: string
  readonly channel: SelectedChannel
  /** `WINDOW`: begun in the PG's window, where the person also confirms. */
  readonly method: 'SMS' | 'APP' | 'WINDOW'
  readonly operator?: IdentityVerificationOperator | undefined
  readonly customer: RequestedCustomer
  readonly customData?: string | undefined
  /** Which client address opened the window, as limits count them. */
  readonly source?: string | undefined
  /** When the page that opened the window asked for it. */
  readonly asked?: PageRequest | undefined
  readonly requestKey?: string | undefined
}

export type RequestedCustomer = {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly phoneNumber?: string | undefined
  readonly birthYear?: string | undefined
  readonly birthMonth?: string | undefined
  readonly birthDay?: string | undefined
}

export type VerifiedFacts = {
  readonly at: Instant
  readonly name: string
  readonly operator?: IdentityVerificationOperator | undefined
  readonly phoneNumber?: string | undefined
  /** As 2001-02-03. */
  readonly birthDate: string
  readonly gender?: Gender | undefined
  readonly isForeigner?: boolean | undefined
  /** Base64 of the encrypted CI, DI and answer of the PG. */
  readonly secrets: string
}

export type VerificationEvent =
  | { readonly type: 'Opened'; readonly attempt: AttemptStart }
  | { readonly type: 'SendRequested'; readonly attempt: AttemptStart; readonly inquiry: Inquiry }
  | { readonly type: 'Sent'; readonly attemptId: string; readonly pgTransactionId: string }
  | { readonly type: 'Resent'; readonly attemptId: string; readonly requestKey?: string | undefined }
  | {
      readonly type: 'ConfirmRequested'
      readonly attemptId: string
      readonly requestKey?: string | undefined
      readonly inquiry: Inquiry
    }
  | { readonly type: 'ConfirmRefused'; readonly attemptId: string; readonly failure: PaymentFailure }
  /** The confirmation never reached the PG. */
  | { readonly type: 'ConfirmLost'; readonly attemptId: string }
  | {
      readonly type: 'Verified'
      readonly attemptId: string
      readonly pgTransactionId: string
      readonly verified: VerifiedFacts
    }
  | {
      readonly type: 'Failed'
      readonly attemptId: string
      readonly failure: PaymentFailure
      readonly isReplaced?: true
    }
  /** The PG gave no usable answer; ask again at `inquiry.nextAt`. */
  | { readonly type: 'InquiryPlanned'; readonly attemptId: string; readonly inquiry: Inquiry }

export const noVerification = (merchantId: string, storeId: string, identityVerificationId: string): Verification => ({
  merchantId,
  storeId,
  identityVerificationId,
  attempts: [],
})

/** Folds one event into the verification. Total and pure. */
export const evolve = (verification: Verification, event: VerificationEvent, at: Instant): Verification => {
  const { attempts } = verification
  switch (event.type) {
    case 'Opened':
      return { ...verification, attempts: [...attempts, start(event.attempt, 'READY', at)] }
    case 'SendRequested': {
      const sending = { ...start(event.attempt, 'SENDING', at), inquiry: event.inquiry }
      return { ...verification, attempts: [...attempts, sending] }
    }
    default: {
      const changed = attempts.map((one) =>
        one.id === event.attemptId ? { ...evolveAttempt(one, event, at), updatedAt: at } : one,
      )
      return { ...verification, attempts: changed }
    }
  }
}

const start = (attempt: AttemptStart, phase: Phase, at: Instant): Attempt => ({
  ...attempt,
  phase,
  requestedAt: at,
  updatedAt: at,
  statusChangedAt: at,
  refusals: 0,
})

const evolveAttempt = (
  { inquiry, ...attempt }: Attempt,
  event: Extract<VerificationEvent, { attemptId: string }>,
  at: Instant,
): Attempt => {
  switch (event.type) {
    case 'Sent':
      return { ...attempt, phase: 'READY', pgTransactionId: event.pgTransactionId }
    case 'Resent':
      return { ...attempt, resendKey: event.requestKey, inquiry }
    case 'ConfirmRequested':
      return { ...attempt, confirmKey: event.requestKey, inquiry: event.inquiry }
    case 'ConfirmRefused':
      return { ...attempt, refusals: attempt.refusals + 1, failure: event.failure }
    case 'ConfirmLost': {
      // Nothing was confirmed, so the same request may try again.
      const { confirmKey: _, ...kept } = attempt
      return kept
    }
    case 'Verified': {
      const { failure: _, ...clean } = attempt
      const { verified, pgTransactionId } = event
      return { ...clean, phase: 'VERIFIED', statusChangedAt: at, pgTransactionId, verified }
    }
    case 'Failed':
      return {
        ...attempt,
        phase: 'FAILED',
        statusChangedAt: at,
        failedAt: at,
        failure: event.failure,
        ...(event.isReplaced && { isReplaced: true }),
      }
    case 'InquiryPlanned':
      return { ...attempt, inquiry: event.inquiry }
  }
}

/** The attempt that represents the verification: the verified one, or the latest. */
export const representative = ({ attempts }: Verification): Attempt | undefined =>
  attempts.find(({ phase }) => phase === 'VERIFIED') ?? attempts.at(-1)

export const attemptOf = ({ attempts, identityVerificationId }: Verification, attemptId: string): Attempt => {
  const attempt = attempts.find(({ id }) => id === attemptId)
  if (!attempt) throw new Error(`identity verification ${identityVerificationId} has no attempt ${attemptId}`)
  return attempt
}

/** The status in the API. */
export const statusOf = ({ phase }: Attempt): 'READY' | 'VERIFIED' | 'FAILED' => (phase === 'SENDING' ? 'READY' : phase)
