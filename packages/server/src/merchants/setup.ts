import type { PgProvider } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
import { type Instant, realTime } from '../kernel/clock.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { codeOf } from '../kernel/error-code.ts'
import { prefixedId, randomBase64, randomToken, sha256 } from '../kernel/ids.ts'
import { isStoreOfSecret, timeOfSecret } from './secret-clock.ts'
import { checkChosen, SetupError } from './setup-error.ts'
import type { CheckoutSetting, Environment, WebhookSettings } from './store.ts'
import { credentialsContext, webhookSecretContext } from './store-rows.ts'

/** Every function here is one statement: atomic by itself, and usable in a transaction. */

export const createMerchant = async (
  sql: Queryable,
  name: string,
  merchantId = prefixedId('merchant'),
): Promise<string> => {
  await sql`insert into merchants (merchant_id, name, created_at) values (${merchantId}, ${name}, ${realTime()})`
  return merchantId
}

/** Not where `unless` has rows, which are told by `problem`. */
export type Obstacle = { readonly rows: Fragment; readonly problem: string }

/** Enables or disables partner settlement for a merchant. Servers see it within a second. */
export const setPlatform = async (
  sql: Queryable,
  merchantId: string,
  { platform, taxInvoices }: { readonly platform?: boolean; readonly taxInvoices?: boolean },
  unless?: Obstacle,
): Promise<void> => {
  const changed = await sql`
    update merchants set
      is_platform_enabled = coalesce(${platform ?? null}::boolean, is_platform_enabled),
      is_tax_invoicing_enabled = coalesce(${taxInvoices ?? null}::boolean, is_tax_invoicing_enabled)
    where merchant_id = ${merchantId} ${unless === undefined ? sql`` : sql`and not exists (${unless.rows})`}`
  if (changed.count === 0 && unless) throw new SetupError(unless.problem)
}

export type NewStore = {
  readonly merchantId: string
  readonly storeId?: string | undefined
  readonly name: string
  readonly mode: 'SANDBOX' | 'LIVE'
  readonly isRepresentative: boolean
}

/**
 * Makes a store, and returns its id. What expired by a sandbox's clock is revoked with the first live store of its merchant: it would
 * go by real time from then on, be good again, and open that store.
 *
 * @throws SetupError if there is no such merchant, the id is taken, or `unless` stands in the way
 */
export const createStore = async (sql: Queryable, store: NewStore, unless?: Obstacle): Promise<string> => {
  const storeId = checkChosen('store id', store.storeId ?? prefixedId('store'))
  const { merchantId, name, mode, isRepresentative } = store
  const created = await sql`
    with created as (
      insert into stores (store_id, merchant_id, name, mode, is_representative, created_at)
      select ${storeId}, ${merchantId}, ${name}, ${mode}, ${isRepresentative}::boolean, ${realTime()}::timestamptz
      ${unless === undefined ? sql`` : sql`where not exists (${unless.rows})`}
      on conflict (store_id) do nothing returning store_id
    ) ${mode === 'LIVE' ? sql`, revoked as (${revokeExpired(sql, merchantId)})` : sql``}
    select from created`.catch((error: unknown) => {
    if (codeOf(error) !== '23503') throw error
    throw new SetupError(`There is no merchant ${merchantId}. See: naru store list`)
  })
  if (created.count === 0) {
    const [known] = await sql`select from stores where store_id = ${storeId}`
    throw new SetupError(known || !unless ? `The store ${storeId} already exists. Choose another id.` : unless.problem)
  }
  return storeId
}

/** For the statement that has `created` a live store. */
const revokeExpired = (sql: Queryable, merchantId: string): Fragment => sql`
  update api_secrets a set revoked_at = ${realTime()}::timestamptz
  from stores s
  where a.merchant_id = ${merchantId} and a.store_id is null and a.revoked_at is null
    and s.merchant_id = ${merchantId} and ${isStoreOfSecret(sql)}
    and a.expires_at <= ${timeOfSecret(sql)} and exists (select from created)`

