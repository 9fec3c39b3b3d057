-- Discounts of a card company. `state` is what the journal folds to; what is spent is no part of it, because every
-- payment with a discount moves it: `spent_amount` is the sum of what the promotion's usages hold.
create table promotions (
  store_id         text not null,
  promotion_id     text not null,
  version          integer not null check (version > 0),
  state            jsonb not null,
  effective_budget bigint not null check (effective_budget > 0),
  spent_amount     bigint not null default 0,
  created_at       timestamptz not null,
  leased_until     timestamptz,
  primary key (store_id, promotion_id),
  constraint never_spend_more_than_the_budget check (spent_amount between 0 and effective_budget)
);

-- What one transaction holds of a budget. `as_of` is the version of the payment that the amount was worked out from: an
-- older word never undoes a newer one. At `due_at` somebody looks whether the transaction was ever begun.
create table promotion_usages (
  store_id       text not null,
  transaction_id text not null,
  promotion_id   text not null,
  payment_id     text not null,
  held_amount    bigint not null check (held_amount >= 0),
  as_of          integer not null,
  due_at         timestamptz,
  leased_until   timestamptz,
  primary key (store_id, transaction_id),
  foreign key (store_id, promotion_id) references promotions
);
create index promotion_usages_due on promotion_usages (store_id, due_at) where due_at is not null;

-- Sets what each transaction holds to an absolute amount, so that repeating a call after a crash changes nothing, and
-- says for each, in order, whether it was granted. A function, because the usages must be read after the promotion was
-- locked: within one statement both would be seen as of its beginning.
create function hold_promotion_budgets(wanted jsonb) returns setof boolean language plpgsql as $$
declare
  wish record;
  known record;
  difference bigint;
begin
  -- All of them first, and in one order: two batches never wait for each other in a circle.
  perform from promotions p
  where (p.store_id, p.promotion_id) in (
    select w.store_id, w.promotion_id from jsonb_to_recordset(wanted) as w (store_id text, promotion_id text)
  )
  order by p.store_id, p.promotion_id for no key update;
  for wish in
    select w.* from jsonb_to_recordset(wanted) as w (
      place integer, store_id text, promotion_id text, transaction_id text, payment_id text, amount bigint,
      as_of integer, due_at timestamptz
    ) order by w.place
  loop
    select u.held_amount, u.as_of into known from promotion_usages u
    where u.store_id = wish.store_id and u.transaction_id = wish.transaction_id;
    if known.as_of > wish.as_of then
      return next true;
      continue;
    end if;
    difference := wish.amount - coalesce(known.held_amount, 0);
    update promotions p set spent_amount = p.spent_amount + difference
    where p.store_id = wish.store_id and p.promotion_id = wish.promotion_id
      and (difference <= 0 or p.spent_amount + difference <= p.effective_budget);
    if not found then
      return next false;
      continue;
    end if;
    insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of, due_at)
    values (wish.store_id, wish.transaction_id, wish.promotion_id, wish.payment_id, wish.amount, wish.as_of, wish.due_at)
    on conflict (store_id, transaction_id) do update set
      held_amount = excluded.held_amount, as_of = excluded.as_of, due_at = excluded.due_at, leased_until = null;
    return next true;
  end loop;
end
$$;
