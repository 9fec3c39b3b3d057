import type { Fragment } from 'postgres'
import type { Sql } from '../../../db/connect.ts'
import { lookedUp } from '../../../db/looked-up.ts'
import { type Instant, minute, realTime, second, toIso } from '../../../kernel/clock.ts'
import { timeOrderedId } from '../../../kernel/ids.ts'
import { type DueRows, type DueRowsSource, dueRowsSource } from '../../../workers/due-rows.ts'
import { noteDue } from '../../../workers/due-work.ts'
import type { Action, Later } from '../scenarios/behaviour.ts'

/** What the PG will do and then announce, or only announce, at an instant of the store's clock. */
export type Notification = {
  readonly storeId: string
  readonly id: string
  /** The payment. */
  readonly reference: string
  /** Set where it is about one of the payment's cancellations. */
  readonly cancellationReference: string | null
  readonly action: Action
  readonly dueAt: Instant
  /** Real time until which whoever wrote the row runs it; afterwards the due loop does. */
  readonly leasedUntil: Instant | null
}

/** A row as it is run, with what its payment says about announcing. */
export type DueNotification = Notification & { readonly code: string; readonly attempts: number }

/** Long enough for any inquiry that a notification sets off; a process that died is relieved after it. */
const lease = minute

/** The rows for what an effect starts. `expiresAt` is the virtual account's. */
export const plan = (
  about: { readonly storeId: string; readonly reference: string; readonly cancellationReference?: string },
  later: readonly Later[] = [],
  now: Instant,
  expiresAt: Instant = now,
): readonly Notification[] =>
  later.map(({ action, after }) => ({
    storeId: about.storeId,
    id: timeOrderedId(),
    reference: about.reference,
    cancellationReference: about.cancellationReference ?? null,
    action,
    dueAt: instantOf(after, now, expiresAt),
    leasedUntil: after === 'BEFORE_THE_ANSWER' ? realTime() + lease : null,
  }))

/** An announcement that its writer makes at once; should the writer die, the due loop makes it. */
export const announcementNow = (storeId: string, reference: string, now: Instant): Notification => ({
  storeId,
  id: timeOrderedId(),
  reference,
  cancellationReference: null,
  action: 'ANNOUNCE',
  dueAt: now,
  leasedUntil: realTime() + lease,
})

const instantOf = (after: Later['after'], now: Instant, expiresAt: Instant): Instant => {
  if (after === 'BEFORE_THE_ANSWER') return now
  return after === 'EXPIRY' ? expiresAt + 10 * second : now + after * second
}

/**
 * The insert of some notifications of one store, as parts of a statement that does something else too: `with …,
 * ${insertNotifications(…)} select …`.
 */
export const insertNotifications = (sql: Sql, notifications: readonly Notification[], guard: Fragment): Fragment => {
  const [{ storeId = '' } = {}] = notifications
  const rows = notifications.map(({ storeId: _, dueAt, leasedUntil, ...row }) => ({
    ...row,
    dueAt: toIso(dueAt),
    leasedUntil: leasedUntil === null ? null : toIso(leasedUntil),
  }))
  const notes = notifications.map(({ dueAt }) => ({ kind: 'sandbox_notifications', at: dueAt }))
  return sql`noted as (${noteDue(sql, storeId, notes)}), scheduled as (
    insert into sandbox_notifications (
      store_id, notification_id, reference, cancellation_reference, action, due_at, leased_until
    )
    select ${storeId}, id, reference, "cancellationReference", action, "dueAt", "leasedUntil"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row (
      id text, reference text, "cancellationReference" text, action text, "dueAt" timestamptz,
      "leasedUntil" timestamptz
    )
    where ${guard}
  )`
}

/**
 * What the due loop claims: of one payment only the earliest, so that what happens to it happens in order, even when several
 * are overdue.
 */
export const dueNotifications = (sql: Sql): DueRowsSource => {
  const rowsOf = (storeId: string): DueRows => ({
    table: 'sandbox_notifications',
    idColumn: 'notification_id',
    claimable: sql`and not exists (
      select from sandbox_notifications as earlier
      where earlier.store_id = ${storeId} and earlier.reference = r.reference
        and (earlier.due_at, earlier.notification_id) < (r.due_at, r.notification_id))`,
  })
  return dueRowsSource(sql, rowsOf, { kind: 'sandbox_notifications', lease })
}

/** `by` makes one due that was not yet, or never, such as one that got lost. */
export const findNotification = async (
  sql: Sql,
  storeId: string,
  id: string,
  by?: Instant,
): Promise<DueNotification | undefined> => {
  const dueAt = sql`least(due_at, ${by ?? null}::timestamptz)`
  const [row] = await sql<DueNotification[]>`
    select store_id as "storeId", notification_id as id, reference,
           cancellation_reference as "cancellationReference", action, ${dueAt} as "dueAt",
           leased_until as "leasedUntil", attempts, code
    from sandbox_notifications n
    ${lookedUp(sql, sql`select t.code from sandbox_transactions t where t.store_id = n.store_id and t.reference = n.reference`, 't')}
    where store_id = ${storeId} and notification_id = ${id} and ${dueAt} is not null`
  return row
}

/** A notification that the platform has not taken: not yet, or never by itself where it is not due any more. */
export type Undelivered = Pick<Notification, 'id' | 'reference' | 'cancellationReference' | 'action'> & {
  readonly dueAt: Instant | null
}

export const findUndelivered = async (
  sql: Sql,
  storeId: string,
  references: readonly string[],
): Promise<readonly Undelivered[]> => sql<Undelivered[]>`
  select notification_id as id, reference, cancellation_reference as "cancellationReference", action, due_at as "dueAt"
  from sandbox_notifications where store_id = ${storeId} and reference = any(${references}::text[])
  order by due_at, notification_id`

/** Leaves the announcement, and only that, for later; without a time, for somebody's hand. */
export const postpone = async (
  sql: Sql,
  { storeId, id }: Notification,
  dueAt: Instant | null,
  attempts: number,
): Promise<void> => {
  const notes = dueAt === null ? [] : [{ kind: 'sandbox_notifications', at: dueAt }]
  await sql`
    with noted as (${noteDue(sql, storeId, notes)})
    update sandbox_notifications
    set action = 'ANNOUNCE_DELAYED', due_at = ${dueAt}, attempts = ${attempts}, leased_until = null
    where store_id = ${storeId} and notification_id = ${id}`
}

export const forget = async (sql: Sql, { storeId, id }: Notification): Promise<void> => {
  await sql`delete from sandbox_notifications where store_id = ${storeId} and notification_id = ${id}`
}
