import {
  array,
  boolean,
  described,
  newId,
  notBlank,
  object,
  optional,
  type Static,
  string,
  withDefault,
} from '../../schema.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { PlatformFee, PlatformFeeInput, PlatformPayer } from './fee.ts'
import { appliedAt, graphqlId, isArchivedFilter, memo, versionFields } from './lifecycle.ts'
import {
  PlatformSettlementCycle,
  PlatformSettlementCycleDatePolicy,
  PlatformSettlementCycleInput,
  PlatformSettlementCycleType,
} from './settlement-cycle.ts'

const platformFeeVatPayer = described(
  PlatformPayer,
  'Who bears the VAT on the platform fee. With `MERCHANT` none is charged to the partner.',
)

const subtractPaymentVatAmount = boolean('Whether the VAT in the payment is deducted from the settlement.')

export const PlatformContract = object(
  'PlatformContract',
  'On what terms orders of a partner are settled: the fee and the settlement cycle.',
  {
    id: string("The contract's id."),
    graphqlId: graphqlId('the contract'),
    name: string("The contract's name."),
    memo: optional(string("A note of the merchant's.")),
    platformFee: PlatformFee,
    settlementCycle: PlatformSettlementCycle,
    platformFeeVatPayer,
    subtractPaymentVatAmount,
    ...versionFields,
  },
)
export type PlatformContract = Static<typeof PlatformContract>

export const CreatePlatformContractBody = object('CreatePlatformContractBody', 'The contract to create.', {
  id: optional(newId("The contract's id. Defaults to a generated one.")),
  name: notBlank("The contract's name."),
  memo: optional(memo()),
  platformFee: PlatformFeeInput,
  settlementCycle: PlatformSettlementCycleInput,
  platformFeeVatPayer,
  subtractPaymentVatAmount: withDefault(subtractPaymentVatAmount, false),
})
export type CreatePlatformContractBody = Static<typeof CreatePlatformContractBody>

export const CreatePlatformContractResponse = object('CreatePlatformContractResponse', 'The contract was created.', {
  contract: PlatformContract,
})
export type CreatePlatformContractResponse = Static<typeof CreatePlatformContractResponse>

export const UpdatePlatformContractBody = object(
  'UpdatePlatformContractBody',
  'What to change of a contract. Fields that are absent stay as they are.',
  {
    name: optional(notBlank("The contract's name.")),
    memo: optional(memo()),
    platformFee: optional(PlatformFeeInput),
    settlementCycle: optional(PlatformSettlementCycleInput),
    platformFeeVatPayer: optional(platformFeeVatPayer),
    subtractPaymentVatAmount: optional(subtractPaymentVatAmount),
  },
)
export type UpdatePlatformContractBody = Static<typeof UpdatePlatformContractBody>

export const UpdatePlatformContractResponse = object('UpdatePlatformContractResponse', 'The contract was changed.', {
  contract: PlatformContract,
})
export type UpdatePlatformContractResponse = Static<typeof UpdatePlatformContractResponse>

export const ArchivePlatformContractResponse = object('ArchivePlatformContractResponse', 'The contract is archived.', {
  contract: PlatformContract,
})
export type ArchivePlatformContractResponse = Static<typeof ArchivePlatformContractResponse>

export const RecoverPlatformContractResponse = object(
  'RecoverPlatformContractResponse',
  'The contract is in use again.',
  { contract: PlatformContract },
)
export type RecoverPlatformContractResponse = Static<typeof RecoverPlatformContractResponse>

const schedule = { update: described(UpdatePlatformContractBody, 'What will change.'), appliedAt }
const scheduled = { scheduledContract: described(PlatformContract, 'The contract as it will be.') }

export const SchedulePlatformContractBody = object(
  'SchedulePlatformContractBody',
  'A change of a contract for later.',
  schedule,
)
export type SchedulePlatformContractBody = Static<typeof SchedulePlatformContractBody>

export const SchedulePlatformContractResponse = object(
  'SchedulePlatformContractResponse',
  'The change is scheduled.',
  scheduled,
)
export type SchedulePlatformContractResponse = Static<typeof SchedulePlatformContractResponse>

export const ReschedulePlatformContractBody = object(
  'ReschedulePlatformContractBody',
  'A change of a contract for later, in place of the one that is scheduled.',
  schedule,
)
export type ReschedulePlatformContractBody = Static<typeof ReschedulePlatformContractBody>

export const ReschedulePlatformContractResponse = object(
  'ReschedulePlatformContractResponse',
  'The change is scheduled in place of the earlier one.',
  scheduled,
)
export type ReschedulePlatformContractResponse = Static<typeof ReschedulePlatformContractResponse>

export const CancelPlatformContractScheduleResponse = object(
  'CancelPlatformContractScheduleResponse',
  'No change of the contract is scheduled any more.',
  {},
)
export type CancelPlatformContractScheduleResponse = Static<typeof CancelPlatformContractScheduleResponse>

export const PlatformContractFilterInputKeyword = object(
  'PlatformContractFilterInputKeyword',
  'A text to find. At most one field may be given.',
  {
    id: optional(string('Part of the id.')),
    name: optional(string('Part of the name.')),
  },
)
export type PlatformContractFilterInputKeyword = Static<typeof PlatformContractFilterInputKeyword>

export const PlatformContractFilterInput = object(
  'PlatformContractFilterInput',
  'Which contracts to return. A contract must meet every condition given.',
  {
    platformFeePayers: optional(array(PlatformPayer, 'Any of these bears the VAT on the platform fee.')),
    cycleTypes: optional(array(PlatformSettlementCycleType, 'Any of these settlement cycles.')),
    datePolicies: optional(array(PlatformSettlementCycleDatePolicy, 'Any of these date policies.')),
    isArchived: optional(isArchivedFilter),
    keyword: optional(PlatformContractFilterInputKeyword),
  },
)
export type PlatformContractFilterInput = Static<typeof PlatformContractFilterInput>

export const GetPlatformContractsBody = object('GetPlatformContractsBody', 'Which contracts to return.', {
  page: optional(PageInput),
  filter: optional(PlatformContractFilterInput),
})
export type GetPlatformContractsBody = Static<typeof GetPlatformContractsBody>

export const GetPlatformContractsResponse = object('GetPlatformContractsResponse', 'A page of contracts.', {
  items: array(PlatformContract, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetPlatformContractsResponse = Static<typeof GetPlatformContractsResponse>
