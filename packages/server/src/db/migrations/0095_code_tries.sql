-- How many one-time codes were tried in a window. Each is counted before it is looked at, so that trying many at once tries
-- no more of them.
alter table checkout_attempts add column code_tries integer not null default 0;
