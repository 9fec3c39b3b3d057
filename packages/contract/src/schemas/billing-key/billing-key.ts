import {
  array,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { ChannelGroupSummary, SelectedChannel } from '../common/channel.ts'
import { Customer } from '../common/customer.ts'
import { BillingKeyPaymentMethod } from './method.ts'

export const IssuedPgBillingKeyIssueResponse = object(
  'IssuedPgBillingKeyIssueResponse',
  'The channel issued the billing key.',
  {
    type: tag('ISSUED'),
    channel: SelectedChannel,
    pgTxId: optional(string("The payment gateway's own id of the issue.")),
    method: optional(BillingKeyPaymentMethod),
  },
)
export type IssuedPgBillingKeyIssueResponse = Static<typeof IssuedPgBillingKeyIssueResponse>

export const BillingKeyFailure = object('BillingKeyFailure', 'Why a channel failed to issue the billing key.', {
  message: optional(string('For people; may change.')),
  pgCode: optional(string("The payment gateway's own code, unmodified.")),
  pgMessage: optional(string("The payment gateway's own words, unmodified.")),
  failedAt: dateTime('When the channel failed.'),
})
export type BillingKeyFailure = Static<typeof BillingKeyFailure>

export const FailedPgBillingKeyIssueResponse = object(
  'FailedPgBillingKeyIssueResponse',
  'The channel failed to issue the billing key.',
  {
    type: tag('FAILED'),
    channel: SelectedChannel,
    failure: BillingKeyFailure,
  },
)
export type FailedPgBillingKeyIssueResponse = Static<typeof FailedPgBillingKeyIssueResponse>

export const PgBillingKeyIssueResponse = discriminated(
  'PgBillingKeyIssueResponse',
  'What a channel answered when it was to issue the billing key.',
  'type',
  {
    ISSUED: IssuedPgBillingKeyIssueResponse,
    FAILED: FailedPgBillingKeyIssueResponse,
  },
)
export type PgBillingKeyIssueResponse = Static<typeof PgBillingKeyIssueResponse>

/** What every billing key says, deleted since or not. */
const billingKeyFields = {
  billingKey: string('The billing key.'),
  merchantId: string('The merchant of the billing key.'),
  storeId: string('The store of the billing key.'),
  methods: optional(array(BillingKeyPaymentMethod, 'The payment methods behind the billing key.')),
  channels: array(SelectedChannel, 'The channels that hold the billing key.'),
  customer: Customer,
  customData: optional(string('Any text of the merchant, given when the key was issued.')),
  issueId: optional(string("The merchant's own id of the request to issue.")),
  issueName: optional(string('What the buyer saw as the name of the request to issue.')),
  requestedAt: optional(dateTime('When the key was requested.')),
  issuedAt: dateTime('When the key was issued.'),
  channelGroup: optional(ChannelGroupSummary),
  pgBillingKeyIssueResponses: optional(
    array(PgBillingKeyIssueResponse, 'What each channel answered when the key was issued.'),
  ),
}

export const IssuedBillingKeyInfo = object('IssuedBillingKeyInfo', 'A billing key in force.', {
  status: tag('ISSUED'),
  ...billingKeyFields,
})
export type IssuedBillingKeyInfo = Static<typeof IssuedBillingKeyInfo>

export const DeletedBillingKeyInfo = object('DeletedBillingKeyInfo', 'A billing key that was deleted.', {
  status: tag('DELETED'),
  ...billingKeyFields,
  deletedAt: dateTime('When the billing key was deleted.'),
})
export type DeletedBillingKeyInfo = Static<typeof DeletedBillingKeyInfo>

export const BillingKeyInfo = discriminated(
  'BillingKeyInfo',
  'A billing key: a stored payment method that can be charged without the buyer.',
  'status',
  {
    ISSUED: IssuedBillingKeyInfo,
    DELETED: DeletedBillingKeyInfo,
  },
)
export type BillingKeyInfo = Static<typeof BillingKeyInfo>

export const DeleteBillingKeyResponse = object('DeleteBillingKeyResponse', 'The billing key was deleted.', {
  deletedAt: dateTime('When the billing key was deleted.'),
})
export type DeleteBillingKeyResponse = Static<typeof DeleteBillingKeyResponse>

export const BillingKeyDeleteRequester = enumeration(
  'BillingKeyDeleteRequester',
  'Who wants the billing key deleted.',
  ['CUSTOMER', 'ADMIN'],
)
export type BillingKeyDeleteRequester = Static<typeof BillingKeyDeleteRequester>
