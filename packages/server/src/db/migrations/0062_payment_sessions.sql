-- Which ways to pay a page offers that the merchant's server makes, in order.
create table checkout_profiles (
  store_id    text not null references stores,
  profile_key text not null,
  name        text not null,
  is_for_test boolean not null,
  entries     jsonb not null,
  created_at  timestamptz not null,
  primary key (store_id, profile_key)
);
-- Whoever asks what a profile offers has only its key, as with API secrets.
create index checkout_profiles_by_key on checkout_profiles (profile_key);

-- Pages on which an order can be paid. The id says whose it is.
create table payment_sessions (
  store_id   text not null references stores,
  session_id text not null,
  content    jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at  timestamptz,
  primary key (store_id, session_id)
);
