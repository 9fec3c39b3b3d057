import type { PgProvider, SelectedChannel } from '@naru/contract'
import { compact } from '../kernel/compact.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'

export type GatewayChannel = {
  readonly id: string
  readonly key: string
  readonly type: 'LIVE' | 'TEST'
  readonly pgProvider: string
  readonly pgMerchantId: string
  readonly manualCapture: boolean
  /** What the adapter needs to sign in at the PG; decrypted, in memory only. */
  readonly credentials: Readonly<Record<string, string>>
}

/** LIVE or TEST: whether real money moves. It is a property of the channel, never of a request. */
export type Environment = 'LIVE' | 'TEST'

/** Everything about a store that requests need and that changes rarely, read in one query. */
export type Store = {
  readonly merchantId: string
  readonly storeId: string
  readonly name: string
  /** A SANDBOX store has its own clock, a control API, and channels that move no money. */
  readonly mode: 'SANDBOX' | 'LIVE'
  readonly isRepresentative: boolean
  /** Whether its merchant uses partner settlement. */
  readonly isPlatformEnabled: boolean
  /** Whether its merchant may ask partners for tax invoices. */
  readonly isTaxInvoicingEnabled: boolean
  readonly checkout: CheckoutSetting
  /** Those that new payments may use. */
  readonly channels: readonly Channel[]
  /** Deleted ones: payments that were made through them are still captured, cancelled and asked about. */
  readonly formerChannels: readonly Channel[]
  readonly channelGroups: readonly ChannelGroup[]
  readonly webhookSettings: Readonly<Partial<Record<Environment, WebhookSettings>>>
}

/** A store's checkout settings. */
export type CheckoutSetting = {
  /** Requests without `confirmUrl` are refused: the merchant's server is asked before each approval. */
  readonly requiresConfirmUrl: boolean
  /** The merchant's server hears of a result by webhook before the shopper's browser does. */
  readonly webhookFirst: boolean
}

/** One contract with a PG. `adapter` says which code runs; `pgProvider` is the name the API shows. */
export type Channel = GatewayChannel & {
  readonly name: string
  readonly adapter: string
  readonly pgProvider: PgProvider
  /** The merchant's server confirms what a shopper agreed to; otherwise the approval follows at once. */
  readonly manualConfirm: boolean
}

/** Channels of one environment among which a payment is drawn by percentage. */
export type ChannelGroup = {
  readonly id: string
  readonly name: string
  readonly isForTest: boolean
  readonly members: readonly { readonly channelId: string; readonly percentage: number; readonly isActive: boolean }[]
}

export type WebhookSettings = {
  /** Absent: nothing is sent unless the request names its own URLs. */
  readonly url?: string | undefined
  readonly version: '2024-01-01' | '2024-04-25'
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded'
  /** `whsec_…`, newest first; two while a rotation is under way. */
  readonly secrets: readonly string[]
}

/**
 * The store by whose clock a platform of a merchant goes, of all its stores: the representative one. The live platform of a
 * merchant that has a live store never goes by a sandbox store's clock, which can be moved; nor is it paid out by the
 * sandbox bank.
 */
export const platformStore = (stores: readonly Store[], isForTest: boolean): Store | undefined => {
  const representative = stores.find(({ isRepresentative }) => isRepresentative)
  if (isForTest || representative?.mode === 'LIVE') return representative
  return stores.find(({ mode }) => mode === 'LIVE') ?? representative
}

/** The channel as answers show it, in one order of its fields: one that was read from the database has them in another. */
export const selectedChannel = (channel: SelectedChannel): SelectedChannel => ({
  type: channel.type,
  ...compact({ id: channel.id, key: channel.key, name: channel.name }),
  pgProvider: channel.pgProvider,
  pgMerchantId: channel.pgMerchantId,
})

/** The channel that was used, as it is now: it may have other credentials, or be deleted. */
export const channelOf = (store: Store, { channel }: { readonly channel: SelectedChannel }): Channel => {
  const found = [...store.channels, ...store.formerChannels].find(({ id }) => id === channel.id)
  if (!found) throw new Error(`channel ${channel.id} of store ${store.storeId} is gone`)
  return found
}

/** The channel that a request names by its key. */
export const findChannel = (store: Store, channelKey: string): Channel | Refusal<'CHANNEL_NOT_FOUND'> =>
  store.channels.find(({ key }) => key === channelKey) ?? noChannel(channelKey)

/** Includes deleted channels: what was done through them still exists. */
export const findAnyChannel = (store: Store, channelKey: string): Channel | Refusal<'CHANNEL_NOT_FOUND'> =>
  [...store.channels, ...store.formerChannels].find(({ key }) => key === channelKey) ?? noChannel(channelKey)

const noChannel = (channelKey: string) =>
  refuse('CHANNEL_NOT_FOUND', `channelKey: the store has no channel with the key ${channelKey}.`)
