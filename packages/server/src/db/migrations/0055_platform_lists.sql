-- Lists of transfers read along an index in their order, however many transfers there are. A list by days begins with the
-- latest day, and with the newest transfer of each day.
drop index platform_transfers_by_settlement_date;
create index platform_transfers_by_settlement_date
  on platform_transfers (merchant_id, is_for_test, settlement_date desc, created_at desc, transfer_id desc)
  include (status, type) where deleted_at is null;
drop index platform_transfers_by_start_date;
create index platform_transfers_by_start_date
  on platform_transfers (merchant_id, is_for_test, settlement_start_date desc, created_at desc, transfer_id desc)
  include (status, type) where deleted_at is null and settlement_start_date is not null;
create index platform_transfers_by_status
  on platform_transfers (merchant_id, is_for_test, status, created_at desc, transfer_id desc) where deleted_at is null;
create index platform_transfers_by_type
  on platform_transfers (merchant_id, is_for_test, type, created_at desc, transfer_id desc) where deleted_at is null;
create index platform_transfers_of_a_contract
  on platform_transfers (merchant_id, is_for_test, contract_id, created_at desc, transfer_id desc)
  where deleted_at is null and contract_id is not null;
create index platform_transfers_of_a_channel
  on platform_transfers (merchant_id, is_for_test, channel_key, created_at desc, transfer_id desc)
  where deleted_at is null and channel_key is not null;
