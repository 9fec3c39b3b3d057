import Type from 'typebox'
import { boolean, enumeration, optional, type Static, string } from '../schema.ts'
import {
  CheckoutPaymentMethod,
  type PaymentSessionAgreement,
  type PaymentSessionColors,
} from '../schemas/checkout/session.ts'
import { Bank } from '../schemas/common/bank.ts'
import type { Currency } from '../schemas/common/currency.ts'
import { EasyPayProvider } from '../schemas/common/easy-pay-provider.ts'
import { PaymentMethodGiftCertificateType } from '../schemas/payment/method.ts'
import { type BrowserPayMethod, CardCompany } from './request.ts'

/** What the script, the page and the server say to each other. Ours alone: all three are always of one version. */

export const checkoutKinds = [
  'PAYMENT',
  'ISSUE_BILLING_KEY',
  'ISSUE_BILLING_KEY_AND_PAY',
  'IDENTITY_VERIFICATION',
] as const
export type CheckoutKind = (typeof checkoutKinds)[number]

export type WindowMode = 'IFRAME' | 'POPUP' | 'REDIRECTION'

/**
 * How the browser gets into the window of a PG that brings its own. `SCRIPT` loads the PG's script into our page, which
 * then asks no card number itself; `opener` names who knows how to call it.
 */
export type WindowOpening =
  | { readonly kind: 'REDIRECT'; readonly url: string }
  | { readonly kind: 'FORM'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly kind: 'SCRIPT'
      readonly opener: 'sandbox'
      readonly src: string
      readonly parameters: Readonly<Record<string, string>>
    }

export const OpenCheckout = Type.Object({
  kind: enumeration('CheckoutKind', 'What the shopper is asked for.', checkoutKinds),
  request: Type.Unsafe<unknown>({}),
  device: enumeration('CheckoutDevice', 'Where the shopper is.', ['PC', 'MOBILE']),
  pageUrl: optional(Type.String({ maxLength: 4_000 })),
  /** When the shop's page was loaded, in milliseconds of its clock. */
  page: optional(Type.Number({ minimum: 0, maximum: 1e15 })),
  /** When it asked, in milliseconds since then: of two windows for which one page asked, the later stands. */
  askedAt: optional(Type.Number({ minimum: 0, maximum: 1e15 })),
  isUi: optional(boolean()),
})
export type OpenCheckout = Static<typeof OpenCheckout>

/** `token` is the only key to the attempt. */
export type OpenedCheckout = {
  readonly token: string
  readonly mode: WindowMode
  readonly url: string
  /** Ids for the result, in case nothing else can be learned any more. */
  readonly ids: Readonly<Record<string, string>>
  /** What the result says then. */
  readonly unknownResult: string
  /** What the shop's developer may not have meant: fields that do not exist and look like some that do. */
  readonly warnings?: readonly string[] | undefined
}

/**
 * Why nothing was opened; `code` is one of the browser SDK's. Where a shopper may be the cause, `message` is for shoppers, and `detail`
 * says to the shop's developer what was refused and what to do.
 */
export type CheckoutProblem = {
  readonly code: string
  readonly message: string
  readonly detail?: string | undefined
  readonly pgCode?: string | undefined
  readonly pgMessage?: string | undefined
}

/** What the SDK's promise resolves with. A failure has a `code`, a success has none. */
export type CheckoutResult = { readonly transactionType: CheckoutKind } & {
  readonly [Field in (typeof resultFields)[number]]?: string
}

/** What a result may have beside its type. */
export const resultFields = [
  'txId',
  'paymentId',
  'billingKey',
  'identityVerificationId',
  'identityVerificationTxId',
  'paymentToken',
  'billingIssueToken',
  'code',
  'message',
  'pgCode',
  'pgMessage',
] as const

/** `result` is absent while the shopper or the PG is still at work. */
export type CheckoutState = {
  readonly result?: CheckoutResult | undefined
  /** Where the shopper goes from here, where the shop wants the result by redirect. */
  readonly redirectUrl?: string | undefined
  /** Whether the page is there, in a popup that the shop's page does not see: only then it says so. */
  readonly page?: 'OPEN' | 'LEFT' | undefined
}

/**
 * What the page tells the shop's page that opened it: that it is shown and can be closed by itself, that something was sent, that a PG's own
 * page takes its place, that it is over, that the shopper wants to leave it at once, that the server does not tell it the order.
 * Never a result.
 */
export type CheckoutMessage = {
  readonly naru: 'ready' | 'sent' | 'away' | 'done' | 'left' | 'unloaded'
  readonly txId: string
}

/** What was given back of a charge, and what is being given back, in minor units. */
export type Refund = {
  readonly refunded: number
  readonly underWay: number
  /** Nothing of the order is left. */
  readonly isWhole: boolean
}

/**
 * How it stands with the order of a payment session. `WAITING`, `CLOSED` and `EXPIRED`: nothing has paid it, and nothing can be paid
 * here any more; what was agreed to earlier may yet be paid where it is `WAITING`.
 */
export type SessionStanding = 'OPEN' | 'PAID' | 'WAITING' | 'CLOSED' | 'EXPIRED'

