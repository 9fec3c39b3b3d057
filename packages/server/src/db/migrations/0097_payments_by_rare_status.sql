-- Lists of payments with a status that few have read along this index, however many were paid. What is paid is not in it, so
-- that most payments never write it.
create index payments_by_rare_status on payments (store_id, status, status_time, payment_id)
  where status in ('READY', 'VIRTUAL_ACCOUNT_ISSUED', 'FAILED', 'PARTIAL_CANCELLED', 'CANCELLED');
