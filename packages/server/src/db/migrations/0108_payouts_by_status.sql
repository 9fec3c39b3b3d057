-- Lists of payouts, of movements at the bank and of settlements say how many have which status. Without an index by status, the
-- statuses that few have were looked for among all. Those of one partner or one day are read off in the order of lists.
create index platform_payouts_by_status
  on platform_payouts (merchant_id, is_for_test, status, created_at desc, payout_id desc);
create index platform_account_transfers_by_status
  on platform_account_transfers (merchant_id, is_for_test, status, created_at desc, account_transfer_id desc);
create index platform_partner_settlements_listed_by_status
  on platform_partner_settlements (merchant_id, is_for_test, status, created_at desc, partner_settlement_id desc);
drop index platform_payouts_of_a_partner, platform_partner_settlements_of_a_partner, platform_partner_settlements_by_date;
create index platform_payouts_of_a_partner
  on platform_payouts (merchant_id, is_for_test, partner_id, created_at desc, payout_id desc);
create index platform_partner_settlements_of_a_partner
  on platform_partner_settlements (merchant_id, is_for_test, partner_id, created_at desc, partner_settlement_id desc);
create index platform_partner_settlements_by_date
  on platform_partner_settlements (merchant_id, is_for_test, settlement_date, created_at desc, partner_settlement_id desc);
