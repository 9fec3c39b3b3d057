import type { PlatformPartnerMemberCompanyConnectionStatus } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { ContractContent } from '../contracts/content.ts'
import { mergePartner, type PartnerChange, type PartnerContent } from '../partners/content.ts'
import type { AdditionalFeePolicyContent, DiscountSharePolicyContent } from '../policies/content.ts'
import type { SettingContent } from '../settings/content.ts'

/** What a merchant configures of a platform. Every change makes a version; versions never change. */
export type EntityKind = keyof Contents

/** What each kind says. */
export type Contents = {
  readonly SETTING: SettingContent
  readonly PARTNER: PartnerContent
  readonly CONTRACT: ContractContent
  readonly ADDITIONAL_FEE_POLICY: AdditionalFeePolicyContent
  readonly DISCOUNT_SHARE_POLICY: DiscountSharePolicyContent
}

/** What can be changed of each kind: what is absent stays. */
export type Changes = {
  readonly SETTING: Partial<SettingContent>
  readonly PARTNER: PartnerChange
  readonly CONTRACT: Partial<ContractContent>
  readonly ADDITIONAL_FEE_POLICY: Partial<AdditionalFeePolicyContent>
  readonly DISCOUNT_SHARE_POLICY: Partial<DiscountSharePolicyContent>
}

/** One version of an entity, as whoever computes by it needs it. */
export type Version<Kind extends EntityKind> = {
  readonly id: string
  readonly version: number
  readonly content: Contents[Kind]
  /** From when on it applies. */
  readonly appliedAt: Instant
}

/** What is true of an entity whatever its version. */
export type Circumstances = {
  readonly isArchived: boolean
  /** Partners only: how far their connection to the tax-invoice network has come. */
  readonly connectionStatus: PlatformPartnerMemberCompanyConnectionStatus | null
  readonly connectionFailedReason: string | null
}

/** A version together with what is true of the entity now. */
export type Snapshot<Kind extends EntityKind> = Version<Kind> & Circumstances

/** An entity as it is now. */
export type Entity<Kind extends EntityKind> = Snapshot<Kind> & {
  readonly createdAt: Instant
  /** What will change at `dueAt`. */
  readonly change: Changes[Kind] | null
  readonly dueAt: Instant | null
}

type Merges = { readonly [Kind in EntityKind]: (content: Contents[Kind], change: Changes[Kind]) => Contents[Kind] }

/** What a change makes of the content. */
export const merges: Merges = {
  SETTING: (content, change) => ({ ...content, ...change }),
  PARTNER: mergePartner,
  CONTRACT: (content, change) => ({ ...content, ...change }),
  ADDITIONAL_FEE_POLICY: (content, change) => ({ ...content, ...change }),
  DISCOUNT_SHARE_POLICY: (content, change) => ({ ...content, ...change }),
}

/** The entity as it will be once the scheduled change applies; `undefined` where none is scheduled. */
export const scheduledVersion = <Kind extends EntityKind>(
  kind: Kind,
  entity: Entity<Kind>,
): Snapshot<Kind> | undefined =>
  entity.change === null || entity.dueAt === null
    ? undefined
    : { ...entity, content: merges[kind](entity.content, entity.change), appliedAt: entity.dueAt }
