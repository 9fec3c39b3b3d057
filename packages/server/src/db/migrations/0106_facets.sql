-- Lists by any of a payment's attributes read along this index: see db/facets.ts. What is pending is not in it, so that most
-- payments write it once.
create index payments_by_facet on payments (store_id, hashtextextended(
  coalesce(status, '') || '|' || coalesce(method, '') || '|' || coalesce(pg_provider, '') || '|' || coalesce(is_test::text, '')
    || '|' || (schedule_id is not null)::text || '|' || coalesce(platform_type, '') || '|' || coalesce(currency, '')
    || '|' || is_escrow::text || '|' || coalesce(escrow_status, '') || '|' || coalesce(card_brand, '')
    || '|' || coalesce(card_type, '') || '|' || coalesce(card_owner_type, '') || '|' || coalesce(gift_certificate_type, ''), 0
), status_time, payment_id) where status <> 'PAY_PENDING';
drop index payments_by_rare_status;

create index cash_receipts_by_facet on cash_receipts (store_id, hashtextextended(
  coalesce(status, '') || '|' || coalesce(type, '') || '|' || coalesce(is_manual::text, '') || '|' || coalesce(is_test::text, '')
    || '|' || coalesce(pg_provider, '') || '|' || coalesce(pg_merchant_id, ''), 0
), issued_at, payment_id) where issued_at is not null;
create index cash_receipts_without_issue on cash_receipts (store_id, payment_id) where issued_at is null and status is not null;
create index cash_receipts_by_cancellation on cash_receipts (store_id, cancelled_at, payment_id) where cancelled_at is not null;
create index cash_receipts_by_order_name on cash_receipts (store_id, hashtextextended(order_name, 0), issued_at, payment_id)
  where issued_at is not null;

create index payment_schedules_by_facet on payment_schedules (store_id, hashtextextended(status || '|' || is_test::text, 0),
  time_to_pay, schedule_id);
create index payment_schedules_by_creation on payment_schedules (store_id, created_at, schedule_id);
create index payment_schedules_by_completion on payment_schedules (store_id, completed_at, schedule_id)
  where completed_at is not null;
create index payment_schedules_by_status_time on payment_schedules (store_id, status_time, schedule_id);

create index billing_keys_by_facet on billing_keys (store_id, hashtextextended(
  coalesce(status, '') || '|' || coalesce(channel_group_id, '') || '|' || hash_array_extended(methods, 0)::text
    || '|' || hash_array_extended(pg_providers, 0)::text || '|' || (state -> 'ready' is null)::text, 0
), requested_at, billing_key) where status is not null;
create index billing_keys_by_issue on billing_keys (store_id, issued_at, billing_key) where issued_at is not null;
-- Nearly empty: what lacks the instant comes last, and must not be looked for among all.
create index billing_keys_without_issue on billing_keys (store_id, billing_key) where issued_at is null and status is not null;
create index billing_keys_by_deletion on billing_keys (store_id, deleted_at, billing_key) where deleted_at is not null;
create index billing_keys_by_status_time on billing_keys (store_id, coalesce(deleted_at, issued_at), billing_key)
  where status is not null;
create index billing_keys_of_a_customer on billing_keys (store_id, hashtextextended(customer_id, 0), requested_at)
  where customer_id is not null;

create index cash_receipts_by_type on cash_receipts (store_id, type) where issued_at is not null;

-- Payments are listed by what became of their webhooks. What was delivered, as nearly all are, is not in it.
create index webhooks_failed on webhooks (store_id, status, payment_id) where status <> 'SUCCEEDED' and payment_id is not null;

-- Payments by their latest try, where that is not the first: the others are in payments_by_beginning.
create index payments_tried_again on payments (store_id, requested_at, payment_id) where requested_at <> begun_at;
