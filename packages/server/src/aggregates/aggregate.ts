import type { Sql } from '../db/connect.ts'
import { awaitOutcome, OutcomeSignals } from '../doubt/await-outcome.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import { Refusal } from '../kernel/refusal.ts'
import { holdLease } from '../kernel/work.ts'
import type { Store } from '../merchants/store.ts'
import type { Announcement } from '../webhooks/message.ts'
import { planWebhooks, type WebhookRow } from '../webhooks/outbox.ts'
import type { Woken } from '../workers/loop.ts'
import { commit } from './journal.ts'
import type { Aggregate, Versioned } from './kind.ts'
import { createLoader, type Loaded } from './load.ts'

/** Which thing of which store. */
export type AggregateKey = { readonly store: Store; readonly id: string }

export type { Loaded } from './load.ts'

/** A state after a change, with everything needed to change it again without reading it again. */
export type Changed<State, Event> = Loaded<State> & { readonly events: readonly Event[] }

type Decide<State, Event, R> = (state: State, now: Instant) => readonly Event[] | R

/** How the things of one kind are read and changed. */
export type AggregateProcess<State, Event> = {
  /** One round trip, shared with whoever else is loading. What was never written is `empty`, in version 0. */
  load(key: AggregateKey): Promise<Loaded<State>>
  /**
   * Loads, decides, commits; again where somebody else was faster. Deciding on no event commits nothing. `known` saves
   * the first reading where the caller has the state from its own last change.
   *
   * Decided again in every round: whether this request did so before belongs into `decide`, as nothing else sees what others
   * wrote meanwhile. Throws `TakenOver` where the request's lease ran out before the writing.
   */
  change<R extends Refusal>(
    key: AggregateKey,
    decide: Decide<State, Event, R>,
    known?: Loaded<State>,
  ): Promise<Changed<State, Event> | R>
  /** As `change`, for answers of a PG: they are facts, which nobody can refuse. */
  apply(
    key: AggregateKey,
    decide: (state: State, now: Instant) => readonly Event[],
    known?: Loaded<State>,
  ): Promise<Changed<State, Event>>
  /**
   * Waits until `isDecided`, calling `inquireDue` (which asks the PG where an inquiry is due) and listening for what others
   * find out; at most until `deadline`, an instant of real time, by default when the request must be answered.
   */
  until(
    key: AggregateKey,
    isDecided: (state: State) => boolean,
    inquireDue: () => Promise<void>,
    deadline?: Instant,
  ): Promise<Loaded<State>>
}

export type ProcessParts = {
  readonly sql: Sql
  /** Keeps this server from racing against itself on one thing. */
  readonly queue: KeyedQueue
  /** Something became due now, of this store and kind where that is known: webhooks to send, an inquiry to make. */
  readonly wake: (woken?: Woken) => void
}

/** What was just written: the state after it, and what made it so. */
export type Committed<State, Event> = { readonly state: State; readonly events: readonly Event[]; readonly at: Instant }

/** An event with the state around it. */
export type Happened<State, Event> = {
  readonly before: State
  readonly event: Event
  readonly after: State
  readonly at: Instant
}

export type AggregateKind<State extends object, Event extends { readonly type: string }> = {
  readonly aggregate: Aggregate<State, Event>
  /** The state before anything happened. */
  readonly empty: (store: Store, id: string) => State
  /** What the merchant hears of an event. */
  readonly announce?: (happened: Happened<State, Event>) => readonly Announcement[]
  /**
   * Called after every commit of this server; the caller of the change waits for it. It runs inside the queue of that key:
   * changing the same aggregate from here would wait for itself.
   */
  readonly committed?: (key: AggregateKey, change: Committed<State, Event>) => void | Promise<void>
}

/**
 * Somebody else changed the thing this many times between our reading and our writing. Within one server the queue
 * prevents it, so this bounds contention between servers.
 */
const maximumRounds = 200

export const createAggregate = <State extends object, Event extends { readonly type: string }>(
  parts: ProcessParts,
  kind: AggregateKind<State, Event>,
): AggregateProcess<State, Event> => {
  const { aggregate } = kind

  const signals = new OutcomeSignals()

  const read = createLoader(parts.sql, aggregate)

  const load = ({ store, id }: AggregateKey): Promise<Loaded<State>> =>
    read({ storeId: store.storeId, id }, kind.empty(store, id))

  const write = async (key: AggregateKey, before: Versioned<State>, events: readonly Event[], at: Instant) => {
    const webhooks = planAnnouncements(kind, key.store, before.state, events, at)
    const change = { storeId: key.store.storeId, id: key.id, before, events, at, webhooks }
    const after = await commit(parts.sql, aggregate, change)
    if (!after) return undefined
    signals.changed(nameOf(aggregate.stream, key))
    for (const dueKind of after.dueNow) parts.wake({ storeId: key.store.storeId, kind: dueKind })
    await kind.committed?.(key, { state: after.state, events, at })
    return after
  }

  const rounds = async <R extends Refusal>(
    key: AggregateKey,
    decide: Decide<State, Event, R>,
    known: Loaded<State> | undefined,
    beforeWriting: () => void,
  ): Promise<Changed<State, Event> | R> => {
    let before = known
    for (let round = 0; round < maximumRounds; round++) {
      before ??= await load(key)
      const now = storeTime(before.clock)
      const events = decide(before.state, now)
      if (events instanceof Refusal) return events
      if (events.length === 0) return { ...before, events, now }
      beforeWriting()
      const after = await write(key, before, events, now)
      if (after) return { ...before, ...after, events, now }
      before = undefined
    }
    throw new Error(`${aggregate.stream} ${key.id} changed ${maximumRounds} times while we tried to change it`)
  }

  const inTurn = <Result>(key: AggregateKey, task: () => Promise<Result>): Promise<Result> =>
    parts.queue.run(nameOf(aggregate.stream, key), task)

  return {
    load,
    change: (key, decide, known) => inTurn(key, () => rounds(key, decide, known, holdLease)),
    // What a PG did is written down whoever was asked for it.
    apply: (key, decide, known) => inTurn(key, () => rounds<never>(key, decide, known, () => {})),
    until: (key, isDecided, inquireDue, deadline) =>
      awaitOutcome(signals, nameOf(aggregate.stream, key), { inquireDue, load: () => load(key), isDecided }, deadline),
  }
}

/** Names one aggregate in the queue and in the signals. */
const nameOf = (stream: string, { store, id }: AggregateKey): string => `${stream}/${store.storeId}/${id}`

const planAnnouncements = <State extends object, Event extends { readonly type: string }>(
  { aggregate, announce }: AggregateKind<State, Event>,
  store: Store,
  state: State,
  events: readonly Event[],
  at: Instant,
): readonly WebhookRow[] => {
  if (!announce) return []
  const rows: WebhookRow[] = []
  let before = state
  for (const event of events) {
    const after = aggregate.evolve(before, event, at)
    for (const announcement of announce({ before, event, after, at }))
      rows.push(...planWebhooks(store.webhookSettings[announcement.environment], announcement, timeOrderedId))
    before = after
  }
  return rows
}
