import type { Handlers } from '../http/handler.ts'

/** Additional fees, and the split of discounts. */
export const platformPolicyOperations = {
  getPlatformAdditionalFeePolicies: 'not-built',
  createPlatformAdditionalFeePolicy: 'not-built',
  getPlatformAdditionalFeePolicy: 'not-built',
  updatePlatformAdditionalFeePolicy: 'not-built',
  archivePlatformAdditionalFeePolicy: 'not-built',
  recoverPlatformAdditionalFeePolicy: 'not-built',
  getPlatformAdditionalFeePolicySchedule: 'not-built',
  scheduleAdditionalFeePolicy: 'not-built',
  rescheduleAdditionalFeePolicy: 'not-built',
  cancelPlatformAdditionalFeePolicySchedule: 'not-built',
  getPlatformDiscountSharePolicies: 'not-built',
  createPlatformDiscountSharePolicy: 'not-built',
  getPlatformDiscountSharePolicy: 'not-built',
  updatePlatformDiscountSharePolicy: 'not-built',
  archivePlatformDiscountSharePolicy: 'not-built',
  recoverPlatformDiscountSharePolicy: 'not-built',
  getPlatformDiscountSharePolicySchedule: 'not-built',
  scheduleDiscountSharePolicy: 'not-built',
  rescheduleDiscountSharePolicy: 'not-built',
  cancelPlatformDiscountSharePolicySchedule: 'not-built',
  getPlatformDiscountSharePolicyFilterOptions: 'not-built',
} satisfies Partial<Handlers>
