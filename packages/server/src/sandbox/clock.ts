import { EventEmitter, once } from 'node:events'
import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import { earlierResult, once as oncePerRequest } from '../db/lease.ts'
import { untilNotOvertaken } from '../db/overtaken.ts'
import { aborted } from '../kernel/abort.ts'
import { type Instant, minute, type ReadClock, realTime, type StoreClock, second, storeTime } from '../kernel/clock.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import { asDueWork, ServerIsOutdated, ServerStops } from '../kernel/work.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { type FirstDue, firstDue } from '../workers/first-due.ts'
import {
  advanceLease,
  beginAdvance,
  type ClockLease,
  finishAdvance,
  isAdvancing,
  loadClock,
  loadClocks,
  moveClock,
  setRunning,
  unfinishedAdvances,
} from './clock-store.ts'

export type ClockParts = {
  readonly sql: Sql
  readonly log: Logger
  readonly queue: KeyedQueue
  readonly sources: readonly DueSource[]
  /** Resolves when this server runs nothing of the store. */
  readonly idle: (storeId: string) => Promise<void>
  /** By which `servers` knows this one. */
  readonly serverId: string
  /** Asks whether another server that lives may be running something of the store. */
  readonly othersOf: (storeId: string) => () => Promise<boolean>
  /** Why this server must run nothing that is due, where that is so: advances are left to others then. */
  readonly outdated: () => string | undefined
  /** A clock shows another time: whoever keeps a copy of it must read it again. */
  readonly onMoved: (storeId: string) => void
  /** Aborted once the server stops: then advances are left at the instant where they are. */
  readonly ending: AbortSignal
}

/** How many abandoned advances a server finishes at once. */
const resumedAtOnce = 16

/** What an advance ran: which kind of thing, which one, and at which instant. */
export type Ran = { readonly source: string; readonly id: string; readonly at: Instant }

export type Advanced = { readonly now: Instant; readonly ran: readonly Ran[] }

/** The clocks of sandbox stores: read, stopped, started, moved forward. */
export class StoreClocks {
  readonly #parts: ClockParts
  readonly #moved = new EventEmitter().setMaxListeners(0)
  /** The leases under which this server advances stores. */
  readonly #leases = new Map<string, Instant>()
  /** The abandoned advances that this server finishes, by store. */
  readonly #resumed = new Map<string, Promise<void>>()
  #isClosed = false

  constructor(parts: ClockParts) {
    this.#parts = parts
  }

