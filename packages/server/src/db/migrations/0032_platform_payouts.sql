-- An account that payouts leave from. credentials are encrypted with the installation's key.
create table platform_bank_accounts (
  merchant_id     text not null references merchants,
  is_for_test     boolean not null,
  bank_account_id text not null,
  adapter         text not null,
  provider        text not null check (provider in ('HYPHEN_DATA', 'HYPHEN_FIRM', 'DOZN', 'MOCK')),
  bank            text not null,
  account_number  text not null,
  holder          text,
  currency        text not null,
  credentials     bytea,
  created_at      timestamptz not null,
  deleted_at      timestamptz,
  primary key (merchant_id, is_for_test, bank_account_id)
);

-- People who may let payouts go, each with a second factor. last_step is the newest time step whose code was used: a code
-- is good once.
create table platform_payout_approvers (
  merchant_id text not null references merchants,
  approver_id text not null,
  name        text not null,
  secret      bytea not null,
  last_step   bigint not null default 0,
  created_at  timestamptz not null,
  revoked_at  timestamptz,
  primary key (merchant_id, approver_id)
);

create table platform_bulk_payouts (
  merchant_id       text not null,
  is_for_test       boolean not null,
  bulk_payout_id    text not null,
  store_id          text not null,
  name              text not null,
  creator_id        text not null,
  method            text not null check (method in ('DIRECT', 'AGENCY')),
  status            text not null check (status in ('PREPARING', 'PREPARED', 'ONGOING', 'POST_PROCESS_PENDING',
                                                    'COMPLETED', 'CANCELLED')),
  version           integer not null default 1 check (version > 0),
  status_updated_at timestamptz not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  primary key (merchant_id, is_for_test, bulk_payout_id)
);
-- Settlements are selected for one at a time.
create unique index one_bulk_payout_in_preparation on platform_bulk_payouts (merchant_id, is_for_test)
  where status = 'PREPARING';
create index platform_bulk_payouts_by_creation
  on platform_bulk_payouts (merchant_id, is_for_test, created_at desc, bulk_payout_id desc);

-- What one partner is paid in one bulk payout, in one currency. attempt counts how often it was handed to the bank: each
-- attempt is an account transfer of its own, whose id serves the bank as reference.
create table platform_payouts (
  merchant_id            text not null,
  is_for_test            boolean not null,
  payout_id              text not null,
  bulk_payout_id         text not null,
  store_id               text not null,
  partner_id             text not null,
  partner_version        integer not null,
  partner_type           text not null,
  taxation_type          text,
  method                 text not null check (method in ('DIRECT', 'AGENCY')),
  status                 text not null check (status in ('CONFIRMED', 'SCHEDULED', 'PREPARED', 'PROCESSING',
                                                         'SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELLED')),
  version                integer not null default 1 check (version > 0),
  status_updated_at      timestamptz not null,
  memo                   text,
  bank                   text not null,
  account_number         text not null,
  account_holder         text not null,
  currency               text not null,
  amount                 bigint not null check (amount >= 0),
  supply_amount          bigint not null,
  tax_free_amount        bigint not null,
  vat_amount             bigint not null,
  settlement_amount      bigint not null,
  settlement_tax_free    bigint not null,
  income_tax             bigint not null check (income_tax >= 0),
  local_income_tax       bigint not null check (local_income_tax >= 0),
  deduct_wht             boolean not null,
  settlement_amount_type text not null check (settlement_amount_type in ('GROSS', 'NET')),
  withdrawal_memo        text,
  deposit_memo           text,
  fail_reason            text,
  tax_invoice_id         text,
  tax_invoice_status     text not null default 'NONE',
  statement_id           text,
  statement_status       text not null default 'UNSENT'
                         check (statement_status in ('UNSENT', 'SEND_PREPARED', 'SENT', 'SEND_FAILED')),
  statement_issued_at    timestamptz,
  attempt                integer not null default 0 check (attempt >= 0),
  scheduled_at           timestamptz,
  created_at             timestamptz not null,
  due_at                 timestamptz,
  leased_until           timestamptz,
  due_id                 text not null generated always as
                         (case when is_for_test then 'test/' else 'live/' end || payout_id) stored,
  primary key (merchant_id, is_for_test, payout_id),
  unique (merchant_id, is_for_test, bulk_payout_id, partner_id, currency),
  constraint payout_adds_up check (
    amount = supply_amount + tax_free_amount + vat_amount
      - case when deduct_wht then income_tax + local_income_tax else 0 end
  )
);
create index platform_payouts_by_creation
  on platform_payouts (merchant_id, is_for_test, created_at desc, payout_id desc) include (status);
