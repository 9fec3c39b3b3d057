-- The one-time code that the sandbox PG has sent for an attempt: the latest. `shown` is what the shopper had shown when it was
-- sent, without secrets: with anything else the code is worth nothing. Wrong codes are counted for the attempt, not for the
-- code, so that nobody guesses on by having another one sent. The two columns named `code_tries` count no longer: servers of
-- the version before still write them while they are replaced.
create table sandbox_codes (
  store_id    text not null references stores,
  reference   text not null,
  code_id     text not null,
  shown       jsonb not null,
  wrong_tries integer not null default 0 check (wrong_tries >= 0),
  sent_at     timestamptz not null,
  primary key (store_id, reference)
);
