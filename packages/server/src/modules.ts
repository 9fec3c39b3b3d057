import type { Logger } from 'pino'
import { checkoutParts } from './checkout/parts.ts'
import { type DomainParts, domainModules } from './domain-modules.ts'
import type { Instant } from './kernel/clock.ts'
import { KeyedQueue } from './kernel/keyed-queue.ts'
import { storeAccess } from './merchants/access.ts'
import { operationHandlers } from './operations/handlers.ts'
import type { CreateSandboxStore } from './operations/parts.ts'
import { StoreClocks } from './sandbox/clock.ts'
import { clockDue } from './sandbox/clock-due.ts'
import { standsStill } from './sandbox/clock-store.ts'
import { endAllLeases } from './workers/abandoned.ts'
import type { DueSource } from './workers/due.ts'
import { DueLoop } from './workers/loop.ts'
import { Presence } from './workers/presence.ts'
import { lookForWork } from './workers/sweep.ts'
import { TimeCheck } from './workers/time-check.ts'

export type ModulesParts = DomainParts & {
  /** A store's clock was moved: copies of it are out of date. */
  readonly onClockMoved: (storeId: string) => void
  readonly createSandboxStore: CreateSandboxStore
  /** Under which URL shoppers reach this server. */
  readonly publicUrl: () => string
  /** What this machine's clock shows, where a test has it wrong. */
  readonly wallClock?: (() => Instant) | undefined
  /** For what fails where the database does; `log` tells of PGs. */
  readonly databaseLog: Logger
}

/** The modules, built and handed to each other: what HTTP answers with, and what works behind it. */
export const buildModules = (parts: ModulesParts) => {
  const queue = new KeyedQueue()
  const clockOf = (storeId: string) => clocks.read(storeId)
  const { built, sandbox, adapterOf, due, close } = domainModules(parts, {
    queue,
    clockOf,
    wake: (woken) => loop.wake(woken),
    waitUntil: (storeId, instant) => clocks.waitUntil(storeId, instant),
  })
  const { loop, presence, clocks, time, endLeases } = workersOf(parts, queue, due)
  const checkout = checkoutParts({
    ...built,
    sql: parts.sql,
    directory: parts.directory,
    encryption: parts.encryption,
    clockOf,
    windowOf: (channel) => adapterOf(channel).window,
    pgWindowOf: (channel) => adapterOf(channel).pgWindowOf(channel),
  })
  const handlers = operationHandlers({
    ...built,
    sql: parts.sql,
    access: storeAccess(parts.directory),
    clockOf,
    clocksOf: (storeIds) => clocks.readAll(storeIds),
    clocks,
    control: sandbox.control,
    createStore: listingAtOnce(parts),
    checkout,
    publicUrl: parts.publicUrl,
  })
  return {
    handlers,
    checkout,
    sandboxWindows: { sandbox: sandbox.parts, clockOf },
    loop,
    presence,
    clocks,
    time,
    /** To be called before the loop starts, by a server that has the database to itself. */
    endLeases,
    platform: built.platform,
    /** Finishes what is under way, unless that is given up, and lets go of connections. */
    close: async (givenUp: AbortSignal) => {
      await Promise.all([loop.stop(givenUp), clocks.close(givenUp)])
      close()
    },
  }
}

export type Modules = ReturnType<typeof buildModules>

/** The loop that runs what is due, and the clocks that say when it is. */
const workersOf = (
  { sql, databaseLog: log, onClockMoved, ending, wallClock }: ModulesParts,
  queue: KeyedQueue,
  due: readonly DueSource[],
) => {
  const sources = [...due, clockDue(sql)]
  const time = new TimeCheck(log, wallClock)
  const loop = new DueLoop(
    lookForWork(sql, sources),
    sources,
    log,
    async (storeId) =>
      presence.outdated === undefined && (time.problem === undefined || (await standsStill(sql, storeId))),
  )
  const presence = new Presence(sql, log, () => loop.busyStores, time)
  const clocks = new StoreClocks({
    sql,
    log,
    queue,
    sources,
    idle: (storeId) => loop.idle(storeId),
    serverId: presence.serverId,
    othersOf: (storeId) => presence.othersOf(storeId),
    outdated: () => presence.outdated,
    onMoved: onClockMoved,
    ending,
  })
  return { loop, presence, clocks, time, endLeases: () => endAllLeases(sql, sources) }
}

/** The merchant's list of stores may be remembered without a new one: a test that creates a store would not see it listed. */
const listingAtOnce =
  ({ createSandboxStore, directory }: ModulesParts): CreateSandboxStore =>
  async (merchantId, input) => {
    const created = await createSandboxStore(merchantId, input)
    directory.forget(created.storeId)
    return created
  }