/** The order sheet of a payment session. */
export type SessionPage = {
  readonly storeName: string
  readonly orderName: string
  /** Once the order is paid, what was charged for it, whichever way it was paid. */
  readonly amount: { readonly total: number; readonly currency: Currency; readonly digits: number }
  /** How much less a promotion made it. */
  readonly discount?: number | undefined
  /** What is ordered. `amount` is that of all pieces of it. */
  readonly products: readonly { readonly name: string; readonly quantity: number; readonly amount: number }[]
  readonly isTest: boolean
  readonly standing: SessionStanding
  /** Absent where nothing of what was paid goes back. */
  readonly refund?: Refund | undefined
  /** Where the shopper goes once nothing can be paid here any more: the session's own `redirectUrl`, with the result. */
  readonly redirectUrl?: string | undefined
  readonly language: 'ko' | 'en'
  readonly methods: readonly CheckoutPaymentMethod[]
  readonly agreements: readonly PaymentSessionAgreement[]
  /** Nothing has to be asked: paying begins at once. */
  readonly isDirect: boolean
  readonly imageUrl?: string | undefined
  readonly colors?: PaymentSessionColors | undefined
}

const sessionId = Type.String({ minLength: 1, maxLength: 1_000 })
const language = enumeration('CheckoutLanguage', 'What the shopper reads.', ['ko', 'en'])
/** Without a language it is that of the order's country. */
export const SessionBody = Type.Object({ sessionId, language: optional(language) })
export type SessionBody = Static<typeof SessionBody>
export const PaySessionBody = Type.Object({
  sessionId,
  paymentMethod: CheckoutPaymentMethod,
  device: enumeration('CheckoutDevice', 'Where the shopper is.', ['PC', 'MOBILE']),
  language: optional(language),
})
export type PaySessionBody = Static<typeof PaySessionBody>

export const TokenBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 1_000 }) })

/** What the page in a popup says of itself that the shop's page does not see. */
export const PageBody = Type.Object({
  token: TokenBody.properties.token,
  /** In milliseconds, by the browser's clock: what an earlier page of the same window says later counts for nothing. */
  loadedAt: Type.Number({ minimum: 0, maximum: 1e15 }),
  isLeft: Type.Boolean(),
})
export type PageBody = Static<typeof PageBody>

/** Why the script closes a window by itself; without it, the shopper has closed it. */
export const CloseCheckout = Type.Object({
  token: TokenBody.properties.token,
  reason: optional(enumeration('CheckoutClosing', 'Why the window is closed.', ['REPLACED', 'NOT_LOADED'])),
})
export type CloseCheckout = Static<typeof CloseCheckout>

export type CheckoutView = {
  readonly kind: CheckoutKind
  /** `SETTLING`: the PG is asked. `CLOSED`: the shop closed the session. `REPLACED`: another window took its place, and what comes of the order is seen there. */
  readonly step: 'FORM' | 'SETTLING' | 'DONE' | 'EXPIRED' | 'CLOSED' | 'REPLACED'
  readonly isTest: boolean
  readonly language: 'ko' | 'en'
  readonly storeName: string
  readonly orderName?: string | undefined
  readonly amount?: { readonly total: number; readonly currency: Currency; readonly digits: number } | undefined
  readonly refund?: Refund | undefined
  readonly mode: WindowMode
  /** The page that opened the window, to which it may speak. */
  readonly shopOrigin?: string | undefined
  /** Until the checkout expires, by the store's clock. */
  readonly secondsLeft: number
  readonly isEscrow: boolean
  readonly form: CheckoutForm
  /** What has to be agreed to before anything can be sent. */
  readonly consents: readonly Consent[]
  readonly customer: { readonly name?: string; readonly phoneNumber?: string; readonly email?: string }
  /** What a promotion takes off; 0 where the order names one that takes nothing off, as when its budget is spent. */
  readonly discount?: number | undefined
  /** The outcomes that a sandbox offers. */
  readonly outcomes?: readonly string[] | undefined
  readonly issued?: IssuedAccount | undefined
  /** Until what is to be sent in a cryptocurrency expires, by the store's clock. */
  readonly transferSecondsLeft?: number | undefined
  /** It ended well, and is paid later than now: the PG has accepted it. */
  readonly isPending?: boolean | undefined
  /** Something else pays the order, or the shop closed it: what was charged here, or may have been, is given back. */
  readonly isRefunded?: boolean | undefined
  /** The PG's own window, where it brings one and is not through with the shopper. */
  readonly pgWindow?: WindowOpening | undefined
  readonly state: CheckoutState
}

/** A text that a shopper agrees to. Its id and version say which wording it was. */
export type Consent = { readonly id: string; readonly version: string; readonly name: string; readonly text: string }

