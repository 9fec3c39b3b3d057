-- How many payouts of a bulk payout are where: under way (scheduled, queued or at the bank), and over. Each statement that
-- moves payouts moves these numbers with them, so that the status of the whole is always that of its parts.
alter table platform_bulk_payouts
  add column payout_count integer not null default 0,
  add column active_count integer not null default 0,
  add column ended_count integer not null default 0,
  add column cancelled_count integer not null default 0,
  add constraint parts_of_a_whole check (
    active_count >= 0 and ended_count >= cancelled_count and cancelled_count >= 0
    and active_count + ended_count <= payout_count
  );
alter table platform_bulk_account_transfers
  add column transfer_count integer not null default 0,
  add column open_count integer not null default 0,
  add constraint open_ones_of_a_whole check (open_count >= 0 and open_count <= transfer_count);

-- What happened to a payout, written by the statement that did it; append-only. Version 1 is its generation.
create table platform_payout_events (
  merchant_id text not null,
  is_for_test boolean not null,
  payout_id   text not null,
  version     integer not null check (version > 0),
  status      text not null,
  at          timestamptz not null,
  actor       text,
  reason      text,
  primary key (merchant_id, is_for_test, payout_id, version)
);
