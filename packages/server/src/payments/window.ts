import type { PaymentMethod } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureOf } from '../doubt/failure.ts'
import type { AuthenticationOutcome } from '../gateways/port/window.ts'
import { type Instant, realTime, storeTime } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Channel } from '../merchants/store.ts'
import { type DiscountRefusal, grantDiscount, returnDiscount, settleDiscounts } from './grant-discount.ts'
import { inquireNotified } from './inquire.ts'
import type { Changed, LoadedPayment, PaymentParts } from './parts.ts'
import type { WantedPromotion } from './requests/pay-command.ts'
import type { NewAttemptRefusal } from './rules/approval.ts'
import {
  authenticateAndConfirm,
  authenticateShopper,
  openWindow as decideOpen,
  declineByMerchant,
  declineCheckout,
} from './rules/checkout.ts'
import { reportSelfCharge } from './rules/self-charge.ts'
import { awaitsCharge, refuseCharge } from './rules/unwanted-charge.ts'
import type { AttemptStart } from './state/event.ts'
import { type Attempt, attemptOf } from './state/payment.ts'
import { chargedAmount } from './state/promotion.ts'
import { isEmptyWindow, isOpenWindow, longestConsent } from './state/window.ts'

type WindowStart = {
  readonly channel: Channel
  readonly start: AttemptStart
  readonly promotion?: WantedPromotion | undefined
}

/**
 * The shopper's window opens: the attempt is READY, and its discount held. A crash before the commit leaves a discount
 * that is held for an attempt nobody knows, until the hold falls due.
 */
export const openWindow = async (
  parts: PaymentParts,
  key: AggregateKey,
  { channel, start, promotion: wanted }: WindowStart,
  loaded: LoadedPayment,
): Promise<Changed | NewAttemptRefusal | DiscountRefusal> => {
  const { transactionId, request } = start
  const order = { transactionId, channel, request }
  const promotion = await grantDiscount(parts, key, wanted, order, storeTime(loaded.clock))
  if (promotion instanceof Refusal) return promotion
  const opened = await parts.process.change(key, (payment) => decideOpen(payment, { ...start, promotion }), loaded)
  if (opened instanceof Refusal) await returnDiscount(parts, key, transactionId, promotion)
  else await settleDiscounts(parts, key, opened)
  return opened
}

/** What the shopper is asked to agree to. */
export type Agreement = { readonly amount: number; readonly attempt: Attempt; readonly now: Instant }

/**
 * Lets the shopper agree: `ask` goes to the PG's window. Returns the attempt where somebody has agreed in it already, or
 * it is over, or what the window said where nothing is decided yet.
 *
 * Twice at once: one agreement counts, the other proof is never used.
 */
export const agreeInWindow = async <Undecided extends { readonly kind: 'challenged' | 'waiting' | 'elsewhere' }>(
  parts: PaymentParts,
  key: AggregateKey,
  transactionId: string,
  agreed: {
    readonly paymentToken: string
    /** Until when the shopper may agree, however late the PG says so. */
    readonly until: Instant
    readonly method?: ((now: Instant) => PaymentMethod) | undefined
    /** Whether the approval follows at once: it is then committed to together with the agreement. */
    readonly confirms: boolean
    /** Whether the merchant's server is asked before the approval. */
    readonly asks: boolean
    readonly ask: (agreement: Agreement) => Promise<Decided | Charged | Undecided>
  },
): Promise<Agreed | Undecided> => {
  const loaded = await parts.process.load(key)
  const attempt = attemptOf(loaded.state, transactionId)
  if (!isOpenWindow(attempt)) {
    const { state } = await askAboutSelfCharge(parts, key, transactionId, loaded)
    return { kind: 'closed', attempt: attemptOf(state, transactionId) }
  }
  const now = storeTime(loaded.clock)
  const outcome = await agreed.ask({ amount: chargedAmount(attempt), attempt, now })
  if (isCharged(outcome)) {
    const reported = await parts.process.apply(
      key,
      (payment, at) => reportSelfCharge(payment, transactionId, at),
      loaded,
    )
    // Where the window was closed at the same moment nobody else has yet heard that there is a charge.
    const { state } =
      reported.events.length > 0 ? reported : await askAboutSelfCharge(parts, key, transactionId, reported)
    return { kind: 'closed', attempt: attemptOf(state, transactionId) }
  }
  if (!isDecided(outcome)) return outcome
  if (outcome.kind === 'failed') {
    const left = await leaveWindow(parts, key, transactionId, outcome.failure)
    return { kind: 'closed', attempt: left }
  }
  const { authorization } = outcome
  const answerBy = agreed.asks ? now + longestConsent : undefined
  const authentication = { tokenDigest: digestOf(agreed.paymentToken), authorization, answerBy }
  const shown = agreed.method?.(now)
  const changed = await parts.process.apply(
    key,
    (payment, at) => {
      if (at > agreed.until) return []
      return agreed.confirms
        ? authenticateAndConfirm(payment, transactionId, authentication, shown, at)
        : authenticateShopper(payment, transactionId, authentication, shown)
    },
    loaded,
  )
  const after = attemptOf(changed.state, transactionId)
  if (changed.events.length === 0) return { kind: 'closed', attempt: after }
  const isConfirmed = changed.events.some(({ type }) => type === 'ConfirmationRequested')
  return { kind: isConfirmed ? 'confirmed' : 'agreed', attempt: after, changed }
}

