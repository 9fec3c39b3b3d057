type Allowed = { readonly statement: RegExp; readonly reason: string }

/** Who asks is not known yet: a secret is found by its digest, and what it opens by the secret's merchant. */
const findsTheTenant: readonly RegExp[] = [
  /^select a\.merchant_id as "merchantId", a\.secret_id as "secretId", s\.store_id as "storeId"/,
  /^update api_secrets a set refresh_id = /,
  /^select s\.merchant_id as "merchantId", s\.store_id as "storeId", s\.name, s\.mode, s\.is_representative/,
  /^select (\$\d+ |store_id as id )?from stores where merchant_id = /,
  /^select .* from checkout_profiles where profile_key = /,
]

/** Asked of an installation, when a server starts or once in minutes, and about few rows. */
const ofTheInstallation: readonly RegExp[] = [
  /^select (merchant_id as "merchantId", )?(store_id|merchant_id)( as "storeId")?(, is_representative as "isRepresentative")? from stores where mode = \$\d+ order by created_at limit/,
  /^select secret_id as id, merchant_id as "merchantId", store_id as "storeId", .* from api_secrets where secret_digest = /,
  /^select store_id as "storeId" from stores where clock_target is not null/,
  // Asked after ten minutes only: a quick run does not need it.
  /^delete from idempotency_keys where \(merchant_id, request_key\) in/,
]

/** What leads the due loop: the one question about all stores, and the list that the sweep walks through. */
const leadsTheLoop: readonly RegExp[] = [
  /^select store_id as "storeId", kind, bool_or\(quiet_since is not null or look_at < /,
  /^select store_id as "storeId", merchant_id as "merchantId" from stores where store_id > /,
]

/** A list or a walk of all stores of one merchant: each store is read along its own index, and merged. */
const ofAMerchantsStores: readonly RegExp[] = [
  /^select count\(\*\)(, \(select sum\(s\.epoch\) .*\)::text as resets)? from \(select from \(.*\(select from "[a-z_]+" "[a-z]+" where "[a-z]+"\.store_id = any\(/,
  /from unnest\(\$\d+::text\[\]\) as of_store \(id\) cross join lateral \(/,
  /^select .* from (payments p|reconciliation_rows r join reconciliation_files f using \(store_id, file_id\)) where [pr]\.store_id = any\(/,
  /^select .* from reconciliation_files where store_id = any\(/,
  /^select distinct s\.clock_offset .* from stores s where "s"\.store_id = any\(/,
]

/** Nothing falls due any more: PostgreSQL remembers `null` and a time alike. */
const endsWhatWasDue: readonly RegExp[] = [
  /^update promotion_usages set due_at = \$\d+, leased_until = \$\d+ where store_id = /,
  /^update platform_entities set (connection_status = .*|change = \$\d+, )due_at = \$\d+, (store_id|leased_until) = /,
  /^with written as \( update platform_entities set version = version \+ \$\d+, content = /,
]

/** Rows of a merchant's platform, each by the clock of the store that it names: these stores are noted. */
const notesTheStoresOfRows: readonly RegExp[] = [
  /^with (spending as \(.* returning m\.orders\), next as materialized \(.*\), )?target as materialized \( select p\.payout_id, p\.partner_id, p\.status as was from platform_payouts p /,
  /^with moved as \( update platform_transfers t set settlement_date = /,
]

/** By which clock a secret expires is asked of the stores of its merchant. */
const waitedForAtATerminal: readonly RegExp[] = [
  /^select secret_id as id, \$\d+ as kind, name, coalesce\(store_id, /,
  /^select case when exists \( select from stores live .* end as now from \(select /,
  /^with created as \( insert into stores .* \) , revoked as \( update api_secrets a /,
]

const because = (statements: readonly RegExp[], reason: string): readonly Allowed[] =>
  statements.map((statement) => ({ statement, reason }))

/**
 * The statements that may break a rule, each with its reason; white space counts as one space. A new one belongs here only
 * where no tenant is known, or a person waits for it at a terminal.
 */
export const allowed: readonly Allowed[] = [
  ...because(findsTheTenant, 'finds the tenant'),
  ...because(ofTheInstallation, 'asked seldom, about few rows'),
  ...because(leadsTheLoop, 'says which stores have work'),
  ...because(ofAMerchantsStores, 'a list of all stores of a merchant'),
  ...because(endsWhatWasDue, 'makes nothing due'),
  ...because(notesTheStoresOfRows, 'notes the stores of its rows'),
  ...because(waitedForAtATerminal, 'a person waits for it at a terminal'),
]
