-- Settling a day writes its settlements and none of their transfers. A transfer that waits for a day which is open is ASSIGNED:
-- it names the settlement in advance, and is settled once a settlement of that name is there. The name is that of its group
-- and store, so that nothing but the end of this day of this store founds it, once.
--
-- A row for each day of a store. Who assigns a transfer to a day holds its row shared meanwhile, so that closing waits for the
-- transfers that come first; those that come later find it closed, wait without a name, and are settled one by one. A closed day
-- is summed up by ranges of partners: `settled_until` is the last partner of which everything is settled. `version` moves
-- whenever a transfer that waits is deleted, so that no sum has what was deleted while it was made.
create table platform_settlement_days (
  merchant_id   text not null,
  is_for_test   boolean not null,
  store_id      text not null,
  day           text not null,
  status        text not null default 'OPEN' check (status in ('OPEN', 'CLOSED', 'SETTLED')),
  settled_until text not null default '',
  version       integer not null default 1 check (version > 0),
  primary key (merchant_id, is_for_test, store_id, day)
);

-- Not valid: what was valid before still is, and need not be read again.
alter table platform_transfers drop constraint platform_transfers_status_check;
alter table platform_transfers add constraint platform_transfers_status_check
  check (status in ('SCHEDULED', 'IN_PROCESS', 'ASSIGNED', 'SETTLED')) not valid;
-- New pages need no room for a second version of each row any more.
alter table platform_transfers set (fillfactor = 90);

-- What waits without a name.
create index platform_transfers_to_settle
  on platform_transfers (merchant_id, is_for_test, store_id, settlement_date, partner_id, created_at, transfer_id)
  where status = 'IN_PROCESS' and deleted_at is null;
