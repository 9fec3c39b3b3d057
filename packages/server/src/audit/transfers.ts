import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { wasPaid } from '../payments/store.ts'
import { paymentsThat } from '../payments/stored.ts'
import { amountFields } from '../platform/transfers/arithmetic/amounts.ts'
import { amountColumn } from '../platform/transfers/rows.ts'
import type { Finder } from './finder.ts'
import type { Finding, Rule } from './finding.ts'

type Found = { readonly storeId: string; readonly paymentId: string | null; readonly what: string }

const findings = (rule: Rule, rows: readonly Found[]): readonly Finding[] => rows.map((row) => ({ rule, ...row }))

/** The settlement and its tax-free part follow from the others, and can be more in parts than in sum. */
const components = amountFields.filter((field) => field !== 'settlement' && field !== 'settlementTaxFree')

const columnsOf = (fields: readonly (typeof amountFields)[number][]): readonly string[] => fields.map(amountColumn)

const joined = (sql: Sql, columns: readonly string[], write: (column: string) => string, by: string): Fragment =>
  sql.unsafe(columns.map(write).join(by))

const findWrongCancels = async (sql: Sql): Promise<readonly Finding[]> => {
  const all = columnsOf(amountFields)
  const rows = await sql<Found[]>`
    select o.store_id as "storeId", o.payment_id as "paymentId", case
        when o.cancel_count <> c.count or o.cancelled_order_amount <> c.order_amount
          then o.transfer_id || ' counts ' || o.cancel_count || ' cancellations of ' || o.cancelled_order_amount
            || '; there are ' || c.count || ' of ' || c.order_amount || '.'
        when o.cancelled_order_amount = o.order_amount
          then o.transfer_id || ' is cancelled in full, and something of it is left.'
        else o.transfer_id || ' has cancellations that take back more than it has.'
      end as what
    from platform_transfers o join (
      select merchant_id, is_for_test, original_transfer_id, count(*)::integer as count,
        ${joined(sql, all, (column) => `sum(${column})::bigint as ${column}`, ', ')}
      from platform_transfers where type = 'ORDER_CANCEL' and deleted_at is null
      group by merchant_id, is_for_test, original_transfer_id
    ) c on c.merchant_id = o.merchant_id and c.is_for_test = o.is_for_test and c.original_transfer_id = o.transfer_id
    where o.cancel_count <> c.count or o.cancelled_order_amount <> c.order_amount
      or (${joined(sql, columnsOf(components), (column) => `c.${column} > o.${column}`, ' or ')})
      or (o.cancelled_order_amount = o.order_amount
        and (${joined(sql, all, (column) => `c.${column} <> o.${column}`, ' or ')}))
    union all
    select store_id, payment_id, transfer_id || ' counts cancellations that are not there.'
    from platform_transfers o
    where o.type = 'ORDER' and o.cancel_count > 0 and not exists (
      select from platform_transfers c where c.merchant_id = o.merchant_id and c.is_for_test = o.is_for_test
        and c.original_transfer_id = o.transfer_id and c.deleted_at is null
    )`
  return findings('cancels-are-within-the-order', rows)
}

const findWrongPayments = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Found[]>`
    with registered as (
      select merchant_id, is_for_test, payment_store_id, payment_type, payment_id, sum(payment)::bigint as payment,
        sum(payment_tax_free)::bigint as tax_free, count(*)::integer as count
      from platform_transfers where type = 'ORDER' and deleted_at is null
      group by merchant_id, is_for_test, payment_store_id, payment_type, payment_id
    )
    select coalesce(p.payment_store_id, r.payment_store_id) as "storeId",
      coalesce(p.payment_id, r.payment_id) as "paymentId",
      'Registered for settlement are ' || coalesce(p.payment_amount, 0) || '; the order transfers have '
        || coalesce(r.payment, 0) || '.' as what
    from platform_payments p
    full join registered r using (merchant_id, is_for_test, payment_store_id, payment_type, payment_id)
    where coalesce(p.payment_amount, 0) <> coalesce(r.payment, 0)
      or coalesce(p.tax_free_amount, 0) <> coalesce(r.tax_free, 0)
      or coalesce(r.count, 0) <> coalesce((select sum(value::integer) from jsonb_each_text(p.partners)), 0)
    union all
    select p.payment_store_id, p.payment_id,
      'Settlement may take ' || p.payment_amount_cap || ' of a payment of ' || paid.total_amount || '.'
    from platform_payments p join payments paid on paid.store_id = p.payment_store_id and paid.payment_id = p.payment_id
    where p.payment_type = 'PORT_ONE' and paid.status in ('PAID', 'PARTIAL_CANCELLED', 'CANCELLED')
      and p.payment_amount_cap <> paid.total_amount`
  return findings('registered-is-the-sum', rows)
}

const findWrongCancellations = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Found[]>`
    with registered as (
      select merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id, sum(payment)::bigint as payment,
        sum(payment_tax_free)::bigint as tax_free
      from platform_transfers where type = 'ORDER_CANCEL' and payment_type = 'PORT_ONE' and deleted_at is null
      group by merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id
    )
    select coalesce(c.payment_store_id, r.payment_store_id) as "storeId",
      coalesce(c.payment_id, r.payment_id) as "paymentId",
      'Of the cancellation ' || coalesce(c.cancellation_id, r.cancellation_id) || ' are registered '
        || coalesce(c.payment_amount, 0) || '; the cancel transfers have ' || coalesce(r.payment, 0) || '.' as what
    from platform_cancellations c
    full join registered r using (merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id)
    where coalesce(c.payment_amount, 0) <> coalesce(r.payment, 0)
      or coalesce(c.tax_free_amount, 0) <> coalesce(r.tax_free, 0)`
  return findings('registered-is-the-sum', rows)
}

