-- What a store wants of its checkout: that its server is asked before each approval, and that it hears of a result by
-- webhook before the shopper's browser does.
alter table stores
  add column requires_confirm_url boolean not null default false,
  add column webhook_first boolean not null default false;
