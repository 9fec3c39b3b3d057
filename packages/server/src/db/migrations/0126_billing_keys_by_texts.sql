-- Billing keys are found by texts along an index that begins with the store, as payments are: the same text of another merchant's
-- customers was read with it, all of them.
create index billing_keys_by_texts on billing_keys using gin (search_texts(store_id, search)) with (gin_pending_list_limit = 1024);
drop index billing_keys_search;
