import type { Handlers } from '../http/handler.ts'

/** Payouts, and the movements at the bank that carry them out. */
export const platformPayoutOperations = {
  getPlatformPayouts: 'not-built',
  getPlatformBulkPayouts: 'not-built',
  getPlatformAccountTransfers: 'not-built',
  getPlatformBulkAccountTransfers: 'not-built',
} satisfies Partial<Handlers>
