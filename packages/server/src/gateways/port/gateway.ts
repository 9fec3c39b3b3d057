import type { BillingKeyGateway } from './billing-key.ts'
import type { CashReceiptGateway } from './cash-receipt.ts'
import type { FulfilmentGateway } from './fulfilment.ts'
import type { IdentityGateway } from './identity.ts'
import type { PaymentGateway } from './payment.ts'
import type { EffectContext, GatewayContext } from './terms.ts'

/**
 * The port to a payment gateway (PG). One method is one effect at the PG. Every effect carries our own `reference`,
 * committed to the database before the call and used as the PG's idempotency key, so that whatever happens to either
 * side the other can be asked about it. Results are data; an exception out of an adapter means a bug and is treated as
 * `unknown`.
 *
 * A call with an effect takes an `EffectContext`, which says until when the PG may act; a question takes a `GatewayContext`.
 * `EffectOfGateway` and `QuestionOfGateway` tell them apart, and the sandbox PG is tested to let no effect happen late.
 */
export type Gateway = PaymentGateway & BillingKeyGateway & CashReceiptGateway & FulfilmentGateway & IdentityGateway

type CallOf<Context> = {
  [Name in keyof Gateway]: Gateway[Name] extends (
    context: infer Given extends GatewayContext,
    ...rest: never
  ) => unknown
    ? Given extends Context
      ? Name
      : never
    : never
}[keyof Gateway]

/** The calls that change something at the PG. */
export type EffectOfGateway = CallOf<EffectContext>

/** The calls that change nothing at the PG. */
export type QuestionOfGateway = Exclude<CallOf<GatewayContext>, EffectOfGateway>
