-- Which transaction wrote an event. Events lie in the order of their instants, which are given before they are committed:
-- whoever walks them by cursor right behind the newest finds by this what was committed late, behind the cursor.
-- All events that are there already get the transaction of this migration.
alter table journal add column written_by xid8 not null default pg_current_xact_id();
create index journal_by_transaction on journal (store_id, written_by)
  where stream = 'payment'
    and type in ('CheckoutOpened', 'ApprovalRequested', 'Approved', 'DepositReceived', 'CancellationSucceeded');

-- When a payment was first tried. Before that it is scheduled or pre-registered, and nobody can see it: listed by
-- created_at, the instant of the first row, it would appear in the midst of what had been listed already.
alter table payments add column begun_at timestamptz;
update payments
  set begun_at = 'epoch'::timestamptz + (state #>> '{attempts,0,requestedAt}')::bigint * interval '1 millisecond'
  where status is not null;
drop index payments_by_creation;
create index payments_by_beginning on payments (store_id, begun_at, payment_id) where status is not null;
