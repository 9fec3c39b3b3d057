import { operation } from '../operation.ts'
import {
  ArchivePlatformPartnerResponse,
  CreatePlatformPartnerBody,
  CreatePlatformPartnerResponse,
  CreatePlatformPartnersBody,
  CreatePlatformPartnersResponse,
  PlatformPartner,
  RecoverPlatformPartnerResponse,
  UpdatePlatformPartnerBody,
  UpdatePlatformPartnerResponse,
} from '../schemas/platform/partner.ts'
import {
  GetPlatformPartnersBody,
  GetPlatformPartnersResponse,
  PlatformPartnerFilterOptions,
} from '../schemas/platform/partner-list.ts'
import { archivedQuery, platformAccess, platformPath, testQuery } from './platform-parameters.ts'

const common = { category: 'platform.partner', authenticated: true, queryParameters: testQuery } as const
const one = { ...common, pathParameters: platformPath('partner') } as const
const found = [...platformAccess, 'PLATFORM_PARTNER_NOT_FOUND'] as const

/** What the ids of earlier look-ups may be refused for. */
export const verificationErrors = [
  'PLATFORM_ACCOUNT_VERIFICATION_FAILED',
  'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND',
  'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED',
  'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED',
] as const

export const platformPartnerOperations = {
  getPlatformPartners: operation({
    ...common,
    method: 'GET',
    path: '/platform/partners',
    summary: 'List partners',
    description:
      'Returns the partners that match all conditions of the filter, latest first. Archived ones only if the filter says so.',
    body: GetPlatformPartnersBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformPartnersResponse,
    errors: platformAccess,
  }),
  createPlatformPartner: operation({
    ...common,
    method: 'POST',
    path: '/platform/partners',
    aliases: ['/platform/partners/'],
    summary: 'Create a partner',
    description:
      'Creates a partner, under an id of your own or a generated one. Looks up the holder of a KRW account and the registration of a business; what comes of it is in the answer and refuses nothing.',
    body: CreatePlatformPartnerBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: ['account'],
    success: CreatePlatformPartnerResponse,
    errors: [
      ...platformAccess,
      ...verificationErrors,
      'PLATFORM_CURRENCY_NOT_SUPPORTED',
      'PLATFORM_CONTRACT_NOT_FOUND',
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
      'PLATFORM_PARTNER_ID_ALREADY_EXISTS',
    ],
  }),
  createPlatformPartners: operation({
    ...common,
    method: 'POST',
    path: '/platform/partners/batch',
    summary: 'Create many partners',
    description: 'Creates all of the partners, or none.',
    body: CreatePlatformPartnersBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: ['account'],
    success: CreatePlatformPartnersResponse,
    isBulkWrite: true,
    errors: [
      ...platformAccess,
      'PLATFORM_CURRENCY_NOT_SUPPORTED',
      'PLATFORM_PARTNER_IDS_DUPLICATED',
      'PLATFORM_CONTRACTS_NOT_FOUND',
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
      'PLATFORM_PARTNER_IDS_ALREADY_EXISTS',
    ],
  }),
  getPlatformPartner: operation({
    ...one,
    method: 'GET',
    path: '/platform/partners/{id}',
    summary: 'Read a partner',
    description: 'Returns the partner as it is now, also when it is archived.',
    success: PlatformPartner,
    errors: found,
  }),
  updatePlatformPartner: operation({
    ...one,
    method: 'PATCH',
    path: '/platform/partners/{id}',
    summary: 'Change a partner',
    description: 'Changes what is given. Transfers that settle from an earlier day keep the partner as it was.',
    body: UpdatePlatformPartnerBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: ['account'],
    success: UpdatePlatformPartnerResponse,
    errors: [
      ...found,
      ...verificationErrors,
      'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE',
      'PLATFORM_CONTRACT_NOT_FOUND',
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
      'PLATFORM_ARCHIVED_PARTNER',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
      'PLATFORM_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
      'PLATFORM_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
    ],
  }),
  archivePlatformPartner: operation({
    ...one,
    method: 'POST',
    path: '/platform/partners/{id}/archive',
    summary: 'Archive a partner',
    description: 'Takes the partner out of use. It stays readable, and its id is never used again.',
    success: ArchivePlatformPartnerResponse,
    errors: [
      ...found,
      'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER',
      'PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS',
      'PLATFORM_PARTNER_PENDING_NTS_OPERATION',
    ],
  }),
  recoverPlatformPartner: operation({
    ...one,
    method: 'POST',
    path: '/platform/partners/{id}/recover',
    summary: 'Recover an archived partner',
    description: 'Puts the partner back into use.',
    success: RecoverPlatformPartnerResponse,
    errors: [...found, 'PLATFORM_PARTNER_PENDING_NTS_OPERATION'],
  }),
  getPlatformPartnerFilterOptions: operation({
    ...common,
    method: 'GET',
    path: '/platform/partner-filter-options',
    summary: 'List what partners can be filtered by',
    description: 'Returns the tags and default contracts that occur.',
    queryParameters: archivedQuery,
    success: PlatformPartnerFilterOptions,
    errors: platformAccess,
    unstable: true,
  }),
}
