import type { CreatePlatformPartnerBodyAccount, PlatformAccount, PlatformPartnerBusinessStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { LookUpsOf } from '../lookups/providers.ts'
import { isSameHolder } from '../lookups/same-holder.ts'
import { findVerifications, type Verification } from '../lookups/verification.ts'
import type { PlatformRequest } from '../platform.ts'

/** What checking partners needs. */
export type CheckParts = { readonly sql: Sql; readonly lookUpsOf: LookUpsOf }

/** Something that was found out, and the look-up that is used up by it. */
export type Checked<Value> = { readonly value: Value; readonly verificationId?: string }

type AccountRefusal = Refusal<
  | 'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND'
  | 'PLATFORM_ACCOUNT_VERIFICATION_FAILED'
  | 'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED'
>
type CompanyRefusal = Refusal<'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED' | 'INVALID_REQUEST'>

/** The look-ups that some partners name, read in two statements however many they are. */
export type KnownVerifications = {
  readonly accounts: ReadonlyMap<string, Verification<'ACCOUNT'>>
  readonly companies: ReadonlyMap<string, Verification<'COMPANY'>>
}

export const knownVerifications = async (
  { sql }: Pick<CheckParts, 'sql'>,
  { platform, now }: PlatformRequest,
  ids: { readonly accounts: readonly (string | undefined)[]; readonly companies: readonly (string | undefined)[] },
): Promise<KnownVerifications> => {
  const given = (list: readonly (string | undefined)[]) => list.filter((id) => id !== undefined)
  const [accounts, companies] = await Promise.all([
    findVerifications(sql, platform, 'ACCOUNT', given(ids.accounts), now),
    findVerifications(sql, platform, 'COMPANY', given(ids.companies), now),
  ])
  return { accounts, companies }
}

/**
 * The account with what is known of its holder. An id of a look-up takes the place of asking the bank; PortOne documents
 * how a wrong one is refused.
 */
export const checkAccount = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  { accountVerificationId: id, ...account }: CreatePlatformPartnerBodyAccount,
): Promise<Checked<PlatformAccount> | AccountRefusal> => {
  if (id === undefined) return await askBank(parts, request, account)
  const verification = known.accounts.get(id)
  const problem = accountProblem(verification, account)
  return problem ?? { value: { ...account, status: 'VERIFIED' }, verificationId: id }
}

/** As `checkAccount`, where PortOne lists no errors: an id that is of no use is ignored. */
export const checkAccountLeniently = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  given: CreatePlatformPartnerBodyAccount,
): Promise<Checked<PlatformAccount>> => {
  const checked = await checkAccount(parts, request, known, given)
  if (!(checked instanceof Refusal)) return checked
  const { accountVerificationId: _, ...account } = given
  return await askBank(parts, request, account)
}

const accountProblem = (
  verification: Verification<'ACCOUNT'> | undefined,
  { bank, number, holder }: Omit<CreatePlatformPartnerBodyAccount, 'accountVerificationId'>,
): AccountRefusal | undefined => {
  if (verification === undefined)
    return refuse(
      'PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND',
      'account.accountVerificationId is unknown or older than a day. Look the account holder up again.',
    )
  if (verification.isUsed)
    return refuse(
      'PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED',
      'account.accountVerificationId has been used. Look the account holder up again.',
    )
  const { subject } = verification
  return subject.bank === bank && digitsOf(subject.number) === digitsOf(number) && isSameHolder(subject.holder, holder)
    ? undefined
    : refuse(
        'PLATFORM_ACCOUNT_VERIFICATION_FAILED',
        'account.bank, account.number and account.holder must be those that were looked up.',
      )
}

/** Account numbers are written with hyphens or without. */
const digitsOf = (number: string): string => number.replaceAll(/\D/g, '')

/** PortOne checks KRW accounts only, and refuses no partner because of what comes of it. */
const askBank = async (
  { lookUpsOf }: CheckParts,
  { platform }: PlatformRequest,
  account: Omit<PlatformAccount, 'status'>,
): Promise<Checked<PlatformAccount>> => {
  if (account.currency !== 'KRW') return { value: { ...account, status: 'NOT_VERIFIED' } }
  const found = await lookUpsOf(platform).holderOf({ bank: account.bank, number: account.number })
  switch (found.kind) {
    case 'found':
      return {
        value: { ...account, status: isSameHolder(found.holderName, account.holder) ? 'VERIFIED' : 'VERIFY_FAILED' },
      }
    case 'unsupported':
    case 'refused':
    case 'unavailable':
      return { value: { ...account, status: 'VERIFY_ERROR' } }
  }
}

/** Whether the company is in business, by the look-up that is named or by a new one. */
export const checkCompany = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  businessRegistrationNumber: string,
  id: string | undefined,
): Promise<Checked<PlatformPartnerBusinessStatus> | CompanyRefusal> => {
  if (id === undefined) return await askRegister(parts, request, businessRegistrationNumber)
  const verification = known.companies.get(id)
  if (verification === undefined || verification.subject.businessRegistrationNumber !== businessRegistrationNumber)
    return refuse(
      'INVALID_REQUEST',
      'type.business.companyVerificationId is unknown, older than a day, or of another company. Look the company up again.',
    )
  if (verification.isUsed)
    return refuse(
      'PLATFORM_COMPANY_VERIFICATION_ALREADY_USED',
      'type.business.companyVerificationId has been used. Look the company up again.',
    )
  return { value: verification.subject.businessStatus, verificationId: id }
}

export const checkCompanyLeniently = async (
  parts: CheckParts,
  request: PlatformRequest,
  known: KnownVerifications,
  businessRegistrationNumber: string,
  id: string | undefined,
): Promise<Checked<PlatformPartnerBusinessStatus>> => {
  const checked = await checkCompany(parts, request, known, businessRegistrationNumber, id)
  return checked instanceof Refusal ? await askRegister(parts, request, businessRegistrationNumber) : checked
}

const askRegister = async (
  { lookUpsOf }: CheckParts,
  { platform }: PlatformRequest,
  businessRegistrationNumber: string,
): Promise<Checked<PlatformPartnerBusinessStatus>> => {
  const found = await lookUpsOf(platform).companyOf(businessRegistrationNumber.replaceAll('-', ''))
  switch (found.kind) {
    case 'found':
      return { value: found.state.businessStatus }
    case 'unknown':
      return { value: 'NOT_FOUND' }
    case 'unavailable':
      return { value: 'VERIFY_ERROR' }
  }
}
