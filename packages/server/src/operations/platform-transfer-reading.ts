import type { Handlers } from '../http/handler.ts'

/** Reading transfers. */
export const platformTransferReadingOperations = {
  getPlatformTransfer: 'not-built',
  getPlatformTransferSummaries: 'not-built',
  downloadPlatformTransferSheet: 'not-built',
} satisfies Partial<Handlers>
