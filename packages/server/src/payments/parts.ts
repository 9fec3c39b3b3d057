import {
  type AggregateKey,
  type AggregateProcess,
  type Changed as ChangedState,
  type Committed,
  createAggregate,
  type Loaded,
  type ProcessParts,
} from '../aggregates/aggregate.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { PromotionParts } from '../promotions/parts.ts'
import { announce } from './announce.ts'
import type { PaymentEvent } from './state/event.ts'
import { noPayment } from './state/evolve.ts'
import type { Attempt, Payment } from './state/payment.ts'
import { paymentAggregate } from './store.ts'

type Needs = ProcessParts &
  GatewayParts & {
    /** Makes a scheduled charge once more, whose first call the PG never got. */
    readonly repeatCharge?: (key: AggregateKey, begun: Changed, attempt: Attempt) => Promise<void>
    /** What comes with a payment, such as its cash receipt, follows what happens to it. */
    readonly followers?: readonly Follower[]
    readonly promotions: PromotionParts
  }

/** Called after every commit of a payment, inside its queue; see `AggregateKind.committed`. */
export type Follower = (key: AggregateKey, change: Committed<Payment, PaymentEvent>) => Promise<void>

/** What payments are built from. */
export type PaymentParts = Needs & { readonly process: AggregateProcess<Payment, PaymentEvent> }

export type LoadedPayment = Loaded<Payment>
export type Changed = ChangedState<Payment, PaymentEvent>

export const paymentParts = (needs: Needs): PaymentParts => ({
  ...needs,
  process: createAggregate(needs, {
    aggregate: paymentAggregate,
    empty: ({ merchantId, storeId }, paymentId) => noPayment(merchantId, storeId, paymentId),
    announce,
    committed: async (key, change) => {
      for (const follow of needs.followers ?? []) await follow(key, change)
    },
  }),
})

/** What a call to the PG about an attempt says besides what it asks for; `now` is that of its intent. */
export const callOf = (
  { id: paymentId }: AggregateKey,
  { clock, followsScripts, now }: LoadedPayment,
  { request, billingKey }: Attempt,
  reference: string,
  testCode?: string | undefined,
) => ({
  reference,
  clock,
  followsScripts,
  intendedAt: now,
  subject: { paymentId, customerId: request.customer.id, billingKey },
  testCode,
})

export const targetOf = (attempt: Attempt) => ({
  reference: attempt.transactionId,
  ...(attempt.pgTransactionId === undefined ? {} : { pgTransactionId: attempt.pgTransactionId }),
})
