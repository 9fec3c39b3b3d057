import type { PgProvider } from '@naru/contract'
import type { Sql } from '../db/connect.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { Channel, ChannelGroup, Environment, Store, WebhookSettings } from './store.ts'

type StoreRow = Pick<
  Store,
  | 'merchantId'
  | 'storeId'
  | 'name'
  | 'mode'
  | 'isRepresentative'
  | 'isPlatformEnabled'
  | 'isTaxInvoicingEnabled'
  | 'checkout'
> & {
  readonly channels: readonly ChannelRow[]
  readonly channelGroups: readonly ChannelGroup[]
  readonly webhookSettings: readonly WebhookRow[]
}

type ChannelRow = Omit<Channel, 'credentials' | 'pgProvider'> & {
  readonly pgProvider: PgProvider
  readonly isDeleted: boolean
  /** Base64 of the ciphertext. */
  readonly credentials: string | null
}

type WebhookRow = {
  readonly environment: Environment
  readonly url: string | null
  readonly version: WebhookSettings['version']
  readonly contentType: WebhookSettings['contentType']
  readonly secrets: readonly { readonly id: string; readonly sealed: string }[]
}

/** What a secret is encrypted for: a ciphertext copied to another row does not decrypt. */
export const credentialsContext = (storeId: string, channelId: string): string =>
  `credentials of channel ${channelId} of store ${storeId}`
export const webhookSecretContext = (storeId: string, secretId: string): string =>
  `webhook secret ${secretId} of store ${storeId}`

/** Reads one store, or all of a merchant with the representative one first, in one query. */
export const selectStores = async (
  sql: Sql,
  encryption: Encryption,
  which: { readonly storeId: string } | { readonly merchantId: string },
): Promise<Store[]> => {
  const condition = 'storeId' in which ? sql`s.store_id = ${which.storeId}` : sql`s.merchant_id = ${which.merchantId}`
  const rows = await sql<StoreRow[]>`
    select
      s.merchant_id as "merchantId", s.store_id as "storeId", s.name, s.mode,
      s.is_representative as "isRepresentative",
      m.is_platform_enabled as "isPlatformEnabled", m.is_tax_invoicing_enabled as "isTaxInvoicingEnabled",
      jsonb_build_object('requiresConfirmUrl', s.requires_confirm_url, 'webhookFirst', s.webhook_first) as checkout,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', c.channel_id, 'key', c.channel_key, 'name', c.name, 'type', c.type, 'adapter', c.adapter,
          'pgProvider', c.pg_provider, 'pgMerchantId', c.pg_merchant_id, 'manualCapture', c.manual_capture,
          'manualConfirm', c.manual_confirm,
          'credentials', encode(c.credentials, 'base64'), 'isDeleted', c.deleted_at is not null
        ) order by c.created_at, c.channel_id), '[]')
        from channels c where c.store_id = s.store_id
      ) as channels,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', g.channel_group_id, 'name', g.name, 'isForTest', g.is_for_test,
          'members', (
            select coalesce(jsonb_agg(jsonb_build_object(
              'channelId', m.channel_id, 'percentage', m.percentage, 'isActive', m.is_active
            ) order by m.channel_id), '[]')
            from channel_group_members m
            where m.store_id = g.store_id and m.channel_group_id = g.channel_group_id
          )
        ) order by g.created_at, g.channel_group_id), '[]')
        from channel_groups g where g.store_id = s.store_id and g.deleted_at is null
      ) as "channelGroups",
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'environment', w.environment, 'url', w.url, 'version', w.version, 'contentType', w.content_type,
          'secrets', (
            select coalesce(jsonb_agg(jsonb_build_object(
              'id', x.secret_id, 'sealed', encode(x.secret, 'base64')
            ) order by x.created_at desc, x.secret_id desc), '[]')
            from webhook_secrets x where x.store_id = w.store_id and x.environment = w.environment
          )
        )), '[]')
        from webhook_settings w where w.store_id = s.store_id
      ) as "webhookSettings"
    from stores s join merchants m on m.merchant_id = s.merchant_id
    where ${condition}
    order by s.is_representative desc, s.store_id`
  return rows.map((row) => toStore(encryption, row))
}

const toStore = (encryption: Encryption, row: StoreRow): Store => {
  const { storeId, webhookSettings } = row
  const channels = (isDeleted: boolean): Channel[] =>
    row.channels
      .filter((channel) => channel.isDeleted === isDeleted)
      .map((channel) => toChannel(encryption, storeId, channel))
  return {
    ...row,
    channels: channels(false),
    formerChannels: channels(true),
    webhookSettings: Object.fromEntries(
      webhookSettings.map(({ environment, url, version, contentType, secrets }) => [
        environment,
        {
          ...(url === null ? {} : { url }),
          version,
          contentType,
          secrets: secrets.map(({ id, sealed }) =>
            encryption.decrypt(Buffer.from(sealed, 'base64'), webhookSecretContext(storeId, id)),
          ),
        },
      ]),
    ),
  }
}

const toChannel = (
  encryption: Encryption,
  storeId: string,
  { credentials: sealed, isDeleted: _, ...channel }: ChannelRow,
): Channel => {
  if (sealed === null) return { ...channel, credentials: {} }
  const text = encryption.decrypt(Buffer.from(sealed, 'base64'), credentialsContext(storeId, channel.id))
  return { ...channel, credentials: readCredentials(text) }
}

const readCredentials = (text: string): Record<string, string> => {
  const fields: unknown = JSON.parse(text)
  if (typeof fields !== 'object' || fields === null) throw new Error('The credentials of a channel are not an object.')
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
}
