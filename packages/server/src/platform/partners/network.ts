import type { Store } from '../../merchants/store.ts'

/** The network through which partners issue tax invoices at the merchant's request. */
export type TaxInvoiceNetwork = {
  /** Whether it takes requests about these companies at the moment. */
  isReachable(businessRegistrationNumbers: readonly string[]): Promise<boolean>
  /** Makes the connection that was asked for; asking again changes nothing. */
  connect(businessRegistrationNumber: string): Promise<{ readonly failedReason?: string }>
}

/** A company that the sandbox's network refuses, and one for which it cannot be reached. Both numbers are valid. */
export const sandboxRefusedCompany = '1010000109'
export const sandboxUnreachableCompany = '1010000114'

const sandboxNetwork: TaxInvoiceNetwork = {
  isReachable: async (numbers) => !numbers.includes(sandboxUnreachableCompany),
  connect: async (number) =>
    number === sandboxRefusedCompany ? { failedReason: 'The company has no certificate for tax invoices.' } : {},
}

const noNetwork: TaxInvoiceNetwork = {
  isReachable: async () => false,
  connect: async () => ({ failedReason: 'No tax invoice network is configured for live platforms.' }),
}

/** Test platforms and sandbox stores have the sandbox's; Naru has none for live ones yet. */
export const networkFor = (store: Store, isForTest: boolean): TaxInvoiceNetwork =>
  isForTest || store.mode === 'SANDBOX' ? sandboxNetwork : noNetwork
