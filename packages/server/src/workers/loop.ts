import { EventEmitter, once } from 'node:events'
import type { Logger } from 'pino'
import { aborted } from '../kernel/abort.ts'
import { type Instant, realTime } from '../kernel/clock.ts'
import { asDueWork } from '../kernel/work.ts'
import type { DueItem, DueSource } from './due.ts'
import type { Work } from './due-work.ts'
import { Line } from './line.ts'

/** A store in which something of a kind has just become due, known without a look into the database. */
export type Woken = { readonly storeId: string; readonly kind: string }

/** Which stores may have work now, by their id and after the one given, and at most so many. */
export type FindWork = (after: string, limit: number) => Promise<readonly Work[]>

/** Whether what is due in a store may be run by this server now. */
export type MayRun = (storeId: string) => Promise<boolean>

/** How often the database is asked which stores have work: for what other servers commit, and for what time brings. */
const pollInterval = 1_000
/** How many pairs of a store and a kind are taken up at once; those behind them come with the next look. */
const mostAtOnce = 1_000

/**
 * The one loop behind everything that happens later. One statement a second says which stores have work of which kind; each
 * source has a pump of its own, which claims and runs it store by store, so that slow webhooks hold up no payment. A row
 * that fails stays leased and is tried again when its lease runs out.
 */
export class DueLoop {
  readonly #findWork: FindWork
  readonly #sources: ReadonlyMap<string, Pump>
  readonly #log: Logger
  readonly #mayRun: MayRun
  readonly #signals = new EventEmitter().setMaxListeners(0)
  readonly #running = new Map<Promise<unknown>, DueItem>()
  readonly #claims = new Map<Promise<unknown>, string>()
  #pumps: Promise<void>[] = []
  #stopped = false
  #lastLook: Instant = realTime()
  /** Where the next look goes on: behind this store, as the last one found more than it could take up. */
  #after = ''

