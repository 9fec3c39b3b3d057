import { operation } from '../operation.ts'
import { PlatformPartner } from '../schemas/platform/partner.ts'
import {
  CancelPlatformPartnerScheduleResponse,
  ReschedulePlatformPartnerBody,
  ReschedulePlatformPartnerResponse,
  SchedulePlatformPartnerBody,
  SchedulePlatformPartnerResponse,
  SchedulePlatformPartnersBody,
  SchedulePlatformPartnersResponse,
} from '../schemas/platform/partner-schedule.ts'
import { platformAccess, platformPath, testQuery } from './platform-parameters.ts'
import { verificationErrors } from './platform-partner.ts'

const common = {
  category: 'platform.partner',
  authenticated: true,
  queryParameters: testQuery,
  unstable: true,
} as const
const one = { ...common, pathParameters: platformPath('partner') } as const
const found = [...platformAccess, 'PLATFORM_PARTNER_NOT_FOUND'] as const

export const platformPartnerScheduleOperations = {
  schedulePlatformPartners: operation({
    ...common,
    method: 'POST',
    path: '/platform/partners/schedule',
    summary: 'Schedule a change of many partners',
    description:
      'Changes all partners that match the filter at a later time. Schedules the change for all, or for none.',
    body: SchedulePlatformPartnersBody,
    bodyIn: 'body',
    bodyRequired: true,
    isFilterStrict: true,
    moneyFields: ['account'],
    success: SchedulePlatformPartnersResponse,
    isBulkWrite: true,
    errors: [
      ...platformAccess,
      'PLATFORM_CONTRACT_NOT_FOUND',
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
      'PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED',
      'PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST',
    ],
  }),
  getPlatformPartnerSchedule: operation({
    ...one,
    method: 'GET',
    path: '/platform/partners/{id}/schedule',
    summary: 'Read the scheduled change of a partner',
    description: 'Returns the partner as it will be. Not found if no change is scheduled.',
    success: PlatformPartner,
    errors: found,
  }),
  schedulePartner: operation({
    ...one,
    method: 'POST',
    path: '/platform/partners/{id}/schedule',
    summary: 'Schedule a change of a partner',
    description: 'Changes the partner at a later time. Only one change may be scheduled.',
    body: SchedulePlatformPartnerBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: ['account'],
    success: SchedulePlatformPartnerResponse,
    errors: [
      ...found,
      ...verificationErrors,
      'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE',
      'PLATFORM_CONTRACT_NOT_FOUND',
      'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
      'PLATFORM_ARCHIVED_PARTNER',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED',
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
      'PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS',
    ],
  }),
  reschedulePartner: operation({
    ...one,
    method: 'PUT',
    path: '/platform/partners/{id}/schedule',
    summary: 'Replace the scheduled change of a partner',
    description: 'Schedules this change in place of the one that is scheduled, if any.',
    body: ReschedulePlatformPartnerBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: ['account'],
    success: ReschedulePlatformPartnerResponse,
    errors: [...found, 'PLATFORM_CONTRACT_NOT_FOUND', 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED'],
  }),
  cancelPlatformPartnerSchedule: operation({
    ...one,
    method: 'DELETE',
    path: '/platform/partners/{id}/schedule',
    summary: 'Cancel the scheduled change of a partner',
    description: 'Leaves the partner as it is. Not found if no change is scheduled.',
    success: CancelPlatformPartnerScheduleResponse,
    errors: found,
  }),
}
