import {
  date,
  described,
  discriminated,
  enumeration,
  notBlank,
  businessRegistrationNumber as numberOfBusiness,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'

export const PlatformPartnerTypeName = enumeration(
  'PlatformPartnerTypeName',
  'A registered business, an individual subject to 3.3 % withholding tax, or an individual without withholding.',
  ['BUSINESS', 'WHT_PAYER', 'NON_WHT_PAYER'],
)
export type PlatformPartnerTypeName = Static<typeof PlatformPartnerTypeName>

export const PlatformPartnerTaxationType = enumeration(
  'PlatformPartnerTaxationType',
  'How a business is taxed: ordinary VAT, simplified VAT with or without tax invoices, or exempt.',
  ['NORMAL', 'SIMPLE_TAX_INVOICE_ISSUER', 'SIMPLE', 'TAX_FREE'],
)
export type PlatformPartnerTaxationType = Static<typeof PlatformPartnerTaxationType>

export const PlatformPartnerBusinessStatus = enumeration(
  'PlatformPartnerBusinessStatus',
  'What came of looking the business up in the register.',
  ['NOT_VERIFIED', 'VERIFY_ERROR', 'NOT_FOUND', 'IN_BUSINESS', 'CLOSED', 'SUSPENDED'],
)
export type PlatformPartnerBusinessStatus = Static<typeof PlatformPartnerBusinessStatus>

export const PlatformPartnerMemberCompanyConnectionStatus = enumeration(
  'PlatformPartnerMemberCompanyConnectionStatus',
  'How far the connection of a partner to the tax invoice network has come.',
  ['NOT_CONNECTED', 'CONNECT_PENDING', 'CONNECTED', 'CONNECT_FAILED', 'DISCONNECT_PENDING'],
)
export type PlatformPartnerMemberCompanyConnectionStatus = Static<typeof PlatformPartnerMemberCompanyConnectionStatus>

const companyName = string('The name of the company.')
const businessRegistrationNumber = string('The business registration number.')
/** Of a new partner: the tax office is asked about it. */
const registered = numberOfBusiness('The business registration number.')
const representativeName = string('The representative of the company.')
const namesInput = {
  companyName: notBlank('The name of the company.'),
  representativeName: notBlank('The representative of the company.'),
}
const companyDetails = {
  companyAddress: optional(string('The address of the company.')),
  businessType: optional(string('The type of business, as registered.')),
  businessClass: optional(string('The class of business, as registered.')),
}
const individual = { birthdate: optional(date('The date of birth.')) }

export const PlatformPartnerTypeBusiness = object('PlatformPartnerTypeBusiness', 'The partner is a business.', {
  type: tag('BUSINESS'),
  companyName,
  taxationType: PlatformPartnerTaxationType,
  businessStatus: PlatformPartnerBusinessStatus,
  businessRegistrationNumber,
  representativeName,
  ...companyDetails,
  memberCompanyConnectionStatus: PlatformPartnerMemberCompanyConnectionStatus,
  memberCompanyConnectionFailedReason: optional(string('Why connecting failed.')),
})
export type PlatformPartnerTypeBusiness = Static<typeof PlatformPartnerTypeBusiness>

export const PlatformPartnerTypeWhtPayer = object(
  'PlatformPartnerTypeWhtPayer',
  'The partner is an individual from whose payouts tax is withheld.',
  { type: tag('WHT_PAYER'), ...individual },
)
export type PlatformPartnerTypeWhtPayer = Static<typeof PlatformPartnerTypeWhtPayer>

export const PlatformPartnerTypeNonWhtPayer = object(
  'PlatformPartnerTypeNonWhtPayer',
  'The partner is an individual from whose payouts no tax is withheld.',
  { type: tag('NON_WHT_PAYER'), ...individual },
)
export type PlatformPartnerTypeNonWhtPayer = Static<typeof PlatformPartnerTypeNonWhtPayer>

export const PlatformPartnerType = discriminated('PlatformPartnerType', 'What kind of partner it is.', 'type', {
  BUSINESS: PlatformPartnerTypeBusiness,
  WHT_PAYER: PlatformPartnerTypeWhtPayer,
  NON_WHT_PAYER: PlatformPartnerTypeNonWhtPayer,
})
export type PlatformPartnerType = Static<typeof PlatformPartnerType>

const companyVerificationId = optional(
  string('The id that looking the company up returned. Takes the place of a new look-up; can be used once.'),
)

export const CreatePlatformPartnerBodyTypeBusiness = object(
  'CreatePlatformPartnerBodyTypeBusiness',
  'The partner is a business.',
  {
    companyName: namesInput.companyName,
    taxationType: optional(described(PlatformPartnerTaxationType, 'Defaults to `NORMAL`.')),
    businessRegistrationNumber: registered,
    representativeName: namesInput.representativeName,
    ...companyDetails,
    companyVerificationId,
  },
)
export type CreatePlatformPartnerBodyTypeBusiness = Static<typeof CreatePlatformPartnerBodyTypeBusiness>

export const CreatePlatformPartnerBodyTypeWhtPayer = object(
  'CreatePlatformPartnerBodyTypeWhtPayer',
  'The partner is an individual from whose payouts tax is withheld.',
  individual,
)
export type CreatePlatformPartnerBodyTypeWhtPayer = Static<typeof CreatePlatformPartnerBodyTypeWhtPayer>

export const CreatePlatformPartnerBodyTypeNonWhtPayer = object(
  'CreatePlatformPartnerBodyTypeNonWhtPayer',
  'The partner is an individual from whose payouts no tax is withheld.',
  individual,
)
export type CreatePlatformPartnerBodyTypeNonWhtPayer = Static<typeof CreatePlatformPartnerBodyTypeNonWhtPayer>

export const CreatePlatformPartnerBodyType = object(
  'CreatePlatformPartnerBodyType',
  'What kind of partner it is. Exactly one field must be given.',
  {
    business: optional(CreatePlatformPartnerBodyTypeBusiness),
    whtPayer: optional(CreatePlatformPartnerBodyTypeWhtPayer),
    nonWhtPayer: optional(CreatePlatformPartnerBodyTypeNonWhtPayer),
  },
)
export type CreatePlatformPartnerBodyType = Static<typeof CreatePlatformPartnerBodyType>

export const UpdatePlatformPartnerBodyTypeBusiness = object(
  'UpdatePlatformPartnerBodyTypeBusiness',
  'What to change of a business. Fields that are absent stay as they are.',
  {
    companyName: optional(namesInput.companyName),
    taxationType: optional(PlatformPartnerTaxationType),
    businessRegistrationNumber: optional(registered),
    representativeName: optional(namesInput.representativeName),
    ...companyDetails,
    companyVerificationId,
  },
)
export type UpdatePlatformPartnerBodyTypeBusiness = Static<typeof UpdatePlatformPartnerBodyTypeBusiness>

export const UpdatePlatformPartnerBodyTypeWhtPayer = object(
  'UpdatePlatformPartnerBodyTypeWhtPayer',
  'What to change of an individual from whose payouts tax is withheld.',
  individual,
)
export type UpdatePlatformPartnerBodyTypeWhtPayer = Static<typeof UpdatePlatformPartnerBodyTypeWhtPayer>

export const UpdatePlatformPartnerBodyTypeNonWhtPayer = object(
  'UpdatePlatformPartnerBodyTypeNonWhtPayer',
  'What to change of an individual from whose payouts no tax is withheld.',
  individual,
)
export type UpdatePlatformPartnerBodyTypeNonWhtPayer = Static<typeof UpdatePlatformPartnerBodyTypeNonWhtPayer>

const typeUpdate = {
  business: optional(UpdatePlatformPartnerBodyTypeBusiness),
  whtPayer: optional(UpdatePlatformPartnerBodyTypeWhtPayer),
  nonWhtPayer: optional(UpdatePlatformPartnerBodyTypeNonWhtPayer),
}

export const UpdatePlatformPartnerBodyType = object(
  'UpdatePlatformPartnerBodyType',
  'What kind of partner it is. Exactly one field must be given; another one than before changes the type of the partner.',
  typeUpdate,
)
export type UpdatePlatformPartnerBodyType = Static<typeof UpdatePlatformPartnerBodyType>

export const SchedulePlatformPartnersBodyUpdateType = object(
  'SchedulePlatformPartnersBodyUpdateType',
  'What to change of partners of one type. Exactly one field must be given; the type itself cannot be changed.',
  typeUpdate,
)
export type SchedulePlatformPartnersBodyUpdateType = Static<typeof SchedulePlatformPartnersBodyUpdateType>
