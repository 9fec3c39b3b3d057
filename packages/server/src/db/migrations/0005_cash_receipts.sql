-- The cash receipts of a payment id: `state` holds all that were ever asked for, the other columns show the one that
-- stands for them. status is null while none is visible: one that is being issued, or waits for a deposit.
create table cash_receipts (
  store_id          text not null,
  payment_id        text not null,
  version           integer not null check (version > 0),
  state             jsonb not null,
  status            text check (status in ('ISSUED', 'CANCELLED', 'FAILED')),
  type              text check (type in ('PERSONAL', 'CORPORATE')),
  is_manual         boolean,
  is_test           boolean,
  pg_provider       text,
  pg_merchant_id    text,
  pg_receipt_id     text,
  order_name        text,
  currency          text,
  total_amount      bigint,
  tax_free_amount   bigint,
  vat_amount        bigint,
  issued_at         timestamptz,
  cancelled_at      timestamptz,
  status_updated_at timestamptz,
  in_force          integer not null,
  created_at        timestamptz not null,
  due_at            timestamptz,
  leased_until      timestamptz,
  primary key (store_id, payment_id),
  constraint at_most_one_receipt_in_force check (in_force between 0 and 1),
  constraint parts_within_the_total check (
    total_amount > 0 and tax_free_amount >= 0 and vat_amount >= 0 and tax_free_amount + vat_amount <= total_amount
  ),
  constraint only_what_was_issued_has_an_instant check (
    (status in ('ISSUED', 'CANCELLED')) = (issued_at is not null) and (status = 'CANCELLED') = (cancelled_at is not null)
  )
);
create index cash_receipts_by_issue on cash_receipts (store_id, issued_at, payment_id) where status is not null;
create index cash_receipts_by_status_time on cash_receipts (store_id, status_updated_at, payment_id)
  where status is not null;
create index cash_receipts_due on cash_receipts (store_id, due_at) where due_at is not null;

-- Whom a receipt that waits for a deposit is for: encrypted, and deleted once the receipt is settled. It is no part of
-- the state because the journal keeps every event for good.
create table cash_receipt_identities (
  store_id        text not null,
  receipt_id      text not null,
  identity_number bytea not null,
  primary key (store_id, receipt_id)
);

-- The sandbox PG's books of cash receipts. It keeps no identity number either.
create table sandbox_cash_receipts (
  store_id      text not null,
  reference     text not null,
  pg_receipt_id text not null,
  issue_number  text not null,
  state         text not null check (state in ('ISSUED', 'CANCELLED', 'FAILED')),
  code          text not null,
  pg_code       text,
  type          text not null,
  order_name    text not null,
  currency      text not null,
  amount        bigint not null check (amount > 0),
  tax_free      bigint not null,
  vat           bigint not null,
  inquiries     integer not null default 0,
  created_at    timestamptz not null,
  cancelled_at  timestamptz,
  primary key (store_id, reference),
  constraint parts_within_the_total check (tax_free >= 0 and vat >= 0 and tax_free + vat <= amount),
  constraint cancelled_at_some_instant check ((state = 'CANCELLED') = (cancelled_at is not null))
);
