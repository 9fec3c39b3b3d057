-- How often a sandbox store was reset. Resets use names again (a payment's id, its versions from 1 on), so that whatever was
-- under way could write over what came after: every write names the epoch that it was decided in.
alter table stores
  add column epoch integer not null default 0 check (epoch >= 0),
  add constraint live_stores_are_never_reset check (mode = 'SANDBOX' or epoch = 0);

-- For writes that no version guards: the store's id, or an error of its own where the store was reset since `wanted`. It
-- waits for a reset that is under way, and a reset waits for it. Without `wanted`, nothing is compared.
create function store_in_epoch(id text, wanted integer) returns text language plpgsql volatile as $$
begin
  if wanted is null then return id; end if;
  perform from stores where store_id = id and epoch = wanted for key share;
  if not found then raise exception 'store % was reset', id using errcode = 'NR001'; end if;
  return id;
end $$;
