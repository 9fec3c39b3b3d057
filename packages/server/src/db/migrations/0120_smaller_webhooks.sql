-- A payment has a few webhooks, which are sorted when they are read: an index of them in order was twice as long, and is written twice.
create index webhooks_by_payment on webhooks (store_id, payment_id) where payment_id is not null;
drop index webhooks_of_a_payment;
