-- Payments are found by texts, and by the beginning of any text, along one index of short texts: each begins with three characters
-- for the store, so that nothing of other stores is read, goes on with the text's own beginning, and ends with three characters for
-- the field and the whole text. Several texts may have the same one, rarely: whoever looks one up compares the texts themselves.
create or replace function search_text(store text, entry text) returns text immutable parallel safe language sql return
  left(encode(int4send(hashtext(store)), 'base64'), 3) || substr(entry, strpos(entry, '=') + 1, 16)
    || left(encode(int4send(hashtext(entry)), 'base64'), 3);
create or replace function search_texts(store text, entries text[]) returns tsvector immutable parallel safe cost 1000 language sql return
  (select array_to_tsvector(array_agg(search_text(store, entry))) from unnest(entries) as entry);

-- What is looked up: texts that are equal, and texts that begin so.
create or replace function search_equal(store text, entry text) returns tsquery immutable parallel safe language sql return
  ('''' || replace(replace(search_text(store, entry), '\', '\\'), '''', '''''') || '''')::tsquery;
create or replace function search_beginning(store text, beginning text) returns tsquery immutable parallel safe language sql return
  ('''' || left(encode(int4send(hashtext(store)), 'base64'), 3)
    || replace(replace(left(beginning, 16), '\', '\\'), '''', '''''') || ''':*')::tsquery;

-- What was written last is looked through entry by entry, until it is sorted in: at most so many kB of it, by default four times as many.
create index payments_by_texts on payments using gin (search_texts(store_id, search)) with (gin_pending_list_limit = 1024);
drop index payments_by_text;

-- Ids that begin alike lie together in the primary key where texts sort by code point, as in the embedded database. In others they
-- do here, and there alone rows are in this index.
create index payments_by_beginning_of_id on payments (store_id, payment_id text_pattern_ops) where 'a' < 'B';

create index cash_receipts_by_number on cash_receipts (store_id, issue_number text_pattern_ops) where issue_number is not null;
create index cash_receipts_by_pg_id on cash_receipts (store_id, pg_receipt_id text_pattern_ops) where pg_receipt_id is not null;
drop index cash_receipts_by_issue_number;
drop index cash_receipts_by_pg_receipt_id;
