-- How the window of a PG that brings its own is opened, and what the PG wants to hear again.
alter table checkout_attempts add column pg_window jsonb;

-- The windows that the sandbox PG brings itself. The id says whose it is.
create table sandbox_windows (
  store_id         text not null references stores,
  window_id        text not null,
  reference        text not null,
  channel_key      text not null,
  contents         jsonb not null,
  state            text not null default 'OPEN' check (state in ('OPEN', 'AUTHENTICATED', 'LEFT')),
  authorization_id text,
  pg_code          text,
  created_at       timestamptz not null,
  primary key (store_id, window_id)
);
