import { discriminated, object, optional, type Static, string, tag } from '../../schema.ts'
import { SelectedChannel } from './channel.ts'

export const ChannelSpecificFailureInvalidRequest = object(
  'ChannelSpecificFailureInvalidRequest',
  'The channel cannot take this request.',
  {
    type: tag('INVALID_REQUEST'),
    channel: SelectedChannel,
    message: optional(string('For people; may change.')),
  },
)
export type ChannelSpecificFailureInvalidRequest = Static<typeof ChannelSpecificFailureInvalidRequest>

export const ChannelSpecificFailurePgProvider = object(
  'ChannelSpecificFailurePgProvider',
  "The channel's payment gateway refused.",
  {
    type: tag('PG_PROVIDER'),
    channel: SelectedChannel,
    message: optional(string('For people; may change.')),
    pgCode: string("The payment gateway's own code, unmodified."),
    pgMessage: string("The payment gateway's own words, unmodified."),
  },
)
export type ChannelSpecificFailurePgProvider = Static<typeof ChannelSpecificFailurePgProvider>

export const ChannelSpecificFailure = discriminated(
  'ChannelSpecificFailure',
  'Why one of several channels failed.',
  'type',
  {
    INVALID_REQUEST: ChannelSpecificFailureInvalidRequest,
    PG_PROVIDER: ChannelSpecificFailurePgProvider,
  },
)
export type ChannelSpecificFailure = Static<typeof ChannelSpecificFailure>
