-- A notification of the sandbox PG that got lost, or that the platform refused, is never due: somebody delivers it.
alter table sandbox_notifications alter column due_at drop not null;
drop index sandbox_notifications_due;
create index sandbox_notifications_due on sandbox_notifications (store_id, due_at) where due_at is not null;
