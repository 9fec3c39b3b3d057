import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { once } from '../db/lease.ts'
import { ofStores } from '../db/page.ts'
import { type Instant, minute, type ReadClock, realTime, type StoreClock, storeTime } from '../kernel/clock.ts'
import { seeEpoch } from '../kernel/work.ts'
import { clockMoved } from '../workers/due-work.ts'

/** How long a server may be silent while it advances a clock before another one finishes its work. */
export const advanceLease = 2 * minute

type ClockRow = {
  readonly clock_offset: number
  readonly clock_stopped_at: Instant | null
  readonly clock_target: Instant | null
  readonly clock_lease_until: Instant | null
  readonly clock_leased_by: string | null
  readonly epoch: number
}

const clockOf = ({ clock_offset, clock_stopped_at, epoch }: ClockRow): ReadClock => ({
  offset: clock_offset,
  stoppedAt: clock_stopped_at,
  epoch,
})

/** Throws `StoreWasReset` where the work that reads saw the store before it was reset. */
const loadRow = async (sql: Sql, storeId: string): Promise<ClockRow> => {
  const [row] = await sql<[ClockRow?]>`
    select clock_offset, clock_stopped_at, clock_target, clock_lease_until, clock_leased_by, epoch from stores
    where store_id = ${storeId}`
  if (!row) throw new Error(`store ${storeId} is gone`)
  seeEpoch(storeId, row.epoch)
  return row
}

export const loadClock = async (sql: Sql, storeId: string): Promise<ReadClock> => clockOf(await loadRow(sql, storeId))

/** The clocks of these stores, each once: a merchant may have thousands of stores, whose clocks all show the real time. */
export const loadClocks = (sql: Sql, storeIds: readonly string[]): Promise<readonly StoreClock[]> =>
  sql<StoreClock[]>`
    select distinct s.clock_offset as "offset", s.clock_stopped_at as "stoppedAt" from stores s
    where ${ofStores(sql, 's', storeIds)}`

/** Stops the clock where it is, or lets it run on from there. Without effect while it is being advanced, or where the store was reset. */
export const setRunning = async (sql: Sql, storeId: string, runs: boolean): Promise<void> => {
  const clock = await loadClock(sql, storeId)
  const now = storeTime(clock)
  await once(sql, 'clock set', async (sql) => {
    await sql`
      with ${clockMoved(sql, storeId)}
      update stores set clock_stopped_at = ${runs ? null : now}::timestamptz, clock_offset = ${offsetAt(now)}
      where store_id = ${storeId} and mode = 'SANDBOX' and epoch = ${clock.epoch} and clock_target is null`
  })
}

/** Until when a clock is left to the server that moves it, and which that is, where it is known. */
export type ClockLease = { readonly lease: Instant; readonly holder: string | null }

const holderIsDead = (sql: Sql): Fragment => sql`(
  clock_leased_by is not null and not exists (
    select from servers where server_id = clock_leased_by and alive_until > now()))`

const isHolderDead = async (sql: Sql, storeId: string): Promise<boolean> => {
  const [row] = await sql<[{ isDead: boolean }?]>`
    select ${holderIsDead(sql)} as "isDead" from stores where store_id = ${storeId}`
  return row?.isDead ?? false
}

/** The offset with which a running clock shows `now` at this moment. */
const offsetAt = (now: Instant): number => now - realTime()

/**
 * RFC 3339 and PostgreSQL's dates end with the year 9999. What falls due after the clock's end must be an instant, too:
 * a doubt that is as old as the world is asked about in less than a century.
 */
export const endOfClock: Instant = Date.UTC(8999, 11, 31, 23, 59, 59)

/**
 * Stops the clock and notes how far it is to go. Returns the target, or that it lies behind, or beyond the end. An advance whose
 * lease ran out is taken over, and so is one of a dead server, and one of `holder` itself: a server does one advance of a store
 * after the other, so that this one has failed, as when the database was lost.
 */
