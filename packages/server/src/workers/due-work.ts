import type { Fragment } from 'postgres'
import type { Queryable, Sql } from '../db/connect.ts'
import { type Instant, minute, realTime, second, toIso } from '../kernel/clock.ts'

/**
 * `due_work` says which stores have rows that fall due, so that looking for work costs nothing for stores without. A note
 * that leads to nothing costs a look; one that is missing would leave work undone, so these rules hold:
 *
 * - Whoever makes a row due, or due earlier, notes it in the same statement (`noteDue`). Where a note is there that is
 *   looked at early enough, nothing is written: a busy store's note is read by each of its payments and hardly ever written.
 * - A look that finds nothing puts the next look off (`settle`), by comparing the note's version. What relied on the note and
 *   is not committed yet was not seen by that look. So it is put off step by step, and a note that has been put off for long
 *   is relied on no more, until it has been quiet for longer than any statement or transaction may take.
 * - Whoever changes a clock has all notes of the store looked at, and once more what was noted meanwhile (`clockMoved`).
 *
 * A lock that writers share and looks do not lost: every payment of a store would take it. Deleting the note with the last
 * row lost: two statements at once leave a row without a note. A trigger lost: distributed databases have none.
 */
export type DueNote = {
  /** The table of what is due. */
  readonly kind: string
  /** Which part of it, where a kind has several, such as the target of webhooks. */
  readonly queue?: string
  /** When it is due, by the store's clock. */
  readonly at: Instant
}

/** After so much quiet a note is what was found. Statements end after 30 s, and none of our transactions has many. */
const quiet = 10 * minute
/** A note that has been put off for longer is relied on no more: the rest of `quiet` is for what did before. */
const relied = quiet / 2
/** A note is looked at every second for this long after its time: a busy store would write it anew each time. */
const lively = 2 * second

/**
 * Notes what falls due in a store, for use inside the statement that writes it: `with noted as (${noteDue(…)}), …`. Whether the
 * rows themselves are written does not matter. It stands before other parts that write, because PostgreSQL runs those in reverse
 * order: nobody waits for a note whose statement waits for something else.
 */
export const noteDue = (sql: Queryable, storeId: string, notes: readonly DueNote[]): Fragment => {
  const now = realTime()
  const earliest = earliestOf(notes)
  return sql`
    insert into due_work as known (store_id, kind, queue, look_at)
    select ${storeId}, due.kind, due.queue, due.look_at
    from (
      select noted.kind, noted.queue, case
        when s.clock_stopped_at is null then noted.at - s.clock_offset * interval '1 millisecond'
        when noted.at <= s.clock_stopped_at then ${now}::timestamptz
        else 'infinity' end as look_at
      from stores s, unnest(
        ${earliest.map(({ kind }) => kind)}::text[], ${earliest.map(({ queue }) => queue)}::text[],
        ${earliest.map(({ at }) => at)}::timestamptz[]) as noted (kind, queue, at)
      where s.store_id = ${storeId}
    ) as due
    where not exists (
      select from due_work served
      where served.store_id = ${storeId} and served.kind = due.kind and served.queue = due.queue
        and served.look_at <= due.look_at
        and (served.quiet_since is null or served.quiet_since > ${now - relied}::timestamptz))
    on conflict (store_id, kind, queue) do update
    set look_at = least(known.look_at, excluded.look_at), quiet_since = null, version = known.version + 1`
}

/** As `noteDue`, where rows of a larger statement say which stores it is about: they are looked at now. */
export const noteStoresOf = (sql: Queryable, kind: string, rows: Fragment): Fragment => sql`
  insert into due_work as known (store_id, kind, look_at)
  select distinct due.store_id, ${kind}, ${realTime()}::timestamptz from ${rows} as due order by due.store_id
  on conflict (store_id, kind, queue) do update
  set look_at = least(known.look_at, excluded.look_at), quiet_since = null, version = known.version + 1`

