import type { BillingKeyParts } from '../billing-keys/module.ts'
import type { CashReceiptParts } from '../cash-receipts/module.ts'
import type { StoreClock } from '../kernel/clock.ts'
import type { Access } from '../merchants/access.ts'
import type { PaymentParts } from '../payments/module.ts'
import type { WebhookParts } from '../webhooks/attempt.ts'

export type PaymentOperationParts = {
  readonly payments: PaymentParts
  readonly billingKeys: BillingKeyParts
  readonly cashReceipts: CashReceiptParts
  readonly webhooks: WebhookParts
  readonly access: Access
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}
