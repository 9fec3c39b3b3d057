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
import { additionalFeePolicyChange, additionalFeePolicyContent } from '../platform/policies/input.ts'
import { additionalFeePolicySearch } from '../platform/policies/search.ts'
import { additionalFeePolicyView } from '../platform/policies/view.ts'
import { onPlatform } from './on-platform.ts'

type AdditionalFeePolicyOperationId =
  | Extract<keyof Handlers, `${string}PlatformAdditionalFeePolicy${string}`>
  | 'getPlatformAdditionalFeePolicies'
  | 'scheduleAdditionalFeePolicy'
  | 'rescheduleAdditionalFeePolicy'

const view = <R extends Refusal>({ platform }: PlatformRequest, policy: Snapshot<'ADDITIONAL_FEE_POLICY'> | R) =>
  policy instanceof Refusal ? policy : additionalFeePolicyView(platform, policy)

const wrapped = <R extends Refusal>(request: PlatformRequest, policy: Snapshot<'ADDITIONAL_FEE_POLICY'> | R) =>
  policy instanceof Refusal ? policy : { additionalFeePolicy: additionalFeePolicyView(request.platform, policy) }

const scheduled = <R extends Refusal>(request: PlatformRequest, policy: Snapshot<'ADDITIONAL_FEE_POLICY'> | R) =>
  policy instanceof Refusal
    ? policy
    : { scheduledAdditionalFeePolicy: additionalFeePolicyView(request.platform, policy) }

/** Policies of fees on top of the platform fee. */
export const platformAdditionalFeePolicyOperations = (
  parts: PlatformParts,
): Pick<Handlers, AdditionalFeePolicyOperationId> => ({
  getPlatformAdditionalFeePolicies: onPlatform(parts, ({ platform }, { body }) =>
    listEntities(
      parts.sql,
      platform,
      'ADDITIONAL_FEE_POLICY',
      body,
      additionalFeePolicySearch(parts.sql, body?.filter),
      additionalFeePolicyView,
    ),
  ),
  createPlatformAdditionalFeePolicy: onPlatform(parts, async (request, { body }) => {
    const content = additionalFeePolicyContent(body)
    if (content instanceof Refusal) return content
    const policy = await create<'ADDITIONAL_FEE_POLICY', never>(
      parts.sql,
      request,
      'ADDITIONAL_FEE_POLICY',
      body.id,
      async () => plan(content),
    )
    return wrapped(request, policy)
  }),
  getPlatformAdditionalFeePolicy: onPlatform(parts, async (request, { path }) =>
    view(request, await read(parts.sql, request, 'ADDITIONAL_FEE_POLICY', path.id)),
  ),
  updatePlatformAdditionalFeePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = additionalFeePolicyChange(body)
    if (change instanceof Refusal) return change
    const policy = await update<'ADDITIONAL_FEE_POLICY', never>(
      parts.sql,
      request,
      'ADDITIONAL_FEE_POLICY',
      path.id,
      async () => plan(change),
    )
    return wrapped(request, policy)
  }),
  archivePlatformAdditionalFeePolicy: onPlatform(parts, async (request, { path }) => {
    const policy = await archive(parts.sql, request, 'ADDITIONAL_FEE_POLICY', path.id)
    return wrapped(request, policy)
  }),
  recoverPlatformAdditionalFeePolicy: onPlatform(parts, async (request, { path }) => {
    const policy = await recover(parts.sql, request, 'ADDITIONAL_FEE_POLICY', path.id)
    return wrapped(request, policy)
  }),
  getPlatformAdditionalFeePolicySchedule: onPlatform(parts, async (request, { path }) =>
    view(request, await readSchedule(parts.sql, request, 'ADDITIONAL_FEE_POLICY', path.id)),
  ),
  scheduleAdditionalFeePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = additionalFeePolicyChange(body.update)
    if (change instanceof Refusal) return change
    const planned = await schedule<'ADDITIONAL_FEE_POLICY', never>(
      parts.sql,
      request,
      'ADDITIONAL_FEE_POLICY',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  rescheduleAdditionalFeePolicy: onPlatform(parts, async (request, { path, body }) => {
    const change = additionalFeePolicyChange(body.update)
    if (change instanceof Refusal) return change
    const planned = await reschedule<'ADDITIONAL_FEE_POLICY', never>(
      parts.sql,
      request,
      'ADDITIONAL_FEE_POLICY',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  cancelPlatformAdditionalFeePolicySchedule: onPlatform(parts, (request, { path }) =>
    cancelSchedule(parts.sql, request, 'ADDITIONAL_FEE_POLICY', path.id),
  ),
})
