import {
  type AggregateKey,
  type AggregateProcess,
  type Changed as ChangedState,
  type Committed,
  createProcess,
  type Loaded,
  type ProcessParts,
} from '../aggregates/aggregate.ts'
import type { Settlements } from '../doubt/await-outcome.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import type { PromotionParts } from '../promotions/module.ts'
import { announce } from './announce.ts'
import { noPayment } from './state/evolve.ts'
import type { Attempt, Payment, PaymentEvent } from './state/payment.ts'
import { paymentAggregate } from './store.ts'

type Needs = ProcessParts &
  GatewayParts & {
    /** Tells whoever waits for a payment's outcome that it changed. */
    readonly settlements: Settlements
    /** Makes a scheduled charge once more, whose first call the PG never got. */
    readonly repeatCharge?: (key: PaymentKey, begun: Changed, attempt: Attempt) => Promise<void>
    /** What comes with a payment, such as its cash receipt, follows what happens to it. */
    readonly followed?: (key: AggregateKey, change: Committed<Payment, PaymentEvent>) => Promise<void>
    readonly promotions: PromotionParts
  }

/** What the payments room needs from the rest of the house. */
export type PaymentParts = Needs & { readonly process: AggregateProcess<Payment, PaymentEvent> }

export type PaymentKey = { readonly store: Store; readonly paymentId: string }

export type LoadedPayment = Loaded<Payment>
export type Changed = ChangedState<Payment, PaymentEvent>

export const paymentParts = (needs: Needs): PaymentParts => ({
  ...needs,
  process: createProcess(needs, {
    aggregate: paymentAggregate,
    empty: ({ merchantId, storeId }, paymentId) => noPayment(merchantId, storeId, paymentId),
    announce,
    committed: (key, change) => {
      needs.settlements.settled(queueKey({ store: key.store, paymentId: key.id }))
      return needs.followed?.(key, change)
    },
  }),
})

/** Loads, decides, commits; see `AggregateProcess`. */
export const change = <R extends Refusal>(
  parts: PaymentParts,
  key: PaymentKey,
  decide: (payment: Payment, now: Instant) => readonly PaymentEvent[] | R,
  known?: LoadedPayment,
): Promise<Changed | R> => parts.process.change(aggregateKey(key), decide, known)

/** As `change`, for answers of the PG: they are facts, which nobody can refuse. */
export const apply = (
  parts: PaymentParts,
  key: PaymentKey,
  decide: (payment: Payment, now: Instant) => readonly PaymentEvent[],
  known?: LoadedPayment,
): Promise<Changed> => parts.process.apply(aggregateKey(key), decide, known)

export const load = (parts: PaymentParts, key: PaymentKey): Promise<LoadedPayment> =>
  parts.process.load(aggregateKey(key))

const aggregateKey = ({ store, paymentId }: PaymentKey): AggregateKey => ({ store, id: paymentId })

/** What a request that waits for the payment listens for. */
export const queueKey = ({ store, paymentId }: PaymentKey): string => `${store.storeId}/${paymentId}`

/** What a call to the PG about an attempt says besides what it asks for; `now` is that of its intent. */
export const callOf = (
  { paymentId }: PaymentKey,
  { clock, followsScripts, now }: LoadedPayment & { readonly now?: Instant },
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
