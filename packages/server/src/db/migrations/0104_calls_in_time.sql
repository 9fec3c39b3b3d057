-- As store_in_epoch, for what must be written before a time by the store's clock. A server that stood still may write it when
-- others have long decided that it will not happen. The clock is read here and cannot be moved until the statement is over.
create function store_in_time(id text, wanted integer, act_before timestamptz) returns text language plpgsql volatile as $$
declare
  store record;
begin
  if act_before is null then return store_in_epoch(id, wanted); end if;
  select epoch, clock_stopped_at, clock_offset into store from stores where store_id = id for share;
  if wanted is not null and store.epoch is distinct from wanted then
    raise exception 'store % was reset', id using errcode = 'NR001';
  end if;
  if coalesce(store.clock_stopped_at, clock_timestamp() + store.clock_offset * interval '1 millisecond') >= act_before then
    raise exception 'the call came too late' using errcode = 'NR002';
  end if;
  return id;
end $$;
