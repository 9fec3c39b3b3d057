-- Which stores have work, and when to look for it: what leads the due loop, so that it never probes a store that has none.
-- `kind` is the table of the rows that fall due, `queue` a part of it (the target of webhooks). `look_at` is real time,
-- whatever the store's clock shows, and is never later than the moment at which a committed row could be run.
--
-- Whoever writes a row that falls due notes it here in the same statement, and writes nothing where an earlier note serves
-- it too. `quiet_since` tells since when looks have found nothing; see workers/due-work.ts for why a note goes so slowly.
create table due_work (
  store_id    text not null,
  kind        text not null,
  queue       text not null default '',
  look_at     timestamptz not null,
  quiet_since timestamptz,
  version     bigint not null default 1,
  primary key (store_id, kind, queue)
);
-- Not led by the store: it is what says which stores there are to look at.
create index due_work_look_at on due_work (look_at);

insert into due_work (store_id, kind, queue, look_at)
select distinct store_id, kind, queue, now() from (
  select store_id, 'webhooks' as kind, target as queue from webhooks where due_at is not null
  union all select store_id, 'payments', '' from payments where due_at is not null
  union all select store_id, 'billing_keys', '' from billing_keys where due_at is not null
  union all select store_id, 'identity_verifications', '' from identity_verifications where due_at is not null
  union all select store_id, 'cash_receipts', '' from cash_receipts where due_at is not null
  union all select store_id, 'payment_schedules', '' from payment_schedules where due_at is not null
  union all select store_id, 'promotion_usages', '' from promotion_usages where due_at is not null
  union all select store_id, 'sandbox_notifications', '' from sandbox_notifications where due_at is not null
  union all select store_id, 'platform_entities', '' from platform_entities where due_at is not null
  union all select store_id, 'platform_days', '' from platform_days
  union all select store_id, 'platform_account_transfers', '' from platform_account_transfers where due_at is not null
) as due;

-- As `hold_promotion_budgets`, which servers of the version before still call, for one store: a lock never spans tenants.
create function hold_budgets_of_store(store text, wanted jsonb) returns setof boolean language plpgsql as $$
declare
  wish record;
  known record;
  difference bigint;
begin
  -- All of them first, and in one order: two batches never wait for each other in a circle.
  perform from promotions p
  where p.store_id = store and p.promotion_id in (
    select w.promotion_id from jsonb_to_recordset(wanted) as w (promotion_id text)
  )
  order by p.promotion_id for no key update;
  for wish in
    select w.* from jsonb_to_recordset(wanted) as w (
      place integer, promotion_id text, transaction_id text, payment_id text, amount bigint, as_of integer,
      due_at timestamptz
    ) order by w.place
  loop
    select u.held_amount, u.as_of into known from promotion_usages u
    where u.store_id = store and u.transaction_id = wish.transaction_id;
    if known.as_of > wish.as_of then
      return next true;
      continue;
    end if;
    difference := wish.amount - coalesce(known.held_amount, 0);
    update promotions p set spent_amount = p.spent_amount + difference
    where p.store_id = store and p.promotion_id = wish.promotion_id
      and (difference <= 0 or p.spent_amount + difference <= p.effective_budget);
    if not found then
      return next false;
      continue;
    end if;
    insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of, due_at)
    values (store, wish.transaction_id, wish.promotion_id, wish.payment_id, wish.amount, wish.as_of, wish.due_at)
    on conflict (store_id, transaction_id) do update set
      held_amount = excluded.held_amount, as_of = excluded.as_of, due_at = excluded.due_at, leased_until = null;
    return next true;
  end loop;
end
$$;
