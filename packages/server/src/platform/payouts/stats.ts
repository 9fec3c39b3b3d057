import type {
  PlatformAccountTransferStatus,
  PlatformAccountTransferStatusStats,
  PlatformPayoutStatus,
  PlatformPayoutStatusStats,
} from '@naru/contract'
import { settlementStatuses } from './status.ts'

/** A number for each status of payouts, under the names that the API has for them. */
export const payoutStats = (of: (status: PlatformPayoutStatus) => number): PlatformPayoutStatusStats => ({
  confirmed: of('CONFIRMED'),
  prepared: of('PREPARED'),
  cancelled: of('CANCELLED'),
  stopped: of('STOPPED'),
  processing: of('PROCESSING'),
  succeeded: of('SUCCEEDED'),
  failed: of('FAILED'),
  scheduled: of('SCHEDULED'),
})

/** A number for each status of movements at the bank. */
export const accountTransferStats = (
  of: (status: PlatformAccountTransferStatus) => number,
): PlatformAccountTransferStatusStats => ({
  prepared: of('PREPARED'),
  scheduled: of('SCHEDULED'),
  cancelled: of('CANCELLED'),
  stopped: of('STOPPED'),
  processing: of('PROCESSING'),
  asyncProcessing: of('ASYNC_PROCESSING'),
  succeeded: of('SUCCEEDED'),
  failed: of('FAILED'),
})

export const payoutStatuses = Object.keys(settlementStatuses)

export const accountTransferStatuses = [
  'PREPARED',
  'SCHEDULED',
  'CANCELLED',
  'STOPPED',
  'PROCESSING',
  'ASYNC_PROCESSING',
  'SUCCEEDED',
  'FAILED',
] as const satisfies readonly PlatformAccountTransferStatus[]
