import {
  CreatePlatformContractBody,
  type PlatformSettlementCycle,
  type PlatformSettlementCycleInput,
  type PlatformSettlementCycleMethod,
  type PlatformSettlementCycleMethodInput,
  UpdatePlatformContractBody,
} from '@naru/contract'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { knownFields } from '../known-fields.ts'
import { readFee } from '../policies/fee.ts'
import { cycleProblem } from './calendar/settlement-cycle.ts'
import type { ContractContent } from './content.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

export const contractContent = (body: CreatePlatformContractBody): ContractContent | Invalid => {
  const {
    id: _,
    platformFee: givenFee,
    settlementCycle: givenCycle,
    ...content
  } = knownFields(CreatePlatformContractBody, body)
  const platformFee = readFee('platformFee', givenFee)
  if (platformFee instanceof Refusal) return platformFee
  const settlementCycle = readCycle(givenCycle)
  return settlementCycle instanceof Refusal ? settlementCycle : { ...content, platformFee, settlementCycle }
}

export const contractChange = (body: UpdatePlatformContractBody): Partial<ContractContent> | Invalid => {
  const {
    platformFee: givenFee,
    settlementCycle: givenCycle,
    ...change
  } = knownFields(UpdatePlatformContractBody, body)
  const platformFee = givenFee && readFee('platformFee', givenFee)
  if (platformFee instanceof Refusal) return platformFee
  const settlementCycle = givenCycle && readCycle(givenCycle)
  if (settlementCycle instanceof Refusal) return settlementCycle
  return { ...change, ...(platformFee && { platformFee }), ...(settlementCycle && { settlementCycle }) }
}

const readCycle = ({ method: given, ...cycle }: PlatformSettlementCycleInput): PlatformSettlementCycle | Invalid => {
  const methods = methodsOf(given)
  const [method] = methods
  if (method === undefined || methods.length > 1)
    return refuse(
      'INVALID_REQUEST',
      'settlementCycle.method must have exactly one of daily, weekly, monthly, manualDates.',
    )
  const problem = cycleProblem({ ...cycle, method })
  return problem === undefined ? { ...cycle, method } : refuse('INVALID_REQUEST', problem)
}

const methodsOf = ({
  daily,
  weekly,
  monthly,
  manualDates,
}: PlatformSettlementCycleMethodInput): readonly PlatformSettlementCycleMethod[] => [
  ...(daily ? [{ type: 'DAILY' as const }] : []),
  ...(weekly ? [{ type: 'WEEKLY' as const, ...weekly }] : []),
  ...(monthly ? [{ type: 'MONTHLY' as const, ...monthly }] : []),
  ...(manualDates ? [{ type: 'MANUAL_DATES' as const, ...manualDates }] : []),
]
