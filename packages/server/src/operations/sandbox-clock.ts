import type { Handlers } from '../http/handler.ts'
import { day, fromIso, hour, type Instant, minute, type StoreClock, second, storeTime, toIso } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocks'>

type ClockOperationId = Extract<keyof Handlers, `${string}SandboxClock`>

export const sandboxClockOperations = ({ access, clocks }: Parts): Pick<Handlers, ClockOperationId> => ({
  getSandboxClock: forSandboxStore(access, async ({ store }) => clockView(await clocks.read(store.storeId))),

  stopSandboxClock: forSandboxStore(access, async ({ store }) => clockView(await clocks.stop(store.storeId))),

  startSandboxClock: forSandboxStore(access, async ({ store }) => clockView(await clocks.start(store.storeId))),

  advanceSandboxClock: forSandboxStore(access, async ({ body, store }) => {
    const target = targetOf(body)
    if (target instanceof Refusal) return target
    const advanced = await clocks.advance(store.storeId, target)
    if (!advanced)
      return refuse('INVALID_REQUEST', 'The clock cannot be moved back. Reset the store to return to real time.')
    return { now: toIso(advanced.now), ran: advanced.ran.map((ran) => ({ ...ran, at: toIso(ran.at) })) }
  }),
})

/**
 * RFC 3339 and PostgreSQL's dates end with the year 9999. What falls due after the clock's end must be an instant, too:
 * a doubt that is as old as the world is asked about in less than a century.
 */
const endOfTime = Date.UTC(8999, 11, 31, 23, 59, 59)

type Distance = { to?: string; days?: number; hours?: number; minutes?: number; seconds?: number }

const targetOf = (body: Distance): ((now: Instant) => Instant) | Refusal<'INVALID_REQUEST'> => {
  const { to, days, hours, minutes, seconds } = body
  const units = [days, hours, minutes, seconds]
  const hasDistance = units.some((unit) => unit !== undefined)
  if ((to === undefined) === !hasDistance)
    return refuse('INVALID_REQUEST', 'Give either to, or at least one of days, hours, minutes and seconds.')
  const back = Object.entries({ days, hours, minutes, seconds }).find(([, unit = 0]) => unit < 0)
  if (back) return refuse('INVALID_REQUEST', `${back[0]} must not be negative: the clock cannot be moved back.`)
  const distance = (days ?? 0) * day + (hours ?? 0) * hour + (minutes ?? 0) * minute + (seconds ?? 0) * second
  const instant = to === undefined ? undefined : fromIso(to)
  if (distance > endOfTime || (instant ?? 0) > endOfTime)
    return refuse('INVALID_REQUEST', 'The clock ends with the year 8999.')
  return (now) => Math.min(instant ?? now + distance, endOfTime)
}

const clockView = (clock: StoreClock) => ({ now: toIso(storeTime(clock)), isStopped: clock.stoppedAt !== null })
