import type { BillingKeyParts } from '../billing-keys/parts.ts'
import type { CashReceiptParts } from '../cash-receipts/parts.ts'
import type { PaymentParts } from '../payments/parts.ts'

/** What scheduled payments are built from. */
export type ScheduleParts = {
  readonly payments: PaymentParts
  readonly billingKeys: BillingKeyParts
  readonly cashReceipts: CashReceiptParts
}