  constructor(findWork: FindWork, sources: readonly DueSource[], log: Logger, mayRun: MayRun = async () => true) {
    this.#findWork = findWork
    this.#sources = new Map(
      sources.map((source) => [source.kind, { source, line: new Line(source.concurrency), settling: new Set() }]),
    )
    this.#log = log
    this.#mayRun = mayRun
  }

  start(): void {
    this.#pumps = [this.#look(), ...[...this.#sources.values()].map((pump) => this.#pump(pump))]
  }

  /** Something became due: of this store and kind, or somewhere. Looks now instead of at the next poll. */
  wake(woken?: Woken): void {
    const pump = woken === undefined ? undefined : this.#sources.get(woken.kind)
    if (woken === undefined || pump === undefined) this.#signals.emit('look')
    else this.#offer(pump, woken.storeId)
  }

  /** Claims nothing more and waits for what is under way, until that is given up: another server takes it over then. */
  async stop(givenUp?: AbortSignal): Promise<void> {
    this.#stopped = true
    for (const { source } of this.#sources.values()) source.stop?.()
    for (const event of ['look', ...this.#sources.keys()]) this.#signals.emit(event)
    const finished = Promise.all(this.#pumps).then(() => Promise.allSettled(this.#running.keys()))
    await (givenUp === undefined ? finished : Promise.race([finished, aborted(givenUp)]))
  }

  /**
   * Resolves when this server runs nothing of the store (any more). The store must have stopped handing out work. A claim
   * that is on its way may have taken some before: the clock and the loop would both run it.
   */
  async idle(storeId: string): Promise<void> {
    await Promise.allSettled(this.#claims.keys())
    const ofStore = () => [...this.#running].filter(([, item]) => item.storeId === storeId).map(([task]) => task)
    for (let tasks = ofStore(); tasks.length > 0; tasks = ofStore()) await Promise.allSettled(tasks)
  }

  /** The stores of which this server runs something, or may just have claimed something. */
  get busyStores(): readonly string[] {
    return [...new Set([...this.#claims.values(), ...[...this.#running.values()].map(({ storeId }) => storeId)])]
  }

  /** When it last looked for work: long ago means that it hangs, or the database does. */
  get lastLook(): Instant {
    return this.#lastLook
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      const signal = this.#nextSignal('look', pollInterval)
      try {
        await this.#offerDue()
      } catch (error) {
        this.#log.error({ err: error }, 'could not look for due work; retrying')
      }
      this.#lastLook = realTime()
      await signal
    }
  }

  async #offerDue(): Promise<void> {
    const found = await this.#findWork(this.#after, mostAtOnce)
    this.#after = found.length === mostAtOnce ? (found.at(-1)?.storeId ?? '') : ''
    if (this.#after !== '') setImmediate(() => this.#signals.emit('look'))
    for (const { storeId, kind, settles } of found) {
      const pump = this.#sources.get(kind)
      if (pump === undefined) continue
      if (settles) pump.settling.add(storeId)
      this.#offer(pump, storeId)
    }
  }

  #offer({ source, line }: Pump, storeId: string): void {
    line.add(storeId)
    this.#signals.emit(source.kind)
  }

  async #pump({ source, line, settling }: Pump): Promise<void> {
    while (!this.#stopped) {
      const signal = this.#nextSignal(source.kind)
      for (let turn = line.next(); turn !== undefined && !this.#stopped; turn = line.next()) {
        const { storeId, limit } = turn
        const begun = this.#claimAndRun(source, line, storeId, limit)
        this.#claims.set(begun, storeId)
        const count = await begun
        this.#claims.delete(begun)
        line.hasMore(storeId, count === limit)
        if (settling.delete(storeId) && count !== undefined && count < limit) await this.#settle(source, storeId)
      }
      await signal
    }
  }

  /**
   * Returns how many rows were claimed, which count as running by the time it resolves; `undefined` where they could not be.
   */
  async #claimAndRun(source: DueSource, line: Line, storeId: string, limit: number): Promise<number | undefined> {
    const items = await this.#claim(source, storeId, limit)
    for (const item of items ?? []) {
      line.take(storeId)
      let hasPlace = true
      this.#run(source, item, () => {
        if (hasPlace) line.free(storeId)
        hasPlace = false
        // A source may hold rows back until others are done: webhooks to one receiver would otherwise leave eight a second.
        line.add(storeId)
        this.#signals.emit(source.kind)
      })
    }
    return items?.length
  }

  /**
   * Resolves at the event, or when so much time has passed. Listens before the claim, so that nothing that happens meanwhile
   * is missed.
   */
  async #nextSignal(event: string, milliseconds?: number): Promise<void> {
    const over = new AbortController()
    const signals = milliseconds === undefined ? [] : [AbortSignal.timeout(milliseconds)]
    await once(this.#signals, event, { signal: AbortSignal.any([over.signal, ...signals]) }).catch(() => undefined)
    over.abort()
  }

  async #claim(source: DueSource, storeId: string, limit: number): Promise<readonly DueItem[] | undefined> {
    try {
      return (await this.#mayRun(storeId)) ? await source.claim(storeId, limit) : undefined
    } catch (error) {
      this.#log.error({ err: error, source: source.name, storeId }, 'could not claim due work; retrying')
      return undefined
    }
  }

  async #settle(source: DueSource, storeId: string): Promise<void> {
    try {
      await source.settle(storeId)
    } catch (error) {
      this.#log.error({ err: error, source: source.name, storeId }, 'could not postpone the next look; retrying')
    }
  }

  /** `freePlace` is called when the run ends, and before that where the run gives way. */
  #run(source: DueSource, item: DueItem, freePlace: () => void): void {
    const task = asDueWork(() => source.run(item, freePlace))
      .catch((error: unknown) =>
        this.#log.error({ err: error, source: source.name, ...item }, 'due work failed; it will be retried'),
      )
      .finally(() => {
        this.#running.delete(task)
        freePlace()
      })
    this.#running.set(task, item)
  }
}

type Pump = {
  readonly source: DueSource
  readonly line: Line
  /** Stores whose next look may be put off if nothing is found. */
  readonly settling: Set<string>
}