create index platform_payouts_of_a_bulk_payout
  on platform_payouts (merchant_id, is_for_test, bulk_payout_id, status) include (amount, settlement_amount);
create index platform_payouts_of_a_partner on platform_payouts (merchant_id, is_for_test, partner_id);
create index platform_payouts_due on platform_payouts (store_id, due_at) where due_at is not null;

-- One execution of a bulk payout at the bank.
create table platform_bulk_account_transfers (
  merchant_id              text not null,
  is_for_test              boolean not null,
  bulk_account_transfer_id text not null,
  store_id                 text not null,
  bulk_payout_id           text,
  bank_account_id          text not null,
  creator_id               text not null,
  status                   text not null check (status in ('PREPARED', 'SCHEDULED', 'ONGOING', 'COMPLETED')),
  status_updated_at        timestamptz not null,
  scheduled_at             timestamptz,
  created_at               timestamptz not null,
  updated_at               timestamptz not null,
  primary key (merchant_id, is_for_test, bulk_account_transfer_id)
);
create index platform_bulk_account_transfers_by_creation
  on platform_bulk_account_transfers (merchant_id, is_for_test, created_at desc, bulk_account_transfer_id desc);

-- Movements of a bank account. A withdrawal follows the rules of doubt: written before the bank is asked, asked about
-- until the bank has answered.
create table platform_account_transfers (
  merchant_id              text not null,
  is_for_test              boolean not null,
  account_transfer_id      text not null,
  store_id                 text not null,
  bank_account_id          text not null,
  type                     text not null check (type in ('DEPOSIT', 'WITHDRAWAL')),
  withdrawal_type          text check (withdrawal_type in ('PARTNER_PAYOUT', 'REMIT')),
  status                   text not null check (status in ('PREPARED', 'SCHEDULED', 'PROCESSING', 'ASYNC_PROCESSING',
                                                           'SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELLED')),
  version                  integer not null default 1 check (version > 0),
  status_updated_at        timestamptz not null,
  currency                 text not null,
  amount                   bigint not null check (amount >= 0),
  depositor_name           text,
  deposit_bank             text,
  deposit_account_number   text,
  deposit_account_holder   text,
  withdrawal_memo          text,
  deposit_memo             text,
  sequence_number          integer,
  balance                  bigint,
  fail_reason              text,
  bulk_account_transfer_id text,
  bulk_payout_id           text,
  payout_id                text,
  attempt                  integer,
  partner_id               text,
  document_id              text,
  inquiries                integer not null default 0,
  intended_at              timestamptz,
  scheduled_at             timestamptz,
  traded_at                timestamptz,
  created_at               timestamptz not null,
  updated_at               timestamptz not null,
  due_at                   timestamptz,
  leased_until             timestamptz,
  due_id                   text not null generated always as
                           (case when is_for_test then 'test/' else 'live/' end || account_transfer_id) stored,
  primary key (merchant_id, is_for_test, account_transfer_id),
  constraint a_withdrawal_goes_somewhere check (
    (type = 'WITHDRAWAL') = (withdrawal_type is not null) and (type = 'WITHDRAWAL') = (deposit_account_number is not null)
  ),
  constraint of_a_payout check ((payout_id is null) = (attempt is null))
);
create unique index one_account_transfer_for_an_attempt
  on platform_account_transfers (merchant_id, is_for_test, payout_id, attempt) where payout_id is not null;
create index platform_account_transfers_by_creation
  on platform_account_transfers (merchant_id, is_for_test, created_at desc, account_transfer_id desc)
  include (status, type);
create index platform_account_transfers_of_a_bulk
  on platform_account_transfers (merchant_id, is_for_test, bulk_account_transfer_id, status) include (amount)
  where bulk_account_transfer_id is not null;
create index platform_account_transfers_due on platform_account_transfers (store_id, due_at) where due_at is not null;

-- The sandbox bank's own books, which the server reads through the port alone.
create table sandbox_bank_accounts (
  merchant_id     text not null,
  is_for_test     boolean not null,
  bank_account_id text not null,
  balance         bigint not null check (balance >= 0),
  sequence_number integer not null default 0,
  primary key (merchant_id, is_for_test, bank_account_id)
);
create table sandbox_bank_transfers (
  merchant_id     text not null,
  is_for_test     boolean not null,
  reference       text not null,
  bank_account_id text not null,
  state           text not null check (state in ('PENDING', 'SUCCEEDED', 'FAILED')),
  bank_code       text,
  amount          bigint not null check (amount > 0),
  balance         bigint,
  sequence_number integer,
  data            jsonb not null,
  inquiries       integer not null default 0,
  created_at      timestamptz not null,
  settled_at      timestamptz,
  primary key (merchant_id, is_for_test, reference)
);
