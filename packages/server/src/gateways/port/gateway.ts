import type { BillingKeyGateway } from './billing-key.ts'
import type { CashReceiptGateway } from './cash-receipt.ts'
import type { FulfilmentGateway } from './fulfilment.ts'
import type { IdentityGateway } from './identity.ts'
import type { PaymentGateway } from './payment.ts'

/**
 * The port to a payment gateway (PG). One method is one effect at the PG. Every effect carries our own `reference`,
 * committed to the database before the call and used as the PG's idempotency key, so that whatever happens to either
 * side the other can be asked about it. Results are data; an exception out of an adapter means a bug and is treated as
 * `unknown`.
 */
export type Gateway = PaymentGateway & BillingKeyGateway & CashReceiptGateway & FulfilmentGateway & IdentityGateway
