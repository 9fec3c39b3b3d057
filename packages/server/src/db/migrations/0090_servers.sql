-- Which servers live on this database, each as it said last. No tenant's: a server works for all.
create table servers (
  server_id   text primary key,
  alive_until timestamptz not null
);
