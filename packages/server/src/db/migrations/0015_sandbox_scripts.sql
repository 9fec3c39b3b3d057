-- Outcomes that a test laid down for the next calls to the sandbox PG. `taken_steps` counts those that calls have taken.
create table sandbox_scripts (
  store_id                 text not null,
  script_id                text not null,
  operation                text not null,
  payment_id               text,
  customer_id              text,
  billing_key              text,
  identity_verification_id text,
  steps                    text[] not null check (cardinality(steps) > 0),
  taken_steps              integer not null default 0,
  created_at               timestamptz not null,
  primary key (store_id, script_id),
  constraint take_no_more_steps_than_there_are check (taken_steps between 0 and cardinality(steps))
);

-- Which call took which step, by the reference that names the call: repeated, it takes the same step again.
create table sandbox_script_calls (
  store_id  text not null,
  operation text not null,
  reference text not null,
  script_id text not null,
  code      text not null,
  primary key (store_id, operation, reference),
  foreign key (store_id, script_id) references sandbox_scripts on delete cascade
);
create index sandbox_script_calls_of_a_script on sandbox_script_calls (store_id, script_id);

-- Read with the store's clock, so that a store without scripts pays no statement for them.
alter table stores
  add column follows_scripts boolean not null default false,
  add constraint live_stores_follow_no_scripts check (mode = 'SANDBOX' or not follows_scripts);

-- What the sandbox PG says of an escrow beyond what it was told: the goods arrived, the buyer keeps or returns them.
alter table sandbox_transactions
  add column escrow text check (escrow in ('DELIVERED', 'CONFIRMED', 'REJECTED', 'REJECT_CONFIRMED')),
  add column escrow_at timestamptz,
  add column is_automatically_confirmed boolean not null default false;
create index sandbox_fulfilments_of_a_transaction on sandbox_fulfilments (store_id, transaction_reference);
