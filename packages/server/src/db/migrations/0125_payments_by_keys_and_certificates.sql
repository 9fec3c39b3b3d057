-- Payments are found by their schedule and their billing key too, and by the type of a gift certificate. Of those that are there already
-- the journal tells: it is read once, and only payments that have one of these are written. While a first call is under way, a payment
-- has but one text and gets the others with the answer of its PG: so have those of `payments_under_way`, and windows give nothing there.
-- What a payment shows is of the attempt with its `transaction_id`.
-- PostgreSQL cannot know how many have a key, expects hardly any, and might look through all keys for each payment.
set local enable_nestloop = off;
with keys as materialized (
  select j.store_id, j.stream_id, j.data #>> '{attempt,transactionId}' as transaction_id,
    j.data #>> '{attempt,billingKey}' as billing_key
  from journal j
  where j.stream = 'payment' and j.type in ('ApprovalRequested', 'CheckoutOpened') and j.data -> 'attempt' ? 'billingKey'
), texts as (
  select p.store_id, p.payment_id, array_remove(array[
    'SCHEDULE_ID=' || p.schedule_id, 'BILLING_KEY=' || k.billing_key
  ], null) as added
  from payments p
  left join keys k on k.store_id = p.store_id and k.stream_id = p.payment_id and k.transaction_id = p.transaction_id
  where cardinality(p.search) > 1 and (p.schedule_id is not null or k.billing_key is not null)
)
update payments p set search = p.search || t.added
from texts t
where p.store_id = t.store_id and p.payment_id = t.payment_id;
reset enable_nestloop;

-- The method is that of the latest word on the attempt, by the shopper or by the PG.
with certificates as (
  select p.store_id, p.payment_id, said.method ->> 'giftCertificateType' as type
  from payments p cross join lateral (
    select coalesce(j.data -> 'method', j.data #> '{approval,method}', j.data #> '{attempt,method}') as method
    from journal j
    where j.store_id = p.store_id and j.stream = 'payment' and j.stream_id = p.payment_id
      and j.type in ('CheckoutOpened', 'ShopperAuthenticated', 'ApprovalRequested', 'Approved', 'ReversalRequested')
      and coalesce(j.data ->> 'transactionId', j.data #>> '{attempt,transactionId}') = p.transaction_id
      and coalesce(j.data -> 'method', j.data #> '{approval,method}', j.data #> '{attempt,method}') is not null
    order by j.version desc limit 1
  ) said
  where p.method = 'PaymentMethodGiftCertificate'
)
update payments p set gift_certificate_type = c.type
from certificates c
where p.store_id = c.store_id and p.payment_id = c.payment_id and c.type is not null;
