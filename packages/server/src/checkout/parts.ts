import type { BillingKeyParts } from '../billing-keys/parts.ts'
import type { CashReceiptParts } from '../cash-receipts/parts.ts'
import type { Sql } from '../db/connect.ts'
import type { PaymentWindow, PgWindow } from '../gateways/port/window.ts'
import type { VerificationParts } from '../identity-verifications/parts.ts'
import type { StoreClock } from '../kernel/clock.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { StoreDirectory } from '../merchants/directory.ts'
import type { Channel } from '../merchants/store.ts'
import type { PaymentParts } from '../payments/parts.ts'
import type { WebhookParts } from '../webhooks/parts.ts'

/** What the checkout needs from the other modules. */
export type CheckoutParts = {
  readonly sql: Sql
  readonly directory: StoreDirectory
  readonly clockOf: (storeId: string) => Promise<StoreClock>
  /** The window that we show for the PG behind a channel. */
  readonly windowOf: (channel: Channel) => PaymentWindow
  /** The window that the PG behind a channel brings itself, if it does. */
  readonly pgWindowOf: (channel: Channel) => PgWindow | undefined
  readonly payments: PaymentParts
  readonly billingKeys: BillingKeyParts
  readonly verifications: VerificationParts
  readonly cashReceipts: CashReceiptParts
  readonly webhooks: WebhookParts
  /** Makes the tokens that merchants confirm with, so that a page that is loaded again gets the same one. */
  readonly tokenKey: Buffer
}

export const checkoutParts = (needs: Omit<CheckoutParts, 'tokenKey'> & { encryption: Encryption }): CheckoutParts => ({
  ...needs,
  tokenKey: needs.encryption.derive('payment tokens of the checkout'),
})
