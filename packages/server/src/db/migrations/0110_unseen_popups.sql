-- What the page in a popup said of itself that the shop's page does not see, as it isolates itself from what it opens
-- (Cross-Origin-Opener-Policy): when it was loaded, in milliseconds by the browser's clock, and whether it was left since.
alter table checkout_attempts add column page_loaded_at double precision;
alter table checkout_attempts add column page_left_at timestamptz;
