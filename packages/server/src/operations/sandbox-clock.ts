import type { Handlers } from '../http/handler.ts'
import { day, fromIso, hour, type Instant, minute, type StoreClock, second, storeTime, toIso } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { endOfClock } from '../sandbox/clock-store.ts'
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
    if (advanced === 'behind')
      return refuse('INVALID_REQUEST', 'The clock cannot be moved back. Reset the store to return to real time.')
    if (advanced === 'beyond') return beyondEnd(body, storeTime(await clocks.read(store.storeId)))
    return { now: toIso(advanced.now), ran: advanced.ran.map((ran) => ({ ...ran, at: toIso(ran.at) })) }
  }),
})

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
  return (now) => instant ?? now + distance
}

/** Stopping at the end would be less than was asked for, and the answer would not say so. */
const beyondEnd = ({ to, days, hours, minutes, seconds }: Distance, now: Instant): Refusal<'INVALID_REQUEST'> => {
  const given = Object.entries({ to, days, hours, minutes, seconds }).filter(([, value]) => value !== undefined)
  const names = given.map(([name]) => name).join(', ')
  return refuse(
    'INVALID_REQUEST',
    `${names}: the clock ends at ${toIso(endOfClock)}, and cannot be moved beyond that. Now it shows ${toIso(now)}.`,
  )
}

const clockView = (clock: StoreClock) => ({ now: toIso(storeTime(clock)), isStopped: clock.stoppedAt !== null })
