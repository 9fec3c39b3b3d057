-- Files of what PGs say of the money that moved, and their rows. Days are Korean calendar days, as 2026-03-02.
create table reconciliation_files (
  store_id    text not null,
  file_id     text not null,
  channel_id  text not null,
  kind        text not null check (kind in ('TRANSACTION', 'SETTLEMENT')),
  digest      text not null,
  from_date   text not null,
  until_date  text not null,
  row_count   integer not null,
  imported_at timestamptz not null,
  primary key (store_id, file_id),
  constraint days_in_order check (from_date <= until_date)
);
create index reconciliation_files_of_a_channel on reconciliation_files (store_id, channel_id, kind, from_date);

create table reconciliation_rows (
  store_id          text not null,
  file_id           text not null,
  line              integer not null,
  type              text not null check (type in ('APPROVAL', 'CANCELLATION')),
  pg_transaction_id text not null,
  pg_movement_id    text not null,
  currency          text not null,
  amount            bigint not null check (amount > 0),
  transaction_date  text not null,
  settlement_date   text,
  fee               bigint,
  fee_vat           bigint,
  primary key (store_id, file_id, line),
  foreign key (store_id, file_id) references reconciliation_files on delete cascade,
  constraint a_settlement_is_whole check (
    (settlement_date is null) = (fee is null) and (settlement_date is null) = (fee_vat is null)
  )
);
create index reconciliation_rows_by_day
  on reconciliation_rows (store_id, (coalesce(settlement_date, transaction_date)));

-- What the PG charged and should not have is in its books too, there and back.
create index journal_reversals on journal (store_id, at, stream_id)
  where stream = 'payment' and type = 'ReversalRequested';

-- Through which channel the sandbox PG was asked: its files are one channel's.
alter table sandbox_transactions add column channel_key text not null default '';
