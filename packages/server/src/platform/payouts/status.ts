import type { PlatformPartnerSettlementStatus, PlatformPayoutStatus } from '@naru/contract'

/** What can happen to a payout: from which statuses, and to which. PortOne documents them for its console. */
export const payoutMoves = {
  /** Ordered: it waits for the bank. */
  execute: { from: ['CONFIRMED'], to: 'PREPARED' },
  schedule: { from: ['CONFIRMED'], to: 'SCHEDULED' },
  reschedule: { from: ['SCHEDULED'], to: 'SCHEDULED' },
  cancelSchedule: { from: ['SCHEDULED'], to: 'CONFIRMED' },
  /** About to be told to the bank. One that is scheduled goes there when its time has come. */
  send: { from: ['PREPARED', 'SCHEDULED'], to: 'PROCESSING' },
  /** The bank is not told after all: the partner is no longer approved, or has another account. */
  refuse: { from: ['PREPARED', 'SCHEDULED'], to: 'FAILED' },
  stop: { from: ['PREPARED'], to: 'STOPPED' },
  succeed: { from: ['PROCESSING'], to: 'SUCCEEDED' },
  fail: { from: ['PROCESSING'], to: 'FAILED' },
  retry: { from: ['FAILED', 'STOPPED'], to: 'PREPARED' },
  cancel: { from: ['CONFIRMED', 'FAILED', 'STOPPED'], to: 'CANCELLED' },
} as const satisfies Readonly<Record<string, PayoutMove>>

export type PayoutMove = { readonly from: readonly PlatformPayoutStatus[]; readonly to: PlatformPayoutStatus }

export type PayoutMoveName = keyof typeof payoutMoves

/** What a payout's partner settlements are while it is this. */
export const settlementStatuses = {
  CONFIRMED: 'CONFIRMED',
  SCHEDULED: 'PAYOUT_SCHEDULED',
  PREPARED: 'IN_PAYOUT',
  PROCESSING: 'IN_PAYOUT',
  STOPPED: 'IN_PAYOUT',
  SUCCEEDED: 'PAID_OUT',
  FAILED: 'PAYOUT_FAILED',
  CANCELLED: 'CANCELLED',
} as const satisfies Readonly<Record<PlatformPayoutStatus, PlatformPartnerSettlementStatus>>

/** Not ordered, and yet to be: for the first time, or again. What such a payout pays is still in the account. */
export const orderableStatuses: readonly PlatformPayoutStatus[] = [
  ...payoutMoves.execute.from,
  ...payoutMoves.retry.from,
]

/** Under way: scheduled, queued or at the bank. */
export const activeStatuses = ['SCHEDULED', 'PREPARED', 'PROCESSING'] as const satisfies readonly PlatformPayoutStatus[]

/** Over, until somebody retries or pays again. */
export const endedStatuses = [
  'SUCCEEDED',
  'FAILED',
  'STOPPED',
  'CANCELLED',
] as const satisfies readonly PlatformPayoutStatus[]

/** Settlements that a payout may take up: open ones, and those whose payout failed or was cancelled. */
export const payableStatuses = [
  'PAYOUT_PREPARED',
  'PAYOUT_FAILED',
  'CANCELLED',
] as const satisfies readonly PlatformPartnerSettlementStatus[]

/** Settlements that are in no payout which exists, and are not left out for good: a payout will have to pay them. */
export const unpaidStatuses = [
  'PAYOUT_PREPARED',
  'PAYOUT_WITHHELD',
  'CANCELLED',
] as const satisfies readonly PlatformPartnerSettlementStatus[]
