-- Payments are found by texts along an index of numbers, each a hash of the store and a text: half as large as one of the texts
-- themselves, of which a payment has about fifteen, and without what other stores have in common with this one.
create or replace function search_key(store text, entry text) returns bigint immutable parallel safe language sql
  return hashtextextended(store || ' ' || entry, 0);
create or replace function search_keys(store text, entries text[]) returns bigint[] immutable parallel safe cost 1000 language sql
  as 'select array_agg(hashtextextended(store || '' '' || entry, 0)) from unnest(entries) as entry';

-- What was written last is looked through entry by entry, until it is sorted in: at most so many kB of it, by default four times as many.
create index payments_by_text on payments using gin (search_keys(store_id, search)) with (gin_pending_list_limit = 1024);
drop index payments_search;
