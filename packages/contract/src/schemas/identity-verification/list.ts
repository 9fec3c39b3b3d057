import {
  array,
  boolean,
  dateTime,
  described,
  enumeration,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { Gender } from '../common/customer.ts'
import { PageInfo, PageInput, SortOrder, usualFrom, usualUntil } from '../common/list.ts'
import { PgCompany } from '../common/pg-company.ts'
import { PgProvider } from '../common/pg-provider.ts'
import { PortOneVersion } from '../common/version.ts'
import { IdentityVerification } from './identity-verification.ts'

export const IdentityVerificationFilterCustomerInput = object(
  'IdentityVerificationFilterCustomerInput',
  'Whom the verification is about.',
  {
    name: optional(string('The name.')),
    birthYear: optional(string('The year of birth, four digits.')),
    birthMonth: optional(string('The month of birth, 1 to 12.')),
    birthDay: optional(string('The day of birth, 1 to 31.')),
    phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
    gender: optional(Gender),
  },
)
export type IdentityVerificationFilterCustomerInput = Static<typeof IdentityVerificationFilterCustomerInput>

export const IdentityVerificationStatus = enumeration(
  'IdentityVerificationStatus',
  'The status of an identity verification, to filter by.',
  ['READY', 'VERIFIED', 'FAILED'],
)
export type IdentityVerificationStatus = Static<typeof IdentityVerificationStatus>

export const IdentityVerificationTimeRangeField = enumeration(
  'IdentityVerificationTimeRangeField',
  'Which instant of an identity verification a range of time is about.',
  ['REQUESTED_AT', 'VERIFIED_AT', 'FAILED_AT', 'STATUS_UPDATED_AT'],
)
export type IdentityVerificationTimeRangeField = Static<typeof IdentityVerificationTimeRangeField>

export const Carrier = enumeration('Carrier', 'A mobile carrier, to filter by.', [
  'SKT',
  'KT',
  'LGU',
  'SKT_MVNO',
  'KT_MVNO',
  'LGU_MVNO',
])
export type Carrier = Static<typeof Carrier>

export const IdentityVerificationFilterInput = object(
  'IdentityVerificationFilterInput',
  'Which identity verifications to return. A verification must meet every condition given.',
  {
    storeId: optional(string('Only this store. Defaults to all stores the credential reaches.')),
    timeRangeField: optional(
      described(
        IdentityVerificationTimeRangeField,
        'Which instant `from` and `until` are about. Defaults to `REQUESTED_AT`.',
      ),
    ),
    from: optional(dateTime(`The earliest instant, inclusive. ${usualFrom}`)),
    until: optional(dateTime(`The latest instant, inclusive. ${usualUntil}`)),
    identityVerificationId: optional(string('Only the identity verification of this id.')),
    identityVerificationTxId: optional(string('Only the identity verification with this attempt.')),
    isTest: optional(boolean('True for verifications through test channels, false for live ones.')),
    statuses: optional(array(IdentityVerificationStatus, 'Any of these statuses.')),
    pgTxId: optional(string("The payment gateway's own id of the transaction.")),
    pgMerchantId: optional(string("The merchant's id at the payment gateway.")),
    pgProviders: optional(array(PgProvider, 'Any of these payment gateways.')),
    pgCompanies: optional(array(PgCompany, 'Any of these payment gateway companies.')),
    carriers: optional(array(Carrier, 'Any of these mobile carriers.')),
    version: optional(PortOneVersion),
    customer: optional(IdentityVerificationFilterCustomerInput),
  },
)
export type IdentityVerificationFilterInput = Static<typeof IdentityVerificationFilterInput>

export const IdentityVerificationSortBy = enumeration(
  'IdentityVerificationSortBy',
  'What identity verifications are sorted by.',
  ['REQUESTED_AT', 'VERIFIED_AT', 'FAILED_AT', 'STATUS_UPDATED_AT'],
)
export type IdentityVerificationSortBy = Static<typeof IdentityVerificationSortBy>

export const IdentityVerificationSortInput = object(
  'IdentityVerificationSortInput',
  'How to sort identity verifications. Defaults to the latest requested first.',
  {
    by: optional(IdentityVerificationSortBy),
    order: optional(SortOrder),
  },
)
export type IdentityVerificationSortInput = Static<typeof IdentityVerificationSortInput>

export const GetIdentityVerificationsBody = object(
  'GetIdentityVerificationsBody',
  'Which identity verifications to return.',
  {
    page: optional(PageInput),
    sort: optional(IdentityVerificationSortInput),
    filter: optional(IdentityVerificationFilterInput),
  },
)
export type GetIdentityVerificationsBody = Static<typeof GetIdentityVerificationsBody>

export const GetIdentityVerificationsResponse = object(
  'GetIdentityVerificationsResponse',
  'A page of identity verifications.',
  {
    items: array(IdentityVerification, 'The items found, possibly none.'),
    page: PageInfo,
  },
)
export type GetIdentityVerificationsResponse = Static<typeof GetIdentityVerificationsResponse>
