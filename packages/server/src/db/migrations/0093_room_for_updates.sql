-- A webhook is written when it is planned, leased when it is sent, and written again with what the receiver answered; a request
-- with an Idempotency-Key gets its answer later. With room beside them the new row lies in the same page: leasing then writes
-- neither an index nor what is not changed. Only new pages are filled so; nothing is rewritten and nobody waits.
alter table webhooks set (fillfactor = 70);
alter table idempotency_keys set (fillfactor = 50);
alter table due_work set (fillfactor = 50);
