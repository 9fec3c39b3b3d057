import type { PlatformPartnerMemberCompanyConnectionStatus, UpdatePlatformPartnerBody } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { unusableContracts } from '../contracts/usable.ts'
import { currencyNotSupported, isSettlementCurrency } from '../currencies.ts'
import type { Entity } from '../entities/entity.ts'
import { notFound, plan } from '../entities/lifecycle.ts'
import type { Reliance } from '../entities/store.ts'
import type { PlatformRequest } from '../platform.ts'
import { findUnknownProperty } from '../settings/properties.ts'
import { completeBusiness, type PartnerChange, type PartnerTypeChange } from './content.ts'
import { usedUp } from './create.ts'
import { readType, typeNames } from './type.ts'
import {
  type Checked,
  type CheckParts,
  checkAccount,
  checkCompany,
  type KnownVerifications,
  knownVerifications,
} from './verify.ts'

type TypeUpdate = NonNullable<UpdatePlatformPartnerBody['type']>

/** Connected to the tax-invoice network, or being connected or disconnected. */
export const isLinked = (status: PlatformPartnerMemberCompanyConnectionStatus | null): boolean =>
  status === 'CONNECTED' || status === 'CONNECT_PENDING' || status === 'DISCONNECT_PENDING'

/** What a request to change a partner comes to, with what has to be looked up for it. */
export const planPartnerChange = async (
  parts: CheckParts,
  request: PlatformRequest,
  partner: Entity<'PARTNER'>,
  { type: typeUpdate, account: givenAccount, ...fields }: UpdatePlatformPartnerBody,
) => {
  const type = typeUpdate && planType(partner, typeUpdate)
  if (type instanceof Refusal) return type
  if (givenAccount && !isSettlementCurrency(givenAccount.currency))
    return refuse('INVALID_REQUEST', currencyNotSupported(givenAccount.currency).body.message ?? '')
  const gone = await findGone(parts.sql, request, fields)
  if (gone) return gone
  const companyVerificationId = typeUpdate?.business?.companyVerificationId
  const known = await knownVerifications(parts, request, {
    accounts: [givenAccount?.accountVerificationId],
    companies: [companyVerificationId],
  })
  const account = givenAccount && (await checkAccount(parts, request, known, givenAccount))
  if (account instanceof Refusal) return account
  const business = await checkNewCompany(parts, request, known, partner, type, companyVerificationId)
  if (business instanceof Refusal) return business
  return plan(changeOf(fields, account, type, business), relianceOf(fields, usedUp(account, business)))
}

/** A partner keeps its type where the request names the same one; another one needs all that it must have. */
const planType = (partner: Entity<'PARTNER'>, update: TypeUpdate): PartnerTypeChange | TypeRefusal => {
  const named = readType(update)
  if (named instanceof Refusal) return named
  const { type: known } = partner.content
  if (named.type !== known.type && isLinked(partner.connectionStatus))
    return refuse(
      'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE',
      `The partner ${partner.id} is connected to the tax invoice network. Disconnect it before changing its type.`,
    )
  if (named.type !== 'BUSINESS') return { type: named.type, ...named.given }
  const { companyVerificationId: _, ...given } = named.given
  const change = { type: 'BUSINESS' as const, ...given }
  if (known.type !== 'BUSINESS') return completeBusiness(change) ?? insufficientData(partner)
  const { businessRegistrationNumber: number = known.businessRegistrationNumber } = given
  return number !== known.businessRegistrationNumber && isLinked(partner.connectionStatus)
    ? refuse(
        'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE',
        `The partner ${partner.id} is connected to the tax invoice network. Disconnect it before changing its registration number.`,
      )
    : change
}

type TypeRefusal = Refusal<
  | 'INVALID_REQUEST'
  | 'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE'
  | 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE'
  | 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE'
>

const insufficientData = ({ id, content }: Entity<'PARTNER'>) =>
  refuse(
    'PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE',
    `The partner ${id} is ${typeNames[content.type.type]}. To become a business it needs companyName, businessRegistrationNumber and representativeName.`,
  )

type Fields = Pick<UpdatePlatformPartnerBody, 'defaultContractId' | 'userDefinedProperties'>

/** What the change names and is not there. */
export const findGone = async (
  sql: Sql,
  { platform }: PlatformRequest,
  { defaultContractId, userDefinedProperties = {} }: Fields,
) => {
  const contractIds = defaultContractId === undefined ? [] : [defaultContractId]
  const [unusable] = contractIds.length === 0 ? [] : await unusableContracts(sql, platform, contractIds)
  if (unusable !== undefined) return notFound('CONTRACT', unusable)
  return await findUnknownProperty(sql, platform, 'PARTNER', Object.keys(userDefinedProperties))
}

/** The register is asked where the registration number is a new one, or where a look-up is named. */
const checkNewCompany = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  { content }: Entity<'PARTNER'>,
  type: PartnerTypeChange | undefined,
  verificationId: string | undefined,
) => {
  if (type?.type !== 'BUSINESS') return undefined
  const before = content.type.type === 'BUSINESS' ? content.type.businessRegistrationNumber : undefined
  const number = type.businessRegistrationNumber ?? before
  if (number === undefined || (number === before && verificationId === undefined)) return undefined
  return await checkCompany(parts, request, known, number, verificationId)
}

type Change = Omit<UpdatePlatformPartnerBody, 'type' | 'account'>

export const changeOf = (
  fields: Change,
  account: Checked<NonNullable<PartnerChange['account']>> | undefined,
  type: PartnerTypeChange | undefined,
  business: Awaited<ReturnType<typeof checkNewCompany>>,
): PartnerChange => ({
  ...fields,
  ...(fields.tags && { tags: [...new Set(fields.tags)] }),
  ...(account && { account: account.value }),
  ...(type && { type: withStatus(type, business) }),
})

const withStatus = (
  type: PartnerTypeChange,
  business: Awaited<ReturnType<typeof checkNewCompany>>,
): PartnerTypeChange =>
  type.type === 'BUSINESS' && business && !(business instanceof Refusal)
    ? { ...type, businessStatus: business.value }
    : type

export const relianceOf = (
  { defaultContractId }: Pick<Change, 'defaultContractId'>,
  verificationIds: Reliance['verificationIds'],
): Reliance => ({ contractIds: defaultContractId === undefined ? [] : [defaultContractId], verificationIds })
