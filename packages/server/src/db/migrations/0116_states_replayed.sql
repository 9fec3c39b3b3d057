-- The state of a payment that few events made is replayed from the journal, where it stands already: it was half of what a payment
-- takes on disk. It has another name, so that a server of an earlier version fails where it would read none. States that are kept
-- stay until their payment changes; nothing is rewritten, and nobody waits.
alter table payments rename column state to kept_state;
alter table payments alter column kept_state drop not null;