/**
 * Whatever is settled is in one partner settlement, which sums up its transfers and nothing else. Assigned transfers are settled
 * once their day is, and not before.
 */
export const findWrongSettlements = async (sql: Sql): Promise<readonly Finding[]> => {
  const all = columnsOf(amountFields)
  const rows = await sql<Found[]>`
    with members as (
      select merchant_id, is_for_test, partner_settlement_id, min(store_id) as store_id, count(*)::integer as count,
        min(partner_id) as partner_id,
        count(distinct (partner_id, contract_id, type, currency, settlement_date))::integer as kinds,
        bool_and(is_waiting) as are_waiting, bool_or(is_waiting) as is_any_waiting,
        ${joined(sql, all, (column) => `sum(${column})::bigint as ${column}`, ', ')}
      from (
        select t.*, t.status = 'ASSIGNED' and ${isToBeSettled(sql)} as is_waiting from platform_transfers t
        where t.partner_settlement_id is not null and t.deleted_at is null
      ) named
      group by merchant_id, is_for_test, partner_settlement_id
    )
    select coalesce(s.store_id, m.store_id) as "storeId", null as "paymentId",
      'The partner settlement ' || coalesce(s.partner_settlement_id, m.partner_settlement_id) || ' settles '
        || coalesce(s.settlement::text, 'nothing') || '; its transfers come to ' || coalesce(m.settlement, 0)
        || case when m.is_any_waiting then ', and their day is not settled.' else '.' end as what
    from platform_partner_settlements s full join members m using (merchant_id, is_for_test, partner_settlement_id)
    where not (s.partner_settlement_id is null and m.are_waiting) and (
      s.transfer_count is distinct from m.count or m.kinds <> 1 or s.partner_id <> m.partner_id or m.is_any_waiting
      or ${joined(sql, all, (column) => `s.${column} is distinct from m.${column}`, ' or ')})`
  return findings('settlement-is-the-sum', rows)
}

/** That the day of an assigned transfer `t` is still to be summed up, for its partner. */
const isToBeSettled = (sql: Sql): Fragment => sql`
  exists (
    select from platform_settlement_days d
    where d.merchant_id = t.merchant_id and d.is_for_test = t.is_for_test and d.store_id = t.store_id
      and d.day = t.settlement_date and d.status <> 'SETTLED' and d.settled_until < t.partner_id
  )`

/** A day is kept until everything of it is settled: what waits for one that is not there would wait for ever. */
const findForgotten = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Found[]>`
    select t.store_id as "storeId", t.payment_id as "paymentId",
      t.transfer_id || ' waits to be settled on ' || t.settlement_date || ', a day that nobody looks at any more.' as what
    from platform_transfers t
    left join platform_partner_settlements s on s.merchant_id = t.merchant_id and s.is_for_test = t.is_for_test
      and s.partner_settlement_id = t.partner_settlement_id
    where t.deleted_at is null and t.status <> 'SETTLED' and s.partner_settlement_id is null and not exists (
      select from platform_days d
      where d.merchant_id = t.merchant_id and d.is_for_test = t.is_for_test and d.store_id = t.store_id
        and d.day = t.settlement_date and (d.due_at is not null or t.scheduled_start is not null)
    )`
  return findings('waiting-is-awaited', rows)
}

/** An order waits for its payment; an earlier version went by the date alone. */
const findUnpaid = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Found[]>`
    select t.payment_store_id as "storeId", t.payment_id as "paymentId",
      t.transfer_id || ' is ' || case when s.status is null then 'IN_PROCESS' else 'in a settlement that is ' || s.status end
        || ', and its payment is ' || coalesce(paid.status, 'not made')
        || '. Delete the transfer; where its settlement was paid out, take the amount back with a manual transfer.' as what
    from platform_transfers t
    join ${paymentsThat(sql, sql`not coalesce(${wasPaid(sql)}, false)`)} paid
      on paid.store_id = t.payment_store_id and paid.payment_id = t.payment_id
    left join platform_partner_settlements s on s.merchant_id = t.merchant_id and s.is_for_test = t.is_for_test
      and s.partner_settlement_id = t.partner_settlement_id
    where t.type = 'ORDER' and t.payment_type = 'PORT_ONE' and t.scheduled_start is null and t.deleted_at is null`
  return findings('settled-is-paid', rows)
}

const findEarlyDates = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Found[]>`
    select store_id as "storeId", payment_id as "paymentId",
      transfer_id || ' settles on ' || settlement_date || ', before it starts on ' || settlement_start_date || '.' as what
    from platform_transfers
    where is_settlement_date_given and settlement_date < settlement_start_date and deleted_at is null`
  return findings('settled-after-the-start', rows)
}

/** Cancellations are held against their orders, sums of payments, cancellations and settlements against the transfers that they sum up. */
export const transferFinders: readonly Finder[] = [
  { of: 'Cancellations of order transfers', find: findWrongCancels },
  { of: 'What is registered of payments for settlement', find: findWrongPayments },
  { of: 'What is registered of cancellations for settlement', find: findWrongCancellations },
  { of: 'The sums of partner settlements', find: findWrongSettlements },
  { of: 'Transfers that wait for their day', find: findForgotten },
  { of: 'Payments of settled transfers', find: findUnpaid },
  { of: 'Settlement dates', find: findEarlyDates },
]
