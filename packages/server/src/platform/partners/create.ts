import type { CreatePlatformPartnerBody } from '@naru/contract'
import { Refusal } from '../../kernel/refusal.ts'
import { unusableContracts } from '../contracts/usable.ts'
import { currencyNotSupported, isSettlementCurrency } from '../currencies.ts'
import { create, notFound, plan } from '../entities/lifecycle.ts'
import type { Reliance } from '../entities/store.ts'
import type { PlatformRequest } from '../platform.ts'
import { findUnknownProperty } from '../settings/properties.ts'
import type { BusinessContent, PartnerContent, PartnerTypeContent } from './content.ts'
import { type NamedType, readType } from './type.ts'
import { type Checked, type CheckParts, checkAccount, checkCompany, knownVerifications } from './verify.ts'

type TypeOf<Body extends CreatePlatformPartnerBody> = NonNullable<Body['type']>
export type NewPartnerType = NamedType<
  NonNullable<TypeOf<CreatePlatformPartnerBody>['business']>,
  NonNullable<TypeOf<CreatePlatformPartnerBody>['whtPayer']>
>

/** Creates a partner, which is approved at once: PortOne's console can do otherwise, its API cannot. */
export const createPartner = (parts: CheckParts, request: PlatformRequest, body: CreatePlatformPartnerBody) =>
  create(parts.sql, request, 'PARTNER', body.id, async () => {
    const type = readType(body.type)
    if (type instanceof Refusal) return type
    if (!isSettlementCurrency(body.account.currency)) return currencyNotSupported(body.account.currency)
    const [unusable] = await unusableContracts(parts.sql, request.platform, [body.defaultContractId])
    if (unusable !== undefined) return notFound('CONTRACT', unusable)
    const keys = Object.keys(body.userDefinedProperties ?? {})
    const unknown = await findUnknownProperty(parts.sql, request.platform, 'PARTNER', keys)
    if (unknown) return unknown
    const known = await knownVerifications(parts, request, verificationsOf([{ account: body.account, type }]))
    const account = await checkAccount(parts, request, known, body.account)
    if (account instanceof Refusal) return account
    const business =
      type.type === 'BUSINESS'
        ? await checkCompany(
            parts,
            request,
            known,
            type.given.businessRegistrationNumber,
            type.given.companyVerificationId,
          )
        : undefined
    if (business instanceof Refusal) return business
    return plan(partnerContent(body, type, account.value, business?.value), {
      contractIds: [body.defaultContractId],
      verificationIds: usedUp(account, business),
    })
  })

/** The look-ups that new partners name. */
export const verificationsOf = (
  partners: readonly { readonly account: CreatePlatformPartnerBody['account']; readonly type: NewPartnerType }[],
) => ({
  accounts: partners.map(({ account }) => account.accountVerificationId),
  companies: partners.map(({ type }) => (type.type === 'BUSINESS' ? type.given.companyVerificationId : undefined)),
})

/** The look-ups that are used up by what was checked. */
export const usedUp = (...checked: readonly (Checked<unknown> | undefined)[]): Reliance['verificationIds'] =>
  checked.flatMap((one) => (one?.verificationId === undefined ? [] : [one.verificationId]))

export const partnerContent = (
  body: CreatePlatformPartnerBody,
  type: NewPartnerType,
  account: PartnerContent['account'],
  businessStatus: BusinessContent['businessStatus'] = 'NOT_VERIFIED',
): PartnerContent => ({
  name: body.name,
  contact: body.contact,
  account,
  status: 'APPROVED',
  defaultContractId: body.defaultContractId,
  ...(body.memo === undefined ? {} : { memo: body.memo }),
  tags: [...new Set(body.tags)],
  type: typeContent(type, businessStatus),
  userDefinedProperties: body.userDefinedProperties ?? {},
})

const typeContent = (type: NewPartnerType, businessStatus: BusinessContent['businessStatus']): PartnerTypeContent => {
  if (type.type !== 'BUSINESS') return { type: type.type, ...type.given }
  const { companyVerificationId: _, ...business } = type.given
  return { taxationType: 'NORMAL', ...business, type: 'BUSINESS', businessStatus }
}
