import type { RevokePaymentSchedulesBody } from '@naru/contract'
import { commitTogether } from '../aggregates/journal.ts'
import { findIssuedKey } from '../billing-keys/charge.ts'
import { dropForPayment } from '../cash-receipts/issue-awaited.ts'
import type { Sql } from '../db/connect.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { invalid, Refusal, refuse } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import { type RevokeRefusal, revokeSchedule } from '../payments/rules/schedule.ts'
import { schedulesOf } from '../payments/state/schedule.ts'
import { paymentAggregate } from '../payments/store.ts'
import type { ScheduleParts } from './parts.ts'

export type Revoked = { readonly scheduleIds: readonly string[]; readonly revokedAt?: Instant | undefined }

type Refused =
  | RevokeRefusal
  | Refusal<'PAYMENT_SCHEDULE_NOT_FOUND' | 'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_ALREADY_DELETED' | 'INVALID_REQUEST'>

type Row = { readonly scheduleId: string; readonly paymentId: string; readonly billingKey: string }

/** How often the decision is repeated because one of the payments changed between reading and writing. */
const maximumRounds = 50

/** All are written in one statement. More would lock the rows for too long. */
const mostAtOnce = 10_000

/** Revokes all of the schedules or none: if one was started meanwhile, the others stay as they were. */
export const revokePaymentSchedules = async (
  parts: ScheduleParts,
  store: Store,
  body: RevokePaymentSchedulesBody,
  requestKey: string | undefined,
): Promise<Revoked | Refused> => {
  const { billingKey, scheduleIds } = body
  if (billingKey === undefined && scheduleIds === undefined) return invalid('Give billingKey, scheduleIds, or both.')
  if (scheduleIds?.length === 0) return invalid('scheduleIds must name at least one schedule; leave it out otherwise.')
  if ((scheduleIds?.length ?? 0) > mostAtOnce) return invalid(`scheduleIds must have at most ${mostAtOnce} items.`)
  const key = billingKey === undefined ? undefined : await findIssuedKey(parts.billingKeys, store, billingKey)
  if (key instanceof Refusal) return key
  for (let round = 0; round < maximumRounds; round++) {
    const rows = await find(parts, store, body, requestKey)
    if (rows instanceof Refusal) return rows
    const revoked = await revokeTogether(parts, store, rows, requestKey)
    if (revoked) return revoked
  }
  throw new Error(`the schedules of store ${store.storeId} changed ${maximumRounds} times while we revoked them`)
}

const find = async (
  { payments: { sql } }: ScheduleParts,
  { storeId }: Store,
  { billingKey, scheduleIds }: RevokePaymentSchedulesBody,
  requestKey: string | undefined,
): Promise<readonly Row[] | Refusal<'PAYMENT_SCHEDULE_NOT_FOUND' | 'INVALID_REQUEST'>> => {
  if (scheduleIds === undefined) return await waitingOf(sql, storeId, billingKey ?? '', requestKey)
  const rows = await named(sql, storeId, scheduleIds)
  const missing = scheduleIds.find((id) => !rows.some(({ scheduleId }) => scheduleId === id))
  if (missing !== undefined)
    return refuse('PAYMENT_SCHEDULE_NOT_FOUND', `There is no payment schedule ${missing} in this store.`)
  const foreign = billingKey === undefined ? undefined : rows.find((row) => row.billingKey !== billingKey)
  return foreign ? invalid(`The schedule ${foreign.scheduleId} belongs to another billing key.`) : rows
}

/** The waiting schedules, and for a retry after a crash those that the same request has already revoked. */
const waitingOf = (
  sql: Sql,
  storeId: string,
  billingKey: string,
  requestKey: string | undefined,
): Promise<readonly Row[]> => sql<Row[]>`
  select s.schedule_id as "scheduleId", s.payment_id as "paymentId", s.billing_key as "billingKey"
  from payment_schedules s
  where s.store_id = ${storeId} and s.billing_key = ${billingKey} and (
    s.status = 'SCHEDULED' or s.status = 'REVOKED' and exists (
      select from journal j where j.store_id = s.store_id and j.stream = 'payment' and j.stream_id = s.payment_id
        and j.type = 'ScheduleRevoked' and j.data @> jsonb_build_object(
          'scheduleId', s.schedule_id, 'requestKey', ${requestKey ?? ''}::text)
    )
  ) order by s.schedule_id`

const named = (sql: Sql, storeId: string, ids: readonly string[]): Promise<readonly Row[]> => sql<Row[]>`
  select schedule_id as "scheduleId", payment_id as "paymentId", billing_key as "billingKey" from payment_schedules
  where store_id = ${storeId} and schedule_id = any(${[...ids]}::text[]) order by schedule_id`

/** `undefined` if one of the payments changed meanwhile: read and decide again. */
const revokeTogether = async (
  { payments, cashReceipts }: ScheduleParts,
  store: Store,
  rows: readonly Row[],
  requestKey: string | undefined,
): Promise<Revoked | RevokeRefusal | undefined> => {
  const loaded = await Promise.all(rows.map(({ paymentId }) => payments.process.load({ store, id: paymentId })))
  const changes = []
  const withReceipt: { scheduleId: string; paymentId: string }[] = []
  let revokedAt: Instant | undefined
  for (const [index, { scheduleId, paymentId }] of rows.entries()) {
    const before = loaded[index]
    if (!before) continue
    const at = storeTime(before.clock)
    const events = revokeSchedule(before.state, scheduleId, requestKey)
    if (events instanceof Refusal) return events
    const schedule = schedulesOf(before.state).find(({ id }) => id === scheduleId)
    revokedAt ??= schedule?.revokedAt ?? at
    if (events.length === 0) continue
    changes.push({ storeId: store.storeId, id: paymentId, before, events, at, webhooks: [] })
    if (schedule?.awaitsReceipt) withReceipt.push({ scheduleId, paymentId })
  }
  const isDone = changes.length === 0 || (await commitTogether(payments.sql, paymentAggregate, changes))
  // After a crash here, their due time does the same.
  for (const { scheduleId, paymentId } of isDone ? withReceipt : [])
    await dropForPayment(cashReceipts, { store, id: paymentId }, { scheduleId })
  return isDone ? { scheduleIds: rows.map(({ scheduleId }) => scheduleId), revokedAt } : undefined
}
