import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { byKey } from '../among.ts'
import { platformOf } from '../payouts/move.ts'
import type { Platform } from '../platform.ts'

/**
 * The CTEs that undo what the transfers of `members` did elsewhere, where `allowed` has a row: lists no longer find them, and what
 * was registered of orders, payments and cancellations can be registered anew. `cancels` has what is cancelled of each order.
 * Nothing is joined, as in the statement itself.
 */
export const givingBack = (sql: Sql, platform: Platform): Fragment => sql`
  ${unlinking(sql, platform)}, ${restoringOrders(sql, platform)}, ${givingPaymentsBack(sql, platform)},
  ${givingCancellationsBack(sql, platform)}`

/**
 * Each transfer looks up its own entries, as a query that PostgreSQL does not turn into a join. An entry is never changed, so that
 * it is deleted by its place.
 */
const unlinking = (sql: Sql, platform: Platform): Fragment => {
  const places = byKey(sql, sql`select place::text, true from entries`)
  return sql`
  entries as materialized (
    select found.place from members m cross join lateral (
      select e.ctid as place from platform_transfer_entries e
      where e.merchant_id = m.merchant_id and e.is_for_test = m.is_for_test and e.entry = any(m.search)
        and e.created_at = m.created_at and e.transfer_id = m.transfer_id offset 0
    ) found
  ), unlinked as (
    delete from platform_transfer_entries e
    where ${platformOf(sql, platform, 'e')} and e.ctid = any(array(select place from entries))
      and ${places.hasComputed(sql`e.ctid::text`)} and exists (select from allowed)
  )`
}

/** Orders that stay, of cancellations that go. */
const restoringOrders = (sql: Sql, platform: Platform): Fragment => {
  const cancels = byKey(
    sql,
    sql`
    select original_transfer_id, jsonb_build_object('count', count, 'amount', amount) from cancels
    where original_transfer_id not in (select transfer_id from members)`,
  )
  const cancel = sql`${cancels.valueOf(sql`t.transfer_id`)}::jsonb`
  return sql`
  restored_orders as (
    update platform_transfers t set cancel_count = t.cancel_count - (${cancel} ->> 'count')::integer,
      cancelled_order_amount = t.cancelled_order_amount - (${cancel} ->> 'amount')::bigint, version = t.version + 1
    where ${platformOf(sql, platform, 't')} and ${cancels.has(sql`t.transfer_id`)} and exists (select from allowed)
  )`
}

const givingPaymentsBack = (sql: Sql, platform: Platform): Fragment => {
  const ofPayments = byKey(sql, sql`select ${keyOf(sql, sql`o.payment_type`)}, to_jsonb(o) from of_payments o`)
  const key = keyOf(sql, sql`p.payment_type`, 'p')
  const given = sql`${ofPayments.valueOf(key)}::jsonb`
  return sql`
  of_partners as (
    select payment_store_id, payment_type, payment_id, partner_id, count(*) as count, sum(payment)::bigint as payment,
      sum(payment_tax_free)::bigint as tax_free
    from members where type = 'ORDER' group by 1, 2, 3, 4
  ), of_payments as (
    select payment_store_id, payment_type, payment_id, sum(payment)::bigint as payment, sum(tax_free)::bigint as tax_free,
      jsonb_object_agg(partner_id, count) as partners
    from of_partners group by 1, 2, 3
  ), payments_given_back as (
    update platform_payments p set payment_amount = p.payment_amount - (${given} ->> 'payment')::bigint,
      tax_free_amount = p.tax_free_amount - (${given} ->> 'tax_free')::bigint,
      partners = (
        select coalesce(jsonb_object_agg(key, left_over), '{}') from (
          select key, value::integer - coalesce((${given} -> 'partners' ->> key)::integer, 0) as left_over
          from jsonb_each_text(p.partners)
        ) rest where left_over > 0
      )
    where ${platformOf(sql, platform, 'p')} and p.payment_store_id = any(array(select payment_store_id from of_payments))
      and p.payment_type in ('PORT_ONE', 'EXTERNAL') and p.payment_id = any(array(select payment_id from of_payments))
      and ${ofPayments.hasComputed(key)} and exists (select from allowed)
  )`
}

const givingCancellationsBack = (sql: Sql, platform: Platform): Fragment => {
  const ofCancellations = byKey(
    sql,
    sql`select ${keyOf(sql, sql`o.cancellation_id`)}, to_jsonb(o) from of_cancellations o`,
  )
  const key = keyOf(sql, sql`c.cancellation_id`, 'c')
  const given = sql`${ofCancellations.valueOf(key)}::jsonb`
  return sql`
  of_cancellations as (
    select payment_store_id, payment_id, cancellation_id, sum(payment)::bigint as payment,
      sum(payment_tax_free)::bigint as tax_free
    from members where type = 'ORDER_CANCEL' and payment_type = 'PORT_ONE' group by 1, 2, 3
  ), cancellations_given_back as (
    update platform_cancellations c set payment_amount = c.payment_amount - (${given} ->> 'payment')::bigint,
      tax_free_amount = c.tax_free_amount - (${given} ->> 'tax_free')::bigint
    where ${platformOf(sql, platform, 'c')}
      and c.payment_store_id = any(array(select payment_store_id from of_cancellations))
      and c.payment_id = any(array(select payment_id from of_cancellations))
      and ${ofCancellations.hasComputed(key)} and exists (select from allowed)
  )`
}

/** What a row of payments or cancellations is known by in a statement. No id has a line break. */
const keyOf = (sql: Sql, last: Fragment, row: 'o' | 'p' | 'c' = 'o'): Fragment =>
  sql`concat_ws(chr(10), ${sql(row)}.payment_store_id, ${sql(row)}.payment_id, ${last})`
