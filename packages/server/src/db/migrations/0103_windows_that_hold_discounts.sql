-- A window that holds a discount is due when its time is over: it expires, and the discount goes to others. Windows that were
-- opened before this was planned are looked at an hour after they were opened, when each of them is over.
update payments set due_at = requested_at + interval '1 hour'
where status = 'READY' and due_at is null
  and state @? '$.attempts[*] ? (@.phase == "READY" && @.promotion.heldAmount > 0)';
