import { array, described, object, optional, type Static, string } from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { isArchivedFilter } from './lifecycle.ts'
import { PlatformPartner } from './partner.ts'
import { PlatformAccountStatus } from './partner-account.ts'
import {
  PlatformPartnerBusinessStatus,
  PlatformPartnerMemberCompanyConnectionStatus,
  PlatformPartnerTaxationType,
  PlatformPartnerTypeName,
} from './partner-type.ts'

export const PlatformPartnerFilterInputKeyword = object(
  'PlatformPartnerFilterInputKeyword',
  'A text to find. At most one field may be given.',
  {
    id: optional(string('Part of the id.')),
    name: optional(string('Part of the name.')),
    email: optional(string('Part of the e-mail address.')),
    businessRegistrationNumber: optional(string('Part of the business registration number.')),
    defaultContractId: optional(string('Part of the id of the default contract.')),
    memo: optional(string('Part of the memo.')),
    accountNumber: optional(string('Part of the account number.')),
    accountHolder: optional(string('Part of the name of the account holder.')),
  },
)
export type PlatformPartnerFilterInputKeyword = Static<typeof PlatformPartnerFilterInputKeyword>

export const PlatformPartnerFilterInput = object(
  'PlatformPartnerFilterInput',
  'Which partners are meant. A partner must meet every condition given; an empty list is no condition.',
  {
    isArchived: optional(isArchivedFilter),
    tags: optional(array(string('A tag.'), 'Any of these tags.')),
    banks: optional(array(Bank, 'An account at any of these banks.')),
    accountCurrencies: optional(array(Currency, 'An account in any of these currencies.')),
    ids: optional(array(string('A partner.'), 'Any of these partners.')),
    contractIds: optional(array(string('A contract.'), 'Any of these default contracts.')),
    accountStatuses: optional(array(PlatformAccountStatus, 'Any of these statuses of the account.')),
    businessStatuses: optional(array(PlatformPartnerBusinessStatus, 'Any of these statuses of the business.')),
    types: optional(array(PlatformPartnerTypeName, 'Any of these types.')),
    taxationTypes: optional(array(PlatformPartnerTaxationType, 'Any of these taxation types.')),
    memberCompanyConnectionStatuses: optional(
      array(PlatformPartnerMemberCompanyConnectionStatus, 'Any of these statuses of the connection.'),
    ),
    keyword: optional(PlatformPartnerFilterInputKeyword),
  },
)
export type PlatformPartnerFilterInput = Static<typeof PlatformPartnerFilterInput>

export const GetPlatformPartnersBody = object('GetPlatformPartnersBody', 'Which partners to return.', {
  page: optional(PageInput),
  filter: optional(PlatformPartnerFilterInput),
})
export type GetPlatformPartnersBody = Static<typeof GetPlatformPartnersBody>

export const GetPlatformPartnersResponse = object('GetPlatformPartnersResponse', 'A page of partners.', {
  items: array(PlatformPartner, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetPlatformPartnersResponse = Static<typeof GetPlatformPartnersResponse>

export const PlatformPartnerContractSummary = object('PlatformPartnerContractSummary', 'A contract of partners.', {
  id: string("The contract's id."),
  name: string("The contract's name."),
})
export type PlatformPartnerContractSummary = Static<typeof PlatformPartnerContractSummary>

export const PlatformPartnerFilterOptions = object(
  'PlatformPartnerFilterOptions',
  'What partners can be filtered by.',
  {
    tags: array(string('A tag.'), 'The tags that occur, in alphabetical order.'),
    contractSummary: array(
      described(PlatformPartnerContractSummary, 'A default contract.'),
      'The default contracts that occur, by id.',
    ),
  },
)
export type PlatformPartnerFilterOptions = Static<typeof PlatformPartnerFilterOptions>
