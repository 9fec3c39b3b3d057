-- A shopper may pay by bank transfer in the sandbox PG's window.
alter table sandbox_transactions drop constraint sandbox_transactions_kind_check;
alter table sandbox_transactions add constraint sandbox_transactions_kind_check
  check (kind in ('CARD', 'VIRTUAL_ACCOUNT', 'TRANSFER'));