/** What the shopper is asked for. */
export type CheckoutForm =
  | {
      readonly method: 'CARD'
      readonly issuers: readonly CardCompany[]
      /** The shop takes only these: one of them must be chosen. */
      readonly isLimited: boolean
      /** The issuer that the shop chose. */
      readonly issuer?: CardCompany | undefined
      /** 0 is a single charge. One alone is not a choice. */
      readonly months: readonly number[]
      readonly freeMonths: Readonly<Partial<Record<CardCompany, readonly number[]>>>
      /** A card that is only registered pays nothing with its points, and the first charge to one takes none. */
      readonly takesPoints: boolean
      readonly usesPoints: boolean
    }
  | { readonly method: 'VIRTUAL_ACCOUNT'; readonly banks: readonly Bank[]; readonly receipt: ReceiptForm }
  | { readonly method: 'TRANSFER'; readonly banks: readonly Bank[]; readonly receipt: ReceiptForm }
  | { readonly method: 'EASY_PAY'; readonly wallets: readonly EasyPayProvider[] }
  | { readonly method: 'MOBILE'; readonly carriers: readonly string[] }
  | { readonly method: 'GIFT_CERTIFICATE'; readonly types: readonly PaymentMethodGiftCertificateType[] }
  | { readonly method: 'CONVENIENCE_STORE' }
  | { readonly method: 'CRYPTO' }
  | { readonly method: 'IDENTITY'; readonly carriers: readonly string[] }

export type FormMethod = CheckoutForm['method']

/** Whether the shopper may ask for a cash receipt, and what the shop already knows of it. */
export type ReceiptForm = {
  readonly isOffered: boolean
  readonly type?: 'PERSONAL' | 'CORPORATE' | undefined
  readonly number?: string | undefined
}

export type IssuedAccount =
  | {
      readonly type: 'VIRTUAL_ACCOUNT'
      readonly bank: Bank
      readonly accountNumber: string
      readonly holder: string
      readonly expiresAt: string
    }
  | { readonly type: 'CONVENIENCE_STORE'; readonly number: string; readonly expiresAt: string }
  /**
   * `amount` is in the coin, as text: other coins have more digits than a number keeps. Where less was sent before, it is `received`,
   * and `amount` the rest. `uri` is what wallets scan.
   */
  | {
      readonly type: 'CRYPTO'
      readonly coin: string
      readonly amount: string
      readonly received?: string | undefined
      readonly address: string
      readonly uri: string
      readonly expiresAt: string
    }

/** As typed: what is wrong with it the answer says by its field, which a schema could not. */
const typed = Type.String({ maxLength: 40 })

export const SubmitCheckout = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 1_000 }),
  customer: Type.Object({
    name: optional(Type.String({ maxLength: 100 })),
    phoneNumber: optional(Type.String({ maxLength: 30 })),
    email: optional(Type.String({ maxLength: 200 })),
  }),
  outcome: optional(Type.String({ maxLength: 100 })),
  otp: optional(typed),
  card: optional(
    Type.Object({
      number: typed,
      expiryYear: typed,
      expiryMonth: typed,
      birth: optional(typed),
      password: optional(typed),
      issuer: optional(CardCompany),
      month: Type.Integer({ minimum: 0, maximum: 60 }),
      usesPoints: boolean(),
    }),
  ),
  account: optional(Type.Object({ bank: Bank, number: optional(typed) })),
  receipt: optional(
    Type.Object({
      type: enumeration('CheckoutReceiptType', 'A kind of cash receipt.', ['PERSONAL', 'CORPORATE']),
      number: typed,
    }),
  ),
  wallet: optional(EasyPayProvider),
  mobile: optional(Type.Object({ carrier: string(), birth: typed })),
  giftCertificate: optional(Type.Object({ type: PaymentMethodGiftCertificateType, number: typed })),
  identity: optional(Type.Object({ carrier: string(), birth: typed })),
  consents: optional(Type.Array(Type.Object({ id: typed, version: typed }), { maxItems: 20 })),
})
export type SubmitCheckout = Static<typeof SubmitCheckout>

/** What the page hears of a submission: how things stand, or what to mend first. */
export type SubmitAnswer =
  | { readonly kind: 'settled'; readonly view: CheckoutView }
  /**
   * The issuer or the carrier wants a one-time code. `anew`: it has sent another one, since the code that was typed had expired,
   * or was for something else than is typed now.
   */
  | { readonly kind: 'challenge'; readonly anew?: 'EXPIRED' | 'SENT_ANEW' }
  /** The shopper goes on in somebody else's window, such as a bank's app. */
  | { readonly kind: 'elsewhere'; readonly opening: WindowOpening }
  | { readonly kind: 'invalid'; readonly problem: SubmitProblem }

/** The field that the shopper has to mend; `METHOD`: what was chosen is not offered. */
export type SubmitProblem =
  | 'CARD_NUMBER'
  | 'CARD_COMPANY'
  | 'EXPIRY'
  | 'EXPIRED'
  | 'BIRTH'
  | 'PASSWORD'
  | 'ACCOUNT_NUMBER'
  | 'RECEIPT_NUMBER'
  | 'NAME'
  | 'PHONE'
  | 'EMAIL'
  | 'BIRTH_SEVEN'
  | 'CERTIFICATE_NUMBER'
  | 'OTP'
  | 'CONSENTS'
  | 'METHOD'

export type { BrowserPayMethod }
