-- A row for each schedule of a payment, read off the payment's state and written with it in one statement: for lists,
-- for finding a billing key's schedules, and for the due loop (due_at is set while the schedule waits).
create table payment_schedules (
  store_id     text not null,
  schedule_id  text not null,
  payment_id   text not null,
  billing_key  text not null,
  status       text not null check (status in ('SCHEDULED', 'STARTED', 'PENDING', 'SUCCEEDED', 'FAILED', 'REVOKED')),
  is_test      boolean not null,
  time_to_pay  timestamptz not null,
  created_at   timestamptz not null,
  completed_at timestamptz,
  status_time  timestamptz not null,
  due_at       timestamptz,
  leased_until timestamptz,
  primary key (store_id, schedule_id),
  constraint only_what_waits_is_due check ((due_at is not null) = (status = 'SCHEDULED'))
);
-- One order, one charge: the database itself refuses a second schedule while one waits or runs.
create unique index one_unexecuted_schedule on payment_schedules (store_id, payment_id)
  where status in ('SCHEDULED', 'STARTED', 'PENDING');
create index payment_schedules_by_time on payment_schedules (store_id, time_to_pay, schedule_id);
create index payment_schedules_of_a_key on payment_schedules (store_id, billing_key, status);
create index payment_schedules_due on payment_schedules (store_id, due_at) where due_at is not null;
