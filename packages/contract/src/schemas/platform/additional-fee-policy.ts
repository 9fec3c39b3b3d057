import { array, described, newId, notBlank, object, optional, type Static, string } from '../../schema.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { PlatformFee, PlatformFeeInput, PlatformPayer } from './fee.ts'
import { appliedAt, graphqlId, isArchivedFilter, memo, versionFields } from './lifecycle.ts'

const vatPayer = described(
  PlatformPayer,
  'Who bears the VAT on the fee. With `MERCHANT` none is charged to the partner.',
)

export const PlatformAdditionalFeePolicy = object(
  'PlatformAdditionalFeePolicy',
  'A fee on top of the platform fee, for instance for fulfilment or a marketing channel.',
  {
    id: string("The policy's id."),
    graphqlId: graphqlId('the policy'),
    name: string("The policy's name."),
    fee: PlatformFee,
    memo: optional(string("A note of the merchant's.")),
    vatPayer,
    ...versionFields,
  },
)
export type PlatformAdditionalFeePolicy = Static<typeof PlatformAdditionalFeePolicy>

export const CreatePlatformAdditionalFeePolicyBody = object(
  'CreatePlatformAdditionalFeePolicyBody',
  'The additional fee policy to create.',
  {
    id: optional(newId("The policy's id. Defaults to a generated one.")),
    name: notBlank("The policy's name."),
    fee: PlatformFeeInput,
    memo: optional(memo()),
    vatPayer,
  },
)
export type CreatePlatformAdditionalFeePolicyBody = Static<typeof CreatePlatformAdditionalFeePolicyBody>

export const CreatePlatformAdditionalFeePolicyResponse = object(
  'CreatePlatformAdditionalFeePolicyResponse',
  'The policy was created.',
  { additionalFeePolicy: PlatformAdditionalFeePolicy },
)
export type CreatePlatformAdditionalFeePolicyResponse = Static<typeof CreatePlatformAdditionalFeePolicyResponse>

export const UpdatePlatformAdditionalFeePolicyBody = object(
  'UpdatePlatformAdditionalFeePolicyBody',
  'What to change of an additional fee policy. Fields that are absent stay as they are.',
  {
    fee: optional(PlatformFeeInput),
    name: optional(notBlank("The policy's name.")),
    memo: optional(memo()),
    vatPayer: optional(vatPayer),
  },
)
export type UpdatePlatformAdditionalFeePolicyBody = Static<typeof UpdatePlatformAdditionalFeePolicyBody>

export const UpdatePlatformAdditionalFeePolicyResponse = object(
  'UpdatePlatformAdditionalFeePolicyResponse',
  'The policy was changed.',
  { additionalFeePolicy: PlatformAdditionalFeePolicy },
)
export type UpdatePlatformAdditionalFeePolicyResponse = Static<typeof UpdatePlatformAdditionalFeePolicyResponse>

export const ArchivePlatformAdditionalFeePolicyResponse = object(
  'ArchivePlatformAdditionalFeePolicyResponse',
  'The policy is archived.',
  { additionalFeePolicy: PlatformAdditionalFeePolicy },
)
export type ArchivePlatformAdditionalFeePolicyResponse = Static<typeof ArchivePlatformAdditionalFeePolicyResponse>

export const RecoverPlatformAdditionalFeePolicyResponse = object(
  'RecoverPlatformAdditionalFeePolicyResponse',
  'The policy is in use again.',
  { additionalFeePolicy: PlatformAdditionalFeePolicy },
)
export type RecoverPlatformAdditionalFeePolicyResponse = Static<typeof RecoverPlatformAdditionalFeePolicyResponse>

const schedule = { update: described(UpdatePlatformAdditionalFeePolicyBody, 'What will change.'), appliedAt }
const scheduled = {
  scheduledAdditionalFeePolicy: described(PlatformAdditionalFeePolicy, 'The policy as it will be.'),
}

export const SchedulePlatformAdditionalFeePolicyBody = object(
  'SchedulePlatformAdditionalFeePolicyBody',
  'A change of an additional fee policy for later.',
  schedule,
)
export type SchedulePlatformAdditionalFeePolicyBody = Static<typeof SchedulePlatformAdditionalFeePolicyBody>

export const SchedulePlatformAdditionalFeePolicyResponse = object(
  'SchedulePlatformAdditionalFeePolicyResponse',
  'The change is scheduled.',
  scheduled,
)
export type SchedulePlatformAdditionalFeePolicyResponse = Static<typeof SchedulePlatformAdditionalFeePolicyResponse>

export const ReschedulePlatformAdditionalFeePolicyBody = object(
  'ReschedulePlatformAdditionalFeePolicyBody',
  'A change of an additional fee policy for later, in place of the one that is scheduled.',
  schedule,
)
export type ReschedulePlatformAdditionalFeePolicyBody = Static<typeof ReschedulePlatformAdditionalFeePolicyBody>

export const ReschedulePlatformAdditionalFeePolicyResponse = object(
  'ReschedulePlatformAdditionalFeePolicyResponse',
  'The change is scheduled in place of the earlier one.',
  scheduled,
)
export type ReschedulePlatformAdditionalFeePolicyResponse = Static<typeof ReschedulePlatformAdditionalFeePolicyResponse>

export const CancelPlatformAdditionalFeePolicyScheduleResponse = object(
  'CancelPlatformAdditionalFeePolicyScheduleResponse',
  'No change of the policy is scheduled any more.',
  {},
)
export type CancelPlatformAdditionalFeePolicyScheduleResponse = Static<
  typeof CancelPlatformAdditionalFeePolicyScheduleResponse
>

export const PlatformAdditionalFeePolicyFilterInputKeyword = object(
  'PlatformAdditionalFeePolicyFilterInputKeyword',
  'A text to find. At most one field may be given.',
  {
    name: optional(string('Part of the name.')),
    id: optional(string('Part of the id.')),
    fee: optional(string('The whole fee: its rate or its amount, written as a number.')),
  },
)
export type PlatformAdditionalFeePolicyFilterInputKeyword = Static<typeof PlatformAdditionalFeePolicyFilterInputKeyword>

export const PlatformAdditionalFeePolicyFilterInput = object(
  'PlatformAdditionalFeePolicyFilterInput',
  'Which policies to return. A policy must meet every condition given.',
  {
    isArchived: optional(isArchivedFilter),
    vatPayers: optional(array(PlatformPayer, 'Any of these bears the VAT on the fee.')),
    keyword: optional(PlatformAdditionalFeePolicyFilterInputKeyword),
  },
)
export type PlatformAdditionalFeePolicyFilterInput = Static<typeof PlatformAdditionalFeePolicyFilterInput>

export const GetPlatformAdditionalFeePoliciesBody = object(
  'GetPlatformAdditionalFeePoliciesBody',
  'Which policies to return.',
  {
    page: optional(PageInput),
    filter: optional(PlatformAdditionalFeePolicyFilterInput),
  },
)
export type GetPlatformAdditionalFeePoliciesBody = Static<typeof GetPlatformAdditionalFeePoliciesBody>

export const GetPlatformAdditionalFeePoliciesResponse = object(
  'GetPlatformAdditionalFeePoliciesResponse',
  'A page of additional fee policies.',
  {
    items: array(PlatformAdditionalFeePolicy, 'The items found, possibly none.'),
    page: PageInfo,
  },
)
export type GetPlatformAdditionalFeePoliciesResponse = Static<typeof GetPlatformAdditionalFeePoliciesResponse>
