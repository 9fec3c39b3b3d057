import { described, object, optional, type Static } from '../../schema.ts'
import { appliedAt } from './lifecycle.ts'
import { PlatformPartner, UpdatePlatformPartnerBody } from './partner.ts'
import { partnerUpdate } from './partner-fields.ts'
import { PlatformPartnerFilterInput } from './partner-list.ts'
import { SchedulePlatformPartnersBodyUpdateType } from './partner-type.ts'

const schedule = { update: described(UpdatePlatformPartnerBody, 'What will change.'), appliedAt }
const scheduled = { scheduledPartner: described(PlatformPartner, 'The partner as it will be.') }

export const SchedulePlatformPartnerBody = object(
  'SchedulePlatformPartnerBody',
  'A change of a partner for later.',
  schedule,
)
export type SchedulePlatformPartnerBody = Static<typeof SchedulePlatformPartnerBody>

export const SchedulePlatformPartnerResponse = object(
  'SchedulePlatformPartnerResponse',
  'The change is scheduled.',
  scheduled,
)
export type SchedulePlatformPartnerResponse = Static<typeof SchedulePlatformPartnerResponse>

export const ReschedulePlatformPartnerBody = object(
  'ReschedulePlatformPartnerBody',
  'A change of a partner for later, in place of the one that is scheduled.',
  schedule,
)
export type ReschedulePlatformPartnerBody = Static<typeof ReschedulePlatformPartnerBody>

export const ReschedulePlatformPartnerResponse = object(
  'ReschedulePlatformPartnerResponse',
  'The change is scheduled in place of the earlier one.',
  scheduled,
)
export type ReschedulePlatformPartnerResponse = Static<typeof ReschedulePlatformPartnerResponse>

export const CancelPlatformPartnerScheduleResponse = object(
  'CancelPlatformPartnerScheduleResponse',
  'No change of the partner is scheduled any more.',
  {},
)
export type CancelPlatformPartnerScheduleResponse = Static<typeof CancelPlatformPartnerScheduleResponse>

export const SchedulePlatformPartnersBodyUpdate = object(
  'SchedulePlatformPartnersBodyUpdate',
  'What to change of each partner. Fields that are absent stay as they are.',
  { ...partnerUpdate, type: optional(SchedulePlatformPartnersBodyUpdateType) },
)
export type SchedulePlatformPartnersBodyUpdate = Static<typeof SchedulePlatformPartnersBodyUpdate>

export const SchedulePlatformPartnersBody = object(
  'SchedulePlatformPartnersBody',
  'A change of many partners for later.',
  {
    filter: optional(described(PlatformPartnerFilterInput, 'Which partners change. Defaults to all active ones.')),
    update: SchedulePlatformPartnersBodyUpdate,
    appliedAt,
  },
)
export type SchedulePlatformPartnersBody = Static<typeof SchedulePlatformPartnersBody>

export const SchedulePlatformPartnersResponse = object(
  'SchedulePlatformPartnersResponse',
  'The change is scheduled for every partner that the filter matches.',
  {},
)
export type SchedulePlatformPartnersResponse = Static<typeof SchedulePlatformPartnersResponse>
