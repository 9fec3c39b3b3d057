import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import { commit, type Versioned } from '../db/journal.ts'
import type { Gateway, GatewayContext } from '../gateways/gateway.ts'
import { type Instant, type StoreClock, storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Channel, Store } from '../merchants/store.ts'
import { planWebhooks, type WebhookRow } from '../webhooks/outbox.ts'
import { announce } from './announce.ts'
import { evolve } from './evolve.ts'
import type { Attempt, Payment, PaymentEvent } from './payment.ts'
import type { Settlements } from './settlements.ts'
import { type LoadedPayment, loadPayment, paymentAggregate } from './store.ts'

/** What the payments room needs from the rest of the house. */
export type PaymentParts = {
  readonly sql: Sql
  readonly log: Logger
  /** The adapter for a channel. */
  readonly gatewayOf: (channel: Channel) => Gateway
  /** Keeps this process from racing against itself on one payment. */
  readonly queue: KeyedQueue
  /** Tells whoever waits for a payment's outcome that it changed. */
  readonly settlements: Settlements
  /** Something became due now: webhooks to send, an inquiry to make. */
  readonly wake: () => void
}

export type PaymentKey = { readonly store: Store; readonly paymentId: string }

/** A payment after a change, with everything needed to change it again without reading it again. */
export type Changed = LoadedPayment & { readonly events: readonly PaymentEvent[]; readonly now: Instant }

type Decide<R extends Refusal> = (payment: Payment, now: Instant) => readonly PaymentEvent[] | R

/**
 * Somebody else changed the payment this many times between our reading and our writing. Within one process the queue
 * prevents it, so this bounds contention between servers.
 */
const maximumRounds = 200

/**
 * Loads, decides, commits; again where somebody else was faster. Deciding on no event commits nothing. `known` saves
 * the first reading where the caller has the payment from its own last change.
 */
export const change = <R extends Refusal>(
  parts: PaymentParts,
  key: PaymentKey,
  decide: Decide<R>,
  known?: LoadedPayment,
): Promise<Changed | R> => parts.queue.run(queueKey(key), () => rounds(parts, key, decide, known))

/** As `change`, for answers of the PG: they are facts, which nobody can refuse. */
export const apply = (
  parts: PaymentParts,
  key: PaymentKey,
  decide: (payment: Payment, now: Instant) => readonly PaymentEvent[],
  known?: LoadedPayment,
): Promise<Changed> => change<never>(parts, key, decide, known)

const rounds = async <R extends Refusal>(
  parts: PaymentParts,
  key: PaymentKey,
  decide: Decide<R>,
  known?: LoadedPayment,
): Promise<Changed | R> => {
  let before = known
  for (let round = 0; round < maximumRounds; round++) {
    before ??= await load(parts, key)
    const now = storeTime(before.clock)
    const events = decide(before.state, now)
    if (events instanceof Refusal) return events
    if (events.length === 0) return { ...before, events, now }
    const after = await write(parts, key.store, before, events, now)
    if (after) return { ...after, clock: before.clock, events, now }
    before = undefined
  }
  throw new Error(`payment ${key.paymentId} changed ${maximumRounds} times while we tried to change it`)
}

export const load = ({ sql }: PaymentParts, { store, paymentId }: PaymentKey): Promise<LoadedPayment> =>
  loadPayment(sql, { merchantId: store.merchantId, storeId: store.storeId, paymentId })

const write = async (
  parts: PaymentParts,
  store: Store,
  before: LoadedPayment,
  events: readonly PaymentEvent[],
  at: Instant,
): Promise<Versioned<Payment> | undefined> => {
  const { storeId, paymentId: id } = before.state
  const webhooks = planAnnouncements(store, before.state, events, at)
  const after = await commit(parts.sql, paymentAggregate, { storeId, id, before, events, at, webhooks })
  if (!after) return undefined
  if (webhooks.length > 0) parts.wake()
  parts.settlements.settled(queueKey({ store, paymentId: id }))
  return after
}

const planAnnouncements = (
  store: Store,
  payment: Payment,
  events: readonly PaymentEvent[],
  at: Instant,
): readonly WebhookRow[] => {
  const rows: WebhookRow[] = []
  let before = payment
  for (const event of events) {
    const after = evolve(before, event, at)
    for (const announcement of announce(before, event, after, at))
      rows.push(...planWebhooks(store.webhookSettings[announcement.environment], announcement, timeOrderedId))
    before = after
  }
  return rows
}

export const queueKey = ({ store, paymentId }: PaymentKey): string => `${store.storeId}/${paymentId}`

/** The channel of an attempt as the store has it now (its credentials may have been renewed since). */
export const channelOf = (store: Store, attempt: Attempt): Channel => {
  const channel = [...store.channels, ...store.formerChannels].find(({ id }) => id === attempt.channel.id)
  if (!channel) throw new Error(`channel ${attempt.channel.id} of store ${store.storeId} is gone`)
  return channel
}

/** Calls the PG about an attempt. An exception out of an adapter is a bug, and whether the PG acted is unknown. */
export const gatewayCall = async <Result extends { kind: string }>(
  parts: PaymentParts,
  store: Store,
  channel: Channel,
  call: { reference: string; clock: StoreClock; testCode?: string | undefined },
  run: (gateway: Gateway, context: GatewayContext) => Promise<Result>,
): Promise<Result | { kind: 'unknown'; reason: string }> => {
  try {
    return await run(parts.gatewayOf(channel), { storeId: store.storeId, channel, ...call })
  } catch (error) {
    parts.log.error(
      { err: error, channel: channel.key, reference: call.reference },
      'a gateway adapter failed: the result is unknown',
    )
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

export const targetOf = (attempt: Attempt) => ({
  reference: attempt.transactionId,
  ...(attempt.pgTransactionId === undefined ? {} : { pgTransactionId: attempt.pgTransactionId }),
})
