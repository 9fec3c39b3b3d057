import { array, object, optional, type Static, string } from '../../schema.ts'

export const GetB2bBusinessInfosBody = object('GetB2bBusinessInfosBody', 'Which businesses to look up.', {
  brnList: array(
    string('A business registration number, with or without hyphens.'),
    'The business registration numbers, at most 100.',
  ),
})
export type GetB2bBusinessInfosBody = Static<typeof GetB2bBusinessInfosBody>

export const B2bBusinessInfo = object('B2bBusinessInfo', 'What the register says of a business.', {
  brn: string('The business registration number.'),
  name: string('The name of the business.'),
  ceoName: string('Its representative.'),
  zipCode: string('The postal code.'),
  address: string('The address.'),
  businessEntityType: string('Whether it is a corporation or a sole proprietor.'),
  businessStatus: string('Whether it is in business.'),
  taxationType: string('How it is taxed.'),
  simplifiedTaxationTypeDate: optional(string('When it changed between simplified and ordinary VAT.')),
  closingDate: optional(string('When it was closed.')),
  openingDate: string('When it was opened.'),
  businessType: string('The kind of business.'),
  businessClass: string('The line of business.'),
  businessCategoryCode: string('The code of the line of business.'),
  corpRegNo: optional(string('The registration number of the corporation.')),
  phoneNumber: optional(string('The phone number.')),
  taxOfficeCode: optional(string('The code of the tax office in charge.')),
  taxOfficeName: optional(string('The name of the tax office in charge.')),
})
export type B2bBusinessInfo = Static<typeof B2bBusinessInfo>

export const B2bBusinessInfoResult = object('B2bBusinessInfoResult', 'What looking one business up came to.', {
  brn: string('The business registration number, as it was asked for.'),
  businessInfo: optional(B2bBusinessInfo),
  error: optional(string('Why the business was not found.')),
  verificationId: optional(string('Set where a counterparty can be created from this look-up.')),
})
export type B2bBusinessInfoResult = Static<typeof B2bBusinessInfoResult>

export const GetB2bBusinessInfosResponse = object(
  'GetB2bBusinessInfosResponse',
  'The businesses, in the order asked.',
  {
    result: array(B2bBusinessInfoResult, 'One result for each number.'),
  },
)
export type GetB2bBusinessInfosResponse = Static<typeof GetB2bBusinessInfosResponse>
