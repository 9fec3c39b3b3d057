-- Payments are found by their receipts in cash_receipts; nothing ever wrote these.
alter table payments
  drop column cash_receipt_type,
  drop column cash_receipt_status,
  drop column cash_receipt_issued_at,
  drop column cash_receipt_cancelled_at;

-- Payments are searched by the tax office's approval number of their receipt, and by the PG's id of it.
alter table cash_receipts add column issue_number text;
update cash_receipts r set issue_number = (
  select receipt -> 'issued' ->> 'issueNumber' from jsonb_array_elements(r.state -> 'receipts') as receipt
  where receipt -> 'issued' ->> 'pgReceiptId' = r.pg_receipt_id limit 1
);
create index cash_receipts_by_issue_number on cash_receipts (store_id, issue_number) where issue_number is not null;
create index cash_receipts_by_pg_receipt_id on cash_receipts (store_id, pg_receipt_id) where pg_receipt_id is not null;