/** One for each queue, by code point as everywhere here, so that two statements never wait for each other in a circle. */
const earliestOf = (notes: readonly DueNote[]): readonly Required<DueNote>[] => {
  const byQueue = new Map<string, Required<DueNote>>()
  for (const { kind, queue = '', at } of notes) {
    const key = `${kind} ${queue}`
    if (at < (byQueue.get(key)?.at ?? Number.POSITIVE_INFINITY)) byQueue.set(key, { kind, queue, at })
  }
  return [...byQueue].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, note]) => note)
}

/** A store that may have work of a kind. */
export type Work = {
  readonly storeId: string
  readonly kind: string
  /** Whether looks that find nothing may put its notes off. */
  readonly settles: boolean
}

/**
 * Which stores may have work now, by their id and after `storeId`: the one statement that is about all stores. It reads the
 * notes whose time has come, however many stores there are beside.
 */
export const findWork = (sql: Sql, storeId: string, limit: number): Promise<readonly Work[]> => {
  const now = realTime()
  return sql<Work[]>`
    select store_id as "storeId", kind,
      bool_or(quiet_since is not null or look_at < ${now - lively}::timestamptz) as settles
    from due_work where look_at <= ${now}::timestamptz and store_id > ${storeId}
    group by store_id, kind order by store_id, kind limit ${limit}`
}

/** Rows of a store that fall due: of a table, which may have to be narrowed down to what belongs to a note. */
export type DueRowsOf = { readonly table: string; readonly narrowed?: Fragment }

/**
 * To be called when nothing was found to do: puts the looks at these notes off, to when something can be found next. Leaves
 * those alone behind which something waits to be run. Takes the notes that it changes in the order in which statements note,
 * and as they were looked at: one that changed meanwhile is not taken. `rows`, absent where there are none, may speak of `work.queue`.
 */
export const settle = async (sql: Sql, storeId: string, kind: string, rows?: DueRowsOf): Promise<void> => {
  const now = realTime()
  await sql`
    with clock as materialized (
      select clock_offset, clock_stopped_at, clock_target is not null as is_moving,
        coalesce(clock_stopped_at, ${now}::timestamptz + clock_offset * interval '1 millisecond') as until
      from stores where store_id = ${storeId}
    ), looked as materialized (
      select work.queue, work.version, coalesce(work.quiet_since, ${now}::timestamptz) as since,
        coalesce(work.quiet_since <= ${now - quiet}::timestamptz, false) as is_quiet,
        ${rows === undefined ? sql`null::timestamptz` : nextLook(sql, storeId, rows, now)} as next
      from due_work work, clock
      where work.store_id = ${storeId} and work.kind = ${kind} and work.look_at <= ${now}::timestamptz
        and (work.quiet_since is not null or work.look_at < ${now - lively}::timestamptz)
      order by work.queue collate "C" limit 1000
    ), locked as materialized (
      select looked.queue, looked.next, looked.since, looked.is_quiet
      from due_work work join looked on work.queue = looked.queue and work.version = looked.version
      where work.store_id = ${storeId} and work.kind = ${kind}
        and case when looked.next is null then true else looked.next > ${now}::timestamptz end
      order by work.queue collate "C" for update of work
    ), forgotten as (
      delete from due_work work using locked
      where work.store_id = ${storeId} and work.kind = ${kind} and work.queue = locked.queue
        and locked.next is null and locked.is_quiet
    )
    update due_work work set version = work.version + 1,
      quiet_since = case when locked.is_quiet then null else locked.since end,
      look_at = case when locked.is_quiet then locked.next else least(
        locked.next, ${now}::timestamptz + greatest(interval '1 second', 7 * (${now}::timestamptz - locked.since))) end
    from locked
    where work.store_id = ${storeId} and work.kind = ${kind} and work.queue = locked.queue
      and not (locked.next is null and locked.is_quiet)`
}

