import { discriminated, object, optional, type Static, string, tag } from '../schema.ts'
import { SelectedChannel } from './channel.ts'

export const ChannelSpecificFailureInvalidRequest = object('ChannelSpecificFailureInvalidRequest', '', {
  type: tag('INVALID_REQUEST'),
  channel: SelectedChannel,
  message: optional(string()),
})
export type ChannelSpecificFailureInvalidRequest = Static<typeof ChannelSpecificFailureInvalidRequest>

export const ChannelSpecificFailurePgProvider = object('ChannelSpecificFailurePgProvider', '', {
  type: tag('PG_PROVIDER'),
  channel: SelectedChannel,
  message: optional(string()),
  pgCode: string(),
  pgMessage: string(),
})
export type ChannelSpecificFailurePgProvider = Static<typeof ChannelSpecificFailurePgProvider>

export const ChannelSpecificFailure = discriminated('ChannelSpecificFailure', '', 'type', {
  INVALID_REQUEST: ChannelSpecificFailureInvalidRequest,
  PG_PROVIDER: ChannelSpecificFailurePgProvider,
})
export type ChannelSpecificFailure = Static<typeof ChannelSpecificFailure>