/** Changes a store's checkout settings; those not given stay. Servers see it within a second. */
export const setCheckout = async (
  sql: Queryable,
  storeId: string,
  { requiresConfirmUrl, webhookFirst }: Partial<CheckoutSetting>,
): Promise<CheckoutSetting> => {
  const [changed] = await sql<CheckoutSetting[]>`
    update stores set
      requires_confirm_url = coalesce(${requiresConfirmUrl ?? null}::boolean, requires_confirm_url),
      webhook_first = coalesce(${webhookFirst ?? null}::boolean, webhook_first)
    where store_id = ${storeId}
    returning requires_confirm_url as "requiresConfirmUrl", webhook_first as "webhookFirst"`
  if (!changed) throw new SetupError(`There is no store ${storeId}. See: naru store list`)
  return { ...changed }
}

export type NewChannel = {
  readonly storeId: string
  readonly channelKey?: string | undefined
  readonly name: string
  readonly type: Environment
  readonly adapter: string
  readonly pgProvider: PgProvider
  readonly pgMerchantId: string
  readonly manualCapture?: boolean
  readonly manualConfirm?: boolean
  readonly credentials?: Readonly<Record<string, string>>
}

/** Returns the channel's key. A sandbox channel is always a TEST channel: no live payment may consult a trigger. */
export const createChannel = async (sql: Queryable, encryption: Encryption, channel: NewChannel): Promise<string> => {
  const { storeId, name, type, adapter, pgProvider, pgMerchantId, credentials } = channel
  const { manualCapture = false, manualConfirm = false } = channel
  if (adapter === 'sandbox' && type === 'LIVE')
    throw new SetupError('A sandbox channel cannot be LIVE: it moves no money.')
  const channelKey = checkChosen('channel key', channel.channelKey ?? prefixedId('channel-key'))
  const channelId = prefixedId('channel-id')
  const sealed = credentials && encryption.encrypt(JSON.stringify(credentials), credentialsContext(storeId, channelId))
  const created = await sql`
    insert into channels (store_id, channel_id, channel_key, name, type, adapter, pg_provider, pg_merchant_id,
      manual_capture, manual_confirm, credentials, created_at)
    values (${storeId}, ${channelId}, ${channelKey}, ${name}, ${type}, ${adapter}, ${pgProvider}, ${pgMerchantId},
      ${manualCapture}, ${manualConfirm}, ${sealed ?? null}, ${realTime()})
    on conflict (store_id, channel_key) do nothing`
  if (created.count === 0) throw new SetupError(`The store already has a channel with the key ${channelKey}.`)
  return channelKey
}

/** Payments through it are still shown and cancelled; new ones are refused. */
export const deleteChannel = async (sql: Queryable, storeId: string, channelKey: string): Promise<void> => {
  const deleted = await sql`
    update channels set deleted_at = ${realTime()}
    where store_id = ${storeId} and channel_key = ${channelKey} and deleted_at is null`
  if (deleted.count === 0) throw new SetupError(`The store ${storeId} has no channel with the key ${channelKey}.`)
}

export type NewChannelGroup = {
  readonly storeId: string
  readonly name: string
  readonly isForTest: boolean
  readonly members: readonly { readonly channelKey: string; readonly percentage: number }[]
}

/**
 * A group out of which a payment's channel is drawn. PortOne allows 1 to 10 channels of one environment whose
 * percentages sum to 100. Returns the group's id.
 */
export const createChannelGroup = async (sql: Queryable, group: NewChannelGroup): Promise<string> => {
  const { storeId, name, isForTest, members } = group
  const total = members.reduce((sum, { percentage }) => sum + percentage, 0)
  if (members.length < 1 || members.length > 10) throw new SetupError('A channel group has 1 to 10 channels.')
  if (total !== 100 || members.some(({ percentage }) => !Number.isInteger(percentage) || percentage < 0))
    throw new SetupError(`The percentages of a channel group are whole numbers that sum to 100, not to ${total}.`)
  const groupId = prefixedId(isForTest ? 'channel-group-test' : 'channel-group-live')
  const joined = await sql`
    with wanted as (
      select c.channel_id, m.percentage
      from unnest(${members.map(({ channelKey }) => channelKey)}::text[], ${members.map(({ percentage }) => percentage)}::integer[])
        as m (channel_key, percentage)
      join channels c on c.store_id = ${storeId} and c.channel_key = m.channel_key and c.deleted_at is null
        and (c.type = 'TEST') = ${isForTest}
    ), made as (
      insert into channel_groups (store_id, channel_group_id, name, is_for_test, created_at)
      select ${storeId}, ${groupId}, ${name}, ${isForTest}, ${realTime()}::timestamptz
      where (select count(distinct channel_id) from wanted) = ${members.length} returning channel_group_id
    )
    insert into channel_group_members (store_id, channel_group_id, channel_id, percentage)
    select ${storeId}, made.channel_group_id, wanted.channel_id, wanted.percentage from made, wanted`
  if (joined.count === members.length) return groupId
  throw new SetupError(
    `Every channel of the group must be a ${isForTest ? 'TEST' : 'LIVE'} channel of the store, named once.`,
  )
}

