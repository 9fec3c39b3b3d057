import type { Gateway } from '../../gateways/port/gateway.ts'
import type { VirtualAccount } from '../../gateways/port/payment.ts'
import type { Approval, EffectContext, Outcome } from '../../gateways/port/terms.ts'
import type { Channel } from '../../merchants/store.ts'
import type { AttemptStart } from '../state/event.ts'
import type { withFittingParts } from '../state/promotion.ts'

/** The promotion that a payment asks for. */
export type WantedPromotion = {
  readonly promotionId: string
  /** Whose card it is, as the PG knows without being called; `undefined` where it is no card. */
  readonly cardCompany: (gateway: Gateway) => string | undefined
}

export type PayCommand = {
  readonly start: Omit<AttemptStart, 'transactionId'>
  readonly channel: Channel
  readonly testCode?: string | undefined
  /** The approval call itself. It closes over the card's number, which is nowhere else. */
  readonly callGateway: (
    gateway: Gateway,
    context: EffectContext,
    charged: Charged,
  ) => Promise<Outcome<Approval | VirtualAccount>>
  readonly promotion?: WantedPromotion | undefined
  /** What is kept beside the payment, such as the cash receipt that comes with it. */
  readonly companion?: Companion | undefined
}

/** Written before anything can pay the attempt: a payment without it could not be made good after a crash. */
export type Companion = {
  /** Throws where it cannot be kept; then nothing was begun. */
  keep(transactionId: string): Promise<void>
  /** The attempt never began. */
  drop(transactionId: string): Promise<void>
}

/** What the PG is to charge: the order less its discount. */
export type Charged = ReturnType<typeof withFittingParts>
