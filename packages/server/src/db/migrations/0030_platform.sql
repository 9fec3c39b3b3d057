-- Partner settlement. A merchant has two platforms, a live one and a test one, which share nothing: every key begins with
-- merchant_id, is_for_test. store_id is the store whose clock a row follows: the one of the credential that wrote it.
-- Days are Korean calendar days, as 2026-03-02.

-- What a merchant configures: its setting, partners, contracts and policies. `content` is the newest version; all of them
-- are in platform_versions. A change that is still to come waits in `change` until due_at. A partner's link to the
-- tax-invoice network is no version of it; while it is being made or cut, due_at says when to look. Both are in this row,
-- so that one conditional statement decides between archiving, changing, scheduling and connecting.
create table platform_entities (
  merchant_id              text not null references merchants,
  is_for_test              boolean not null,
  kind                     text not null check (kind in ('SETTING', 'PARTNER', 'CONTRACT', 'ADDITIONAL_FEE_POLICY',
                                                         'DISCOUNT_SHARE_POLICY')),
  id                       text not null,
  version                  integer not null check (version > 0),
  content                  jsonb not null,
  applied_at               timestamptz not null,
  created_at               timestamptz not null,
  is_archived              boolean not null default false,
  change                   jsonb,
  connection_status        text check (connection_status in ('NOT_CONNECTED', 'CONNECT_PENDING', 'CONNECTED',
                                                             'CONNECT_FAILED', 'DISCONNECT_PENDING')),
  connection_failed_reason text,
  bulk_task_id             text,
  store_id                 text,
  due_at                   timestamptz,
  leased_until             timestamptz,
  due_id                   text not null generated always as
                           (case when is_for_test then 'test/' else 'live/' end || kind || '/' || id) stored,
  primary key (merchant_id, is_for_test, kind, id),
  constraint due_by_a_clock check ((due_at is null) = (store_id is null)),
  constraint due_for_one_reason check (
    (due_at is not null)::integer = (change is not null)::integer
      + coalesce(connection_status in ('CONNECT_PENDING', 'DISCONNECT_PENDING'), false)::integer
  ),
  constraint archived_at_rest check (not is_archived or due_at is null),
  constraint partners_connect check ((kind = 'PARTNER') = (connection_status is not null))
);
create index platform_entities_by_creation
  on platform_entities (merchant_id, is_for_test, kind, is_archived, created_at desc, id);
create index platform_entities_due on platform_entities (store_id, due_at) where due_at is not null;
create index platform_partners_of_a_contract
  on platform_entities (merchant_id, is_for_test, (content ->> 'defaultContractId')) where kind = 'PARTNER';

-- Append-only. Transfers name the versions by which they were computed.
create table platform_versions (
  merchant_id text not null,
  is_for_test boolean not null,
  kind        text not null,
  id          text not null,
  version     integer not null check (version > 0),
  content     jsonb not null,
  applied_at  timestamptz not null,
  primary key (merchant_id, is_for_test, kind, id, version)
);

-- What a look-up found out, for one use within a day.
create table platform_verifications (
  merchant_id     text not null references merchants,
  is_for_test     boolean not null,
  verification_id text not null,
  kind            text not null check (kind in ('ACCOUNT', 'COMPANY')),
  subject         jsonb not null,
  created_at      timestamptz not null,
  used_at         timestamptz,
  primary key (merchant_id, is_for_test, verification_id)
);

-- Work on many partners at once; how far it is follows from their rows.
create table platform_bulk_tasks (
  merchant_id  text not null references merchants,
  is_for_test  boolean not null,
  bulk_task_id text not null,
  type         text not null,
  total_count  integer not null check (total_count > 0),
  created_at   timestamptz not null,
  primary key (merchant_id, is_for_test, bulk_task_id)
);
create index platform_partners_of_a_bulk_task
  on platform_entities (merchant_id, is_for_test, bulk_task_id) where bulk_task_id is not null;

-- What the operator corrects in the calendar of bank holidays: closed days more, or open ones after all.
create table platform_holidays (
  merchant_id text not null references merchants,
  day         text not null,
  name        text not null,
  is_closed   boolean not null,
  primary key (merchant_id, day)
);

-- Days on which something of a platform falls due by a store's clock: transfers that start, transfers that settle. One
-- row a day, however many transfers; `is_second_pass` once it has run and is looked at a last time a minute later.
create table platform_days (
  merchant_id    text not null,
  is_for_test    boolean not null,
  store_id       text not null,
  day            text not null,
  is_second_pass boolean not null default false,
  due_at         timestamptz not null,
  leased_until   timestamptz,
  due_id         text not null generated always as (case when is_for_test then 'test/' else 'live/' end || day) stored,
  primary key (merchant_id, is_for_test, store_id, day)
);
create index platform_days_due on platform_days (store_id, due_at);

-- What a merchant uses of it; switched by the operator.
alter table merchants
  add column is_platform_enabled boolean not null default true,
  add column is_tax_invoicing_enabled boolean not null default true;
