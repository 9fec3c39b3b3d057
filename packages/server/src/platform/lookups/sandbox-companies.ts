import type { PlatformCompanyState } from '@naru/contract'
import type { CompanyAnswer } from './company-answer.ts'
import { hasValidCheckDigit } from './registration-number.ts'

const inBusiness = { taxationType: 'NORMAL', businessStatus: 'IN_BUSINESS' } as const

/** Companies of the sandbox that are not simply in business, by their registration number; all of them are valid. */
export const sandboxCompanyStates = {
  '1010000017': { ...inBusiness, taxationType: 'SIMPLE' },
  '1010000021': { ...inBusiness, taxationType: 'SIMPLE_TAX_INVOICE_ISSUER', taxationTypeDate: '2024-07-01' },
  '1010000036': { ...inBusiness, taxationType: 'TAX_FREE' },
  '1010000040': { ...inBusiness, taxationType: 'ASSIGNED_ID_NUMBER' },
  '1010000055': { ...inBusiness, taxationType: 'SPECIAL' },
  '1010000069': { ...inBusiness, businessStatus: 'CLOSED', closedSuspendedDate: '2025-06-30' },
  '1010000074': { ...inBusiness, businessStatus: 'SUSPENDED', closedSuspendedDate: '2025-06-30' },
} as const satisfies Readonly<Record<string, PlatformCompanyState>>

/** Registered nowhere, though the number is valid. */
export const sandboxUnknownCompany = '1010000088'

/** Looking it up fails. */
export const sandboxFailingCompany = '1010000093'

export const sandboxCompanies = async (number: string): Promise<CompanyAnswer> => {
  if (number === sandboxFailingCompany) return { kind: 'unavailable', reason: 'The tax office does not answer.' }
  if (number === sandboxUnknownCompany || !hasValidCheckDigit(number)) return { kind: 'unknown' }
  return { kind: 'found', state: isListed(number) ? sandboxCompanyStates[number] : inBusiness }
}

const isListed = (number: string): number is keyof typeof sandboxCompanyStates =>
  Object.hasOwn(sandboxCompanyStates, number)
