import { date, enumeration, object, optional, type Static, string } from '../../schema.ts'

export const PlatformAccountHolder = object('PlatformAccountHolder', 'Who holds a bank account.', {
  holderName: string('The account holder, as the bank has it.'),
  accountVerificationId: string('Pass it when a partner gets this account: it takes the place of a new check, once.'),
})
export type PlatformAccountHolder = Static<typeof PlatformAccountHolder>

export const PlatformTaxationType = enumeration(
  'PlatformTaxationType',
  'How a company is taxed: ordinary VAT, simplified VAT with or without tax invoices, exempt, a non-profit or public body, or a special case.',
  ['NORMAL', 'SIMPLE_TAX_INVOICE_ISSUER', 'SIMPLE', 'TAX_FREE', 'ASSIGNED_ID_NUMBER', 'SPECIAL'],
)
export type PlatformTaxationType = Static<typeof PlatformTaxationType>

export const PlatformBusinessStatus = enumeration('PlatformBusinessStatus', 'Whether a company is in business.', [
  'IN_BUSINESS',
  'CLOSED',
  'SUSPENDED',
])
export type PlatformBusinessStatus = Static<typeof PlatformBusinessStatus>

export const PlatformCompanyState = object('PlatformCompanyState', 'What the register says of a company.', {
  taxationType: PlatformTaxationType,
  taxationTypeDate: optional(date('Since when it is taxed like this.')),
  businessStatus: PlatformBusinessStatus,
  closedSuspendedDate: optional(date('Since when it is closed or suspended.')),
})
export type PlatformCompanyState = Static<typeof PlatformCompanyState>

export const GetPlatformCompanyStatePayload = object('GetPlatformCompanyStatePayload', 'What the register says.', {
  companyState: PlatformCompanyState,
  companyVerificationId: string(
    'Pass it when a partner gets this registration number: it takes the place of a new look-up, once.',
  ),
})
export type GetPlatformCompanyStatePayload = Static<typeof GetPlatformCompanyStatePayload>
