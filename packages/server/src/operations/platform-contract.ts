import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import { contractChange, contractContent } from '../platform/contracts/input.ts'
import { contractSearch } from '../platform/contracts/search.ts'
import { contractView } from '../platform/contracts/view.ts'
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
import { onPlatform } from './on-platform.ts'

type ContractOperationId =
  | Extract<keyof Handlers, `${string}PlatformContract${string}`>
  | 'scheduleContract'
  | 'rescheduleContract'

const view = <R extends Refusal>({ platform }: PlatformRequest, contract: Snapshot<'CONTRACT'> | R) =>
  contract instanceof Refusal ? contract : contractView(platform, contract)

const wrapped = <R extends Refusal>(request: PlatformRequest, contract: Snapshot<'CONTRACT'> | R) =>
  contract instanceof Refusal ? contract : { contract: contractView(request.platform, contract) }

const scheduled = <R extends Refusal>(request: PlatformRequest, contract: Snapshot<'CONTRACT'> | R) =>
  contract instanceof Refusal ? contract : { scheduledContract: contractView(request.platform, contract) }

/** Contracts, by which orders of partners are settled. */
export const platformContractOperations = (parts: PlatformParts): Pick<Handlers, ContractOperationId> => ({
  getPlatformContracts: onPlatform(parts, ({ platform }, { body }) =>
    listEntities(parts.sql, platform, 'CONTRACT', body, contractSearch(parts.sql, body?.filter), contractView),
  ),
  createPlatformContract: onPlatform(parts, async (request, { body }) => {
    const content = contractContent(body)
    if (content instanceof Refusal) return content
    const contract = await create<'CONTRACT', never>(parts.sql, request, 'CONTRACT', body.id, async () => plan(content))
    return wrapped(request, contract)
  }),
  getPlatformContract: onPlatform(parts, async (request, { path }) =>
    view(request, await read(parts.sql, request, 'CONTRACT', path.id)),
  ),
  updatePlatformContract: onPlatform(parts, async (request, { path, body }) => {
    const change = contractChange(body)
    if (change instanceof Refusal) return change
    const contract = await update<'CONTRACT', never>(parts.sql, request, 'CONTRACT', path.id, async () => plan(change))
    return wrapped(request, contract)
  }),
  archivePlatformContract: onPlatform(parts, async (request, { path }) => {
    const contract = await archive(parts.sql, request, 'CONTRACT', path.id)
    return wrapped(request, contract)
  }),
  recoverPlatformContract: onPlatform(parts, async (request, { path }) => {
    const contract = await recover(parts.sql, request, 'CONTRACT', path.id)
    return wrapped(request, contract)
  }),
  getPlatformContractSchedule: onPlatform(parts, async (request, { path }) =>
    view(request, await readSchedule(parts.sql, request, 'CONTRACT', path.id)),
  ),
  scheduleContract: onPlatform(parts, async (request, { path, body }) => {
    const change = contractChange(body.update)
    if (change instanceof Refusal) return change
    const planned = await schedule<'CONTRACT', never>(
      parts.sql,
      request,
      'CONTRACT',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  rescheduleContract: onPlatform(parts, async (request, { path, body }) => {
    const change = contractChange(body.update)
    if (change instanceof Refusal) return change
    const planned = await reschedule<'CONTRACT', never>(
      parts.sql,
      request,
      'CONTRACT',
      path.id,
      body.appliedAt,
      async () => plan(change),
    )
    return scheduled(request, planned)
  }),
  cancelPlatformContractSchedule: onPlatform(parts, (request, { path }) =>
    cancelSchedule(parts.sql, request, 'CONTRACT', path.id),
  ),
})
