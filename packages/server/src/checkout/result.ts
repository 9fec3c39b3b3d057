import { createHmac } from 'node:crypto'
import type { CheckoutKind, CheckoutResult, CheckoutState, FailureCode, PaymentFailure } from '@naru/contract'
import type { Channel } from '../merchants/store.ts'
import type { unexpected } from '../payments/rules/approval.ts'
import type { Attempt } from '../payments/state/payment.ts'
import type { CheckoutAttempt } from './attempt.ts'
import {
  alreadyPaidText,
  changedText,
  closedCode,
  closedText,
  endsUndone,
  isTold,
  leftCode,
  notRefundedCode,
  ownFailureText,
  refundText,
  replacedText,
  undecidedText,
} from './failures.ts'
import { type Language, languageOf } from './language.ts'
import type { CheckoutParts } from './parts.ts'
import { withResult } from './redirect-url.ts'

/**
 * How far an attempt is: the shopper's turn, the PG's, or over. `overtaken`: it would be the shopper's turn, but the order was paid,
 * or the person verified, elsewhere. `outdated`: likewise, but the merchant's server has announced something else than is paid here.
 */
export type Progress =
  | { readonly kind: 'open' | 'settling' }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'outdated'; readonly differing: Differing }
  | {
      readonly kind: 'ended'
      readonly result: CheckoutResult
      readonly isReplaced?: boolean
      /** Something else pays the order, or the merchant closed it: what was charged here, or may have been, is given back. */
      readonly isRefunded?: boolean
    }

/** The ids that every result names, failures included: mobile SDKs crash without them. */
export const idsOf = (attempt: CheckoutAttempt): CheckoutResult => {
  const { kind, transactionId, subjectId } = attempt
  switch (kind) {
    case 'PAYMENT':
      return { transactionType: kind, txId: transactionId, paymentId: subjectId }
    case 'ISSUE_BILLING_KEY':
      return { transactionType: kind, billingKey: subjectId }
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return {
        transactionType: kind,
        billingKey: subjectId,
        txId: transactionId,
        paymentId: attempt.request.paymentId,
      }
    case 'IDENTITY_VERIFICATION':
      return { transactionType: kind, identityVerificationId: subjectId, identityVerificationTxId: transactionId }
  }
}

/** The attempt at a payment that a window is for, whether another one has paid the order, and what the merchant wants otherwise by now. */
export type PaymentNow = {
  readonly paid: Attempt
  readonly isPaidElsewhere: boolean
  readonly differing: Differing | undefined
}

/** What of an order is not what the merchant's server has announced. */
type Differing = NonNullable<ReturnType<typeof unexpected>>

/** Whose turn it is where nobody has agreed to anything. */
export const unagreed = ({ isPaidElsewhere, differing }: Omit<PaymentNow, 'paid'>): Progress => {
  if (isPaidElsewhere) return { kind: 'overtaken' }
  return differing === undefined ? { kind: 'open' } : { kind: 'outdated', differing }
}

/** How far a payment is. A virtual account, and what the PG accepted for later, are successes like a charge. */
export const paymentProgress = (
  parts: Pick<CheckoutParts, 'tokenKey'>,
  attempt: CheckoutAttempt,
  payment: PaymentNow,
  { manualConfirm }: Pick<Channel, 'manualConfirm'>,
): Progress => {
  const { paid, isPaidElsewhere } = payment
  const { phase, authentication, isReplaced } = paid
  const ids = idsOf(attempt)
  const token = manualConfirm && authentication ? { paymentToken: paymentTokenOf(parts, attempt) } : {}
  switch (phase) {
    case 'READY':
      if (!authentication) return unagreed(payment)
      return manualConfirm ? { kind: 'ended', result: { ...ids, ...token } } : { kind: 'settling' }
    case 'APPROVING':
    case 'REVERSING':
      return { kind: 'settling' }
    case 'FAILED':
      return isReplaced && !isPaidElsewhere ? replaced(attempt) : failedPayment(attempt, ids, paid, isPaidElsewhere)
    case 'PAY_PENDING':
    case 'VIRTUAL_ACCOUNT_ISSUED':
    case 'PAID':
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return { kind: 'ended', result: { ...ids, ...token } }
  }
}

/** The token for `POST /payments/{paymentId}/confirm`: always the same for one attempt, and known to nobody before. */
export const paymentTokenOf = (
  { tokenKey }: Pick<CheckoutParts, 'tokenKey'>,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
): string => createHmac('sha256', tokenKey).update(`${storeId}/${transactionId}`).digest('base64url')

/**
 * A failure as PortOne documents it: `FAILURE_TYPE_PG` with the PG's own code and words where the PG said no or the
 * shopper left its window, `PORTONE_ERROR` where it was us. Our own texts in the API are for developers, and for no shopper.
 */
