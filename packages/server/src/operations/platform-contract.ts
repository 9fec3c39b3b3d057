import type { Handlers } from '../http/handler.ts'

/** Contracts with partners. */
export const platformContractOperations = {
  getPlatformContracts: 'not-built',
  createPlatformContract: 'not-built',
  getPlatformContract: 'not-built',
  updatePlatformContract: 'not-built',
  archivePlatformContract: 'not-built',
  recoverPlatformContract: 'not-built',
  getPlatformContractSchedule: 'not-built',
  scheduleContract: 'not-built',
  rescheduleContract: 'not-built',
  cancelPlatformContractSchedule: 'not-built',
} satisfies Partial<Handlers>
