import type {
  ConfirmPaymentwallDeliveryBody,
  PgCardPromotion,
  PgPromotionCardCompany,
  RegisterEscrowLogisticsBody,
  RegisterStoreReceiptBodyItem,
} from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { EffectContext, GatewayContext, GatewayTarget, Outcome } from './terms.ts'

/** What a PG is told and asked about a payment after it was paid. */
export type FulfilmentGateway = {
  /** `context.reference` names the step: sent again with the same reference it is done once. */
  fulfil(context: EffectContext, target: GatewayTarget, step: FulfilmentStep): Promise<Outcome<Fulfilled>>
  /** KakaoPay's answer about an order, unread. Never changes anything. */
  lookUpOrder(context: GatewayContext, pgTransactionId: string): Promise<Outcome<OrderAnswer>>
  /** The PG's own card promotions for an amount. Never changes anything. */
  cardPromotions(context: GatewayContext, wanted: WantedPromotions): Promise<Outcome<readonly PgCardPromotion[]>>
}

export type FulfilmentStep =
  | { readonly kind: 'REGISTER_SHIPMENT' | 'MODIFY_SHIPMENT'; readonly shipment: Shipment }
  | { readonly kind: 'CONFIRM_ESCROW'; readonly fromStore: boolean }
  | { readonly kind: 'STORE_RECEIPT'; readonly items: readonly RegisterStoreReceiptBodyItem[] }
  | { readonly kind: 'DELIVERY'; readonly delivery: Omit<ConfirmPaymentwallDeliveryBody, 'transactionId'> }

export type Shipment = Omit<RegisterEscrowLogisticsBody, 'storeId'>

export type Fulfilled = { readonly at: Instant; readonly receiptUrl?: string | undefined }

export type OrderAnswer = { readonly statusCode: number; readonly body: string }

export type WantedPromotions = { readonly amount: Amount; readonly cardCompany?: PgPromotionCardCompany | undefined }

/** What became of goods in escrow by the PG's word; absent while it knows only what we told it. */
export type GatewayEscrow = {
  readonly status: 'DELIVERED' | 'CONFIRMED' | 'REJECTED' | 'REJECT_CONFIRMED'
  readonly at: Instant
  /** Of CONFIRMED: time ran out for the buyer to object. */
  readonly isAutomaticallyConfirmed: boolean
}

/** A buyer's objection. Without `resolution` it is open; with a chargeback it was lost. */
export type GatewayDispute = {
  readonly pgDisputeId: string
  readonly reason: string
  readonly createdAt: Instant
  readonly resolution?: {
    readonly at: Instant
    readonly chargeback?: { readonly pgCancellationId: string; readonly amount: Amount }
  }
}
