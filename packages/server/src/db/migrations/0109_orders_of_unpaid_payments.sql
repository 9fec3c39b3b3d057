-- An order whose payment is not paid when its settlement starts stays SCHEDULED until it is, past its settlement date too. That
-- day is then kept without being due: lists find what waits by the days that there are.
alter table platform_days alter column due_at drop not null;
drop index platform_days_due;
create index platform_days_due on platform_days (store_id, due_at) where due_at is not null;
-- Orders that start are read on from the last one: those that wait for their payments stay in the index.
drop index platform_transfers_to_start;
create index platform_transfers_to_start
  on platform_transfers (merchant_id, is_for_test, store_id, scheduled_start, transfer_id) include (settlement_date)
  where deleted_at is null and scheduled_start is not null;
