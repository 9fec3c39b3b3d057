-- What of a payment is registered for settlement. The caps are the payment's own amounts; an external payment has none.
-- `partners` counts the order transfers of each partner that are not deleted.
create table platform_payments (
  merchant_id         text not null,
  is_for_test         boolean not null,
  payment_store_id    text not null,
  payment_type        text not null check (payment_type in ('PORT_ONE', 'EXTERNAL')),
  payment_id          text not null,
  payment_amount      bigint not null,
  tax_free_amount     bigint not null,
  payment_amount_cap  bigint,
  tax_free_amount_cap bigint,
  partners            jsonb not null,
  primary key (merchant_id, is_for_test, payment_store_id, payment_type, payment_id),
  constraint capped_where_known_to_us check (
    (payment_type = 'PORT_ONE') = (payment_amount_cap is not null)
    and (payment_type = 'PORT_ONE') = (tax_free_amount_cap is not null)
  ),
  constraint never_settle_more_than_was_paid check (
    payment_amount >= 0 and tax_free_amount >= 0 and tax_free_amount <= payment_amount
    and payment_amount <= coalesce(payment_amount_cap, payment_amount)
    and tax_free_amount <= coalesce(tax_free_amount_cap, tax_free_amount)
    and payment_amount - tax_free_amount
      <= coalesce(payment_amount_cap - tax_free_amount_cap, payment_amount - tax_free_amount)
  )
);

-- What of a cancellation of a payment of ours is registered for settlement.
create table platform_cancellations (
  merchant_id         text not null,
  is_for_test         boolean not null,
  payment_store_id    text not null,
  payment_id          text not null,
  cancellation_id     text not null,
  payment_amount      bigint not null,
  tax_free_amount     bigint not null,
  payment_amount_cap  bigint not null,
  tax_free_amount_cap bigint not null,
  primary key (merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id),
  constraint never_settle_more_than_was_cancelled check (
    payment_amount >= 0 and tax_free_amount >= 0 and tax_free_amount <= payment_amount
    and tax_free_amount <= tax_free_amount_cap
    and payment_amount - tax_free_amount <= payment_amount_cap - tax_free_amount_cap
  )
);

-- What a partner is owed for an order, owes for a cancelled one, or is given or charged by hand. Amounts of a
-- cancellation are positive. An order is computed anew while it is SCHEDULED, and never again.
-- `version` moves with every change of the row and, for an order, of its cancellations: who computed a cancellation from
-- an order that has changed meanwhile computes again.
create table platform_transfers (
  merchant_id             text not null,
  is_for_test             boolean not null,
  transfer_id             text not null,
  store_id                text not null,
  type                    text not null check (type in ('ORDER', 'ORDER_CANCEL', 'MANUAL')),
  status                  text not null check (status in ('SCHEDULED', 'IN_PROCESS', 'SETTLED', 'PAYOUT_CONFIRMED',
                                                          'IN_PAYOUT', 'PAID_OUT')),
  version                 integer not null default 1 check (version > 0),
  partner_id              text not null,
  partner_version         integer not null,
  contract_id             text,
  contract_version        integer,
  setting_version         integer not null,
  currency                text not null,
  settlement_start_date   text,
  settlement_date         text not null,
  is_settlement_date_given boolean not null default false,
  is_settled_alone        boolean not null default false,
  memo                    text,
  properties              jsonb not null default '[]',
  payment_type            text check (payment_type in ('PORT_ONE', 'EXTERNAL')),
  payment_store_id        text,
  payment_id              text,
  payment_method_type     text,
  channel_key             text,
  original_transfer_id    text,
  cancellation_id         text,
  detail                  jsonb not null default '{}',
  order_amount            bigint not null default 0,
  order_tax_free          bigint not null default 0,
  discount                bigint not null default 0,
  discount_tax_free       bigint not null default 0,
  payment                 bigint not null default 0,
  payment_tax_free        bigint not null default 0,
  payment_supply          bigint not null default 0,
  payment_vat             bigint not null default 0,
  payment_vat_burden      bigint not null default 0,
  discount_share          bigint not null default 0,
  discount_share_tax_free bigint not null default 0,
  platform_fee            bigint not null default 0,
  platform_fee_vat        bigint not null default 0,
  additional_fee          bigint not null default 0,
  additional_fee_vat      bigint not null default 0,
  settlement              bigint not null,
  settlement_tax_free     bigint not null,
  user_defined_formulas   jsonb not null default '{}',
  cancel_count            integer not null default 0 check (cancel_count >= 0),
  cancelled_order_amount  bigint not null default 0,
  partner_settlement_id   text,
  search                  text[] not null default '{}',
  created_at              timestamptz not null,
  deleted_at              timestamptz,
  primary key (merchant_id, is_for_test, transfer_id),
  constraint manual_or_of_an_order check (
    (type = 'MANUAL') = (contract_id is null) and (type = 'MANUAL') = (contract_version is null)
    and (type = 'MANUAL') = (payment_id is null) and (type = 'MANUAL') = (payment_type is null)
    and (type = 'MANUAL') = (payment_store_id is null) and (type = 'MANUAL') = (settlement_start_date is null)
    and (type = 'ORDER_CANCEL') = (original_transfer_id is not null)
    and (type = 'ORDER_CANCEL') = (cancellation_id is not null)
  ),
  constraint payment_adds_up check (
    payment = order_amount - discount and payment_tax_free = order_tax_free - discount_tax_free
    and payment = payment_supply + payment_vat + payment_tax_free
    and order_amount >= 0 and discount >= 0 and payment >= 0 and payment_tax_free >= 0
  ),
  constraint never_cancel_more_than_was_ordered check (
    cancelled_order_amount >= 0 and cancelled_order_amount <= order_amount
  ),
  constraint settled_with_others check (
    (partner_settlement_id is null) = (status in ('SCHEDULED', 'IN_PROCESS')) or deleted_at is not null
  )
);
create index platform_transfers_by_creation
  on platform_transfers (merchant_id, is_for_test, created_at desc, transfer_id desc) include (status, type)
  where deleted_at is null;
