-- Every tenant table leads with its tenant in every key, unique constraint and foreign key, so that the schema can be
-- distributed or partitioned by tenant as it stands. A test reads the catalogue and proves it.

create table merchants (
  merchant_id text primary key,
  name        text not null,
  created_at  timestamptz not null
);

-- One row of facts about this installation, such as the fingerprint of its encryption key.
create table installation (
  name  text primary key,
  value text not null
);

-- A store's clock: real time plus an offset, or standing still at an instant. While a clock is being advanced,
-- clock_target says how far, clock_resumes whether it runs on afterwards, and clock_lease_until until when whoever
-- advances it is alive: so that another server finishes an advance that was cut short.
create table stores (
  store_id          text primary key,
  merchant_id       text not null references merchants,
  name              text not null,
  mode              text not null check (mode in ('SANDBOX', 'LIVE')),
  is_representative boolean not null default false,
  clock_offset      bigint not null default 0,
  clock_stopped_at  timestamptz,
  clock_target      timestamptz,
  clock_resumes     boolean not null default true,
  clock_lease_until timestamptz,
  created_at        timestamptz not null,
  constraint live_time_is_real_time check (
    mode = 'SANDBOX' or (clock_offset = 0 and clock_stopped_at is null and clock_target is null)
  )
);
create unique index one_representative_store on stores (merchant_id) where is_representative;
create index stores_of_a_merchant on stores (merchant_id, store_id);

-- secret_digest is the SHA-256 of the secret: secrets are random, so a slow hash would add nothing but latency.
-- refresh_id names the one refresh token that is still good.
create table api_secrets (
  merchant_id   text not null references merchants,
  secret_id     text not null,
  store_id      text references stores,
  name          text not null,
  secret_digest bytea not null,
  refresh_id    text,
  created_at    timestamptz not null,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  primary key (merchant_id, secret_id),
  unique (merchant_id, secret_digest)
);
create index api_secrets_by_digest on api_secrets (secret_digest);

-- credentials are encrypted (AES-256-GCM) with the installation's key.
create table channels (
  store_id       text not null references stores,
  channel_id     text not null,
  channel_key    text not null,
  name           text not null,
  type           text not null check (type in ('LIVE', 'TEST')),
  adapter        text not null,
  pg_provider    text not null,
  pg_merchant_id text not null,
  manual_capture boolean not null default false,
  credentials    bytea,
  created_at     timestamptz not null,
  deleted_at     timestamptz,
  primary key (store_id, channel_id),
  unique (store_id, channel_key)
);

create table channel_groups (
  store_id         text not null references stores,
  channel_group_id text not null,
  name             text not null,
  is_for_test      boolean not null,
  created_at       timestamptz not null,
  deleted_at       timestamptz,
  primary key (store_id, channel_group_id)
);

create table channel_group_members (
  store_id         text not null,
  channel_group_id text not null,
  channel_id       text not null,
  percentage       integer not null check (percentage between 0 and 100),
  is_active        boolean not null default true,
  primary key (store_id, channel_group_id, channel_id),
  foreign key (store_id, channel_group_id) references channel_groups,
  foreign key (store_id, channel_id) references channels
);

create table webhook_settings (
  store_id     text not null references stores,
  environment  text not null check (environment in ('LIVE', 'TEST')),
  url          text,
  version      text not null default '2024-04-25' check (version in ('2024-01-01', '2024-04-25')),
  content_type text not null default 'application/json'
               check (content_type in ('application/json', 'application/x-www-form-urlencoded')),
  primary key (store_id, environment)
);

-- At most two live secrets an environment: the second exists only while a rotation is under way.
create table webhook_secrets (
  store_id    text not null references stores,
  environment text not null check (environment in ('LIVE', 'TEST')),
  slot        integer not null check (slot in (1, 2)),
  secret_id   text not null,
  secret      bytea not null,
  created_at  timestamptz not null,
  primary key (store_id, environment, slot),
  unique (store_id, secret_id)
);