/**
 * When something can be found next, in real time: what waits now, or the end of a lease, or the next row. Where the clock
 * stands still, none comes before it is moved.
 *
 * What waits is asked for in the order of the index. For `exists` PostgreSQL expected to meet one soon, wherever it began, and
 * read the whole table where none waited.
 */
const nextLook = (sql: Sql, storeId: string, { table, narrowed = sql`` }: DueRowsOf, now: Instant): Fragment => {
  const rows = sql`from ${sql(table)} r where r.store_id = ${storeId} ${narrowed}`
  return sql`case
    when not clock.is_moving and (
      select true ${rows} and r.due_at <= clock.until and (r.leased_until is null or r.leased_until < ${now}::timestamptz)
      order by r.due_at limit 1
    ) then ${now}::timestamptz
    else least(
      (select min(r.leased_until) ${rows} and r.due_at <= clock.until and r.leased_until >= ${now}::timestamptz),
      (select case when clock.clock_stopped_at is null
         then r.due_at - clock.clock_offset * interval '1 millisecond' else 'infinity' end
       ${rows} and r.due_at > clock.until order by r.due_at limit 1),
      case when clock.is_moving then 'infinity'::timestamptz end) end`
}

/** The kind of note by which a store is looked at once more after its clock was moved. */
export const clockKind = 'clock'

/** Has all notes of a store looked at now. Takes them in the order in which statements note. */
export const lookAtAll = (sql: Queryable, storeId: string): Fragment => sql`
  update due_work work set look_at = least(work.look_at, ${realTime()}::timestamptz), quiet_since = null,
    version = work.version + 1
  from (
    select kind, queue from due_work where store_id = ${storeId} and kind <> ${clockKind}
    order by kind collate "C", queue collate "C" for update
  ) as noted
  where work.store_id = ${storeId} and work.kind = noted.kind and work.queue = noted.queue`

/**
 * For the statement that changes what a store's clock shows: `with ${clockMoved(…)} update …`. What is noted by the former
 * clock, and committed after this, is found by the note that this leaves behind.
 */
export const clockMoved = (sql: Queryable, storeId: string): Fragment => sql`
  looked_at as (${lookAtAll(sql, storeId)}), noted_clock as (
    insert into due_work as known (store_id, kind, look_at)
    values (${storeId}, ${clockKind}, ${realTime() + second}::timestamptz)
    on conflict (store_id, kind, queue) do update
    set look_at = excluded.look_at, quiet_since = null, version = known.version + 1
  )`

/**
 * Notes whatever of a store may fall due, whether it is noted or not: the second line, behind statements that should have
 * and rows that somebody has written by hand.
 */
export const noteAll = async (
  sql: Sql,
  { storeId, merchantId }: { readonly storeId: string; readonly merchantId: string },
  tables: readonly string[],
): Promise<void> => {
  const waiting = tables
    .map((table) => {
      const queue = table === 'webhooks' ? sql`target` : sql`''`
      const ofMerchant = table.startsWith('platform_') ? sql`and merchant_id = ${merchantId}` : sql``
      const rows = sql`from ${sql(table)} where store_id = ${storeId} ${ofMerchant} and due_at is not null`
      return table === 'webhooks'
        ? sql`select ${table} as kind, ${queue} as queue ${rows} group by target`
        : sql`select ${table}, ${queue} where (select true ${rows} order by due_at limit 1)`
    })
    .reduce((all, one) => sql`${all} union all ${one}`)
  const now = toIso(realTime())
  await sql`
    insert into due_work as known (store_id, kind, queue, look_at)
    select ${storeId}, kind, queue, ${now}::timestamptz from (${waiting}) as waiting (kind, queue)
    order by kind collate "C", queue collate "C"
    on conflict (store_id, kind, queue) do update
    set look_at = excluded.look_at, quiet_since = null, version = known.version + 1
    where known.look_at > excluded.look_at`
}
