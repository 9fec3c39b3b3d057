-- What transfers can be found by that they have several of: products, policies, properties. Each entry has its transfers in
-- the order of lists, so that a page of them is read off, however many there are. The inverted index that was there before
-- did not lead with the tenant, and gave everything that matched in no order.
create table platform_transfer_entries (
  merchant_id text not null,
  is_for_test boolean not null,
  entry       text not null,
  created_at  timestamptz not null,
  transfer_id text not null,
  primary key (merchant_id, is_for_test, entry, created_at, transfer_id)
);
insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
select distinct merchant_id, is_for_test, entry, created_at, transfer_id
from platform_transfers, unnest(search) as entry where deleted_at is null;
drop index platform_transfers_search;

create index platform_transfers_of_a_payment_method
  on platform_transfers (merchant_id, is_for_test, payment_method_type, created_at desc, transfer_id desc)
  where deleted_at is null and payment_method_type is not null;
create index platform_transfers_with_a_memo
  on platform_transfers (merchant_id, is_for_test, created_at desc, transfer_id desc)
  where deleted_at is null and memo is not null;
