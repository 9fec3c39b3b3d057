-- How many orders have been made to an account. Whoever orders says which number it has read the balance at, so that two
-- orders at once cannot both spend what is there once.
alter table platform_bank_accounts add column orders bigint not null default 0;
