import { EventEmitter, once } from 'node:events'
import type { Logger } from 'pino'
import { aborted } from '../kernel/abort.ts'
import { type Instant, realTime } from '../kernel/clock.ts'
import { asDueWork } from '../kernel/work.ts'
import type { DueItem, DueSource } from './due.ts'

/** How many rows of a source run at once; those that gave way are not counted. */
type Places = { taken: number }

/** How often each source is looked at without being woken: for what other servers commit, and for what time brings. */
const pollInterval = 1_000

/**
 * The one loop behind everything that happens later. Each source is worked on by its own pump, up to its concurrency,
 * so that slow webhooks hold up no payment. A row that fails stays leased and is tried again when its lease runs out.
 */
export class DueLoop {
  readonly #sources: readonly DueSource[]
  readonly #log: Logger
  readonly #signals = new EventEmitter().setMaxListeners(0)
  readonly #running = new Map<Promise<void>, DueItem>()
  readonly #claims = new Set<Promise<unknown>>()
  #pumps: Promise<void>[] = []
  #stopped = false
  #lastLook: Instant = realTime()

  constructor(sources: readonly DueSource[], log: Logger) {
    this.#sources = sources
    this.#log = log
  }

  start(): void {
    this.#pumps = this.#sources.map((source) => this.#pump(source))
  }

  /** Something became due: look now instead of at the next poll. */
  wake(): void {
    this.#signals.emit('wake')
  }

  /** Claims nothing more and waits for what is under way, until that is given up: another server takes it over then. */
  async stop(givenUp?: AbortSignal): Promise<void> {
    this.#stopped = true
    this.#signals.emit('wake')
    const finished = Promise.all(this.#pumps).then(() => Promise.allSettled(this.#running.keys()))
    await (givenUp === undefined ? finished : Promise.race([finished, aborted(givenUp)]))
  }

  /**
   * Resolves when this server runs nothing of the store (any more). The store must have stopped handing out work. A claim
   * that is on its way may have taken some before: the clock and the loop would both run it.
   */
  async idle(storeId: string): Promise<void> {
    await Promise.allSettled(this.#claims)
    const ofStore = () => [...this.#running].filter(([, item]) => item.storeId === storeId).map(([task]) => task)
    for (let tasks = ofStore(); tasks.length > 0; tasks = ofStore()) await Promise.allSettled(tasks)
  }

  /** When it last looked for work: long ago means that it hangs, or the database does. */
  get lastLook(): Instant {
    return this.#lastLook
  }

  async #pump(source: DueSource): Promise<void> {
    const places: Places = { taken: 0 }
    let isBacklog = false
    while (!this.#stopped) {
      const signal = this.#nextSignal(source)
      const free = source.concurrency - places.taken
      // Where more is waiting than may run, half of it is claimed at once: a claim is a commit, whatever its size.
      if (free >= (isBacklog ? source.concurrency / 2 : 1)) {
        const begun = this.#claimAndRun(source, free, places)
        this.#claims.add(begun)
        isBacklog = (await begun) === free
        this.#claims.delete(begun)
      }
      this.#lastLook = realTime()
      await signal
    }
  }

  /** Returns how many rows were claimed. What was claimed counts as running by the time it resolves. */
  async #claimAndRun(source: DueSource, limit: number, places: Places): Promise<number> {
    const items = await this.#claim(source, limit)
    for (const item of items) {
      places.taken++
      let hasPlace = true
      this.#run(source, item, () => {
        if (hasPlace) places.taken--
        hasPlace = false
        this.#signals.emit(source.name)
      })
    }
    return items.length
  }

  /**
   * Resolves when something was committed, when a run of this source ended, or at the next poll. Listens before the
   * claim, so that nothing that happens meanwhile is missed. The end of a run matters because a source may hold rows
   * back until others are done: webhooks to one receiver would otherwise leave eight a second.
   */
  async #nextSignal(source: DueSource): Promise<void> {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(pollInterval)])
    const events = ['wake', source.name].map((event) => once(this.#signals, event, { signal }).catch(() => undefined))
    await Promise.race(events)
    over.abort()
    await Promise.all(events)
  }

  async #claim(source: DueSource, limit: number): Promise<readonly DueItem[]> {
    try {
      return await source.claim(limit)
    } catch (error) {
      this.#log.error({ err: error, source: source.name }, 'could not look for due work; trying again')
      return []
    }
  }

  /** `freePlace` is called when the run ends, and before that where the run gives way. */
  #run(source: DueSource, item: DueItem, freePlace: () => void): void {
    const task = asDueWork(() => source.run(item, freePlace))
      .catch((error: unknown) =>
        this.#log.error({ err: error, source: source.name, ...item }, 'due work failed; it is tried again'),
      )
      .finally(() => {
        this.#running.delete(task)
        freePlace()
      })
    this.#running.set(task, item)
  }
}
