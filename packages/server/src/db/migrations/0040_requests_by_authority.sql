-- Answers kept for Idempotency-Key, named by the digest of the key and of the authority that it came with: one key of two
-- credentials is two requests. `store_id` is the store that a request is about. The answer is encrypted: it may hold secrets.
-- A row without an answer is a request under way; lease_until lets a retry take over from a process that died.
-- What was kept under the merchant's name alone, in clear, is not taken over.
drop table idempotency_keys;
create table idempotency_keys (
  merchant_id text not null,
  request_key text not null,
  store_id    text not null,
  fingerprint bytea not null,
  lease_until timestamptz not null,
  expires_at  timestamptz not null,
  status      integer,
  answer      bytea,
  primary key (merchant_id, request_key)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
