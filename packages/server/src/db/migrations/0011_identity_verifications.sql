-- The snapshot of an identity verification. `state` holds what tells a person apart (CI, DI) encrypted; the other columns
-- are read off it for lists and for the due loop, and show the attempt that stands for the verification.
create table identity_verifications (
  store_id                 text not null,
  identity_verification_id text not null,
  version                  integer not null check (version > 0),
  state                    jsonb not null,
  status                   text check (status in ('READY', 'VERIFIED', 'FAILED')),
  attempt_ids              text[] not null default '{}',
  is_test                  boolean,
  pg_provider              text,
  pg_merchant_id           text,
  pg_transaction_id        text,
  carrier                  text,
  name                     text,
  phone_number             text,
  birth_year               text,
  birth_month              text,
  birth_day                text,
  gender                   text,
  created_at               timestamptz not null,
  requested_at             timestamptz,
  verified_at              timestamptz,
  failed_at                timestamptz,
  status_changed_at        timestamptz,
  due_at                   timestamptz,
  leased_until             timestamptz,
  primary key (store_id, identity_verification_id),
  constraint verified_at_some_instant check ((status = 'VERIFIED') = (verified_at is not null))
);
create index identity_verifications_by_request
  on identity_verifications (store_id, requested_at, identity_verification_id);
create index identity_verifications_due on identity_verifications (store_id, due_at) where due_at is not null;

-- The sandbox operator's books. `code` is the scenario of the confirmation.
create table sandbox_identities (
  store_id          text not null,
  reference         text not null,
  pg_transaction_id text not null,
  state             text not null check (state in ('WAITING', 'VERIFIED', 'FAILED')),
  method            text not null check (method in ('SMS', 'APP', 'WINDOW')),
  code              text not null,
  pg_code           text,
  request           jsonb not null,
  is_approved       boolean not null default false,
  refusals          integer not null default 0 check (refusals >= 0),
  created_at        timestamptz not null,
  verified_at       timestamptz,
  primary key (store_id, reference),
  constraint verified_at_some_instant check ((state = 'VERIFIED') = (verified_at is not null))
);
