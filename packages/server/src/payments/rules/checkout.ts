import type { Currency, PaymentFailure, PaymentMethod } from '@naru/contract'
import { failureOf } from '../../doubt/failure.ts'
import { intent } from '../../doubt/inquiry.ts'
import { canonical } from '../../kernel/canonical.ts'
import type { Instant } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import { isOutdated } from '../../kernel/page-request.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { AttemptStart, PaymentEvent } from '../state/event.ts'
import { evolve } from '../state/evolve.ts'
import {
  type Attempt,
  attemptOf,
  type Payment,
  type PreRegistration,
  paidAttempt,
  undecidedAttempt,
} from '../state/payment.ts'
import { consentDueAt, isConfirmable, isEmptyWindow, isOpenWindow, windowExpiresAt } from '../state/window.ts'
import { attemptBy, type NewAttemptRefusal, refuseNewAttempt, unexpected } from './approval.ts'
import { isSameClient, refuseTooManyFrom } from './limits.ts'
import { paymentNotFound } from './not-found.ts'
import { refuseCharge } from './unwanted-charge.ts'

/**
 * Registering again what is registered, as a retry does, changes nothing. What an attempt that the PG is deciding about does not fit
 * comes too late: it would be taken for agreed, and the other amount be paid.
 */
export const preRegister = (
  payment: Payment,
  expected: PreRegistration,
): readonly PaymentEvent[] | Refusal<'ALREADY_PAID'> => {
  if (paidAttempt(payment))
    return refuse(
      'ALREADY_PAID',
      `The payment ${payment.paymentId} is already paid. Use a new paymentId for a new order.`,
    )
  const undecided = undecidedAttempt(payment)
  if (undecided && unexpected({ ...payment, preRegistered: expected }, undecided.request))
    return refuse(
      'ALREADY_PAID',
      `The payment ${payment.paymentId} is being paid, as something else than this. Read it to see what comes of it.`,
    )
  const isKnown = payment.preRegistered !== undefined && canonical(payment.preRegistered) === canonical(expected)
  return isKnown ? [] : [{ type: 'PreRegistered', expected }]
}

/** The shopper's window is open, or authenticated and waiting for the merchant's confirmation. */
export const openCheckout = (payment: Payment, start: AttemptStart): readonly PaymentEvent[] | NewAttemptRefusal => {
  const refusal = refuseNewAttempt(payment, start.request)
  return refusal ?? [{ type: 'CheckoutOpened', attempt: start }]
}

/**
 * The shopper's window is open, in a browser. Windows that the same client address opened for the same order and that are still
 * empty make way: of two live ones nobody could say which one counts. One that was opened elsewhere may be somebody else's, who has
 * learned the order's id and must not take the shopper's place: it stays, and whichever pays first wins. A request that comes late opens
 * nothing: the shopper is in the window for which the page asked after it.
 */
export const openWindow = (payment: Payment, start: AttemptStart): readonly PaymentEvent[] | NewAttemptRefusal => {
  const opened = openCheckout(payment, start)
  if (opened instanceof Refusal) return opened
  const tooMany = refuseTooManyFrom(payment, start.origin)
  if (tooMany) return tooMany
  const own = payment.attempts.filter(({ origin }) => isSameClient(origin, start.origin))
  const times = own.map(({ asked }) => asked)
  if (isOutdated(start.asked, times)) return refuse('INVALID_REQUEST', outdated(payment.paymentId))
  const superseded = own
    .filter(isEmptyWindow)
    .map(
      ({ transactionId }) => ({ type: 'AttemptFailed', transactionId, failure: openedAnew, isReplaced: true }) as const,
    )
  return [...superseded, ...opened]
}

const outdated = (paymentId: string): string =>
  `The page has opened another window for the payment ${paymentId} since it asked for this one. Use that.`

