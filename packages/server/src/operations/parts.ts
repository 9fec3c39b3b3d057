import type { BillingKeyParts } from '../billing-keys/parts.ts'
import type { CashReceiptParts } from '../cash-receipts/parts.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import type { Sql } from '../db/connect.ts'
import type { SandboxControl } from '../gateways/sandbox/control.ts'
import type { VerificationParts } from '../identity-verifications/parts.ts'
import type { StoreClock } from '../kernel/clock.ts'
import type { Access } from '../merchants/access.ts'
import type { ScheduleParts } from '../payment-schedules/parts.ts'
import type { PaymentParts } from '../payments/parts.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { PromotionParts } from '../promotions/parts.ts'
import type { StoreClocks } from '../sandbox/clock.ts'
import type { WebhookParts } from '../webhooks/parts.ts'

/** What operations are built from: the modules, and which stores a credential reaches. */
export type OperationParts = {
  readonly sql: Sql
  readonly access: Access
  readonly clockOf: (storeId: string) => Promise<StoreClock>
  /** Each clock once, however many of the stores have the same. */
  readonly clocksOf: (storeIds: readonly string[]) => Promise<readonly StoreClock[]>
  readonly payments: PaymentParts
  readonly schedules: ScheduleParts
  readonly billingKeys: BillingKeyParts
  readonly cashReceipts: CashReceiptParts
  readonly verifications: VerificationParts
  readonly promotions: PromotionParts
  readonly webhooks: WebhookParts
  readonly platform: PlatformParts
  readonly clocks: StoreClocks
  readonly control: SandboxControl
  readonly createStore: CreateSandboxStore
  readonly checkout: CheckoutParts
  /** Under which URL shoppers reach this server. */
  readonly publicUrl: () => string
}

export type CreateSandboxStore = (
  merchantId: string,
  input: { readonly name?: string; readonly webhookUrl?: string },
) => Promise<CreatedStore>

type CreatedStore = {
  readonly storeId: string
  readonly apiSecret: string
  readonly channelKey: string
  readonly webhookSecret: string
}
