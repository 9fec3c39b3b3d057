import { isIP } from 'node:net'
import { isBlank, type SendIdentityVerificationBody } from '@naru/contract'
import { compact } from '../kernel/compact.ts'
import { dayOfBirth, isDay } from '../kernel/days.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import type { Channel } from '../merchants/store.ts'
import type { RequestedCustomer } from './verification.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

const longestName = 100

/** In characters: Danal's limit, the higher one of the two PGs'. */
const longestCustomerId = 200

/** Returns the first invalid field of the request. */
export const refuseSend = (
  identityVerificationId: string,
  { customer, method }: SendIdentityVerificationBody,
): Invalid | undefined => {
  const broken = refuseIdentityVerificationId(identityVerificationId)
  if (broken) return broken
  const { name, phoneNumber, ipAddress, identityNumber, id = '' } = customer
  if (isBlank(name) || name.length > longestName)
    return invalid(`customer.name must be 1 to ${longestName} characters.`)
  if (mobileNumber(phoneNumber) === undefined)
    return invalid('customer.phoneNumber must be a Korean mobile number, such as 01012345678.')
  if (isIP(ipAddress) === 0) return invalid("customer.ipAddress must be the person's IP address.")
  if (id.length > longestCustomerId) return invalid(`customer.id must be at most ${longestCustomerId} characters.`)
  if (method === 'SMS' && identityNumber === undefined)
    return invalid('customer.identityNumber is required for SMS: the first seven digits of the resident number.')
  return undefined
}

export const refuseIdentityVerificationId = (id: string): Invalid | undefined =>
  id.trim() === '' || id.length > 200 ? invalid('identityVerificationId must be 1 to 200 characters.') : undefined

/** Refuses a valid request that the channel's PG does not support. */
export const refuseAtGateway = (
  identityVerificationId: string,
  { bypass }: SendIdentityVerificationBody,
  { pgProvider }: Channel,
): Invalid | undefined => {
  if (!pgProvider.startsWith('KCP')) return undefined
  if (!/^[\dA-Za-z]{1,40}$/.test(identityVerificationId))
    return invalid('identityVerificationId must be 1 to 40 letters and digits at KCP.')
  return hasMediaType(bypass?.kcpV2)
    ? undefined
    : invalid('bypass.kcpV2.media_type is required at KCP, such as {"kcpV2": {"media_type": "MC01"}}.')
}

const hasMediaType = (kcp: unknown): boolean =>
  typeof kcp === 'object' && kcp !== null && 'media_type' in kcp && typeof kcp.media_type === 'string'

/** The person that the request is about. Of the resident registration number only birth date and gender are kept. */
export const requestedCustomer = ({
  customer,
}: Pick<SendIdentityVerificationBody, 'customer'>): RequestedCustomer | Invalid => {
  const { id, name, phoneNumber, identityNumber } = customer
  const birth = identityNumber === undefined ? {} : birthOf(identityNumber)
  return birth instanceof Refusal
    ? birth
    : { ...compact({ id }), name, phoneNumber: mobileNumber(phoneNumber), ...birth }
}

/** A person as a window is opened for, with a number that lists find however it is written. */
export const prefilled = (customer: RequestedCustomer): RequestedCustomer => {
  const phoneNumber = mobileNumber(customer.phoneNumber ?? '')
  return phoneNumber === undefined ? customer : { ...customer, phoneNumber }
}

export const digitsOf = (text: string): string => text.replaceAll('-', '')

/** The seventh digit of a resident registration number gives the century: 9 and 0, then 1 to 4, for foreigners 5 to 8. */
const centuries: readonly string[] = ['18', '19', '19', '20', '20', '19', '19', '20', '20', '18']

const birthOf = (identityNumber: string) => {
  const digits = digitsOf(identityNumber)
  const century = centuries[Number(digits[6])]
  if (!/^\d{7}$/.test(digits) || century === undefined)
    return invalid('customer.identityNumber must be the first seven digits of a resident number.')
  const [birthYear, birthMonth, birthDay] = [`${century}${digits.slice(0, 2)}`, digits.slice(2, 4), digits.slice(4, 6)]
  return isDay(`${birthYear}-${birthMonth}-${birthDay}`)
    ? { birthYear, birthMonth, birthDay }
    : invalid('customer.identityNumber must begin with a date of birth, as YYMMDD.')
}

/** Refuses a day of birth that there is not: the verified person is shown with it. Parts without the others say nothing. */
export const refuseBirth = (customer: RequestedCustomer | undefined): Invalid | undefined =>
  customer === undefined || hasNoBirth(customer) || dayOfBirth(customer) !== undefined
    ? undefined
    : invalid(
        'customer.birthYear, customer.birthMonth and customer.birthDay must be a date together, such as 1990, 01 and 31.',
      )

const hasNoBirth = ({ birthYear, birthMonth, birthDay }: RequestedCustomer): boolean =>
  birthYear === undefined && birthMonth === undefined && birthDay === undefined

/** The gender in the seventh digit. */
export const personFacts = (identityNumber: string | undefined) => {
  if (identityNumber === undefined) return {}
  const digit = Number(digitsOf(identityNumber)[6])
  return { gender: digit % 2 === 1 ? ('MALE' as const) : ('FEMALE' as const), isForeigner: digit >= 5 && digit <= 8 }
}
