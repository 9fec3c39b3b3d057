-- A request that is retried after a crash finds the key that its first try began; at most one can have begun it.
create unique index billing_keys_by_request_key on billing_keys (store_id, (state #>> '{request,requestKey}'))
  where state #>> '{request,requestKey}' is not null;

-- Cards that buyers showed in the sandbox PG's window, until an issue uses them.
create table sandbox_billing_authorizations (
  store_id         text not null,
  authorization_id text not null,
  code             text not null,
  charge_code      text not null,
  card             jsonb not null,
  created_at       timestamptz not null,
  used_by          text,
  primary key (store_id, authorization_id)
);
