import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { discountSharePolicyFilterOptions } from '../platform/policies/filter-options.ts'
import { discountSharePolicyChange, discountSharePolicyContent } from '../platform/policies/input.ts'
import { discountSharePolicySearch } from '../platform/policies/search.ts'
import { discountSharePolicyView } from '../platform/policies/view.ts'
import { managedEntities } from './managed-entities.ts'
import { onPlatform } from './on-platform.ts'

type DiscountSharePolicyOperationId =
  | Extract<keyof Handlers, `${string}PlatformDiscountSharePolicy${string}`>
  | 'getPlatformDiscountSharePolicies'
  | 'scheduleDiscountSharePolicy'
  | 'rescheduleDiscountSharePolicy'

/** Policies of how discounts are split between merchant and partner. */
export const platformDiscountSharePolicyOperations = (
  parts: PlatformParts,
): Pick<Handlers, DiscountSharePolicyOperationId> => {
  const policies = managedEntities(parts, {
    kind: 'DISCOUNT_SHARE_POLICY',
    content: discountSharePolicyContent,
    change: discountSharePolicyChange,
    search: discountSharePolicySearch,
    view: discountSharePolicyView,
    wrapped: (discountSharePolicy) => ({ discountSharePolicy }),
    scheduled: (scheduledDiscountSharePolicy) => ({ scheduledDiscountSharePolicy }),
  })
  return {
    getPlatformDiscountSharePolicies: policies.list,
    createPlatformDiscountSharePolicy: policies.create,
    getPlatformDiscountSharePolicy: policies.read,
    updatePlatformDiscountSharePolicy: policies.update,
    archivePlatformDiscountSharePolicy: policies.archive,
    recoverPlatformDiscountSharePolicy: policies.recover,
    getPlatformDiscountSharePolicySchedule: policies.readSchedule,
    scheduleDiscountSharePolicy: policies.schedule,
    rescheduleDiscountSharePolicy: policies.reschedule,
    cancelPlatformDiscountSharePolicySchedule: policies.cancelSchedule,
    getPlatformDiscountSharePolicyFilterOptions: onPlatform(parts, ({ platform }, { query }) =>
      discountSharePolicyFilterOptions(parts.sql, platform, query.isArchived),
    ),
  }
}
