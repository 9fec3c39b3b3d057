-- Whom a lease belongs to: a moving clock waits for servers that live, never for the dead beside them.
alter table servers
  -- The stores of which the server ran something when it last said so.
  add column busy_stores  text[] not null default '{}',
  add column said_at      timestamptz,
  -- The list was made after this instant, when the server had spoken before: what it began earlier is in it.
  add column listed_after timestamptz;

-- The server that moves the clock; null where that is not known.
alter table stores add column clock_leased_by text;