export const failureFields = (
  failure: Partial<PaymentFailure> | undefined,
  kind: CheckoutKind,
  language: Language,
): FailureFields => {
  const { pgCode, pgMessage, reason } = failure ?? {}
  const own = ownFailureText(pgCode, kind, language)
  // What the merchant's server said to the shopper, if it did.
  if (pgCode === 'NARU_CONFIRM_PROCESS_FAILED') return { code: 'ConfirmProcessFailed', message: pgMessage ?? own }
  if (pgCode !== undefined && isTold(pgCode)) return { code: 'PORTONE_ERROR', message: own, pgCode, pgMessage: own }
  if (pgCode === undefined || pgCode.startsWith('NARU_')) return { code: 'PORTONE_ERROR', message: own }
  const said = pgMessage ?? reason ?? own
  return { code: 'FAILURE_TYPE_PG', message: `[${pgCode}] ${said}`, pgCode, pgMessage: said }
}

type FailureFields = { readonly code: FailureCode; readonly message: string } & Pick<
  CheckoutResult,
  'pgCode' | 'pgMessage'
>

/** As `failedWith`, of an attempt at a payment: it knows whether there is something to give back. */
export const failedPayment = (
  window: CheckoutAttempt,
  ids: CheckoutResult,
  { failure, paidAt, selfCharge }: Pick<Attempt, 'failure' | 'paidAt' | 'selfCharge'>,
  isPaidElsewhere: boolean,
): Progress => {
  const failed = failedWith(window, ids, failure, isPaidElsewhere)
  // The order is paid, and what was charged here is still at the PG: the one must not hide the other.
  if (isPaidElsewhere && failure?.pgCode === notRefundedCode)
    return { ...failed, result: { ...failed.result, code: 'PaymentAlreadyPaid' } }
  const isCharged = paidAt !== undefined || selfCharge?.inquiry !== undefined
  const isOvertaken = isPaidElsewhere || failure?.pgCode === 'NARU_ALREADY_PAID'
  const textFor = isOvertaken ? refundText : unwantedTexts.get(failure?.pgCode)
  if (!isCharged || !textFor || !endsUndone(failure?.pgCode)) return failed
  return { ...failed, result: { ...failed.result, message: textFor(languageOf(window.request)) }, isRefunded: true }
}

/** What is said, by its code, of a window that the merchant wants nothing of any more. */
const unwantedTexts: ReadonlyMap<string | undefined, (language: Language) => string> = new Map([
  [closedCode, closedText],
  ['NARU_NOT_APPROVABLE', changedText],
])

/**
 * `ids` are those of the attempt, or of the payment that was made for it. Of a window in which nobody paid, for an order that is
 * paid, nothing else counts: a shop that read of a cancelled payment would let the shopper pay once more. A person who is verified
 * likewise.
 */
export const failedWith = (
  { kind, request }: CheckoutAttempt,
  ids: CheckoutResult,
  failure: PaymentFailure | undefined,
  isDoneElsewhere = false,
): Extract<Progress, { kind: 'ended' }> => {
  const language = languageOf(request)
  const isOvertaken = isDoneElsewhere && endsUndone(failure?.pgCode)
  const fields = isOvertaken ? doneElsewhere(kind, language) : failureFields(failure, kind, language)
  return { kind: 'ended', result: { ...ids, ...fields } }
}

const doneElsewhere = (kind: CheckoutKind, language: Language): FailureFields =>
  kind === 'IDENTITY_VERIFICATION'
    ? {
        code: 'IdentityVerificationAlreadyVerified',
        message: ownFailureText('NARU_ALREADY_VERIFIED', kind, language),
      }
    : { code: 'PaymentAlreadyPaid', message: alreadyPaidText(language) }

/** Another window took its place, in which the shopper goes on: nothing was refused, and nobody left. */
export const replaced = (attempt: CheckoutAttempt): Progress => {
  const failure = { pgCode: leftCode, pgMessage: replacedText(attempt.kind, languageOf(attempt.request)) }
  return { ...failedWith(attempt, idsOf(attempt), failure), isReplaced: true }
}

/** Nobody knows yet, and the window is to close. The webhook will say. */
export const undecided = (attempt: CheckoutAttempt): CheckoutResult => ({
  ...idsOf(attempt),
  code: 'PORTONE_ERROR',
  message: undecidedText(languageOf(attempt.request)),
})

export const stateOf = (attempt: CheckoutAttempt, progress: Progress): CheckoutState => {
  if (progress.kind !== 'ended') return {}
  const { result } = progress
  return { result, ...redirectOf(attempt, result) }
}

/** Where the shopper goes with this result, where the shop wants it by redirect. */
export const redirectOf = (
  { request: { redirectUrl }, surroundings }: CheckoutAttempt,
  result: CheckoutResult,
): { redirectUrl?: string } =>
  redirectUrl !== undefined && surroundings.redirects ? { redirectUrl: withResult(redirectUrl, result) } : {}
