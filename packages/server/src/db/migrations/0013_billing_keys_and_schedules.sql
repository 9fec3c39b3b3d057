-- A schedule that waits is listed by the time it is planned for, as PortOne documents; it was by the time it was made.
update payment_schedules set status_time = time_to_pay where status = 'SCHEDULED';

-- The sandbox PG stores bank accounts and wallets too: its books keep the whole method where they kept a card.
alter table sandbox_billing_keys rename column card to method;
update sandbox_billing_keys set method = jsonb_build_object('type', 'BillingKeyPaymentMethodCard', 'card', method);
alter table sandbox_billing_authorizations rename column card to method;
update sandbox_billing_authorizations
  set method = jsonb_build_object('type', 'BillingKeyPaymentMethodCard', 'card', method);
alter table sandbox_transactions drop constraint sandbox_transactions_kind_check;
alter table sandbox_transactions add constraint sandbox_transactions_kind_check
  check (kind in ('CARD', 'TRANSFER', 'EASY_PAY', 'VIRTUAL_ACCOUNT'));