export type NewSecret = {
  readonly merchantId: string
  /** Absent: a secret of the whole merchant. */
  readonly storeId?: string | undefined
  readonly name: string
  readonly secret?: string | undefined
  readonly expiresAt?: Instant | undefined
}

/** Returns the API secret, which is stored as a digest only and never shown again. */
export const createSecret = async (
  sql: Queryable,
  { merchantId, storeId, name, secret = randomToken(48), expiresAt }: NewSecret,
): Promise<{ secretId: string; secret: string }> => {
  const secretId = prefixedId('secret')
  await sql`
    insert into api_secrets (merchant_id, secret_id, store_id, name, secret_digest, created_at, expires_at)
    values (${merchantId}, ${secretId}, ${storeId ?? null}, ${name}, ${sha256(secret)}, ${realTime()}, ${expiresAt ?? null})`
  return { secretId, secret }
}

/** Revokes it for everybody who has the same one: who withdraws a secret does not want it to open other stores from then on. */
export const revokeSecret = async (sql: Queryable, secretId: string): Promise<void> => {
  const revoked = await sql`
    update api_secrets set revoked_at = ${realTime()}
    where secret_digest = (select secret_digest from api_secrets where secret_id = ${secretId}) and revoked_at is null`
  if (revoked.count === 0) throw new SetupError(`There is no API secret ${secretId} that is still valid.`)
}

export type NewWebhookSettings = Partial<Pick<WebhookSettings, 'version' | 'contentType'>> & {
  /** Null: send nothing. */
  readonly url: string | null
}

export const setWebhook = async (
  sql: Queryable,
  storeId: string,
  environment: Environment,
  { url, version = '2024-04-25', contentType = 'application/json' }: NewWebhookSettings,
): Promise<void> => {
  await sql`
    insert into webhook_settings (store_id, environment, url, version, content_type)
    values (${storeId}, ${environment}, ${url}, ${version}, ${contentType})
    on conflict (store_id, environment)
    do update set url = excluded.url, version = excluded.version, content_type = excluded.content_type`
}

/**
 * Adds a webhook secret. Two can be valid at once, so that a rotation loses no webhook: add the second, switch the
 * receiver, delete the first.
 */
export const addWebhookSecret = async (
  sql: Queryable,
  encryption: Encryption,
  storeId: string,
  environment: Environment,
  secret = `whsec_${randomBase64(32)}`,
): Promise<{ secretId: string; secret: string }> => {
  const secretId = prefixedId('secret')
  const sealed = encryption.encrypt(secret, webhookSecretContext(storeId, secretId))
  const added = await sql`
    insert into webhook_secrets (store_id, environment, slot, secret_id, secret, created_at)
    select ${storeId}, ${environment}, slot, ${secretId}, ${sealed}, ${realTime()}::timestamptz
    from (values (1), (2)) as free (slot)
    where not exists (
      select from webhook_secrets taken
      where taken.store_id = ${storeId} and taken.environment = ${environment} and taken.slot = free.slot
    )
    order by slot limit 1
    on conflict do nothing`
  if (added.count === 0)
    throw new SetupError(`The store ${storeId} already has two webhook secrets. Revoke one of them first.`)
  return { secretId, secret }
}

export const expireWebhookSecret = async (sql: Queryable, secretId: string): Promise<void> => {
  const expired = await sql`delete from webhook_secrets where secret_id = ${secretId}`
  if (expired.count === 0) throw new SetupError(`There is no webhook secret ${secretId}.`)
}
