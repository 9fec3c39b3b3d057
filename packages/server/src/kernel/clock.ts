/** A moment, in milliseconds since 1970-01-01T00:00:00Z. An integer: safe to compare, to store and to send. */
export type Instant = number

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/**
 * The machine's real time. Everything that belongs to a store reads the store's own clock instead (`storeTime`), so
 * that a sandbox store can travel; only deadlines of real I/O, leases between processes and webhook signatures (which
 * receivers compare with their own real clock) use this one.
 */
export const realTime = (): Instant => Date.now()

/**
 * A store's clock as the database holds it. A live store has offset 0 and never stops. A sandbox store may run ahead
 * by an offset, or stand still at an instant.
 */
export type StoreClock = { readonly offset: number; readonly stoppedAt: Instant | null }

/** A clock as it was read, and the epoch that its store was in then. */
export type ReadClock = StoreClock & { readonly epoch: number }

export const realClock: StoreClock = { offset: 0, stoppedAt: null }

/** What the store's clock shows now. */
export const storeTime = (clock: StoreClock): Instant => clock.stoppedAt ?? realTime() + clock.offset

/** RFC 3339 in UTC with a `Z`: the only form that every official SDK parses. */
export const toIso = (instant: Instant): string => new Date(instant).toISOString()

/** For a column that may be empty. */
export const isoOrNull = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : toIso(instant)

/** Reads an RFC 3339 date-time with any offset; `undefined` when the text is not one. */
export const fromIso = (text: string): Instant | undefined => {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}
