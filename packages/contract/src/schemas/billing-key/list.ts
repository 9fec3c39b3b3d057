import { array, dateTime, described, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { PageInfo, PageInput, SortOrder, usualFrom, usualUntil } from '../common/list.ts'
import { PgCompany } from '../common/pg-company.ts'
import { PgProvider } from '../common/pg-provider.ts'
import { PortOneVersion } from '../common/version.ts'
import { PaymentClientType } from '../payment/list.ts'
import { BillingKeyInfo } from './billing-key.ts'
import { BillingKeyPaymentMethodType } from './method.ts'

export const BillingKeyStatus = enumeration('BillingKeyStatus', 'The status of a billing key, to filter by.', [
  'ISSUED',
  'DELETED',
])
export type BillingKeyStatus = Static<typeof BillingKeyStatus>

export const BillingKeyTextSearchField = enumeration('BillingKeyTextSearchField', 'Where to look for a text.', [
  'CARD_BIN',
  'CARD_NUMBER',
  'PG_MERCHANT_ID',
  'CUSTOMER_NAME',
  'CUSTOMER_EMAIL',
  'CUSTOMER_PHONE_NUMBER',
  'CUSTOMER_ADDRESS',
  'CUSTOMER_ZIPCODE',
  'USER_AGENT',
  'BILLING_KEY',
  'CHANNEL_GROUP_NAME',
])
export type BillingKeyTextSearchField = Static<typeof BillingKeyTextSearchField>

export const BillingKeyTextSearch = object('BillingKeyTextSearch', 'A text to find.', {
  field: BillingKeyTextSearchField,
  value: string('What to find. Must match the whole field, of which the first 200 characters are compared.'),
})
export type BillingKeyTextSearch = Static<typeof BillingKeyTextSearch>

export const BillingKeyTimeRangeField = enumeration(
  'BillingKeyTimeRangeField',
  'Which instant of a billing key a range of time is about.',
  ['REQUESTED_AT', 'ISSUED_AT', 'DELETED_AT', 'STATUS_TIMESTAMP'],
)
export type BillingKeyTimeRangeField = Static<typeof BillingKeyTimeRangeField>

export const BillingKeyFilterInput = object(
  'BillingKeyFilterInput',
  'Which billing keys to return. A key must meet every condition given.',
  {
    storeId: optional(string('Only this store. Defaults to all stores the credential reaches.')),
    timeRangeField: optional(described(BillingKeyTimeRangeField, 'Which instant `from` and `until` are about.')),
    from: optional(dateTime(`The earliest instant, inclusive. ${usualFrom}`)),
    until: optional(dateTime(`The latest instant, inclusive. ${usualUntil}`)),
    status: optional(array(BillingKeyStatus, 'Any of these statuses.')),
    channelGroupIds: optional(array(string(), 'Issued through any of these channel groups.')),
    customerId: optional(string("Only keys of the buyer with this id of the merchant's.")),
    platformType: optional(PaymentClientType),
    textSearch: optional(BillingKeyTextSearch),
    pgProviders: optional(array(PgProvider, 'Any of these payment gateways.')),
    pgCompanies: optional(array(PgCompany, 'Any of these payment gateway companies.')),
    methods: optional(array(BillingKeyPaymentMethodType, 'Any of these payment methods.')),
    version: optional(PortOneVersion),
  },
)
export type BillingKeyFilterInput = Static<typeof BillingKeyFilterInput>

export const BillingKeySortBy = enumeration('BillingKeySortBy', 'What billing keys are sorted by.', [
  'REQUESTED_AT',
  'ISSUED_AT',
  'DELETED_AT',
  'STATUS_TIMESTAMP',
])
export type BillingKeySortBy = Static<typeof BillingKeySortBy>

export const BillingKeySortInput = object(
  'BillingKeySortInput',
  'How to sort billing keys. Defaults to the latest requested first.',
  {
    by: optional(BillingKeySortBy),
    order: optional(SortOrder),
  },
)
export type BillingKeySortInput = Static<typeof BillingKeySortInput>

export const GetBillingKeyInfosBody = object('GetBillingKeyInfosBody', 'Which billing keys to return.', {
  page: optional(PageInput),
  sort: optional(BillingKeySortInput),
  filter: optional(BillingKeyFilterInput),
})
export type GetBillingKeyInfosBody = Static<typeof GetBillingKeyInfosBody>

export const GetBillingKeyInfosResponse = object('GetBillingKeyInfosResponse', 'A page of billing keys.', {
  items: array(BillingKeyInfo, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetBillingKeyInfosResponse = Static<typeof GetBillingKeyInfosResponse>
