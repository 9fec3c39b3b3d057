import type { PlatformPartnerTypeName, SchedulePlatformPartnersBody } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import { noteDue } from '../../workers/due-work.ts'
import { byKey } from '../among.ts'
import { futureInstant, plan } from '../entities/lifecycle.ts'
import { ofKind } from '../entities/list.ts'
import { refuseIds } from '../entities/refuse-ids.ts'
import { type Reliance, relianceOf as relianceCtes } from '../entities/store.ts'
import { fewOf } from '../few.ts'
import { allOf } from '../page.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'
import { changeOf, findGone, relianceOf } from './change.ts'
import type { PartnerChange, PartnerTypeChange } from './content.ts'
import { usedUp } from './create.ts'
import { partnerSearch } from './search.ts'
import { readType, typeNames } from './type.ts'
import { type CheckParts, checkAccountLeniently, checkCompanyLeniently, knownVerifications } from './verify.ts'

/** Plans one change for all partners that a filter asks for, or for none. */
export const schedulePartners = async (
  parts: CheckParts,
  request: PlatformRequest,
  { filter = {}, update, appliedAt }: SchedulePlatformPartnersBody,
) => {
  const { sql } = parts
  const at = futureInstant(request, appliedAt)
  if (at instanceof Refusal) return at
  const search = partnerSearch(sql, filter)
  if (search instanceof Refusal) return search
  const conditions = [...ofKind(sql, 'PARTNER', filter.isArchived), ...search]
  return inRounds('the scheduled change of partners', async () => {
    const decided = await planChange(parts, request, update)
    if (decided instanceof Refusal) return decided
    const { planned, reliance } = decided
    const { matched, written } = await write(sql, request, conditions, planned, at, reliance)
    if (written === matched) return {}
    const refused = await refusalOf(sql, request, conditions, planned.type?.type)
    return refused ?? again
  })
}

/** The change is the same for every partner, so that its account and its company are looked up once. */
const planChange = async (
  parts: CheckParts,
  request: PlatformRequest,
  { type: typeUpdate, account: givenAccount, ...fields }: SchedulePlatformPartnersBody['update'],
) => {
  const type = typeUpdate && readType(typeUpdate)
  if (type instanceof Refusal) return type
  const gone = await findGone(parts.sql, request, fields)
  if (gone) return gone
  const company = type?.type === 'BUSINESS' ? type.given : undefined
  const known = await knownVerifications(parts, request, {
    accounts: [givenAccount?.accountVerificationId],
    companies: [company?.companyVerificationId],
  })
  const account = givenAccount && (await checkAccountLeniently(parts, request, known, givenAccount))
  const business =
    company?.businessRegistrationNumber === undefined
      ? undefined
      : await checkCompanyLeniently(
          parts,
          request,
          known,
          company.businessRegistrationNumber,
          company.companyVerificationId,
        )
  return plan(
    changeOf(fields, account, type && typeChange(type), business),
    relianceOf(fields, usedUp(account, business)),
  )
}

const typeChange = (
  type: Exclude<
    ReturnType<typeof readType<NonNullable<TypeUpdate['business']>, NonNullable<TypeUpdate['whtPayer']>>>,
    Refusal
  >,
): PartnerTypeChange => {
  if (type.type !== 'BUSINESS') return { type: type.type, ...type.given }
  const { companyVerificationId: _, ...given } = type.given
  return { type: 'BUSINESS', ...given }
}

type TypeUpdate = NonNullable<SchedulePlatformPartnersBody['update']['type']>

const connected = (sql: Sql): Fragment =>
  sql`e.connection_status in ('CONNECTED', 'CONNECT_PENDING', 'DISCONNECT_PENDING')`
const ofOtherType = (sql: Sql, type: PlatformPartnerTypeName | undefined): Fragment =>
  type === undefined ? sql`false` : sql`e.content -> 'type' ->> 'type' <> ${type}`

/** One statement: all of the partners are as they must be and get the change, or none gets it. */
const write = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  conditions: readonly Fragment[],
  change: PartnerChange,
  appliedAt: Instant,
  reliance: Reliance,
): Promise<{ readonly matched: number; readonly written: number }> => {
  const [counted] = await sql<[{ matched: number; written: number }]>`
    with noted as (${noteDue(sql, platform.store.storeId, [{ kind: 'platform_entities', at: appliedAt }])}),
    matched as (
      select e.id, e.is_archived or e.due_at is not null or ${connected(sql)} or ${ofOtherType(sql, change.type?.type)} as is_unfit
      from platform_entities e where ${allOf(sql, platform, conditions)} order by e.id for update
    ), target as (
      select from matched having count(*) > 0 and not bool_or(is_unfit)
    ), ${relianceCtes(sql, platform, reliance, now)}, written as (
      update platform_entities
      set change = ${JSON.stringify(change)}::text::jsonb, due_at = ${appliedAt}::timestamptz, leased_until = null,
        store_id = ${platform.store.storeId}
      where ${ofPlatform(sql, platform)} and kind = 'PARTNER' and ${byKey(sql, sql`select id, is_unfit from matched`).has(sql`id`)}
        and exists (select from allowed)
      returning id
    )
    select (select count(*) from matched) as matched, (select count(*) from written) as written`
  return counted
}

/** Which of the partners stand in the way. */
const refusalOf = async (
  sql: Sql,
  { platform }: PlatformRequest,
  conditions: readonly Fragment[],
  type: PlatformPartnerTypeName | undefined,
) => {
  const unfit = await sql<Unfit[]>`
    select e.id, e.is_archived as "isArchived", ${connected(sql)} as "isConnected", e.change is not null as "isScheduled",
      ${ofOtherType(sql, type)} as "isOfOtherType"
    from platform_entities e
    where ${allOf(sql, platform, conditions)}
      and (e.is_archived or e.change is not null or ${connected(sql)} or ${ofOtherType(sql, type)})
    order by e.id`
  const idsOf = (reason: keyof Omit<Unfit, 'id'>) => unfit.filter((one) => one[reason]).map(({ id }) => id)
  const archived = idsOf('isArchived')
  if (archived.length > 0)
    return refuse(
      'PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED',
      `The filter asks for archived partners (${fewOf(archived)}). Recover them first.`,
    )
  const linked = idsOf('isConnected')
  if (linked.length > 0)
    return refuseIds(
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED',
      'PARTNER',
      linked,
      'Partners are connected to the tax invoice network.',
    )
  const scheduled = idsOf('isScheduled')
  if (scheduled.length > 0)
    return refuseIds('PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST', 'PARTNER', scheduled, 'Changes are already scheduled.')
  const others = idsOf('isOfOtherType')
  if (others.length > 0 && type !== undefined)
    return refuse(
      'INVALID_REQUEST',
      `update.type is for ${typeNames[type]}, which ${others.join(', ')} is not. The type itself cannot be changed here.`,
    )
  return undefined
}

type Unfit = {
  readonly id: string
  readonly isArchived: boolean
  readonly isConnected: boolean
  readonly isScheduled: boolean
  readonly isOfOtherType: boolean
}
