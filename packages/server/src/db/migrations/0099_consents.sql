-- What the shopper agreed to before anything was sent: the texts by id and version, the language, and when.
alter table checkout_attempts add column consents jsonb;