  /** Whether advances under way are to be left to the next server: those of requests too, which closing waits for. */
  get #isClosing(): boolean {
    return this.#isClosed || this.#parts.ending.aborted
  }

  read(storeId: string): Promise<ReadClock> {
    return loadClock(this.#parts.sql, storeId)
  }

  /** Each clock once, however many of the stores have the same. */
  readAll(storeIds: readonly string[]): Promise<readonly StoreClock[]> {
    return loadClocks(this.#parts.sql, storeIds)
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
   * says what ran. Two advances of one store follow each other. It stays where it is where `target` lies behind it, or beyond its
   * end. A retry goes on to where the first try was going. Throws where what is due must be left to a newer version's servers.
   */
  async advance(storeId: string, target: (now: Instant) => Instant): Promise<Advanced | 'behind' | 'beyond'> {
    const finished = earlierResult<Advanced>(steps.finished)
    if (finished !== undefined) return finished
    const known = earlierResult<Instant>(steps.begun)
    return await this.#parts.queue.run(`clock/${storeId}`, async () => {
      const begun = await this.#begin(storeId, known === undefined ? target : () => known)
      if (typeof begun === 'number') return await this.#run(storeId, begun)
      // Another server has gone on to the end meanwhile, and its clock has run on.
      return known === undefined ? begun : { now: storeTime(await this.read(storeId)), ran: [] }
    })
  }

  /**
   * Begins to finish advances that were left half-way: by a server which died, and by this one where the database was lost. Until
   * one is finished nothing of its store falls due, so this is to be called again and again. Waits for none of them: one advance
   * over a thousand dead receivers kept the server from starting, and all other stores from theirs.
   */
  async resume(): Promise<void> {
    if (this.#resumed.size >= resumedAtOnce || this.#parts.outdated() !== undefined) return
    const unfinished = await unfinishedAdvances(this.#parts.sql, this.#parts.serverId)
    const left = unfinished.filter(({ storeId }) => !this.#leases.has(storeId) && !this.#resumed.has(storeId))
    for (const { storeId } of left) {
      if (this.#isClosing || this.#resumed.size >= resumedAtOnce) return
      const finishing = this.#parts.queue.run(`clock/${storeId}`, () => this.#finish(storeId))
      this.#resumed.set(storeId, finishing)
      void finishing.finally(() => this.#resumed.delete(storeId))
    }
  }

  /** Leaves the advances under way at the instant where they are, unless that is given up; the next server goes on from there. */
  async close(givenUp: AbortSignal): Promise<void> {
    this.#isClosed = true
    await Promise.race([Promise.all(this.#resumed.values()), aborted(givenUp)])
  }

  async #finish(storeId: string): Promise<void> {
    try {
      // To where it was going; another server may have taken it already.
      const begun = await this.#lease(storeId, (lease) => beginAdvance(this.#parts.sql, storeId, () => 0, lease))
      if (typeof begun === 'number') await this.#run(storeId, begun)
    } catch (err) {
      if (!this.#isClosing && !(err instanceof ServerIsOutdated))
        this.#parts.log.error({ err, storeId }, 'could not finish an advance of the clock; trying again')
    }
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

  /** Another server may be advancing the same store: waits for its end, for its death, or for its lease to run out. */
  async #begin(storeId: string, target: (now: Instant) => Instant): Promise<Exclude<Begun, 'busy'>> {
    const beginOnce = (lease: ClockLease) => {
      const begin = (sql: Sql) => beginAdvance(sql, storeId, target, lease)
      return earlierResult(steps.begun) !== undefined
        ? begin(this.#parts.sql)
        : oncePerRequest(this.#parts.sql, steps.begun, begin, (begun) => typeof begun === 'number')
    }
    for (;;) {
      this.#refuseOutdated()
      const begun = await this.#lease(storeId, beginOnce)
      if (begun !== 'busy') return begun
      if (this.#isClosing) throw new ServerStops('Another server advances the same clock.')
      await realDelay(second / 4)
    }
  }

  /** Begins an advance under a lease of this server's, and keeps in mind which that is until the advance ends. */
  async #lease(storeId: string, begin: (lease: ClockLease) => Promise<Begun>): Promise<Begun> {
    const lease = realTime() + advanceLease
    const begun = await begin({ lease, holder: this.#parts.serverId })
    if (typeof begun === 'number') this.#leases.set(storeId, lease)
    return begun
  }

  async #run(storeId: string, target: Instant): Promise<Advanced> {
    const ran: Ran[] = []
    const advanced = await this.#runAndFinish(storeId, target, ran).finally(() => this.#leases.delete(storeId))
    this.#announce(storeId)
    return advanced ?? (await this.#overtaken(storeId, ran))
  }

  /** `undefined` where somebody else has taken the advance over. */
  async #runAndFinish(storeId: string, target: Instant, ran: Ran[]): Promise<Advanced | undefined> {
    for (const source of this.#parts.sources) source.hurry?.(storeId)
    await this.#parts.idle(storeId)
    const repeats = new Map<string, number>()
    const mayOthersRun = this.#parts.othersOf(storeId)
    const next = () => firstDue(this.#parts.sql, this.#parts.sources, storeId, target)
    for (let due = await next(); due; ) {
      if (this.#isClosing) throw new ServerStops('The next server finishes this advance.')
      this.#refuseOutdated()
      const { source } = due
      const leasedUntil = realTime() + advanceLease
      const taken = await this.#moveAndTake(storeId, due, leasedUntil, mayOthersRun)
      if (taken === undefined) break
      const { at, items } = taken
      // Another server may have them, and lives: it runs them, or says that it does not.
      if (items.length === 0) await realDelay(second / 10)
      for (const item of items) refuseStandstill(repeats, source, item)
      try {
        for (const { id } of await runSideBySide(source, items)) ran.push({ source: source.name, id, at })
      } finally {
        const [following] = await Promise.all([next(), source.giveBack(items, leasedUntil)])
        due = following
      }
    }
    const finish = (sql: Sql) => finishAdvance(sql, storeId, target, this.#held(storeId))
    return await oncePerRequest(
      this.#parts.sql,
      steps.finished,
      async (sql) => ((await finish(sql)) ? { now: target, ran } : undefined),
      (finished) => finished !== undefined,
    )
  }

  /**
   * Shows the instant, and leases what is to be run at it, as workers do: an attempt is made once, whoever makes it. `undefined`
   * where the clock is not ours any more.
   */
  async #moveAndTake(
    storeId: string,
    { source, dueAt }: FirstDue<DueSource>,
    leasedUntil: Instant,
    mayOthersRun: () => Promise<boolean>,
  ): Promise<{ readonly at: Instant; readonly items: readonly DueItem[] } | undefined> {
    const take = (evenLeased: boolean) => source.take(storeId, dueAt, { until: leasedUntil, evenLeased })
    // Side by side: most of an instant is waiting for the database.
    const [at, items] = await Promise.all([this.#move(storeId, dueAt), take(false)])
    if (at === undefined) return void (await source.giveBack(items, leasedUntil))
    // Of rows that are already leased, those of a dead server are run, and those of this one, which runs nothing of the store.
    return { at, items: items.length > 0 || (await mayOthersRun()) ? items : await take(true) }
  }

  /** This server stood still for so long that another one goes on to the same instant or behind; or the store was reset. */
  async #overtaken(storeId: string, ran: readonly Ran[]): Promise<Advanced> {
    while (!this.#isClosing && (await isAdvancing(this.#parts.sql, storeId))) await realDelay(second / 4)
    return { now: storeTime(await this.read(storeId)), ran }
  }

  #refuseOutdated(): void {
    const why = this.#parts.outdated()
    if (why !== undefined) throw new ServerIsOutdated(why)
  }

  #held(storeId: string): ClockLease {
    return { lease: this.#leases.get(storeId) ?? 0, holder: this.#parts.serverId }
  }

  async #move(storeId: string, instant: Instant): Promise<Instant | undefined> {
    const until = realTime() + advanceLease
    const at = await moveClock(this.#parts.sql, storeId, instant, this.#held(storeId), until)
    if (at !== undefined) this.#leases.set(storeId, until)
    this.#announce(storeId)
    return at
  }

  #announce(storeId: string): void {
    this.#parts.onMoved(storeId)
    this.#moved.emit(storeId)
  }
}

/** Of a request to move a clock: what must not be done by a retry once more. */
const steps = { begun: 'clock moves', finished: 'clock moved' } as const

/** What comes of beginning an advance: its target, if the clock may be moved there now. */
type Begun = Awaited<ReturnType<typeof beginAdvance>>

/**
 * Rows of one instant have no order among themselves. One by one lost: a thousand subscriptions that renew on the first
 * of the month took as many round trips one after another. Returns those that were still to be run.
 */
const runSideBySide = async (source: DueSource, items: readonly DueItem[]): Promise<readonly DueItem[]> => {
  const waiting = items.values()
  const ran = new Set<DueItem>()
  // As a worker runs a row again that failed, where a deadlock would end the whole advance.
  const run = (item: DueItem) => asDueWork(() => source.run(item))
  const work = async () => {
    for (const item of waiting) if (await untilNotOvertaken(`${source.name} ${item.id}`, () => run(item))) ran.add(item)
  }
  await Promise.all(Array.from({ length: source.concurrency }, work))
  return items.filter((item) => ran.has(item))
}

/** The same row at the same instant over and over would hold the clock there for ever: a bug in its module. */
const refuseStandstill = (repeats: Map<string, number>, source: DueSource, { id, dueAt }: DueItem): void => {
  const row = `${source.name}/${id}/${Math.floor(dueAt / minute)}`
  const count = (repeats.get(row) ?? 0) + 1
  repeats.set(row, count)
  if (count > 1_000) throw new Error(`${source.name} ${id} stays due at ${dueAt} however often it runs`)
}

const realDelay = async (milliseconds: number): Promise<void> => {
  const timeout = AbortSignal.timeout(Math.max(1, milliseconds))
  if (!timeout.aborted) await once(timeout, 'abort')
}
