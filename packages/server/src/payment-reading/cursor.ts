import type { Instant } from '../kernel/clock.ts'
import { withinTime } from '../kernel/days.ts'

/** A place in a list ordered by time. */
export type Position = {
  readonly at: Instant
  readonly id: string
  readonly version: number
  /** Where the list is of several stores: two of them may have the same id at the same instant. */
  readonly storeId?: string | undefined
}

/** Which of PostgreSQL's transactions a statement could see, as `pg_snapshot` is written: `xmin:xmax:running,…`. */
export type Snapshot = string

/**
 * How far a walk has come: it has seen everything up to `after` that `seen` could see. What was committed later, and lies
 * before `after` nevertheless, is read next. `late`: of that, what `late.seen` could see has been seen up to `late.after`.
 *
 * A walk that keeps back what is newer than the oldest transaction under way lost: the database's own work, or another
 * database's, would hide for a while what a merchant has just done.
 */
export type Cursor = {
  readonly after: Position
  /** Absent in cursors from before it was kept. */
  readonly seen?: Snapshot | undefined
  readonly late?: Late | undefined
}

type Late = { readonly after: Position; readonly seen: Snapshot }

/** Opaque to clients. */
export const writeCursor = ({ after, seen, late }: Cursor): string => {
  const parts = [place(after), ...(seen === undefined ? [] : [seen]), ...(late ? [place(late.after), late.seen] : [])]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

const place = ({ at, id, version, storeId }: Position) => [at, id, version, ...(storeId === undefined ? [] : [storeId])]

/** `undefined` for a text that is no cursor of ours. */
export const readCursor = (cursor: string): Cursor | undefined => {
  const parts = parse(cursor)
  if (!Array.isArray(parts)) return undefined
  const [first, seen, lateAfter, lateSeen, ...rest]: unknown[] = parts
  // Cursors were their position alone.
  const isOld = !Array.isArray(first)
  const after = readPosition(isOld ? parts : first)
  if (!after || isOld || parts.length === 1) return after && { after }
  if (!isSnapshot(seen)) return undefined
  if (parts.length === 2) return { after, seen }
  const late = readPosition(lateAfter)
  return late && isSnapshot(lateSeen) && rest.length === 0
    ? { after, seen, late: { after: late, seen: lateSeen } }
    : undefined
}

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

const readPosition = (read: unknown): Position | undefined => {
  if (!Array.isArray(read) || read.length < 3 || read.length > 4) return undefined
  const [at, id, version, storeId]: unknown[] = read
  if (!isInstant(at) || !isVersion(version) || !isWritten(id)) return undefined
  if (storeId !== undefined && !isWritten(storeId)) return undefined
  return { at, id, version, storeId }
}

/** PostgreSQL reads no year that RFC 3339 does not have. */
const isInstant = (value: unknown): value is Instant =>
  typeof value === 'number' && Number.isSafeInteger(value) && withinTime(value) === value

const isVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31

/** PostgreSQL has no text with a zero in it. */
const isWritten = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0')

/** What PostgreSQL can read: no zero, and all in order. */
const isSnapshot = (value: unknown): value is Snapshot => {
  if (typeof value !== 'string' || !/^[1-9]\d{0,17}:[1-9]\d{0,17}:([1-9]\d{0,17}(,[1-9]\d{0,17})*)?$/.test(value))
    return false
  const [oldest = '', next = '', running = ''] = value.split(':')
  const inOrder = [oldest, ...(running === '' ? [] : running.split(','))].map(BigInt)
  const isAscending = inOrder.every((transaction, index) => (inOrder[index - 1] ?? 0n) <= transaction)
  const last = inOrder.at(-1) ?? 0n
  return isAscending && (running === '' ? last <= BigInt(next) : last < BigInt(next))
}
