import type { PlainErrorType, Refusal } from '../../kernel/refusal.ts'
import type { EntityKind } from './entity.ts'

/** What is created, changed, archived and scheduled by its id. */
export type ManagedKind = Exclude<EntityKind, 'SETTING'>

type Refusals = Readonly<
  Record<'notFound' | 'alreadyExists' | 'archived' | 'cannotArchive' | 'scheduleExists', PlainErrorType>
>

/** PortOne names the same errors for each kind. */
export const refusalTypes = {
  PARTNER: {
    notFound: 'PLATFORM_PARTNER_NOT_FOUND',
    alreadyExists: 'PLATFORM_PARTNER_ID_ALREADY_EXISTS',
    archived: 'PLATFORM_ARCHIVED_PARTNER',
    cannotArchive: 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER',
    scheduleExists: 'PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS',
  },
  CONTRACT: {
    notFound: 'PLATFORM_CONTRACT_NOT_FOUND',
    alreadyExists: 'PLATFORM_CONTRACT_ALREADY_EXISTS',
    archived: 'PLATFORM_ARCHIVED_CONTRACT',
    cannotArchive: 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_CONTRACT',
    scheduleExists: 'PLATFORM_CONTRACT_SCHEDULE_ALREADY_EXISTS',
  },
  ADDITIONAL_FEE_POLICY: {
    notFound: 'PLATFORM_ADDITIONAL_FEE_POLICY_NOT_FOUND',
    alreadyExists: 'PLATFORM_ADDITIONAL_FEE_POLICY_ALREADY_EXISTS',
    archived: 'PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY',
    cannotArchive: 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_ADDITIONAL_FEE_POLICY',
    scheduleExists: 'PLATFORM_ADDITIONAL_FEE_POLICY_SCHEDULE_ALREADY_EXISTS',
  },
  DISCOUNT_SHARE_POLICY: {
    notFound: 'PLATFORM_DISCOUNT_SHARE_POLICY_NOT_FOUND',
    alreadyExists: 'PLATFORM_DISCOUNT_SHARE_POLICY_ALREADY_EXISTS',
    archived: 'PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY',
    cannotArchive: 'PLATFORM_CANNOT_ARCHIVE_SCHEDULED_DISCOUNT_SHARE_POLICY',
    scheduleExists: 'PLATFORM_DISCOUNT_SHARE_POLICY_SCHEDULE_ALREADY_EXISTS',
  },
} as const satisfies Record<ManagedKind, Refusals>

/** The errors of a kind by these names. */
export type RefusalOf<Kind extends ManagedKind, Name extends keyof Refusals> = Name extends keyof Refusals
  ? Refusal<(typeof refusalTypes)[Kind][Name]>
  : never

/** What people call each kind. */
export const kindNames: Readonly<Record<ManagedKind, string>> = {
  PARTNER: 'partner',
  CONTRACT: 'contract',
  ADDITIONAL_FEE_POLICY: 'additional-fee policy',
  DISCOUNT_SHARE_POLICY: 'discount-share policy',
}
