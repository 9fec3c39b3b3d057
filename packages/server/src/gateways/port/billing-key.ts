import type { BillingKeyPaymentMethod } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type {
  Approval,
  CardCredential,
  Charge,
  Completion,
  EffectContext,
  GatewayContext,
  GatewayFailure,
  Outcome,
} from './terms.ts'

/** Stored payment methods: a PG gives a token for a card, and charges it without the buyer. */
export type BillingKeyGateway = {
  /** `context.reference` names this issue; repeating it gives the same token. */
  issueBillingKey(context: EffectContext, request: BillingKeyRequest): Promise<Outcome<IssuedBillingKey>>
  /** `context.reference` names the payment, which is inquired about, captured and cancelled like any other. */
  chargeBillingKey(context: EffectContext, charge: BillingKeyChargeRequest): Promise<Outcome<Approval>>
  /** Deleting a key that is already deleted succeeds. */
  deleteBillingKey(context: EffectContext, key: BillingKeyDeletion): Promise<Outcome<Completion>>
  /** What the PG knows of the issue named `context.reference`. Never changes anything. */
  inquireBillingKey(context: GatewayContext): Promise<Outcome<GatewayBillingKey>>
}

/** A card that the merchant gives, or what a buyer authenticated in the PG's window. */
export type BillingKeyRequest = (
  | {
      /** In memory only: never stored, logged or returned. */
      readonly credential: CardCredential
    }
  | { readonly authorization: string }
) & { readonly customerId?: string | undefined }

export type IssuedBillingKey = {
  /** Secret: encrypted wherever it is kept. */
  readonly token: string
  readonly pgTransactionId: string
  readonly method: BillingKeyPaymentMethod
  readonly issuedAt: Instant
}

export type BillingKeyChargeRequest = Charge & {
  readonly token: string
  readonly installmentMonth: number
  readonly useFreeInterestFromMerchant?: boolean | undefined
  readonly useCardPoint?: boolean | undefined
}

export type BillingKeyDeletion = {
  readonly token: string
  readonly reason?: string | undefined
  readonly requester?: 'CUSTOMER' | 'ADMIN' | undefined
}

export type GatewayBillingKey =
  | { readonly state: 'NONE' }
  | { readonly state: 'ISSUED'; readonly key: IssuedBillingKey }
  | { readonly state: 'DELETED'; readonly deletedAt: Instant }
  | { readonly state: 'FAILED'; readonly failure: GatewayFailure }
