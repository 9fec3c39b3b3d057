-- The order in which scripts were laid down, by real time: a store's clock may stand still, and ids tell nothing of it.
alter table sandbox_scripts add column laid_at timestamptz not null default clock_timestamp();
