-- The sandbox bank's own books. It knows no idempotency, like many banks: a reference may occur more than once, and then
-- money left twice, which an audit finds. decided_at: when a transfer that was taken on is decided.
drop table sandbox_bank_transfers;
alter table sandbox_bank_accounts drop column sequence_number;

create table sandbox_bank_entries (
  merchant_id     text not null,
  is_for_test     boolean not null,
  entry_id        text not null,
  bank_account_id text not null,
  reference       text not null,
  bank            text not null,
  account_number  text not null,
  holder          text not null,
  amount          bigint not null check (amount > 0),
  withdrawal_memo text,
  deposit_memo    text,
  state           text not null check (state in ('DONE', 'REFUSED', 'PENDING')),
  bank_code       text,
  balance         bigint not null,
  asked_at        timestamptz not null,
  decided_at      timestamptz,
  settled_at      timestamptz,
  is_denied_twice boolean not null,
  inquiries       integer not null default 0,
  primary key (merchant_id, is_for_test, entry_id),
  constraint pending_means_undecided check ((state = 'PENDING') = (settled_at is null)),
  constraint refused_for_a_reason check (state <> 'REFUSED' or bank_code is not null)
);
create index sandbox_bank_entries_by_reference on sandbox_bank_entries (merchant_id, is_for_test, reference);
create index sandbox_bank_entries_by_account on sandbox_bank_entries (merchant_id, is_for_test, account_number);
create index sandbox_bank_entries_pending on sandbox_bank_entries (merchant_id, is_for_test, decided_at)
  where state = 'PENDING';