create index platform_transfers_by_settlement_date
  on platform_transfers (merchant_id, is_for_test, settlement_date, created_at desc, transfer_id desc)
  include (status, type) where deleted_at is null;
create index platform_transfers_by_start_date
  on platform_transfers (merchant_id, is_for_test, settlement_start_date, created_at desc, transfer_id desc)
  include (status, type) where deleted_at is null and settlement_start_date is not null;
create index platform_transfers_of_a_partner
  on platform_transfers (merchant_id, is_for_test, partner_id, created_at desc, transfer_id desc)
  where deleted_at is null;
create index platform_transfers_of_a_payment
  on platform_transfers (merchant_id, is_for_test, payment_id) where deleted_at is null and payment_id is not null;
create index platform_transfers_of_a_partner_settlement
  on platform_transfers (merchant_id, is_for_test, partner_settlement_id)
  where deleted_at is null and partner_settlement_id is not null;
create unique index one_transfer_for_a_cancellation_of_an_order
  on platform_transfers (merchant_id, is_for_test, original_transfer_id, cancellation_id)
  where deleted_at is null and original_transfer_id is not null;
create index platform_transfers_to_start
  on platform_transfers (merchant_id, is_for_test, store_id, settlement_start_date)
  where status = 'SCHEDULED' and deleted_at is null;
create index platform_transfers_to_settle
  on platform_transfers (merchant_id, is_for_test, store_id, settlement_date)
  where status = 'IN_PROCESS' and deleted_at is null;
create index platform_transfers_search on platform_transfers using gin (search);

-- Settled transfers of one partner, contract, type, settlement date and currency; `is_open` while later ones join it.
create table platform_partner_settlements (
  merchant_id             text not null,
  is_for_test             boolean not null,
  partner_settlement_id   text not null,
  store_id                text not null,
  type                    text not null check (type in ('ORDER', 'ORDER_CANCEL', 'MANUAL')),
  status                  text not null check (status in ('PAYOUT_PREPARED', 'CONFIRMED', 'PAYOUT_SCHEDULED',
                                                          'IN_PAYOUT', 'PAID_OUT', 'PAYOUT_FAILED', 'CANCELLED',
                                                          'PAYOUT_WITHHELD', 'PAYOUT_EXCLUDED')),
  status_updated_at       timestamptz not null,
  version                 integer not null default 1 check (version > 0),
  is_open                 boolean not null,
  partner_id              text not null,
  partner_version         integer not null,
  contract_id             text,
  contract_version        integer,
  settlement_date         text not null,
  currency                text not null,
  start_date_from         text,
  start_date_until        text,
  transfer_count          integer not null check (transfer_count > 0),
  memo                    text,
  order_amount            bigint not null default 0,
  order_tax_free          bigint not null default 0,
  discount                bigint not null default 0,
  discount_tax_free       bigint not null default 0,
  payment                 bigint not null default 0,
  payment_tax_free        bigint not null default 0,
  payment_supply          bigint not null default 0,
  payment_vat             bigint not null default 0,
  payment_vat_burden      bigint not null default 0,
  discount_share          bigint not null default 0,
  discount_share_tax_free bigint not null default 0,
  platform_fee            bigint not null default 0,
  platform_fee_vat        bigint not null default 0,
  additional_fee          bigint not null default 0,
  additional_fee_vat      bigint not null default 0,
  settlement              bigint not null,
  settlement_tax_free     bigint not null,
  user_defined_formulas   jsonb not null default '{}',
  bulk_payout_id          text,
  is_selected             boolean not null default false,
  payout_id               text,
  created_at              timestamptz not null,
  primary key (merchant_id, is_for_test, partner_settlement_id),
  constraint open_while_prepared check (not is_open or (status = 'PAYOUT_PREPARED' and bulk_payout_id is null)),
  constraint in_a_payout check (
    (payout_id is not null) or status not in ('CONFIRMED', 'PAYOUT_SCHEDULED', 'IN_PAYOUT', 'PAID_OUT')
  )
);
create unique index one_open_partner_settlement
  on platform_partner_settlements
    (merchant_id, is_for_test, partner_id, type, settlement_date, currency, (coalesce(contract_id, '')))
  where is_open;
create index platform_partner_settlements_by_creation
  on platform_partner_settlements (merchant_id, is_for_test, created_at desc, partner_settlement_id desc)
  include (status);
create index platform_partner_settlements_by_date
  on platform_partner_settlements (merchant_id, is_for_test, settlement_date, status);
create index platform_partner_settlements_of_a_partner
  on platform_partner_settlements (merchant_id, is_for_test, partner_id);
create index platform_partner_settlements_of_a_payout
  on platform_partner_settlements (merchant_id, is_for_test, payout_id) where payout_id is not null;
create index platform_partner_settlements_of_a_bulk_payout
  on platform_partner_settlements (merchant_id, is_for_test, bulk_payout_id) where bulk_payout_id is not null;
