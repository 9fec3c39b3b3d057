import type { Currency, TransferParameters } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Day, dayOf } from '../../kernel/days.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { EntityKind, Snapshot } from '../entities/entity.ts'
import { refuseIds } from '../entities/refuse-ids.ts'
import { findEffective } from '../entities/store.ts'
import { graphqlId, type Platform } from '../platform.ts'
import type { SettingContent } from '../settings/content.ts'
import type { Surroundings } from './surroundings.ts'
import type { Policies } from './terms.ts'

/** Who and what an order is settled by, each in the version that applies on the settlement start date. */
export type Resolved = Policies & {
  readonly partner: Snapshot<'PARTNER'>
  readonly contract: Snapshot<'CONTRACT'>
}

/** By what a request names what it is settled by. */
export type Names = {
  readonly partnerId: string
  readonly contractId?: string | undefined
  readonly additionalFees: readonly string[]
  readonly discountShares: readonly string[]
}

type NotFound = Refusal<
  | 'PLATFORM_PARTNER_NOT_FOUND'
  | 'PLATFORM_CONTRACT_NOT_FOUND'
  | 'PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND'
  | 'PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND'
>

/** The first thing that is named and cannot be used, because it is not there or archived. */
export const missing = ({ find }: Surroundings, names: Names): NotFound | undefined => {
  const usable = (kind: EntityKind, id: string): boolean => find(kind, id)?.isArchived === false
  const partner = find('PARTNER', names.partnerId)
  if (!partner || partner.isArchived) return noPartner(names.partnerId)
  const contractId = names.contractId ?? partner.content.defaultContractId
  if (!usable('CONTRACT', contractId)) return noContract(contractId)
  const fees = names.additionalFees.filter((id) => !usable('ADDITIONAL_FEE_POLICY', id))
  if (fees.length > 0)
    return refuseIds(
      'PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND',
      'ADDITIONAL_FEE_POLICY',
      fees,
      'These additional-fee policies do not exist, or are archived.',
    )
  const shares = names.discountShares.filter((id) => !usable('DISCOUNT_SHARE_POLICY', id))
  return shares.length > 0
    ? refuseIds(
        'PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND',
        'DISCOUNT_SHARE_POLICY',
        shares,
        'These discount-share policies do not exist, or are archived.',
      )
    : undefined
}

export const noPartner = (id: string): Refusal<'PLATFORM_PARTNER_NOT_FOUND'> =>
  refuse('PLATFORM_PARTNER_NOT_FOUND', `There is no partner ${id}, or it is archived.`)

const noContract = (id: string): Refusal<'PLATFORM_CONTRACT_NOT_FOUND'> =>
  refuse('PLATFORM_CONTRACT_NOT_FOUND', `There is no contract ${id}, or it is archived.`)

/** Where versions are found that are not the newest. */
type VersionSource = { readonly sql: Sql; readonly platform: Platform; readonly find: Surroundings['find'] }

/**
 * The versions that apply on the start date. Mostly these are the newest, which have already been read; older ones cost
 * a round trip for each kind.
 */
export const resolve = async (
  source: VersionSource,
  names: Names,
  start: Day,
): Promise<Resolved | Refusal<'PLATFORM_CONTRACT_NOT_FOUND'>> => {
  const partner = (await effective(source, 'PARTNER', [names.partnerId], start)).get(names.partnerId)
  if (!partner) throw new Error(`the partner ${names.partnerId} has no version`)
  const contractId = names.contractId ?? partner.content.defaultContractId
  const contract = (await effective(source, 'CONTRACT', [contractId], start)).get(contractId)
  // The partner of that day can have had another contract, which has not been looked at yet.
  if (!contract || contract.isArchived) return noContract(contractId)
  return {
    partner,
    contract,
    additionalFees: await effective(source, 'ADDITIONAL_FEE_POLICY', names.additionalFees, start),
    discountShares: await effective(source, 'DISCOUNT_SHARE_POLICY', names.discountShares, start),
  }
}

const effective = async <Kind extends EntityKind>(
  { sql, platform, find }: VersionSource,
  kind: Kind,
  ids: readonly string[],
  start: Day,
): Promise<ReadonlyMap<string, Snapshot<Kind>>> => {
  const known = new Map<string, Snapshot<Kind>>()
  for (const id of ids) {
    const newest = find(kind, id)
    if (newest && applies(newest, start)) known.set(id, newest)
  }
  const older = ids.filter((id) => !known.has(id))
  if (older.length === 0) return known
  return new Map([...known, ...(await findEffective(sql, platform, kind, older, start))])
}

/** The newest version applies where it began by then, or where it is the only one. */
const applies = ({ version, appliedAt }: { version: number; appliedAt: number }, start: Day): boolean =>
  version === 1 || dayOf(appliedAt) <= start

/** The value of every parameter that the platform has defined, as given or by default. */
export const resolveParameters = (
  { parameters }: SettingContent,
  given: TransferParameters = {},
): TransferParameters | Refusal<'PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND'> => {
  const defined = new Set(parameters.map(({ key }) => key))
  const unknown = Object.keys(given).filter((key) => !defined.has(key))
  if (unknown.length > 0)
    return refuse(
      'PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND',
      `There is no settlement parameter ${unknown.join(', ')}. Define it first.`,
    )
  return Object.fromEntries(parameters.map(({ key, defaultValue }) => [key, given[key] ?? defaultValue]))
}

type CurrencyMismatch = Refusal<
  | 'PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED'
  | 'PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED'
>

/** PortOne's fixed fees are amounts in won. */
const feeCurrency: Currency = 'KRW'

export const currencyMismatch = (
  { contract, additionalFees }: Resolved,
  settlementCurrency: Currency,
): CurrencyMismatch | undefined => {
  if (settlementCurrency === feeCurrency) return undefined
  const message = `The fee is fixed in ${feeCurrency} and cannot be taken of a settlement in ${settlementCurrency}.`
  const { id, content } = contract
  if (content.platformFee.type === 'FIXED_AMOUNT')
    return new Refusal({
      type: 'PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED',
      message,
      id,
      graphqlId: graphqlId('CONTRACT', id),
      feeCurrency,
      settlementCurrency,
    })
  for (const policy of additionalFees.values())
    if (policy.content.fee.type === 'FIXED_AMOUNT')
      return new Refusal({
        type: 'PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED',
        message,
        id: policy.id,
        graphqlId: graphqlId('ADDITIONAL_FEE_POLICY', policy.id),
        feeCurrency,
        settlementCurrency,
      })
  return undefined
}
