import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { additionalFeePolicyChange, additionalFeePolicyContent } from '../platform/policies/input.ts'
import { additionalFeePolicySearch } from '../platform/policies/search.ts'
import { additionalFeePolicyView } from '../platform/policies/view.ts'
import { managedEntities } from './managed-entities.ts'

type AdditionalFeePolicyOperationId =
  | Extract<keyof Handlers, `${string}PlatformAdditionalFeePolicy${string}`>
  | 'getPlatformAdditionalFeePolicies'
  | 'scheduleAdditionalFeePolicy'
  | 'rescheduleAdditionalFeePolicy'

/** Policies of fees on top of the platform fee. */
export const platformAdditionalFeePolicyOperations = (
  parts: PlatformParts,
): Pick<Handlers, AdditionalFeePolicyOperationId> => {
  const policies = managedEntities(parts, {
    kind: 'ADDITIONAL_FEE_POLICY',
    content: additionalFeePolicyContent,
    change: additionalFeePolicyChange,
    search: additionalFeePolicySearch,
    view: additionalFeePolicyView,
    wrapped: (additionalFeePolicy) => ({ additionalFeePolicy }),
    scheduled: (scheduledAdditionalFeePolicy) => ({ scheduledAdditionalFeePolicy }),
  })
  return {
    getPlatformAdditionalFeePolicies: policies.list,
    createPlatformAdditionalFeePolicy: policies.create,
    getPlatformAdditionalFeePolicy: policies.read,
    updatePlatformAdditionalFeePolicy: policies.update,
    archivePlatformAdditionalFeePolicy: policies.archive,
    recoverPlatformAdditionalFeePolicy: policies.recover,
    getPlatformAdditionalFeePolicySchedule: policies.readSchedule,
    scheduleAdditionalFeePolicy: policies.schedule,
    rescheduleAdditionalFeePolicy: policies.reschedule,
    cancelPlatformAdditionalFeePolicySchedule: policies.cancelSchedule,
  }
}
