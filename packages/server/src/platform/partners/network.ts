import type { PlatformCompanyState } from '@naru/contract'
import type { Store } from '../../merchants/store.ts'
import { withoutHyphens } from '../lookups/registration-number.ts'
import { sandboxCompanies, sandboxUnknownCompany } from '../lookups/sandbox-companies.ts'

/** The network through which partners issue tax invoices at the merchant's request. */
export type TaxInvoiceNetwork = {
  /** Whether it takes requests about these companies at the moment. */
  isReachable(businessRegistrationNumbers: readonly string[]): Promise<boolean>
  /** Makes the connection that was asked for; asking again changes nothing. */
  connect(businessRegistrationNumber: string): Promise<{ readonly failedReason?: string }>
}

/**
 * A company in business that the sandbox's network refuses, and one for which it cannot be reached. Both numbers are valid. Companies
 * that the register has as closed, as `SIMPLE` or not at all are refused as well.
 */
export const sandboxRefusedCompany = '1010000109'
export const sandboxUnreachableCompany = '1010000114'

const sandboxNetwork: TaxInvoiceNetwork = {
  isReachable: async (numbers) => !numbers.map(withoutHyphens).includes(sandboxUnreachableCompany),
  connect: async (given) => {
    const number = withoutHyphens(given)
    if (number === sandboxRefusedCompany) return { failedReason: 'The company has no certificate for tax invoices.' }
    if (number === sandboxUnknownCompany) return { failedReason: 'There is no company with this registration number.' }
    const company = await sandboxCompanies(number)
    return company.kind === 'found' ? admit(company.state) : {}
  },
}

/** By the register, whatever the partner says of itself. */
const admit = ({ businessStatus, taxationType }: PlatformCompanyState): { readonly failedReason?: string } => {
  if (businessStatus === 'CLOSED')
    return { failedReason: 'The company is closed, and issues no tax invoices any more.' }
  if (taxationType === 'SIMPLE')
    return { failedReason: 'The company is of the taxation type SIMPLE, and issues no tax invoices.' }
  return {}
}

const noNetwork: TaxInvoiceNetwork = {
  isReachable: async () => false,
  connect: async () => ({ failedReason: 'No tax invoice network is configured for live platforms.' }),
}

/** Test platforms and sandbox stores have the sandbox's; Naru has none for live ones yet. */
export const networkFor = (store: Store, isForTest: boolean): TaxInvoiceNetwork =>
  isForTest || store.mode === 'SANDBOX' ? sandboxNetwork : noNetwork
