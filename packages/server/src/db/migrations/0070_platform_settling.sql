-- What is settled is what its settlement is: a payout moves its settlements, and touches none of their transfers.
alter table platform_transfers drop constraint platform_transfers_status_check;
update platform_transfers set status = 'SETTLED' where status in ('PAYOUT_CONFIRMED', 'IN_PAYOUT', 'PAID_OUT');
alter table platform_transfers add constraint platform_transfers_status_check
  check (status in ('SCHEDULED', 'IN_PROCESS', 'SETTLED'));

-- Settling changes the status, the version and the settlement of every transfer, once. No index has any of these, and half
-- of each page is left free, so that PostgreSQL writes the new row beside the old one and leaves all indexes alone. Which
-- transfers wait is known by their day instead: platform_days has each day that is not settled to the end.
alter table platform_transfers
  set (fillfactor = 50),
  add column scheduled_start text generated always as
    (case when status = 'SCHEDULED' then settlement_start_date end) stored;
drop index platform_transfers_by_creation, platform_transfers_by_settlement_date, platform_transfers_by_start_date,
  platform_transfers_by_status, platform_transfers_to_start, platform_transfers_to_settle,
  platform_transfers_of_a_partner_settlement;
create index platform_transfers_by_creation
  on platform_transfers (merchant_id, is_for_test, created_at desc, transfer_id desc) where deleted_at is null;
create index platform_transfers_by_settlement_date
  on platform_transfers (merchant_id, is_for_test, settlement_date desc, created_at desc, transfer_id desc)
  where deleted_at is null;
create index platform_transfers_by_start_date
  on platform_transfers (merchant_id, is_for_test, settlement_start_date desc, created_at desc, transfer_id desc)
  where deleted_at is null and settlement_start_date is not null;
create index platform_transfers_scheduled
  on platform_transfers (merchant_id, is_for_test, created_at desc, transfer_id desc)
  where deleted_at is null and scheduled_start is not null;
create index platform_transfers_to_start
  on platform_transfers (merchant_id, is_for_test, store_id, scheduled_start)
  where deleted_at is null and scheduled_start is not null;
-- The transfers of a day by partner: in this order they are settled, and here those of a settlement are found.
create index platform_transfers_by_day_and_partner
  on platform_transfers (merchant_id, is_for_test, settlement_date, partner_id, created_at, transfer_id)
  include (type, currency, contract_id, is_settled_alone)
  where deleted_at is null;
create index platform_partner_settlements_by_status
  on platform_partner_settlements (merchant_id, is_for_test, status, settlement_date, partner_id);

insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
select distinct merchant_id, is_for_test, store_id, settlement_date, (settlement_date || 'T00:00:00+09:00')::timestamptz
from platform_transfers where status <> 'SETTLED' and deleted_at is null
on conflict do nothing;
