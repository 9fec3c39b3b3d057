import type { Handlers } from '../http/handler.ts'

/** Registering and deleting transfers. */
export const platformTransferOperations = {
  createPlatformOrderTransfer: 'not-built',
  createPlatformOrderCancelTransfer: 'not-built',
  createPlatformManualTransfer: 'not-built',
  deletePlatformTransfer: 'not-built',
} satisfies Partial<Handlers>
