import {
  amount,
  anyObject,
  array,
  boolean,
  dateTime,
  described,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { CardCredential } from '../common/card.ts'
import { SelectedChannel } from '../common/channel.ts'
import { ChannelSpecificFailure } from '../common/channel-failure.ts'
import { Currency } from '../common/currency.ts'
import { CustomerInput } from '../common/customer.ts'

export const InstantBillingKeyPaymentMethodInputCard = object(
  'InstantBillingKeyPaymentMethodInputCard',
  'To store a card.',
  {
    credential: CardCredential,
  },
)
export type InstantBillingKeyPaymentMethodInputCard = Static<typeof InstantBillingKeyPaymentMethodInputCard>

export const InstantBillingKeyPaymentMethodInput = object(
  'InstantBillingKeyPaymentMethodInput',
  'The payment method to store.',
  {
    card: optional(InstantBillingKeyPaymentMethodInputCard),
  },
)
export type InstantBillingKeyPaymentMethodInput = Static<typeof InstantBillingKeyPaymentMethodInput>

export const IssueBillingKeyBody = object('IssueBillingKeyBody', 'What to store, and where.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  method: InstantBillingKeyPaymentMethodInput,
  channelKey: optional(string('The channel to issue through. Give either this or `channelGroupId`.')),
  channelGroupId: optional(
    string('The channel group whose active channels are all to hold the key. Give either this or `channelKey`.'),
  ),
  customer: optional(CustomerInput),
  customData: optional(string('Any text of the merchant, kept with the billing key and returned as it was.')),
  bypass: optional(anyObject('Parameters for the payment gateway that are passed on as they are.')),
  noticeUrls: optional(
    array(string(), 'Where to send webhooks of this billing key, instead of the address set for the store.'),
  ),
  skipWebhook: optional(
    boolean(
      'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
    ),
  ),
})
export type IssueBillingKeyBody = Static<typeof IssueBillingKeyBody>

export const BillingKeyInfoSummary = object('BillingKeyInfoSummary', 'A new billing key.', {
  billingKey: string('The new billing key.'),
  channels: optional(array(SelectedChannel, 'The channels that hold the billing key.')),
  issuedAt: dateTime('When the key was issued.'),
})
export type BillingKeyInfoSummary = Static<typeof BillingKeyInfoSummary>

export const IssueBillingKeyResponse = object(
  'IssueBillingKeyResponse',
  'The billing key was issued by at least one channel.',
  {
    billingKeyInfo: BillingKeyInfoSummary,
    channelSpecificFailures: optional(
      array(ChannelSpecificFailure, 'The channels of the group that failed, where others succeeded.'),
    ),
  },
)
export type IssueBillingKeyResponse = Static<typeof IssueBillingKeyResponse>

export const ConfirmBillingKeyBody = object(
  'ConfirmBillingKeyBody',
  'The token of the billing key to confirm, and what it is expected to be.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    billingIssueToken: string('The token the browser SDK handed out when the buyer had authenticated.'),
    isTest: optional(boolean('Whether a test channel is expected. Compared if given.')),
    skipWebhook: optional(
      boolean(
        'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
      ),
    ),
  },
)
export type ConfirmBillingKeyBody = Static<typeof ConfirmBillingKeyBody>

export const ConfirmedBillingKeySummary = object('ConfirmedBillingKeySummary', 'The billing key was issued.', {
  billingKey: string('The billing key that was issued.'),
})
export type ConfirmedBillingKeySummary = Static<typeof ConfirmedBillingKeySummary>

export const ConfirmBillingKeyIssueAndPayBody = object(
  'ConfirmBillingKeyIssueAndPayBody',
  'The token of the billing key to confirm, and what the payment is expected to be.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    billingIssueToken: string('The token the browser SDK handed out when the buyer had authenticated.'),
    paymentId: optional(string('The payment that is expected. Compared if given.')),
    currency: optional(described(Currency, 'The currency that is expected. Compared if given.')),
    totalAmount: optional(amount('The total that is expected, in the minor unit of the currency. Compared if given.')),
    taxFreeAmount: optional(
      amount('The tax-free part that is expected, in the minor unit of the currency. Compared if given.'),
    ),
    isTest: optional(boolean('Whether a test channel is expected. Compared if given.')),
    skipWebhook: optional(
      boolean(
        'True to send no webhook for what this request does at once. What happens later is still announced. Defaults to false.',
      ),
    ),
  },
)
export type ConfirmBillingKeyIssueAndPayBody = Static<typeof ConfirmBillingKeyIssueAndPayBody>

export const ConfirmedBillingKeyIssueAndPaySummary = object(
  'ConfirmedBillingKeyIssueAndPaySummary',
  'The billing key was issued and the payment made.',
  {
    billingKey: string('The billing key that was issued.'),
    paymentId: string('The payment that was made.'),
  },
)
export type ConfirmedBillingKeyIssueAndPaySummary = Static<typeof ConfirmedBillingKeyIssueAndPaySummary>
