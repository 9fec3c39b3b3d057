import { boolean, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { PgProvider } from './pg-provider.ts'

export const SelectedChannelType = enumeration('SelectedChannelType', 'Whether a channel moves real money.', [
  'LIVE',
  'TEST',
])
export type SelectedChannelType = Static<typeof SelectedChannelType>

export const SelectedChannel = object('SelectedChannel', "A channel: the merchant's contract with a payment gateway.", {
  type: SelectedChannelType,
  id: optional(string("The channel's id.")),
  key: optional(string('The key by which requests name the channel.')),
  name: optional(string("The channel's name.")),
  pgProvider: PgProvider,
  pgMerchantId: string("The merchant's id at the payment gateway."),
})
export type SelectedChannel = Static<typeof SelectedChannel>

export const ChannelGroupSummary = object(
  'ChannelGroupSummary',
  'The channel group out of which the channel was drawn.',
  {
    id: string("The channel group's id."),
    name: string("The channel group's name."),
    isForTest: boolean('Whether the group consists of test channels.'),
  },
)
export type ChannelGroupSummary = Static<typeof ChannelGroupSummary>
