import type { CreatePlatformPartnerBody } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { again, inRounds } from '../../kernel/rounds.ts'
import { holdLease } from '../../kernel/work.ts'
import { unusableContracts } from '../contracts/usable.ts'
import { currencyNotSupported, isSettlementCurrency } from '../currencies.ts'
import { refuseIds } from '../entities/refuse-ids.ts'
import { findEntities, type Reliance } from '../entities/store.ts'
import { insertEntities, type NewEntity } from '../entities/write.ts'
import { type PlatformRequest, platformId } from '../platform.ts'
import { findUnknownProperty } from '../settings/properties.ts'
import { type NewPartnerType, partnerContent, usedUp, verificationsOf } from './create.ts'
import { readType } from './type.ts'
import {
  type CheckParts,
  checkAccountLeniently,
  checkCompanyLeniently,
  type KnownVerifications,
  knownVerifications,
} from './verify.ts'

type Wanted = { readonly id: string; readonly body: CreatePlatformPartnerBody; readonly type: NewPartnerType }

/** Creates partners, all or none. */
export const createPartners = async (
  parts: CheckParts,
  request: PlatformRequest,
  bodies: readonly CreatePlatformPartnerBody[],
) => {
  const wanted = readAll(bodies, request)
  if (wanted instanceof Refusal) return wanted
  return inRounds(`the creation of ${wanted.length} partners`, async () => {
    const made = await madeBefore(parts.sql, request, wanted)
    if (made) return made
    const refused = await refusalOf(parts.sql, request, wanted)
    if (refused) return refused
    holdLease()
    const { entities, reliance } = await planAll(parts, request, wanted)
    const created = await insertEntities(parts.sql, request.platform, 'PARTNER', entities, reliance, request.now)
    return created ?? again
  })
}

const readAll = (bodies: readonly CreatePlatformPartnerBody[], { name }: PlatformRequest) => {
  const wanted: Wanted[] = []
  for (const [place, body] of bodies.entries()) {
    const type = readType(body.type)
    if (type instanceof Refusal) return type
    if (!isSettlementCurrency(body.account.currency)) return currencyNotSupported(body.account.currency)
    const ownName = name === undefined ? undefined : `${name} ${place}`
    wanted.push({ id: body.id ?? platformId('ptn', ownName), body, type })
  }
  const given = bodies.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const seen = new Set<string>()
  const repeated = [...new Set(given.filter((id) => seen.size === seen.add(id).size))]
  return repeated.length === 0
    ? wanted
    : refuseIds(
        'PLATFORM_PARTNER_IDS_DUPLICATED',
        'PARTNER',
        repeated,
        'Each partner of a request needs an id of its own.',
      )
}

/** All of them, where an earlier try of the request made them: those without an id of their own are named after it. */
const madeBefore = async (sql: Sql, { platform, name }: PlatformRequest, wanted: readonly Wanted[]) => {
  if (name === undefined || wanted.every(({ body }) => body.id !== undefined)) return undefined
  const ids = wanted.map(({ id }) => id)
  const found = await findEntities(sql, platform, 'PARTNER', ids)
  const isMade = wanted.some(({ id, body }) => body.id === undefined && found.has(id))
  return isMade ? ids.flatMap((id) => found.get(id) ?? []) : undefined
}

const refusalOf = async (sql: Sql, { platform }: PlatformRequest, wanted: readonly Wanted[]) => {
  const contractIds = [...new Set(wanted.map(({ body }) => body.defaultContractId))]
  const keys = [...new Set(wanted.flatMap(({ body }) => Object.keys(body.userDefinedProperties ?? {})))]
  const [taken, unusable, unknown] = await Promise.all([
    findEntities(
      sql,
      platform,
      'PARTNER',
      wanted.map(({ id }) => id),
    ),
    unusableContracts(sql, platform, contractIds),
    findUnknownProperty(sql, platform, 'PARTNER', keys),
  ])
  if (taken.size > 0)
    return refuseIds(
      'PLATFORM_PARTNER_IDS_ALREADY_EXISTS',
      'PARTNER',
      wanted.map(({ id }) => id).filter((id) => taken.has(id)),
      'There are such partners already.',
    )
  if (unusable.length > 0)
    return refuseIds(
      'PLATFORM_CONTRACTS_NOT_FOUND',
      'CONTRACT',
      unusable,
      'There are no such contracts, or they are archived.',
    )
  return unknown
}

const planAll = async (parts: CheckParts, request: PlatformRequest, wanted: readonly Wanted[]) => {
  const known = await knownVerifications(
    parts,
    request,
    verificationsOf(wanted.map(({ body, type }) => ({ account: body.account, type }))),
  )
  // What an earlier partner of the request has used up is of no use to a later one.
  const left = { accounts: new Map(known.accounts), companies: new Map(known.companies) }
  const entities: NewEntity<'PARTNER'>[] = []
  const verificationIds: string[] = []
  for (const one of wanted) {
    const { content, used } = await planOne(parts, request, left, one)
    entities.push({ id: one.id, content })
    verificationIds.push(...used)
    for (const id of used) if (!left.accounts.delete(id)) left.companies.delete(id)
  }
  const reliance: Reliance = {
    contractIds: [...new Set(wanted.map(({ body }) => body.defaultContractId))],
    verificationIds,
  }
  return { entities, reliance }
}

const planOne = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  { body, type }: Wanted,
) => {
  const account = await checkAccountLeniently(parts, request, known, body.account)
  const business =
    type.type === 'BUSINESS'
      ? await checkCompanyLeniently(
          parts,
          request,
          known,
          type.given.businessRegistrationNumber,
          type.given.companyVerificationId,
        )
      : undefined
  return {
    content: partnerContent(body, type, account.value, business?.value),
    used: usedUp(account, business),
  }
}