-- The journal: every change of every aggregate, in order. Folding a stream's events gives its snapshot.
create table journal (
  store_id  text not null,
  stream    text not null,
  stream_id text not null,
  version   integer not null check (version > 0),
  type      text not null,
  data      jsonb not null,
  at        timestamptz not null,
  primary key (store_id, stream, stream_id, version)
);
-- Serves the list of payment events (money that moved), which is read by time across payments.
create index journal_money_moved on journal (store_id, at, stream_id, version)
  where stream = 'payment' and type in ('Approved', 'DepositReceived', 'CancellationSucceeded');

-- The snapshot of a payment. `state` is what the events fold to; the other columns are read off it for lists, for the
-- due loop, and for the CHECKs, which repeat the money rules where no code can get around them.
-- A payment that is only pre-registered has no status and is invisible.
-- No foreign key to stores here or in the tables below that grow with every request: each insert would lock the one row
-- of its store, which all of them share, and stores are never deleted.
create table payments (
  store_id          text not null,
  payment_id        text not null,
  version           integer not null check (version > 0),
  state             jsonb not null,
  status            text check (status in ('READY', 'PAY_PENDING', 'VIRTUAL_ACCOUNT_ISSUED', 'PAID', 'FAILED',
                                           'PARTIAL_CANCELLED', 'CANCELLED')),
  transaction_id    text,
  method            text,
  pg_provider       text,
  is_test           boolean,
  currency          text,
  total_amount      bigint not null default 0 check (total_amount >= 0),
  cancelled_amount  bigint not null default 0,
  reserved_amount   bigint not null default 0,
  platform_type     text,
  is_escrow         boolean not null default false,
  escrow_status     text,
  card_brand        text,
  card_type         text,
  card_owner_type   text,
  gift_certificate_type text,
  cash_receipt_type text,
  cash_receipt_status text,
  cash_receipt_issued_at timestamptz,
  cash_receipt_cancelled_at timestamptz,
  schedule_id       text,
  search            text[] not null default '{}',
  created_at        timestamptz not null,
  requested_at      timestamptz,
  status_time       timestamptz,
  due_at            timestamptz,
  leased_until      timestamptz,
  primary key (store_id, payment_id),
  constraint never_refund_more_than_was_paid check (
    cancelled_amount >= 0 and reserved_amount >= 0 and cancelled_amount + reserved_amount <= total_amount
  ),
  constraint cancelled_means_all_of_it check (
    (status = 'CANCELLED') = (status is not null and total_amount > 0 and cancelled_amount = total_amount)
    or status is null
  )
);
create index payments_by_creation on payments (store_id, created_at, payment_id) where status is not null;
create index payments_by_status_time on payments (store_id, status_time, payment_id) where status is not null;
create index payments_due on payments (store_id, due_at) where due_at is not null;
create index payments_search on payments using gin (search);

-- A delivery of one event to one URL, and its latest attempt. `body` is kept as the bytes that were signed and sent.
-- execution_count counts the schedule's attempts, resend_count the manual ones; is_manual says which the latest was.
create table webhooks (
  store_id         text not null,
  webhook_id       text not null,
  payment_id       text,
  transaction_id   text,
  billing_key      text,
  environment      text not null check (environment in ('LIVE', 'TEST')),
  type             text not null,
  url              text not null,
  target           text not null,
  content_type     text not null,
  body             text not null,
  payment_status   text,
  trigger          text,
  created_at       timestamptz not null,
  status           text check (status in ('SUCCEEDED', 'FAILED_NOT_OK_RESPONSE', 'FAILED_UNEXPECTED_ERROR')),
  execution_count  integer not null default 0 check (execution_count >= 0),
  is_manual        boolean not null default false,
  resend_count     integer not null default 0 check (resend_count >= 0),
  triggered_at     timestamptz,
  request_header   text,
  requested_at     timestamptz,
  response_code    text,
  response_header  text,
  response_body    text,
  responded_at     timestamptz,
  due_at           timestamptz,
  leased_until     timestamptz,
  primary key (store_id, webhook_id)
);
create index webhooks_of_a_payment on webhooks (store_id, payment_id, created_at, webhook_id) where payment_id is not null;
-- Led by the target, so that the backlog of one dead receiver is not in the way of the others.
create index webhooks_due on webhooks (store_id, target, due_at) where due_at is not null;

