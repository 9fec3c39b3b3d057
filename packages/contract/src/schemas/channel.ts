import { boolean, enumeration, object, optional, type Static, string } from '../schema.ts'
import { PgProvider } from './pg-provider.ts'

export const SelectedChannelType = enumeration('SelectedChannelType', '', ['LIVE', 'TEST'])
export type SelectedChannelType = Static<typeof SelectedChannelType>

export const SelectedChannel = object('SelectedChannel', '', {
  type: SelectedChannelType,
  id: optional(string()),
  key: optional(string()),
  name: optional(string()),
  pgProvider: PgProvider,
  pgMerchantId: string(),
})
export type SelectedChannel = Static<typeof SelectedChannel>

export const ChannelGroupSummary = object('ChannelGroupSummary', '', {
  id: string(),
  name: string(),
  isForTest: boolean(),
})
export type ChannelGroupSummary = Static<typeof ChannelGroupSummary>