/**
 * What the shopper agreed to can be approved: once, whoever else agrees in the same window at the same time. Nobody agrees to an
 * order that is paid: the merchant's server would be asked, or handed a token, for what can no longer be approved.
 */
export const authenticateShopper = (
  payment: Payment,
  transactionId: string,
  authentication: NonNullable<Attempt['authentication']>,
  method: PaymentMethod | undefined,
): readonly PaymentEvent[] =>
  isOpenWindow(attemptOf(payment, transactionId)) && !paidAttempt(payment)
    ? [{ type: 'ShopperAuthenticated', transactionId, authentication, method }]
    : []

/**
 * As `authenticateShopper`, and commits to the approval with it, where nobody is asked before. What can no longer be confirmed,
 * such as another amount than announced, is agreed to alone: confirming it then says why.
 */
export const authenticateAndConfirm = (
  payment: Payment,
  transactionId: string,
  authentication: NonNullable<Attempt['authentication']>,
  method: PaymentMethod | undefined,
  now: Instant,
): readonly PaymentEvent[] => {
  const agreed = authenticateShopper(payment, transactionId, authentication, method)
  if (agreed.length === 0) return agreed
  const after = agreed.reduce((state, event) => evolve(state, event, now), payment)
  const confirmed = requestConfirmation(after, { tokenDigest: authentication.tokenDigest }, now)
  return confirmed instanceof Refusal ? agreed : [...agreed, ...confirmed]
}

/**
 * Windows whose time is over: those that kept a discount from others for too long, and those about which the merchant's server
 * was asked by a server of ours that died. It is not asked again, since it may reserve goods each time; that the attempt failed
 * tells it to let go of them. Decided on the payment itself: who agrees, or confirms, at the same moment is either before it or
 * refused, so that nobody is charged at a discount that is no longer held, or for goods that are not.
 */
export const expireWindows = (payment: Payment, now: Instant): readonly PaymentEvent[] =>
  payment.attempts.flatMap((attempt): readonly PaymentEvent[] => {
    const { transactionId } = attempt
    const isOver = (at: Instant | undefined) => at !== undefined && at <= now
    if (isOver(consentDueAt(attempt))) return [{ type: 'AttemptFailed', transactionId, failure: consentLost }]
    return isOver(windowExpiresAt(attempt)) ? [{ type: 'WindowExpired', transactionId }] : []
  })

/**
 * The merchant's server did not say yes. The cause is for the merchant alone; `message` is what its server said to the shopper,
 * where it said something.
 */
export const notConfirmed = (cause: string, message?: string): PaymentFailure => {
  const { pgCode, reason } = failureOf(naruFailure('NARU_CONFIRM_PROCESS_FAILED', { message: message ?? cause }))
  return message === undefined ? { reason, pgCode } : { reason, pgCode, pgMessage: message }
}

const consentLost = notConfirmed("What the merchant's server answered was lost. Nothing was charged.")

/** The shopper left the window, or was too slow: nothing can come of it any more. */
export const leaveCheckout = (
  payment: Payment,
  start: AttemptStart,
  failure: PaymentFailure,
): readonly PaymentEvent[] | NewAttemptRefusal => {
  const opened = openCheckout(payment, start)
  if (opened instanceof Refusal) return opened
  return [...opened, { type: 'AttemptFailed', transactionId: start.transactionId, failure }]
}

/** Nothing will come of it: the shopper left, or the merchant's server said no. What is being approved goes on. */
export const declineCheckout = (
  payment: Payment,
  transactionId: string,
  failure: PaymentFailure,
): readonly PaymentEvent[] =>
  attemptOf(payment, transactionId).phase === 'READY' ? [{ type: 'AttemptFailed', transactionId, failure }] : []

/** As `declineCheckout`, by the merchant: what the PG charges in its window all the same is given back. */
export const declineByMerchant = (
  payment: Payment,
  transactionId: string,
  failure: PaymentFailure,
): readonly PaymentEvent[] => {
  const declined = declineCheckout(payment, transactionId, failure)
  return declined.length === 0 ? [] : [...declined, ...refuseCharge(payment, transactionId)]
}

