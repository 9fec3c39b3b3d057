import type { Bank } from '@naru/contract'
import { refuse } from '../../kernel/refusal.ts'
import { isBank } from '../../merchants/banks.ts'
import type { CheckParts } from '../partners/verify.ts'
import type { PlatformRequest } from '../platform.ts'
import { isTenDigits, withoutHyphens } from './registration-number.ts'
import { keepVerification } from './verification.ts'

type HolderInput = {
  readonly bank: string
  readonly accountNumber: string
  readonly birthdate?: string
  readonly businessRegistrationNumber?: string
}

/** Who holds an account, with an id by which a partner can be given it without another check. */
export const lookUpHolder = async (parts: CheckParts, request: PlatformRequest, input: HolderInput) => {
  const { bank, accountNumber: number, birthdate, businessRegistrationNumber } = input
  if (birthdate !== undefined && businessRegistrationNumber !== undefined)
    return refuse('INVALID_REQUEST', 'birthdate and businessRegistrationNumber exclude each other.')
  if (!/^\d{1,50}$/.test(number))
    return refuse('INVALID_REQUEST', 'accountNumber must be 1 to 50 digits, without hyphens.')
  if (!isBank(bank)) return refuse('INVALID_REQUEST', `bank must be a code that GET /banks lists, not ${bank}.`)
  const answer = await parts
    .lookUpsOf(request.platform)
    .holderOf({ bank, number, birthdate, businessRegistrationNumber })
  switch (answer.kind) {
    case 'found':
      return await found(parts, request, { bank, number, holder: answer.holderName })
    case 'unsupported':
      return refuse('PLATFORM_NOT_SUPPORTED_BANK', `Account holders at ${bank} cannot be looked up.`)
    case 'refused':
      return refuse('PLATFORM_EXTERNAL_API_FAILED', answer.reason)
    case 'unavailable':
      return refuse('PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED', answer.reason)
  }
}

const found = async (
  { sql }: CheckParts,
  { platform, now }: PlatformRequest,
  account: { readonly bank: Bank; readonly number: string; readonly holder: string },
) => ({
  holderName: account.holder,
  accountVerificationId: await keepVerification(sql, platform, 'ACCOUNT', account, now),
})

/** What the register says of a company, with an id by which a partner can be given its number without another look-up. */
export const lookUpCompany = async (parts: CheckParts, { platform, now }: PlatformRequest, number: string) => {
  const businessRegistrationNumber = withoutHyphens(number)
  if (!isTenDigits(businessRegistrationNumber))
    return refuse('INVALID_REQUEST', 'businessRegistrationNumber must be ten digits.')
  const answer = await parts.lookUpsOf(platform).companyOf(businessRegistrationNumber)
  switch (answer.kind) {
    case 'found': {
      const subject = { businessRegistrationNumber, businessStatus: answer.state.businessStatus }
      const companyVerificationId = await keepVerification(parts.sql, platform, 'COMPANY', subject, now)
      return { companyState: answer.state, companyVerificationId }
    }
    case 'unknown':
      return refuse('PLATFORM_COMPANY_NOT_FOUND', `No company has the registration number ${number}.`)
    case 'unavailable':
      return refuse('PLATFORM_EXTERNAL_API_FAILED', answer.reason)
  }
}
