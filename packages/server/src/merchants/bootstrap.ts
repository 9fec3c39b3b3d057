import type { SandboxChoices } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import type { TransactionSql } from '../db/transaction.ts'
import { realTime } from '../kernel/clock.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { sha256 } from '../kernel/ids.ts'
import { isForeign, type KeptSecret, type KnownSecrets, keptSecrets, secretsFor } from './known-secrets.ts'
import { addWebhookSecret, createChannel, createMerchant, createSecret, createStore, setWebhook } from './setup.ts'
import { SetupError } from './setup-error.ts'
import { webhookSecretContext } from './store-rows.ts'

/** What a developer needs to use a sandbox store. */
export type SandboxCredentials = {
  readonly storeId: string
  /** Whether requests that name no store are about this one. */
  readonly isRepresentative: boolean
  /** Absent if it was created earlier: only its digest is stored. */
  readonly apiSecret?: string | undefined
  readonly channelKey: string
  readonly webhookSecret: string
}

/** Any number will do, as long as nothing else locks it: "boot" in ASCII. */
const lockNumber = 0x626f6f74

/**
 * Ensures that there is a sandbox merchant with a store, a channel and secrets, and that they match the environment
 * variables. Several servers that start at once create one merchant.
 *
 * Without \`known\` an API secret that was made earlier is not in the result: only its digest is stored.
 */
