-- What a request under way has done already, written with what it did: whoever takes it over after a crash does not do it once more.
-- Encrypted like the answer, and forgotten when the answer is there.
alter table idempotency_keys add column steps bytea;
