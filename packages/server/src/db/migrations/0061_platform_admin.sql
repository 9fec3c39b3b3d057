-- Credentials of those who may let money go. They are no API secrets: each kind is refused where the other is wanted.
-- store_id is the store whose clock they go by.
create table admin_secrets (
  merchant_id   text not null references merchants,
  secret_id     text not null,
  store_id      text not null references stores,
  name          text not null,
  secret_digest bytea not null,
  created_at    timestamptz not null,
  revoked_at    timestamptz,
  primary key (merchant_id, secret_id),
  unique (merchant_id, secret_digest)
);
create index admin_secrets_by_digest on admin_secrets (secret_digest);

-- Wrong codes in a row, and until when no code is taken after too many: six digits can be guessed.
alter table platform_payout_approvers
  add column wrong_codes integer not null default 0 check (wrong_codes >= 0),
  add column locked_until timestamptz;

-- A sandbox store moves no money, so that its developers may do without the second factor.
alter table stores
  add column asks_second_factor boolean not null default true,
  add constraint live_money_asks_for_a_second_factor check (asks_second_factor or mode = 'SANDBOX');
