import { type Instant, minute, realTime } from '../kernel/clock.ts'

/** Bounds what one source may do, in this process's memory: several servers allow as many times more. */
export type RateLimit = {
  allows(source: string): boolean
  /** After how many seconds somebody who was refused may try again. */
  readonly retryAfter: number
}

/** More sources than this at once are an attack by itself: the longest known are forgotten first. */
const maximumSources = 100_000

/** `perMinute` at once, and as many again each minute. */
export const rateLimit = (perMinute: number, now: () => Instant = realTime): RateLimit => {
  const sources = new Map<string, { left: number; at: Instant }>()
  return {
    retryAfter: Math.ceil(60 / perMinute),
    allows: (source) => {
      const at = now()
      const known = sources.get(source)
      const refilled = known ? known.left + ((at - known.at) * perMinute) / minute : perMinute
      const left = Math.min(perMinute, refilled)
      // Deleted and set again, so that the map's order is that of their latest visit.
      sources.delete(source)
      const [oldest] = sources.size >= maximumSources ? sources.keys() : []
      if (oldest !== undefined) sources.delete(oldest)
      sources.set(source, { left: left >= 1 ? left - 1 : left, at })
      return left >= 1
    },
  }
}
