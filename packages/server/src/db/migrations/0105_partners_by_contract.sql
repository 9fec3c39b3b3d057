-- Lists of partners by their contract, newest first. The index that was there before had all partners by their contract alone: where
-- statistics knew nothing of a merchant yet, PostgreSQL took it for each look-up of one partner, and read all partners of the
-- merchant. What looks one up does not say that it is not archived, so that it cannot use this one.
drop index platform_partners_of_a_contract;
create index platform_partners_in_use_of_a_contract
  on platform_entities (merchant_id, is_for_test, (content ->> 'defaultContractId'), created_at desc, id)
  where kind = 'PARTNER' and not is_archived;
