-- A session ends those of its payment with another amount: they are found by it.
create index payment_sessions_by_payment on payment_sessions (store_id, (content ->> 'paymentId')) where closed_at is null;
