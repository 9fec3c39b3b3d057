import { access, operation } from '../operation.ts'
import { described, object, string } from '../schema.ts'
import { Bank } from '../schemas/common/bank.ts'
import { GetB2bBusinessInfosBody, GetB2bBusinessInfosResponse } from '../schemas/platform/business-info.ts'
import { GetPlatformCompanyStatePayload, PlatformAccountHolder } from '../schemas/platform/look-up.ts'
import { accountHolderQuery, platformAccess, testQuery } from './platform-parameters.ts'

const accountPath = object('PlatformAccountPath', 'Which account is meant.', {
  bank: described(Bank, 'The code of the bank, as `GET /banks` has it.'),
  accountNumber: string('The account number, without hyphens.'),
})

const companyPath = object('PlatformCompanyPath', 'Which company is meant.', {
  businessRegistrationNumber: string('The business registration number, without hyphens.'),
})

/** Asking banks and the register of companies. */
export const platformLookUpOperations = {
  getPlatformAccountHolder: operation({
    category: 'platform.account',
    method: 'GET',
    path: '/platform/bank-accounts/{bank}/{accountNumber}/holder',
    summary: 'Look the holder of an account up',
    description:
      'Returns who holds the account, with an id that takes the place of a check when a partner gets the account.',
    authenticated: true,
    pathParameters: accountPath,
    queryParameters: accountHolderQuery,
    success: PlatformAccountHolder,
    errors: [
      ...platformAccess,
      'PLATFORM_NOT_SUPPORTED_BANK',
      'PLATFORM_EXTERNAL_API_FAILED',
      'PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED',
    ],
  }),
  getPlatformCompanyState: operation({
    category: 'platform.company',
    method: 'GET',
    path: '/platform/companies/{businessRegistrationNumber}/state',
    summary: 'Look a company up',
    description:
      'Returns whether the company is in business and how it is taxed, with an id that takes the place of a look-up when a partner gets the registration number.',
    authenticated: true,
    pathParameters: companyPath,
    queryParameters: testQuery,
    success: GetPlatformCompanyStatePayload,
    errors: [...platformAccess, 'PLATFORM_COMPANY_NOT_FOUND', 'PLATFORM_EXTERNAL_API_FAILED'],
  }),
  getB2bBusinessInfos: operation({
    category: 'platform.company',
    method: 'POST',
    path: '/b2b/companies/business-info',
    summary: 'Look businesses up',
    description:
      'Returns what the register says of each business. One that is not found has an error, and the others their results.',
    authenticated: true,
    queryParameters: testQuery,
    bodyIn: 'body',
    bodyRequired: true,
    body: GetB2bBusinessInfosBody,
    success: GetB2bBusinessInfosResponse,
    errors: [...access, 'B2B_NOT_ENABLED', 'B2B_EXTERNAL_SERVICE'],
  }),
}
