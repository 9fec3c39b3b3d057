-- How many one-time codes were tried in a window of the sandbox PG's own.
alter table sandbox_windows add column code_tries integer not null default 0;
