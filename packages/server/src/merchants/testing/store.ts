import type { Channel, ChannelGroup, Store } from '../store.ts'

/** A channel of the sandbox PG. */
export const sandboxChannel = (id: string): Channel => ({
  id,
  key: `key-of-${id}`,
  name: id,
  type: 'TEST',
  adapter: 'sandbox',
  pgProvider: 'TOSSPAYMENTS',
  pgMerchantId: 'sandbox',
  manualCapture: false,
  manualConfirm: false,
  credentials: {},
})

export const groupMember = (
  channelId: string,
  percentage: number,
  isActive = true,
): ChannelGroup['members'][number] => ({ channelId, percentage, isActive })

/** A sandbox store that has nothing but what is given. */
export const sandboxStore = (given: Partial<Store> = {}): Store => ({
  merchantId: 'merchant-1',
  storeId: 'store-1',
  name: 'Store',
  mode: 'SANDBOX',
  isRepresentative: true,
  isPlatformEnabled: true,
  checkout: { requiresConfirmUrl: false, webhookFirst: false },
  isTaxInvoicingEnabled: true,
  channels: [],
  formerChannels: [],
  channelGroups: [],
  webhookSettings: {},
  ...given,
})