export const beginAdvance = async (
  sql: Sql,
  storeId: string,
  target: (now: Instant) => Instant,
  { lease, holder }: ClockLease,
): Promise<Instant | 'behind' | 'beyond' | 'busy'> => {
  const row = await loadRow(sql, storeId)
  const { clock_lease_until: leased } = row
  const isOver = (leased !== null && leased < realTime()) || (holder !== null && row.clock_leased_by === holder)
  const isAbandoned = isOver || (row.clock_target !== null && (await isHolderDead(sql, storeId)))
  if (row.clock_target !== null && !isAbandoned) return 'busy'
  const now = storeTime(clockOf(row))
  const until = Math.max(target(now), row.clock_target ?? 0)
  if (until > endOfClock) return 'beyond'
  if (until < now) return 'behind'
  const { count } = await sql`
    update stores set clock_stopped_at = ${now}::timestamptz, clock_target = ${until}::timestamptz,
      clock_resumes = case when clock_target is null then clock_stopped_at is null else clock_resumes end,
      clock_lease_until = ${lease}::timestamptz, clock_leased_by = ${holder}
    where store_id = ${storeId} and mode = 'SANDBOX' and epoch = ${row.epoch}
      and clock_target is not distinct from ${row.clock_target}::timestamptz
      and clock_stopped_at is not distinct from ${row.clock_stopped_at}::timestamptz
      and clock_lease_until is not distinct from ${leased}::timestamptz`
  return count === 1 ? until : 'busy'
}

/** That the clock is still moved under this lease: a server that stood still may have been taken for dead, and overtaken. */
const isHeld = (sql: Sql, { lease, holder }: ClockLease): Fragment => sql`
  clock_target is not null and clock_lease_until = ${lease}::timestamptz
  and clock_leased_by is not distinct from ${holder}`

/**
 * Shows the instant of what is run next, and holds the clock until `until` from now on; an overdue item does not turn the clock
 * back. `undefined` where somebody else has taken the advance over, or the store was reset: then the clock is not ours.
 */
export const moveClock = async (
  sql: Sql,
  storeId: string,
  instant: Instant,
  held: ClockLease,
  until: Instant,
): Promise<Instant | undefined> => {
  const [row] = await sql<{ at: Instant }[]>`
    update stores set clock_stopped_at = greatest(clock_stopped_at, ${instant}::timestamptz),
      clock_lease_until = ${until}::timestamptz
    where store_id = ${storeId} and ${isHeld(sql, held)} returning clock_stopped_at as at`
  return row?.at
}

/** False if the clock is not ours any more, as for `moveClock`. */
export const finishAdvance = async (sql: Sql, storeId: string, target: Instant, held: ClockLease): Promise<boolean> => {
  const { count } = await sql`
    with ${clockMoved(sql, storeId)}
    update stores set clock_target = null, clock_lease_until = null, clock_leased_by = null,
      clock_stopped_at = case when clock_resumes then null else ${target}::timestamptz end,
      clock_offset = case when clock_resumes then ${offsetAt(target)} else clock_offset end
    where store_id = ${storeId} and ${isHeld(sql, held)}`
  return count === 1
}

export const isAdvancing = async (sql: Sql, storeId: string): Promise<boolean> =>
  (await loadRow(sql, storeId)).clock_target !== null

/** The stores whose clock is being moved by `holder`, or was by a server that is dead or silent for too long. */
export const unfinishedAdvances = (sql: Sql, holder: string): Promise<readonly { storeId: string }[]> =>
  sql<{ storeId: string }[]>`
    select store_id as "storeId" from stores
    where clock_target is not null and (
      clock_lease_until < ${realTime()}::timestamptz or clock_leased_by = ${holder} or ${holderIsDead(sql)})`

/** Whether what is due in a store does not depend on anybody's real time: its clock is only moved by hand. */
export const standsStill = async (sql: Sql, storeId: string): Promise<boolean> => {
  const found = await sql`select from stores where store_id = ${storeId} and clock_stopped_at is not null`
  return found.count > 0
}
