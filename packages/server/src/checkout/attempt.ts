import type {
  BrowserBillingKey,
  BrowserBillingKeyAndPayment,
  BrowserIdentityVerification,
  BrowserPayment,
  CheckoutState,
  PaymentOrigin,
  WindowMode,
} from '@naru/contract'
import type { KeptWindow } from '../gateways/port/window.ts'
import type { Instant } from '../kernel/clock.ts'

/** What a shop's page asked for, by what it is. */
export type CheckoutRequest =
  | { readonly kind: 'PAYMENT'; readonly request: BrowserPayment }
  | { readonly kind: 'ISSUE_BILLING_KEY'; readonly request: BrowserBillingKey }
  | { readonly kind: 'ISSUE_BILLING_KEY_AND_PAY'; readonly request: BrowserBillingKeyAndPayment }
  | { readonly kind: 'IDENTITY_VERIFICATION'; readonly request: BrowserIdentityVerification }

/** A method is to be stored, with or without a first payment. */
export type StoringRequest = Extract<CheckoutRequest, { kind: 'ISSUE_BILLING_KEY' | 'ISSUE_BILLING_KEY_AND_PAY' }>

/** How the window is opened, and where from. */
export type Surroundings = {
  readonly mode: WindowMode
  /** As the browser says it; pages without one (`file:`, sandboxed frames) have none. */
  readonly shopOrigin?: string | undefined
  /** Whether the result goes to `redirectUrl` rather than to the page that waits. */
  readonly redirects: boolean
  readonly origin?: PaymentOrigin | undefined
  readonly device?: 'PC' | 'MOBILE' | undefined
  /** The payment session that it was opened from. */
  readonly sessionId?: string | undefined
  /** Under which address the browser reached us. */
  readonly serverUrl?: string | undefined
}

/**
 * One window in one browser. It stays as it was opened, except for `ending` and `page`: how far a payment or an identity
 * verification is stands with it; a billing key does not exist before the shopper agrees.
 */
export type CheckoutAttempt = CheckoutRequest & {
  readonly storeId: string
  readonly transactionId: string
  readonly subjectId: string
  readonly tokenDigest: string
  readonly channelKey: string
  readonly surroundings: Surroundings
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly ending?: Ending | undefined
  /** Whether the page is still there, in a popup that the shop's page does not see. */
  readonly page?: CheckoutState['page']
  /** Where the PG brings its own window. */
  readonly pgWindow?: KeptWindow | undefined
}

/** What a shopper agreed to: the texts by their ids and versions, in which language, and when by the store's clock. */
export type Agreed = {
  readonly agreedAt: string
  readonly language: 'ko' | 'en'
  readonly consents: readonly { readonly id: string; readonly version: string }[]
}

/** `AGREED`: the shopper agreed before anybody left the window; the key itself says what came of it. */
export type Ending =
  | { readonly kind: 'AGREED' }
  | { readonly kind: 'FAILED'; readonly pgCode: string; readonly pgMessage: string }

/** What stands for a billing key, or a payment, that the merchant's server has yet to confirm. */
export const needsConfirmation = 'NEEDS_CONFIRMATION'
