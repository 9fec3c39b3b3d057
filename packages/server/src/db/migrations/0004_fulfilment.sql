-- What the sandbox PG knows of a dispute beyond its state: since when, until when, and what was charged back.
alter table sandbox_transactions
  add column disputed_at timestamptz,
  add column dispute_settled_at timestamptz,
  add column charged_back_amount bigint not null default 0 check (charged_back_amount >= 0),
  add constraint charged_back_is_refunded check (charged_back_amount <= cancelled_amount);

-- What the sandbox PG was told about the goods of a payment: shipments, confirmed purchases, store receipts, deliveries.
create table sandbox_fulfilments (
  store_id              text not null,
  reference             text not null,
  transaction_reference text not null,
  kind                  text not null,
  done_at               timestamptz not null,
  primary key (store_id, reference),
  foreign key (store_id, transaction_reference) references sandbox_transactions
);