/** `confirmed`: the PG is to be asked for the approval, to which is committed. */
type Agreed =
  | { readonly kind: 'closed'; readonly attempt: Attempt }
  | { readonly kind: 'agreed' | 'confirmed'; readonly attempt: Attempt; readonly changed: Changed }

/** What the PG's window said for good. */
export type Decided = Extract<AuthenticationOutcome, { kind: 'authenticated' | 'failed' }>

export const isDecided = (outcome: { readonly kind: string }): outcome is Decided =>
  outcome.kind === 'authenticated' || outcome.kind === 'failed'

/** The PG charges in its own window, and has, or nobody can tell. */
export type Charged = { readonly kind: 'charged' }

const isCharged = (outcome: { readonly kind: string }): outcome is Charged => outcome.kind === 'charged'

/**
 * What the PG says of a charge in its own window counts, whatever became of the window. A PG that says nothing within `patience`, where
 * that is given, is asked again later as it would have been anyway.
 */
const askAboutSelfCharge = async (
  parts: PaymentParts,
  key: AggregateKey,
  transactionId: string,
  loaded: LoadedPayment,
  patience?: number,
): Promise<LoadedPayment> => {
  if (!attemptOf(loaded.state, transactionId).selfCharge?.inquiry) return loaded
  const ask = async () => void (await inquireNotified(parts, key, transactionId))
  if (patience !== undefined) return await parts.process.until(key, () => true, ask, realTime() + patience)
  await ask()
  return await parts.process.load(key)
}

/**
 * The merchant wants nothing of this window any more, whatever became of it. What the PG has charged in its own by now counts; what it
 * charges from now on is given back, and so is what it approves after the attempt has failed.
 */
export const withdrawWindow = async (parts: PaymentParts, key: AggregateKey, transactionId: string): Promise<void> => {
  const loaded = await parts.process.load(key)
  if (!awaitsCharge(attemptOf(loaded.state, transactionId))) return
  const asked = await askAboutSelfCharge(parts, key, transactionId, loaded)
  await parts.process.apply(key, (payment) => refuseCharge(payment, transactionId), asked)
}

type Leaving = { readonly onlyOpen?: boolean; readonly byMerchant?: boolean; readonly patience?: number | undefined }

/**
 * The shopper leaves, or with `byMerchant` the merchant closes the window: an attempt that is not being approved, or was not paid in
 * the PG's window, fails. With `onlyOpen` one that the shopper has agreed to stays, such as for the merchant to confirm. `patience` is
 * how many milliseconds a PG that charges in its window is waited for at most. Returns it as it is then.
 */
export const leaveWindow = async (
  parts: PaymentParts,
  key: AggregateKey,
  transactionId: string,
  failure: { readonly pgCode: string; readonly pgMessage: string },
  { onlyOpen = false, byMerchant = false, patience }: Leaving = {},
): Promise<Attempt> => {
  const loaded = await askAboutSelfCharge(parts, key, transactionId, await parts.process.load(key), patience)
  const left = await parts.process.apply(
    key,
    (payment) =>
      onlyOpen && !isEmptyWindow(attemptOf(payment, transactionId))
        ? []
        : (byMerchant ? declineByMerchant : declineCheckout)(payment, transactionId, failureOf(failure)),
    loaded,
  )
  await settleDiscounts(parts, key, left)
  return attemptOf(left.state, transactionId)
}