-- Answers kept for Idempotency-Key. A row without an answer is a request under way; lease_until lets a retry take over
-- from a process that died.
create table idempotency_keys (
  merchant_id text not null,
  key         text not null,
  fingerprint bytea not null,
  lease_until timestamptz not null,
  expires_at  timestamptz not null,
  status      integer,
  body        text,
  primary key (merchant_id, key)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);

-- The sandbox PG's own books: what a PG would know. The server never reads them except through the gateway port, so
-- that tests and the audit can hold the two sides against each other.
-- No foreign key to stores and no index on pg_transaction_id: every sandbox payment would pay for them, the first with
-- a lock that all payments of a store share.
create table sandbox_transactions (
  store_id          text not null,
  reference         text not null,
  pg_transaction_id text not null,
  kind              text not null check (kind in ('CARD', 'VIRTUAL_ACCOUNT')),
  state             text not null check (state in ('NONE', 'PENDING', 'APPROVED', 'WAITING', 'DEPOSITED', 'CLOSED',
                                                   'FAILED')),
  code              text not null,
  pg_code           text,
  asked_amount      bigint not null check (asked_amount > 0),
  amount            bigint not null check (amount > 0),
  cancelled_amount  bigint not null default 0,
  reserved_amount   bigint not null default 0,
  currency          text not null,
  order_name        text not null,
  data              jsonb not null,
  inquiries         integer not null default 0,
  created_at        timestamptz not null,
  settled_at        timestamptz,
  captured_at       timestamptz,
  resolved_at       timestamptz,
  remitter_name     text,
  dispute           text check (dispute in ('OPEN', 'WON', 'LOST')),
  primary key (store_id, reference),
  constraint never_refund_more_than_was_charged check (
    cancelled_amount >= 0 and reserved_amount >= 0 and cancelled_amount + reserved_amount <= amount
  ),
  constraint refund_only_what_was_received check (
    state in ('APPROVED', 'DEPOSITED') or cancelled_amount + reserved_amount = 0
  )
);
create index sandbox_transactions_by_account on sandbox_transactions (store_id, ((data ->> 'accountNumber')))
  where kind = 'VIRTUAL_ACCOUNT';

create table sandbox_cancellations (
  store_id              text not null,
  reference             text not null,
  transaction_reference text not null,
  pg_cancellation_id    text not null,
  state                 text not null check (state in ('PENDING', 'SUCCEEDED', 'FAILED', 'STOPPED')),
  pg_code               text,
  amount                bigint not null check (amount > 0),
  reason                text not null,
  created_at            timestamptz not null,
  settled_at            timestamptz,
  primary key (store_id, reference),
  foreign key (store_id, transaction_reference) references sandbox_transactions
);
create index sandbox_cancellations_of_a_transaction on sandbox_cancellations (store_id, transaction_reference);

-- What a shopper authenticated in the sandbox PG's window, until an approval uses it.
create table sandbox_authentications (
  store_id         text not null references stores,
  authorization_id text not null,
  code             text not null,
  amount           bigint not null check (amount > 0),
  currency         text not null,
  data             jsonb not null,
  created_at       timestamptz not null,
  used_by          text,
  primary key (store_id, authorization_id)
);

-- What the sandbox PG will do or say later: settle a pending approval, announce a deposit.
create table sandbox_notifications (
  store_id               text not null references stores,
  notification_id        text not null,
  reference              text not null,
  cancellation_reference text,
  action                 text not null,
  attempts               integer not null default 0,
  due_at                 timestamptz not null,
  leased_until           timestamptz,
  primary key (store_id, notification_id)
);
create index sandbox_notifications_due on sandbox_notifications (store_id, due_at);
