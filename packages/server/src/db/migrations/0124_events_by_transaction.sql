-- Whether anything of a store was written since a snapshot is asked of the journal: of each event, not only of those that a walk by
-- cursor shows.
create index journal_by_writer on journal (store_id, written_by);
drop index journal_by_transaction;
