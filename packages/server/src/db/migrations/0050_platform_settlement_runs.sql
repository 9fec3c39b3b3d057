-- Sums of the formulas that a merchant defines itself, by key: {"margin": 120} and {"margin": 30} are {"margin": 150}.
create function add_formulas(one jsonb, other jsonb) returns jsonb language sql immutable strict parallel safe as $$
  select coalesce(jsonb_object_agg(key, total), '{}') from (
    select key, sum(value::bigint)::bigint as total
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) both_of_them
    group by key
  ) totals
$$;

create aggregate sum_of_formulas(jsonb) (sfunc = add_formulas, stype = jsonb, initcond = '{}');
