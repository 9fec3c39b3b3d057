import type { PaymentScheduleFilterInput, PaymentScheduleSortInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import type { FacetIndex } from '../db/facet-index.ts'
import { findRows, type ListQuery } from '../db/find-rows.ts'
import { lookedUp } from '../db/looked-up.ts'
import { orderBy } from '../db/order.ts'
import type { Page } from '../db/page.ts'
import type { Instant } from '../kernel/clock.ts'
import type { Payment, Schedule } from '../payments/state/payment.ts'
import { schedulesOf } from '../payments/state/schedule.ts'
import { paymentOf, type StoredPayment, storedPayment } from '../payments/stored.ts'

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

type Row = { readonly scheduleId: string; readonly stored: StoredPayment }

/** One schedule of a store. */
export const findSchedule = async (sql: Sql, storeId: string, id: string): Promise<FoundSchedule | undefined> => {
  const rows = await sql<Row[]>`
    select s.schedule_id as "scheduleId", ${storedPayment(sql)} as stored
    from payment_schedules s
    ${lookedUp(sql, sql`select * from payments p where p.store_id = s.store_id and p.payment_id = s.payment_id`, 'p')}
    where s.store_id = ${storeId} and s.schedule_id = ${id}`
  return rows.map(found)[0]
}

/** A page of schedules, and how many match, counted as far as pages go. */
export const findSchedules = async (
  sql: Sql,
  query: ScheduleQuery,
): Promise<{ readonly items: readonly FoundSchedule[]; readonly totalCount: number }> => {
  const { items, totalCount } = await findRows<Row>(sql, scheduleRows(sql, query), query, query.page)
  return { items: items.map(found), totalCount }
}

export const scheduleRows = (sql: Sql, query: ScheduleQuery): ListQuery => {
  const { storeIds, filter, sort } = query
  const columns = sql`s.schedule_id as "scheduleId", (
    select ${storedPayment(sql)} from payments p where p.store_id = s.store_id and p.payment_id = s.payment_id
  ) as stored`
  const attributes = [...whereAttributes(sql, filter)]
  const isInOrder = sort.by === undefined || sort.by === 'TIME_TO_PAY'
  const isRarer = filter.billingKey !== undefined
  const facets =
    isRarer || attributes.length === 0 ? undefined : { index, conditions: attributes, isInOrder, isWindow: true }
  const conditions = [...where(sql, query), ...(facets ? [] : attributes)]
  return {
    storeIds,
    table: 'payment_schedules',
    as: 's',
    id: 'schedule_id',
    columns,
    conditions,
    facets,
    ...order(sql, sort),
  }
}

const index: FacetIndex = {
  table: 'payment_schedules',
  as: 's',
  facet: `hashtextextended(s.status || '|' || s.is_test::text, 0)`,
  within: 'true',
  time: 's.time_to_pay',
}

const found = ({ scheduleId, stored }: Row): FoundSchedule => {
  const payment = paymentOf(stored)
  const schedule = schedulesOf(payment).find(({ id }) => id === scheduleId)
  if (!schedule) throw new Error(`payment ${payment.paymentId} has no schedule ${scheduleId}`)
  return { payment, schedule }
}

function* where(sql: Sql, { filter, from, until }: ScheduleQuery): Generator<Fragment> {
  yield sql`s.time_to_pay between ${from}::timestamptz and ${until}::timestamptz`
  if (filter.billingKey !== undefined) yield sql`s.billing_key = ${filter.billingKey}`
}

function* whereAttributes(sql: Sql, filter: PaymentScheduleFilterInput): Generator<Fragment> {
  if (filter.status?.length) yield sql`s.status = any(${filter.status}::text[])`
  if (filter.isForTest !== undefined) yield sql`s.is_test = ${filter.isForTest}`
}

/** Latest time to pay first, unless asked otherwise. Schedules that are not completed come last; ties are broken by id. */
const order = (sql: Sql, { by, order: direction }: PaymentScheduleSortInput) =>
  orderBy(sql, { by: sortColumn(sql, by), direction, id: sql`s.schedule_id`, mayBeNull: by === 'COMPLETED_AT' })

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