const openedAnew = failureOf({ pgCode: 'PAY_PROCESS_CANCELED', pgMessage: '새 결제창이 열려 이전 결제창을 닫았습니다' })

export type ConfirmCommand = {
  readonly tokenDigest: string
  readonly txId?: string | undefined
  readonly currency?: Currency | undefined
  readonly totalAmount?: number | undefined
  readonly taxFreeAmount?: number | undefined
  readonly isTest?: boolean | undefined
  readonly requestKey?: string | undefined
  readonly skipWebhook?: boolean | undefined
}

type ConfirmRefusal = Refusal<'PAYMENT_NOT_FOUND' | 'ALREADY_PAID' | 'INVALID_PAYMENT_TOKEN' | 'INFORMATION_MISMATCH'>

/**
 * Commits to approving what the shopper authenticated. A mismatch changes nothing: the token stays usable. Decides on nothing
 * where the same request confirmed it before; see `attemptBy`.
 */
export const requestConfirmation = (
  payment: Payment,
  command: ConfirmCommand,
  now: Instant,
): readonly PaymentEvent[] | ConfirmRefusal => {
  if (payment.attempts.length === 0) return paymentNotFound(payment.paymentId)
  if (attemptBy(payment, command.requestKey)) return []
  const attempt = payment.attempts.find(({ authentication }) => authentication?.tokenDigest === command.tokenDigest)
  if (paidAttempt(payment))
    return refuse('ALREADY_PAID', `The payment ${payment.paymentId} is already paid. Read it to see the result.`)
  if (undecidedAttempt(payment))
    return refuse(
      'ALREADY_PAID',
      `An attempt at the payment ${payment.paymentId} is still waiting for the payment gateway's result. Read it to see ` +
        'the result.',
    )
  if (!attempt || !isConfirmable(attempt, now))
    return refuse(
      'INVALID_PAYMENT_TOKEN',
      attempt?.phase === 'READY'
        ? 'paymentToken has expired: it can be confirmed until an hour after the checkout was opened. Nothing was charged. ' +
            'Start the checkout again.'
        : 'paymentToken is not one that a shopper just got for this payment, or it was used. Start the checkout again.',
    )
  const mismatch = refuseMismatch(payment, attempt, command)
  if (mismatch) return mismatch
  const { requestKey, skipWebhook } = command
  return [
    {
      type: 'ConfirmationRequested',
      transactionId: attempt.transactionId,
      requestKey,
      skipWebhook,
      inquiry: intent(now),
    },
  ]
}

const refuseMismatch = (
  payment: Payment,
  attempt: Attempt,
  command: ConfirmCommand,
): Refusal<'INFORMATION_MISMATCH'> | undefined => {
  const differing = difference(attempt, command)
  if (differing)
    return refuse('INFORMATION_MISMATCH', `${differing} differs from what the shopper agreed to. Nothing was charged.`)
  const late = unexpected(payment, attempt.request)
  return late
    ? refuse('INFORMATION_MISMATCH', `${late} differs from what was pre-registered meanwhile. Nothing was charged.`)
    : undefined
}

const difference = ({ transactionId, request, channel }: Attempt, command: ConfirmCommand): string | undefined => {
  const differs = <Value>(given: Value | undefined, actual: Value) => given !== undefined && given !== actual
  if (differs(command.txId, transactionId)) return 'txId'
  if (differs(command.currency, request.currency)) return 'currency'
  if (differs(command.totalAmount, request.amount.total)) return 'totalAmount'
  if (differs(command.taxFreeAmount, request.amount.taxFree)) return 'taxFreeAmount'
  if (differs(command.isTest, channel.type === 'TEST')) return 'isTest'
  return undefined
}
