-- Lists of what waits to be settled read past what has not started, of which a day may have nothing else.
create index platform_transfers_started
  on platform_transfers (merchant_id, is_for_test, settlement_date, created_at desc, transfer_id desc)
  where deleted_at is null and scheduled_start is null;
