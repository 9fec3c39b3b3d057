-- Of a tenant that a plan does not know, PostgreSQL expects as many rows as tenants have on average. Where one of thousands has nearly
-- all rows, statements that stay prepared were planned for a handful: each GET /payments/{id} of that one read all its events, in 80 ms
-- where there were 50,000. Told of ten tenants, PostgreSQL expects a tenth of the table, and looks each row up by its whole key.
-- It counts from the next analysis on, which is made here where rows are known. A distributed database that knows no such
-- option does without.
do $$
declare
  tenants record;
begin
  for tenants in
    select c.relname as name, a.attname as tenant, c.reltuples > 0 as is_filled
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where k.contype = 'p' and array_length(k.conkey, 1) > 1 and c.relnamespace = current_schema()::regnamespace
      and a.attname in ('store_id', 'merchant_id')
    order by c.relname
  loop
    begin
      execute format('alter table %I alter column %I set (n_distinct = 10)', tenants.name, tenants.tenant);
      if tenants.is_filled then execute format('analyze %I', tenants.name); end if;
    exception when feature_not_supported then null;
    end;
  end loop;
end $$;