export const bootstrap = (
  sql: Sql,
  encryption: Encryption,
  choices: SandboxChoices,
  known?: KnownSecrets | undefined,
): Promise<SandboxCredentials> =>
  sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${lockNumber}::bigint)`
    const store = await sandboxStore(transaction, choices)
    const own = known && (await ownSecrets(transaction, encryption, store, known))
    const apiSecret = await ensureSecret(transaction, store, choices.apiSecret, own?.apiSecret)
    const channelKey = await ensureChannel(transaction, encryption, store.storeId, choices.channelKey)
    await ensureProfile(transaction, store.storeId, channelKey, choices.checkoutProfileKey)
    const webhookSecret = await ensureWebhook(transaction, encryption, store.storeId, choices, own?.webhookSecret)
    const { storeId, isRepresentative } = store
    return { storeId, isRepresentative, apiSecret, channelKey, webhookSecret }
  })

type Place = { readonly merchantId: string; readonly storeId: string; readonly isRepresentative: boolean }

/** The store the environment names, else the oldest sandbox store, else a new one. */
const sandboxStore = async (sql: TransactionSql, { storeId }: SandboxChoices): Promise<Place> => {
  const [known] = await sql<Place[]>`
    select merchant_id as "merchantId", store_id as "storeId", is_representative as "isRepresentative" from stores
    where mode = 'SANDBOX' ${storeId === undefined ? sql`` : sql`and store_id = ${storeId}`}
    order by created_at limit 1`
  if (known) return known
  const merchantId = await sandboxMerchant(sql)
  const [representative] = await sql`select 1 from stores where merchant_id = ${merchantId} and is_representative`
  const isRepresentative = representative === undefined
  return {
    merchantId,
    storeId: await createStore(sql, { merchantId, storeId, name: 'Sandbox', mode: 'SANDBOX', isRepresentative }),
    isRepresentative,
  }
}

const sandboxMerchant = async (sql: TransactionSql): Promise<string> => {
  const [known] = await sql<{ merchant_id: string }[]>`
    select merchant_id from stores where mode = 'SANDBOX' order by created_at limit 1`
  return known?.merchant_id ?? (await createMerchant(sql, 'Sandbox merchant'))
}

/**
 * The known secrets, or others where the environment now names the store of somebody else than they were made for: as a second
 * row for another merchant, a secret would open that one's stores after it was revoked.
 */
const ownSecrets = async (
  sql: TransactionSql,
  encryption: Encryption,
  store: Place,
  known: KnownSecrets,
): Promise<KnownSecrets> =>
  (await keptSecrets(sql, known.apiSecret)).some((secret) => isForeign(secret, store))
    ? secretsFor(encryption, store.merchantId)
    : known

/** The name of the API secret that came from the environment, by which the next start finds and replaces it. */
const chosenName = 'NARU_API_SECRET'

const ensureSecret = async (
  sql: TransactionSql,
  store: Place,
  chosen: string | undefined,
  prepared: string | undefined,
): Promise<string | undefined> => {
  const { merchantId } = store
  if (chosen !== undefined) {
    await replaceChosenSecret(sql, store, chosen)
    return chosen
  }
  const [same] =
    prepared === undefined
      ? []
      : await sql<{ isGood: boolean }[]>`
          select revoked_at is null and expires_at is null as "isGood" from api_secrets
          where merchant_id = ${merchantId} and secret_digest = ${sha256(prepared)}`
  if (same?.isGood) return prepared
  // Not one that was revoked. Where it is new and others are known, theirs is lost, or belongs to somebody else.
  if (prepared !== undefined && same === undefined)
    return (await createSecret(sql, { merchantId, name: 'Sandbox', secret: prepared })).secret
  const [known] = await sql`
    select 1 from api_secrets where merchant_id = ${merchantId} and revoked_at is null and store_id is null`
  return known ? undefined : (await createSecret(sql, { merchantId, name: 'Sandbox' })).secret
}

/**
 * Makes the chosen secret valid, even if it was revoked, and revokes the one that the environment named before. With real money
 * behind it, a secret stays as it is: it neither comes back nor loses its expiry because an environment still has it.
 */
const replaceChosenSecret = async (sql: TransactionSql, store: Place, chosen: string): Promise<void> => {
  const { merchantId } = store
  const kept = await keptSecrets(sql, chosen)
  refuseForeign(kept, store)
  const own = kept.find((secret) => !isForeign(secret, store))
  const opensLiveStore = own?.storeId !== store.storeId && (await hasLiveStore(sql, merchantId))
  if (opensLiveStore && kept.some(({ isRevoked, isExpired }) => isRevoked || isExpired))
    throw new SetupError(
      'NARU_API_SECRET was revoked or has expired, and would open a live store again. Choose another secret, or leave the ' +
        'variable out.',
    )
  await sql`
    update api_secrets set revoked_at = ${realTime()}
    where merchant_id = ${merchantId} and name = ${chosenName} and secret_digest <> ${sha256(chosen)} and revoked_at is null`
  if (own === undefined) await createSecret(sql, { merchantId, name: chosenName, secret: chosen })
  else if (!opensLiveStore)
    await sql`
      update api_secrets set revoked_at = null, expires_at = null where merchant_id = ${merchantId} and secret_id = ${own.id}`
}

/** One that is good for another merchant, or for another store alone: requests would be about that store. */
const refuseForeign = (kept: readonly KeptSecret[], store: Place): void => {
  const { merchantId, storeId } = store
  const foreign = kept.find(
    (secret) => isForeign(secret, store) && (secret.merchantId === merchantId || !secret.isRevoked),
  )
  if (foreign === undefined) return
  const [owner, remedy] =
    foreign.merchantId === merchantId
      ? [foreign.storeId, '.']
      : [foreign.merchantId, `, or revoke it there: naru secret revoke ${foreign.id}`]
  throw new SetupError(
    `NARU_API_SECRET is a secret of ${owner}, and not of the store ${storeId} of ${merchantId}. Choose another secret, or ` +
      `another store by NARU_STORE_ID${remedy}`,
  )
}

const hasLiveStore = async (sql: TransactionSql, merchantId: string): Promise<boolean> =>
  (await sql`select 1 from stores where merchant_id = ${merchantId} and mode = 'LIVE' limit 1`).count > 0

const ensureChannel = async (
  sql: TransactionSql,
  encryption: Encryption,
  storeId: string,
  chosen: string | undefined,
): Promise<string> => {
  const [known] = await sql<{ channel_key: string }[]>`
    select channel_key from channels where store_id = ${storeId} and deleted_at is null
    ${chosen === undefined ? sql`` : sql`and channel_key = ${chosen}`} order by created_at limit 1`
  return known?.channel_key ?? (await createSandboxChannel(sql, encryption, storeId, chosen))
}

/** Cards in won through the first channel. An existing profile with this key stays as it is. */
const ensureProfile = async (
  sql: TransactionSql,
  storeId: string,
  channelKey: string,
  profileKey: string | undefined,
): Promise<void> => {
  if (profileKey === undefined) return
  const entries = [{ paymentMethod: 'CARD_KR', channelKey, countries: ['KR'], currencies: ['KRW'] }]
  await sql`
    insert into checkout_profiles (store_id, profile_key, name, is_for_test, entries, created_at)
    values (${storeId}, ${profileKey}, 'First profile', true, ${JSON.stringify(entries)}::text::jsonb, ${realTime()})
    on conflict (store_id, profile_key) do nothing`
}

/** A channel that plays a PG: TossPayments by name, since the API knows no sandbox among its PGs. */
export const createSandboxChannel = (
  sql: Parameters<typeof createChannel>[0],
  encryption: Encryption,
  storeId: string,
  channelKey?: string | undefined,
): Promise<string> =>
  createChannel(sql, encryption, {
    storeId,
    channelKey,
    name: 'Sandbox',
    type: 'TEST',
    adapter: 'sandbox',
    pgProvider: 'TOSSPAYMENTS',
    pgMerchantId: 'sandbox',
  })

const ensureWebhook = async (
  sql: TransactionSql,
  encryption: Encryption,
  storeId: string,
  { webhookUrl, webhookSecret }: SandboxChoices,
  prepared: string | undefined,
): Promise<string> => {
  const [settings] = await sql<{ url: string | null }[]>`
    select url from webhook_settings where store_id = ${storeId} and environment = 'TEST'`
  if (settings === undefined || (webhookUrl !== undefined && webhookUrl !== settings.url))
    await setWebhook(sql, storeId, 'TEST', { url: webhookUrl ?? null })
  const [known] = await sql<{ id: string; sealed: Buffer }[]>`
    select secret_id as id, secret as sealed from webhook_secrets where store_id = ${storeId} and environment = 'TEST'
    order by created_at desc, secret_id desc limit 1`
  if (known && webhookSecret === undefined)
    return encryption.decrypt(known.sealed, webhookSecretContext(storeId, known.id))
  // A secret chosen by the environment replaces what was there.
  await sql`delete from webhook_secrets where store_id = ${storeId} and environment = 'TEST'`
  return (await addWebhookSecret(sql, encryption, storeId, 'TEST', webhookSecret ?? prepared)).secret
}
