import type { PaymentScheduleFilterInput, PaymentScheduleSortInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { findRows, type Page } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Payment, Schedule } from '../payments/state/payment.ts'
import { schedulesOf } from '../payments/state/schedule.ts'

export type ScheduleQuery = {
  readonly storeIds: readonly string[]
  readonly filter: PaymentScheduleFilterInput
  readonly sort: PaymentScheduleSortInput
  readonly from: Instant
  readonly until: Instant
  readonly page: Page
}

/** A schedule with the payment that it is part of. */
export type FoundSchedule = { readonly payment: Payment; readonly schedule: Schedule }

type Row = { readonly scheduleId: string; readonly state: Payment }

/** One schedule of a store. */
export const findSchedule = async (sql: Sql, storeId: string, id: string): Promise<FoundSchedule | undefined> => {
  const rows = await sql<Row[]>`
    select s.schedule_id as "scheduleId", p.state from payment_schedules s join payments p using (store_id, payment_id)
    where s.store_id = ${storeId} and s.schedule_id = ${id}`
  return rows.map(found)[0]
}

/** A page of schedules, and how many match, counted as far as pages go. */
export const findSchedules = async (
  sql: Sql,
  query: ScheduleQuery,
): Promise<{ readonly items: readonly FoundSchedule[]; readonly totalCount: number }> => {
  const { storeIds, page } = query
  const columns = sql`s.schedule_id as "scheduleId", (
    select p.state from payments p where p.store_id = s.store_id and p.payment_id = s.payment_id
  ) as state`
  const rows = { storeIds, table: 'payment_schedules', as: 's', columns }
  const wanted = { ...rows, conditions: where(sql, query), order: order(sql, query.sort) }
  const { items, totalCount } = await findRows<Row>(sql, wanted, page)
  return { items: items.map(found), totalCount }
}

const found = ({ scheduleId, state }: Row): FoundSchedule => {
  const schedule = schedulesOf(state).find(({ id }) => id === scheduleId)
  if (!schedule) throw new Error(`payment ${state.paymentId} has no schedule ${scheduleId}`)
  return { payment: state, schedule }
}

function* where(sql: Sql, { filter, from, until }: ScheduleQuery): Generator<Fragment> {
  yield sql`s.time_to_pay between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.billingKey !== undefined) yield sql`s.billing_key = ${filter.billingKey}`
  if (filter.status?.length) yield sql`s.status = any(${filter.status}::text[])`
  if (filter.isForTest !== undefined) yield sql`s.is_test = ${filter.isForTest}`
}

/** Latest time to pay first, unless asked otherwise. Schedules without the instant come last; ties are broken by id. */
const order = (sql: Sql, { by, order: direction }: PaymentScheduleSortInput): Fragment => {
  const column = sortColumn(sql, by)
  return direction === 'ASC'
    ? sql`${column} asc nulls last, s.schedule_id asc`
    : sql`${column} desc nulls last, s.schedule_id desc`
}

const sortColumn = (sql: Sql, by: PaymentScheduleSortInput['by']): Fragment => {
  switch (by) {
    case 'CREATED_AT':
      return sql`s.created_at`
    case 'COMPLETED_AT':
      return sql`s.completed_at`
    case 'STATUS_TIMESTAMP':
      return sql`s.status_time`
    default:
      return sql`s.time_to_pay`
  }
}
