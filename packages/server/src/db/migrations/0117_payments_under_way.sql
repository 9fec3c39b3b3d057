-- A payment is two commits, its intent and the PG's answer, so whatever the answer changes was written twice, in all of the indexes of
-- `payments`. Until the PG has answered, a new payment stands here, where only its key and its due time have an index. Columns that are
-- added to one of the two tables are added to the other.
create table payments_under_way (like payments including defaults including constraints);
alter table payments_under_way add primary key (store_id, payment_id);
create index payments_under_way_due on payments_under_way (store_id, due_at) where due_at is not null;
-- Its rows are gone within moments: lists, which read all of a store, should not meet what is left of them.
alter table payments_under_way set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
