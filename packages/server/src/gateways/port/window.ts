import type {
  Bank,
  BillingKeyPaymentMethod,
  BrowserPayMethod,
  Currency,
  PaymentMethod,
  PaymentMethodTransfer,
  PgProvider,
  WindowOpening,
} from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { IdentityRequest } from './identity.ts'
import type { CardCharge, VirtualAccountRequest } from './payment.ts'
import type { CardCredential, GatewayContext, GatewayFailure } from './terms.ts'

/**
 * Where a shopper agrees to pay, for a PG that leaves its window to us. What it keeps is proof for `approve`: nothing is
 * charged, and a card is declined only there, as at a real PG. `context.reference` names the attempt.
 */
export type PaymentWindow = {
  /**
   * Why the PG takes no such payment from anybody, naming the field and the remedy. Only where the PG is certain of it: what is not
   * refused here may still be refused when it is paid.
   */
  readonly refusePayment?: ((terms: PaymentTerms) => string | undefined) | undefined
  /** As `refusePayment`, of what a window of any kind was told. */
  readonly refuseWindow?: ((told: Pick<WindowTerms, 'testCode' | 'customerId'>) => string | undefined) | undefined
  /** Whether a card can be charged in so many instalments; 0 is a single charge. Absent where the PG does not say. */
  readonly takesMonth?: ((month: number) => boolean) | undefined
  /** Whether virtual accounts can be issued at a bank. Absent where the PG does not say. */
  readonly issuesAccountsAt?: ((bank: Bank) => boolean) | undefined
  /** Whose card a number is, such as `SHINHAN_CARD`, where the PG knows it for certain. */
  readonly cardCompanyOf?: ((number: string) => string | undefined) | undefined
  /** Where shoppers who hold a phone go on to pay from their bank account: in the app of their bank. */
  readonly bankApp?: PgWindow | undefined
  authenticate(
    context: Pick<GatewayContext, 'storeId' | 'reference'>,
    request: AuthenticationRequest,
  ): Promise<AuthenticationOutcome>
  /** A shopper agrees that a method is stored. Nothing is stored before the gateway's `issueBillingKey`. */
  authorizeBillingKey(
    context: Pick<GatewayContext, 'storeId' | 'reference'>,
    request: StoringRequest,
  ): Promise<AuthenticationOutcome>
  /** A person proves who they are, for the verification that `context.reference` names. */
  identify(
    context: Pick<GatewayContext, 'storeId' | 'channel' | 'reference'>,
    request: IdentifyRequest,
  ): Promise<IdentifyOutcome>
  /** What a shopper has to send for the payment `context.reference`, while the PG waits for it in a cryptocurrency. */
  cryptoTransfer(context: Pick<WindowContext, 'storeId' | 'reference' | 'clock'>): Promise<CryptoTransfer | undefined>
}

/** What an order is paid with, before any shopper chose anything. */
export type PaymentTerms = {
  readonly pgProvider: PgProvider
  readonly orderName: string
  readonly payMethod: BrowserPayMethod
  readonly currency: Currency
}

