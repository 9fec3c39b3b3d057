import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Snapshot } from '../platform/entities/entity.ts'
import {
  archive,
  cancelSchedule,
  create,
  plan,
  read,
  readSchedule,
  recover,
  reschedule,
  schedule,
  update,
} from '../platform/entities/lifecycle.ts'
import { listEntities } from '../platform/entities/list.ts'
import type { PlatformParts } from '../platform/module.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { discountSharePolicyFilterOptions } from '../platform/policies/filter-options.ts'
import { discountSharePolicyChange, discountSharePolicyContent } from '../platform/policies/input.ts'
import { discountSharePolicySearch } from '../platform/policies/search.ts'
import { discountSharePolicyView } from '../platform/policies/view.ts'
import { onPlatform } from './on-platform.ts'

type DiscountSharePolicyOperationId =
  | Extract<keyof Handlers, `${string}PlatformDiscountSharePolicy${string}`>
  | 'getPlatformDiscountSharePolicies'
  | 'scheduleDiscountSharePolicy'
  | 'rescheduleDiscountSharePolicy'

const view = <R extends Refusal>({ platform }: PlatformRequest, policy: Snapshot<'DISCOUNT_SHARE_POLICY'> | R) =>
  policy instanceof Refusal ? policy : discountSharePolicyView(platform, policy)

const wrapped = <R extends Refusal>(request: PlatformRequest, policy: Snapshot<'DISCOUNT_SHARE_POLICY'> | R) =>
  policy instanceof Refusal ? policy : { discountSharePolicy: discountSharePolicyView(request.platform, policy) }

const scheduled = <R extends Refusal>(request: PlatformRequest, policy: Snapshot<'DISCOUNT_SHARE_POLICY'> | R) =>
  policy instanceof Refusal
    ? policy
    : { scheduledDiscountSharePolicy: discountSharePolicyView(request.platform, policy) }

/** Policies of how discounts are split between merchant and partner. */
export const platformDiscountSharePolicyOperations = (
  parts: PlatformParts,
): Pick<Handlers, DiscountSharePolicyOperationId> => ({
  getPlatformDiscountSharePolicies: onPlatform(parts, ({ platform }, { body }) =>
    listEntities(
      parts.sql,
      platform,
      'DISCOUNT_SHARE_POLICY',
      body,
      discountSharePolicySearch(parts.sql, body?.filter),
      discountSharePolicyView,
    ),
  ),
  createPlatformDiscountSharePolicy: onPlatform(parts, async (request, { body }) => {
    const content = discountSharePolicyContent(body)
    const policy = await create<'DISCOUNT_SHARE_POLICY', never>(
      parts.sql,
      request,
      'DISCOUNT_SHARE_POLICY',
      body.id,
      async () => plan(content),
    )
    return wrapped(request, policy)
  }),
  getPlatformDiscountSharePolicy: onPlatform(parts, async (request, { path }) =>
    view(request, await read(parts.sql, request, 'DISCOUNT_SHARE_POLICY', path.id)),
  ),
  updatePlatformDiscountSharePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = discountSharePolicyChange(body)
    const policy = await update<'DISCOUNT_SHARE_POLICY', never>(
      parts.sql,
      request,
      'DISCOUNT_SHARE_POLICY',
      path.id,
      async () => plan(change),
    )
    return wrapped(request, policy)
  }),
  archivePlatformDiscountSharePolicy: onPlatform(parts, async (request, { path }) => {
    const policy = await archive(parts.sql, request, 'DISCOUNT_SHARE_POLICY', path.id)
    return wrapped(request, policy)
  }),
  recoverPlatformDiscountSharePolicy: onPlatform(parts, async (request, { path }) => {
    const policy = await recover(parts.sql, request, 'DISCOUNT_SHARE_POLICY', path.id)
    return wrapped(request, policy)
  }),
  getPlatformDiscountSharePolicySchedule: onPlatform(parts, async (request, { path }) =>
    view(request, await readSchedule(parts.sql, request, 'DISCOUNT_SHARE_POLICY', path.id)),
  ),
  scheduleDiscountSharePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = discountSharePolicyChange(body.update)
    const planned = await schedule<'DISCOUNT_SHARE_POLICY', never>(
      parts.sql,
      request,
      'DISCOUNT_SHARE_POLICY',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  rescheduleDiscountSharePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = discountSharePolicyChange(body.update)
    const planned = await reschedule<'DISCOUNT_SHARE_POLICY', never>(
      parts.sql,
      request,
      'DISCOUNT_SHARE_POLICY',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  getPlatformDiscountSharePolicyFilterOptions: onPlatform(parts, ({ platform }, { query }) =>
    discountSharePolicyFilterOptions(parts.sql, platform, query.isArchived),
  ),
  cancelPlatformDiscountSharePolicySchedule: onPlatform(parts, (request, { path }) =>
    cancelSchedule(parts.sql, request, 'DISCOUNT_SHARE_POLICY', path.id),
  ),
})
