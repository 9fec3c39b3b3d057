import { array, described, integer, newId, notBlank, object, optional, type Static, string } from '../../schema.ts'
import { PageInfo, PageInput } from '../common/list.ts'
import { appliedAt, graphqlId, isArchivedFilter, memo, versionFields } from './lifecycle.ts'
import { rate } from './rate.ts'

const partnerShareRate = rate('The share of a discount that the partner bears; the merchant bears the rest.')

export const PlatformDiscountSharePolicy = object(
  'PlatformDiscountSharePolicy',
  'How a discount, such as a coupon or points, is split between the merchant and the partner.',
  {
    id: string("The policy's id."),
    graphqlId: graphqlId('the policy'),
    name: string("The policy's name."),
    partnerShareRate,
    memo: optional(string("A note of the merchant's.")),
    ...versionFields,
  },
)
export type PlatformDiscountSharePolicy = Static<typeof PlatformDiscountSharePolicy>

export const CreatePlatformDiscountSharePolicyBody = object(
  'CreatePlatformDiscountSharePolicyBody',
  'The discount share policy to create.',
  {
    id: optional(newId("The policy's id. Defaults to a generated one.")),
    name: notBlank("The policy's name."),
    partnerShareRate,
    memo: optional(memo()),
  },
)
export type CreatePlatformDiscountSharePolicyBody = Static<typeof CreatePlatformDiscountSharePolicyBody>

export const CreatePlatformDiscountSharePolicyResponse = object(
  'CreatePlatformDiscountSharePolicyResponse',
  'The policy was created.',
  { discountSharePolicy: PlatformDiscountSharePolicy },
)
export type CreatePlatformDiscountSharePolicyResponse = Static<typeof CreatePlatformDiscountSharePolicyResponse>

export const UpdatePlatformDiscountSharePolicyBody = object(
  'UpdatePlatformDiscountSharePolicyBody',
  'What to change of a discount share policy. Fields that are absent stay as they are.',
  {
    name: optional(notBlank("The policy's name.")),
    partnerShareRate: optional(partnerShareRate),
    memo: optional(memo()),
  },
)
export type UpdatePlatformDiscountSharePolicyBody = Static<typeof UpdatePlatformDiscountSharePolicyBody>

export const UpdatePlatformDiscountSharePolicyResponse = object(
  'UpdatePlatformDiscountSharePolicyResponse',
  'The policy was changed.',
  { discountSharePolicy: PlatformDiscountSharePolicy },
)
export type UpdatePlatformDiscountSharePolicyResponse = Static<typeof UpdatePlatformDiscountSharePolicyResponse>

export const ArchivePlatformDiscountSharePolicyResponse = object(
  'ArchivePlatformDiscountSharePolicyResponse',
  'The policy is archived.',
  { discountSharePolicy: PlatformDiscountSharePolicy },
)
export type ArchivePlatformDiscountSharePolicyResponse = Static<typeof ArchivePlatformDiscountSharePolicyResponse>

export const RecoverPlatformDiscountSharePolicyResponse = object(
  'RecoverPlatformDiscountSharePolicyResponse',
  'The policy is in use again.',
  { discountSharePolicy: PlatformDiscountSharePolicy },
)
export type RecoverPlatformDiscountSharePolicyResponse = Static<typeof RecoverPlatformDiscountSharePolicyResponse>

const schedule = { update: described(UpdatePlatformDiscountSharePolicyBody, 'What will change.'), appliedAt }
const scheduled = {
  scheduledDiscountSharePolicy: described(PlatformDiscountSharePolicy, 'The policy as it will be.'),
}

export const SchedulePlatformDiscountSharePolicyBody = object(
  'SchedulePlatformDiscountSharePolicyBody',
  'A change of a discount share policy for later.',
  schedule,
)
export type SchedulePlatformDiscountSharePolicyBody = Static<typeof SchedulePlatformDiscountSharePolicyBody>

export const SchedulePlatformDiscountSharePolicyResponse = object(
  'SchedulePlatformDiscountSharePolicyResponse',
  'The change is scheduled.',
  scheduled,
)
export type SchedulePlatformDiscountSharePolicyResponse = Static<typeof SchedulePlatformDiscountSharePolicyResponse>

export const ReschedulePlatformDiscountSharePolicyBody = object(
  'ReschedulePlatformDiscountSharePolicyBody',
  'A change of a discount share policy for later, in place of the one that is scheduled.',
  schedule,
)
export type ReschedulePlatformDiscountSharePolicyBody = Static<typeof ReschedulePlatformDiscountSharePolicyBody>

export const ReschedulePlatformDiscountSharePolicyResponse = object(
  'ReschedulePlatformDiscountSharePolicyResponse',
  'The change is scheduled in place of the earlier one.',
  scheduled,
)
export type ReschedulePlatformDiscountSharePolicyResponse = Static<typeof ReschedulePlatformDiscountSharePolicyResponse>

export const CancelPlatformDiscountSharePolicyScheduleResponse = object(
  'CancelPlatformDiscountSharePolicyScheduleResponse',
  'No change of the policy is scheduled any more.',
  {},
)
export type CancelPlatformDiscountSharePolicyScheduleResponse = Static<
  typeof CancelPlatformDiscountSharePolicyScheduleResponse
>

export const PlatformDiscountSharePolicyFilterInputKeyword = object(
  'PlatformDiscountSharePolicyFilterInputKeyword',
  'A text to find. At most one field may be given.',
  {
    id: optional(string('Part of the id.')),
    name: optional(string('Part of the name.')),
  },
)
export type PlatformDiscountSharePolicyFilterInputKeyword = Static<typeof PlatformDiscountSharePolicyFilterInputKeyword>

export const PlatformDiscountSharePolicyFilterInput = object(
  'PlatformDiscountSharePolicyFilterInput',
  'Which policies to return. A policy must meet every condition given.',
  {
    isArchived: optional(isArchivedFilter),
    partnerShareRates: optional(array(integer("The partner's share."), 'Any of these shares of the partner.')),
    keyword: optional(PlatformDiscountSharePolicyFilterInputKeyword),
  },
)
export type PlatformDiscountSharePolicyFilterInput = Static<typeof PlatformDiscountSharePolicyFilterInput>

export const GetPlatformDiscountSharePoliciesBody = object(
  'GetPlatformDiscountSharePoliciesBody',
  'Which policies to return.',
  {
    page: optional(PageInput),
    filter: optional(PlatformDiscountSharePolicyFilterInput),
  },
)
export type GetPlatformDiscountSharePoliciesBody = Static<typeof GetPlatformDiscountSharePoliciesBody>

export const GetPlatformDiscountSharePoliciesResponse = object(
  'GetPlatformDiscountSharePoliciesResponse',
  'A page of discount share policies.',
  {
    items: array(PlatformDiscountSharePolicy, 'The items found, possibly none.'),
    page: PageInfo,
  },
)
export type GetPlatformDiscountSharePoliciesResponse = Static<typeof GetPlatformDiscountSharePoliciesResponse>

export const PlatformDiscountSharePolicyFilterOptions = object(
  'PlatformDiscountSharePolicyFilterOptions',
  'What discount share policies can be filtered by.',
  {
    partnerShareRates: array(integer("The partner's share."), 'The shares that occur, from the smallest.'),
  },
)
export type PlatformDiscountSharePolicyFilterOptions = Static<typeof PlatformDiscountSharePolicyFilterOptions>