/** What is to be sent, and what arrived of more, are in the coin, as text. `uri` has all of it, for wallets. */
export type CryptoTransfer = {
  readonly coin: string
  readonly amount: string
  readonly received?: string | undefined
  readonly address: string
  readonly uri: string
  readonly expiresAt: Instant
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
  | Challenge
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

/**
 * The issuer or the carrier sent the shopper a one-time code and wants it, or takes none any more (`TOO_MANY`). Another one was
 * sent where the code given was too old, or meant for another person or method.
 */
export type Challenge = {
  readonly kind: 'challenged'
  readonly problem?: 'WRONG' | 'EXPIRED' | 'SENT_ANEW' | 'TOO_MANY' | undefined
}

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

/**
 * A window that the PG brings itself: for a payment, for storing a method, or for proving who one is. The browser leaves for
 * it and comes back with fields that prove nothing: whoever holds the browser can write them. They only say what to ask the
 * PG about, and its answer is held against the attempt before anything counts.
 *
 * `context.reference` names the attempt: it is the order id at the PG.
 */
export type PgWindow = {
  /** Where the PG charges a payment in its window, with no call of ours; absent where our `approve` charges. */
  readonly charges?: WindowCharging | undefined
  /** Registers the order at the PG, and says how its window opens. Nothing is agreed to, and nothing charged. */
  prepare(context: WindowContext, order: WindowOrder): Promise<PreparedWindow>
  /** What the PG knows: by asking it, or by a signature that only it can make. Changes nothing, and may be asked again. */
  verify(context: WindowContext, returned: WindowReturn): Promise<WindowVerdict>
}

/**
 * The shopper who agrees has paid, whether or not the browser comes back. So the PG is asked (the gateway's `inquire`) when it
 * does, when the window is left, and from time to time until it can charge no more. Nobody can be asked before the charge:
 * `confirmUrl` and confirmation by the merchant do not go with it.
 */
export type WindowCharging = {
  /** How long after the window was prepared the PG may still charge in it, in milliseconds. */
  readonly within: number
}

export type WindowContext = Pick<GatewayContext, 'storeId' | 'channel' | 'reference' | 'clock'>

/** What a window is for. */
export type WindowOrder = PaymentOrder | StoringOrder | IdentityOrder

/** What every window is told. */
export type WindowTerms = {
  readonly customerId?: string | undefined
  /** The outcome named in the browser request. Real PGs never see it. */
  readonly testCode?: string | undefined
  readonly language: 'ko' | 'en'
  /** Where the PG sends the browser afterwards, by GET or by POST. */
  readonly returnUrl: string
  /**
   * The origins of the pages that may have the window in a frame: ours, and the shop's where our page is in one of its own.
   * Absent where the shop's page has no origin, as a file has none.
   */
  readonly framedBy?: readonly string[] | undefined
}

export type WindowCharge = { readonly amount: Amount; readonly currency: Currency }

export type PaymentOrder = WindowTerms &
  WindowCharge & {
    readonly kind: 'PAYMENT'
    readonly orderName: string
    /** Parts of the amount. */
    readonly taxFree: Amount
    readonly vat: Amount
    readonly payMethod: BrowserPayMethod
    /** What the shopper chose on our page already, where the PG's window only takes over from there. */
    readonly method?: MethodInWindow | undefined
  }

/** A method is to be stored; with a `charge` the shopper also agrees to a first payment with it. */
export type StoringOrder = WindowTerms & {
  readonly kind: 'BILLING_KEY'
  readonly orderName: string
  readonly payMethod: Extract<BrowserPayMethod, 'CARD' | 'MOBILE' | 'EASY_PAY' | 'PAYPAL' | 'TRANSFER'>
  readonly charge?: WindowCharge | undefined
}

/** Somebody is to prove who they are. `person`: what the shop knows of them. */
export type IdentityOrder = WindowTerms & {
  readonly kind: 'IDENTITY'
  readonly person: IdentityRequest['customer']
}

/** `memo` is what the PG wants to hear again, such as its own id of the order; it is kept, and never shown to a browser. */
export type KeptWindow = { readonly opening: WindowOpening; readonly memo: Readonly<Record<string, string>> }

export type PreparedWindow =
  | ({ readonly kind: 'prepared' } & KeptWindow)
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

/** What the browser brought, from the query and from a form. */
export type WindowReturn = Pick<KeptWindow, 'memo'> & { readonly fields: Readonly<Record<string, string>> }

/** `reference` is the order that the PG speaks of, not the one that the browser names. */
export type WindowVerdict =
  | {
      readonly kind: 'authenticated'
      readonly reference: string
      /** What the shopper agreed to pay, as the PG has it; nothing where a method is only stored. */
      readonly charge?: WindowCharge | undefined
      /** Goes to the gateway's `approve` or `issueBillingKey`. */
      readonly authorization: string
    }
  /** The PG says that it charged: the gateway's `inquire` says how much. */
  | { readonly kind: 'charged'; readonly reference: string }
  /** Somebody proved who they are: the gateway's `inquireIdentity` says who. */
  | { readonly kind: 'identified'; readonly reference: string }
  | { readonly kind: 'failed'; readonly reference: string; readonly failure: GatewayFailure }
  /** The PG knows of no agreement: too early, or made up. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unknown'; readonly reason: string }
