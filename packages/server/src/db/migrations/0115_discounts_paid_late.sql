-- A charge that was declined can be approved after all, when the discount that it was made with has gone to others. The shopper has
-- it all the same, so that it is spent, whatever the budget: by how much more than that is told apart, which nothing else may add to.
alter table promotions add column exceeded_by bigint not null default 0 check (exceeded_by >= 0);
alter table promotions drop constraint never_spend_more_than_the_budget;
alter table promotions add constraint never_spend_more_than_the_budget
  check (spent_amount between 0 and effective_budget + exceeded_by);

-- As before, and counts what `is_owed` to the budget in any case. Servers of the version before say nothing of that.
create or replace function hold_budgets_of_store(store text, wanted jsonb) returns setof boolean language plpgsql as $$
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
      due_at timestamptz, is_owed boolean
    ) order by w.place
  loop
    select u.held_amount, u.as_of into known from promotion_usages u
    where u.store_id = store and u.transaction_id = wish.transaction_id;
    if known.as_of > wish.as_of then
      return next true;
      continue;
    end if;
    difference := wish.amount - coalesce(known.held_amount, 0);
    update promotions p set
      spent_amount = p.spent_amount + difference,
      exceeded_by = greatest(0, p.spent_amount + difference - p.effective_budget)
    where p.store_id = store and p.promotion_id = wish.promotion_id
      and (difference <= 0 or wish.is_owed or p.spent_amount + difference <= p.effective_budget);
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
