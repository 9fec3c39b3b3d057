import type { Handlers } from '../http/handler.ts'

/** Asking banks and the register of companies. */
export const platformLookUpOperations = {
  getPlatformAccountHolder: 'not-built',
  getPlatformCompanyState: 'not-built',
} satisfies Partial<Handlers>
