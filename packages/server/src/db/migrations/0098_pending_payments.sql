-- What is pending is due, so that lists find it by that. Empty, unless a fault of ours left a payment undecided with nobody to
-- ask about it: such a payment must not be missing from the list of just what needs looking at.
create index payments_pending_without_due on payments (store_id, status_time, payment_id)
  where status = 'PAY_PENDING' and due_at is null;
