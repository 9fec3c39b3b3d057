import type { Handlers } from '../http/handler.ts'
import { contractChange, contractContent } from '../platform/contracts/input.ts'
import { contractSearch } from '../platform/contracts/search.ts'
import { contractView } from '../platform/contracts/view.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { managedEntities } from './managed-entities.ts'

type ContractOperationId =
  | Extract<keyof Handlers, `${string}PlatformContract${string}`>
  | 'scheduleContract'
  | 'rescheduleContract'

/** Contracts, by which orders of partners are settled. */
export const platformContractOperations = (parts: PlatformParts): Pick<Handlers, ContractOperationId> => {
  const contracts = managedEntities(parts, {
    kind: 'CONTRACT',
    content: contractContent,
    change: contractChange,
    search: contractSearch,
    view: contractView,
    wrapped: (contract) => ({ contract }),
    scheduled: (scheduledContract) => ({ scheduledContract }),
  })
  return {
    getPlatformContracts: contracts.list,
    createPlatformContract: contracts.create,
    getPlatformContract: contracts.read,
    updatePlatformContract: contracts.update,
    archivePlatformContract: contracts.archive,
    recoverPlatformContract: contracts.recover,
    getPlatformContractSchedule: contracts.readSchedule,
    scheduleContract: contracts.schedule,
    rescheduleContract: contracts.reschedule,
    cancelPlatformContractSchedule: contracts.cancelSchedule,
  }
}
