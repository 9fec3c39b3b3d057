-- A manual transfer that is registered under manualSettlementPerTransfer has a settlement of its own, and that a payout of its
-- own: it is paid alone, which is written when the settlement is founded. What an older server founds meanwhile is paid
-- together with the others, as that server does it.
alter table platform_partner_settlements add column is_paid_alone boolean not null default false;

-- Those that are there and may still be paid. Read along the indexes of statuses and of days: no other transfer is looked at.
with unpaid as materialized (
  select merchant_id, is_for_test, settlement_date, partner_id from platform_partner_settlements
  where status in ('PAYOUT_PREPARED', 'CONFIRMED', 'PAYOUT_SCHEDULED', 'IN_PAYOUT', 'PAYOUT_FAILED', 'CANCELLED',
                   'PAYOUT_WITHHELD', 'PAYOUT_EXCLUDED')
    and type = 'MANUAL' and transfer_count = 1 and not is_open
  group by merchant_id, is_for_test, settlement_date, partner_id
), alone as materialized (
  select t.merchant_id, t.is_for_test, t.partner_settlement_id from unpaid u cross join lateral (
    select t.merchant_id, t.is_for_test, t.partner_settlement_id from platform_transfers t
    where t.merchant_id = u.merchant_id and t.is_for_test = u.is_for_test and t.settlement_date = u.settlement_date
      and t.partner_id = u.partner_id and t.is_settled_alone and t.deleted_at is null
      and t.partner_settlement_id is not null
    offset 0
  ) t
)
update platform_partner_settlements s set is_paid_alone = true from alone a
where s.merchant_id = a.merchant_id and s.is_for_test = a.is_for_test
  and s.partner_settlement_id = a.partner_settlement_id;

-- In a bulk payout a partner has one payout for each settlement that is paid alone, and one for all others of a currency, which
-- names none (''). Those that are there, or that an older server makes, say nothing and are not in the index: building it reads
-- the table and sorts nothing.
alter table platform_payouts add column sole_settlement_id text;
alter table platform_payouts drop constraint platform_payouts_merchant_id_is_for_test_bulk_payout_id_par_key;
create unique index one_payout_of_the_same_in_a_bulk_payout
  on platform_payouts (merchant_id, is_for_test, bulk_payout_id, partner_id, currency, sole_settlement_id)
  where sole_settlement_id is not null;
