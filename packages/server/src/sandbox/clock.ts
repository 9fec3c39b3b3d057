import { EventEmitter, once } from 'node:events'
import type { Sql } from '../db/connect.ts'
import { type Instant, minute, realTime, type StoreClock, second, storeTime } from '../kernel/clock.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import {
  advanceLease,
  beginAdvance,
  finishAdvance,
  loadClock,
  moveClock,
  setRunning,
  unfinishedAdvances,
} from './clock-store.ts'

export type ClockParts = {
  readonly sql: Sql
  readonly queue: KeyedQueue
  readonly sources: () => readonly DueSource[]
  /** Resolves when this server runs nothing of the store. */
  readonly idle: (storeId: string) => Promise<void>
  /** A clock shows another time: whoever keeps a copy of it must read it again. */
  readonly onMoved: (storeId: string) => void
}

/** What an advance ran: which kind of thing, which one, and at which instant. */
export type Ran = { readonly source: string; readonly id: string; readonly at: Instant }

export type Advanced = { readonly now: Instant; readonly ran: readonly Ran[] }

/** The clocks of sandbox stores: read, stopped, started, moved forward. */
export class StoreClocks {
  readonly #parts: ClockParts
  readonly #moved = new EventEmitter().setMaxListeners(0)

  constructor(parts: ClockParts) {
    this.#parts = parts
  }

  read(storeId: string): Promise<StoreClock> {
    return loadClock(this.#parts.sql, storeId)
  }

  async stop(storeId: string): Promise<StoreClock> {
    await setRunning(this.#parts.sql, storeId, false)
    this.#announce(storeId)
    return this.read(storeId)
  }

  async start(storeId: string): Promise<StoreClock> {
    await setRunning(this.#parts.sql, storeId, true)
    this.#announce(storeId)
    return this.read(storeId)
  }

  /**
   * Moves the clock to `target`, running everything that falls due on the way, in order, each at its own instant, and
   * says what ran. Two advances of one store follow each other. `undefined` where `target` lies behind the clock.
   */
  advance(storeId: string, target: (now: Instant) => Instant): Promise<Advanced | undefined> {
    return this.#parts.queue.run(`clock/${storeId}`, async () => {
      const begun = await this.#begin(storeId, target)
      return begun === undefined ? undefined : await this.#run(storeId, begun)
    })
  }

  /** Finishes advances that a server which died left half-way. */
  async resume(): Promise<void> {
    for (const { storeId, target } of await unfinishedAdvances(this.#parts.sql))
      await this.#parts.queue.run(`clock/${storeId}`, () => this.#run(storeId, target))
  }

  /** Resolves when the store's clock shows `instant` or later, by passing or by being moved. */
  async waitUntil(storeId: string, instant: Instant): Promise<void> {
    for (;;) {
      const moved = AbortSignal.timeout(second)
      const signal = once(this.#moved, storeId, { signal: moved }).catch(() => undefined)
      const clock = await this.read(storeId)
      const left = instant - storeTime(clock)
      if (left <= 0) return
      await (clock.stoppedAt === null && left < second ? Promise.race([signal, realDelay(left)]) : signal)
    }
  }

  /** Another server may be advancing the same store: waits for its end, or for its lease to run out. */
  async #begin(storeId: string, target: (now: Instant) => Instant): Promise<Instant | undefined> {
    for (;;) {
      const begun = await beginAdvance(this.#parts.sql, storeId, target)
      if (begun !== 'busy') return begun
      await realDelay(second / 4)
    }
  }

  async #run(storeId: string, target: Instant): Promise<Advanced> {
    await this.#parts.idle(storeId)
    const ran: Ran[] = []
    for (let due = await this.#next(storeId, target); due; due = await this.#next(storeId, target)) {
      const { source, item } = due
      refuseStandstill(ran, source, item)
      const at = await this.#move(storeId, item.dueAt)
      await source.run(item)
      ran.push({ source: source.name, id: item.id, at })
    }
    await finishAdvance(this.#parts.sql, storeId, target)
    this.#announce(storeId)
    return { now: target, ran }
  }

  async #move(storeId: string, instant: Instant): Promise<Instant> {
    const at = await moveClock(this.#parts.sql, storeId, instant, realTime() + advanceLease)
    this.#announce(storeId)
    return at
  }

  #announce(storeId: string): void {
    this.#parts.onMoved(storeId)
    this.#moved.emit(storeId)
  }

  async #next(storeId: string, until: Instant): Promise<{ source: DueSource; item: DueItem } | undefined> {
    const found = await Promise.all(
      this.#parts.sources().map(async (source) => {
        const item = await source.next(storeId, until)
        return item && { source, item }
      }),
    )
    return found.filter((due) => due !== undefined).sort((a, b) => a.item.dueAt - b.item.dueAt)[0]
  }
}

/** The same row at the same instant over and over would hold the clock there for ever: a bug in its room. */
const refuseStandstill = (ran: readonly Ran[], source: DueSource, item: DueItem): void => {
  const repeats = ran.filter(({ id, at }) => id === item.id && at >= item.dueAt && at - item.dueAt < minute).length
  if (repeats > 1_000) throw new Error(`${source.name} ${item.id} stays due at ${item.dueAt} however often it runs`)
}

const realDelay = async (milliseconds: number): Promise<void> => {
  const timeout = AbortSignal.timeout(Math.max(1, milliseconds))
  if (!timeout.aborted) await once(timeout, 'abort')
}
