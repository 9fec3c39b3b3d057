-- The snapshot of a billing key. `state` holds the PG's tokens encrypted; the other columns are read off it for lists
-- and for the due loop. A key whose issue failed or is not known yet has no status and is invisible.
create table billing_keys (
  store_id         text not null,
  billing_key      text not null,
  version          integer not null check (version > 0),
  state            jsonb not null,
  status           text check (status in ('ISSUED', 'DELETED')),
  channel_group_id text,
  customer_id      text,
  methods          text[] not null default '{}',
  pg_providers     text[] not null default '{}',
  search           text[] not null default '{}',
  created_at       timestamptz not null,
  requested_at     timestamptz,
  issued_at        timestamptz,
  deleted_at       timestamptz,
  due_at           timestamptz,
  leased_until     timestamptz,
  primary key (store_id, billing_key)
);
create index billing_keys_by_request on billing_keys (store_id, requested_at, billing_key) where status is not null;
create index billing_keys_due on billing_keys (store_id, due_at) where due_at is not null;
create index billing_keys_search on billing_keys using gin (search);

-- The sandbox PG's books of stored cards, named by the caller's reference. `code` is the scenario of its charges.
create table sandbox_billing_keys (
  store_id          text not null,
  reference         text not null,
  token             text not null,
  pg_transaction_id text not null,
  state             text not null check (state in ('NONE', 'ISSUED', 'DELETED', 'FAILED')),
  code              text not null,
  pg_code           text,
  card              jsonb not null,
  charges           integer not null default 0 check (charges >= 0),
  created_at        timestamptz not null,
  deleted_at        timestamptz,
  primary key (store_id, reference),
  unique (store_id, token)
);
