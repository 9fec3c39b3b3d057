-- What a shop's page asked a shopper's browser for. Written once, before the attempt itself; how far that is stands with
-- the payment, the billing key or the identity verification. Whoever knows the token may act in the attempt.
create table checkout_attempts (
  store_id       text not null references stores,
  transaction_id text not null,
  kind           text not null check (kind in ('PAYMENT', 'ISSUE_BILLING_KEY', 'ISSUE_BILLING_KEY_AND_PAY',
                                               'IDENTITY_VERIFICATION')),
  -- The payment id, the billing key, or the id of the identity verification.
  subject_id     text not null,
  token_digest   text not null,
  channel_key    text not null,
  request        jsonb not null,
  -- How the window is opened, and the page that may show it.
  surroundings   jsonb not null,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  -- How it ended, for what has no attempt of its own that says so.
  ending         jsonb,
  primary key (store_id, transaction_id)
);

-- The merchant's server confirms what a shopper authenticated, instead of the approval following at once.
alter table channels add column manual_confirm boolean not null default false;

alter table sandbox_transactions drop constraint sandbox_transactions_kind_check;
alter table sandbox_transactions add constraint sandbox_transactions_kind_check
  check (kind in ('CARD', 'TRANSFER', 'EASY_PAY', 'VIRTUAL_ACCOUNT', 'MOBILE', 'GIFT_CERTIFICATE', 'CONVENIENCE_STORE',
                  'CRYPTO'));
