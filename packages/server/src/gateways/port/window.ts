import type { BillingKeyPaymentMethod, Currency, PaymentMethod, PaymentMethodTransfer } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { IdentityRequest } from './identity.ts'
import type { CardCharge, VirtualAccountRequest } from './payment.ts'
import type { CardCredential, GatewayContext, GatewayFailure } from './terms.ts'

/**
 * Where a shopper agrees to pay, for a PG that leaves its window to us. What it keeps is proof for `approve`: nothing is
 * charged, and a card is declined only there, as at a real PG.
 */
export type PaymentWindow = {
  authenticate(storeId: string, request: AuthenticationRequest): Promise<AuthenticationOutcome>
  /** A shopper agrees that a method is stored. Nothing is stored before the gateway's `issueBillingKey`. */
  authorizeBillingKey(storeId: string, request: StoringRequest): Promise<AuthenticationOutcome>
  /** A person proves who they are, for the verification that `context.reference` names. */
  identify(
    context: Pick<GatewayContext, 'storeId' | 'channel' | 'reference'>,
    request: IdentifyRequest,
  ): Promise<IdentifyOutcome>
}

/** A card with its number, or an account or a wallet as it may be shown. */
export type MethodToStore =
  | { readonly credential: CardCredential }
  | { readonly method: Exclude<BillingKeyPaymentMethod, { type: 'BillingKeyPaymentMethodCard' }> }

export type StoringRequest = MethodToStore & {
  readonly customerId?: string | undefined
  readonly testCode?: string | undefined
  /** The one-time code that the shopper typed after a challenge. */
  readonly otp?: string | undefined
  readonly now: Instant
}

export type IdentifyRequest = {
  readonly person: IdentityRequest
  readonly testCode?: string | undefined
  readonly otp?: string | undefined
  readonly now: Instant
}

export type IdentifyOutcome =
  | { readonly kind: 'identified' }
  | Exclude<AuthenticationOutcome, { kind: 'authenticated' }>

/** What a shopper did in the window. */
export type AuthenticationRequest = {
  readonly method: MethodInWindow
  readonly amount: Amount
  readonly currency: Currency
  readonly customerId?: string | undefined
  /** The outcome chosen on a sandbox's page, or named in the browser request. Real PGs never see it. */
  readonly testCode?: string | undefined
  readonly phoneNumber?: string | undefined
  /** The one-time code that the shopper typed after a challenge. */
  readonly otp?: string | undefined
  readonly now: Instant
}

export type AuthenticationOutcome =
  /** `authorization` goes to the gateway's `approve`. */
  | { readonly kind: 'authenticated'; readonly authorization: string }
  /** The issuer or the carrier sent the shopper a one-time code and wants it. */
  | { readonly kind: 'challenged'; readonly isWrong: boolean }
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

export type MethodInWindow = CardInWindow | AccountInWindow | TransferInWindow | WalletInWindow

export type CardInWindow = Pick<
  CardCharge,
  'credential' | 'installmentMonth' | 'useFreeInterestFromMerchant' | 'useCardPoint'
> & {
  readonly kind: 'CARD'
  /** The card company the shopper chose, such as `SHINHAN_CARD`; otherwise the number says. */
  readonly issuer?: string | undefined
}

/** The account number is masked. */
export type TransferInWindow = { readonly kind: 'TRANSFER'; readonly method: PaymentMethodTransfer }

/** What is paid from without a number that the PG would have to know: a wallet, a telephone bill, a voucher. */
export type WalletInWindow = {
  readonly kind: 'EASY_PAY' | 'MOBILE' | 'GIFT_CERTIFICATE' | 'CONVENIENCE_STORE' | 'CRYPTO'
  readonly method: PaymentMethod
}

export type AccountTerms = Pick<
  VirtualAccountRequest,
  'bank' | 'expiresAt' | 'accountType' | 'pgAccountId' | 'accountNumber' | 'remitteeName'
>

/** `validFor` is how long the account is to be open once it is issued; without it `expiresAt` holds as it is. */
export type AccountInWindow = AccountTerms & {
  readonly kind: 'VIRTUAL_ACCOUNT'
  readonly validFor?: number | undefined
}
