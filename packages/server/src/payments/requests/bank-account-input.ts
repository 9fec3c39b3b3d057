import { type InstantPaymentInput, isBlank } from '@naru/contract'
import type { RefundAccount } from '../../gateways/port/payment.ts'
import { fromIso, hour, type Instant } from '../../kernel/clock.ts'
import { invalid, type Refusal } from '../../kernel/refusal.ts'

type Invalid = Refusal<'INVALID_REQUEST'>
type Account = NonNullable<InstantPaymentInput['method']['virtualAccount']>

/** Digits are counted without the hyphens: `1-----2` has two, fewer than are shown. */
export const refuseAccountNumber = (number: string, at: string): Invalid | undefined =>
  /^\d(?:-*\d){5,29}$/.test(number) ? undefined : invalid(`${at} must be 6 to 30 digits, with or without hyphens.`)

/** Refuses a virtual account that no PG could open; whether this one does, it decides itself. */
export const refuseVirtualAccount = ({ expiry, option }: Account, now: Instant): Invalid | undefined =>
  refuseExpiry(expiry, now) ?? refuseOption(option)

/** A year: longer than any PG holds an account open, short enough to be no typing mistake. */
const longestWait = 366 * 24

const refuseExpiry = (expiry: Account['expiry'], now: Instant): Invalid | undefined => {
  const at = 'method.virtualAccount.expiry'
  const { validHours, dueDate } = expiry
  if ((validHours === undefined) === (dueDate === undefined))
    return invalid(`${at} must contain exactly one of validHours and dueDate.`)
  if (validHours !== undefined && (validHours <= 0 || validHours > longestWait))
    return invalid(`${at}.validHours must be 1 to ${longestWait}.`)
  const due = dueDateOf(expiry)
  if (due !== undefined && due <= now) return invalid(`${at}.dueDate must be in the future.`)
  if (due !== undefined && due > now + longestWait * hour)
    return invalid(`${at}.dueDate must be within the next ${longestWait} hours.`)
  return undefined
}

const refuseOption = ({ type, fixed }: Account['option']): Invalid | undefined => {
  const at = 'method.virtualAccount.option.fixed'
  if (type === 'NORMAL') return fixed && invalid(`${at} is for the type FIXED only.`)
  const { pgAccountId, accountNumber } = fixed ?? {}
  if ((pgAccountId === undefined) === (accountNumber === undefined))
    return invalid(`${at} must contain exactly one of pgAccountId and accountNumber.`)
  if (pgAccountId?.trim() === '') return invalid(`${at}.pgAccountId must not be blank.`)
  return accountNumber === undefined ? undefined : refuseAccountNumber(accountNumber, `${at}.accountNumber`)
}

/** When the account closes, where the merchant said when. */
export const dueDateOf = ({ dueDate }: Account['expiry']): Instant | undefined =>
  dueDate === undefined ? undefined : fromIso(dueDate)

/** How long the account is open, in milliseconds from its issue, where the merchant said how long. */
export const validForOf = ({ validHours = 0 }: Account['expiry']): number => validHours * hour

/**
 * Why nothing can be sent to this account: a real PG would refuse it, and the buyer wait for the money. Only asked of
 * refunds that need one; with others some clients send an empty one.
 */
export const faultOfRefundAccount = (account: RefundAccount | undefined): string | undefined => {
  if (account === undefined)
    return 'refundAccount is required: money paid into a virtual account cannot go back by itself.'
  if (isBlank(account.holderName)) return 'refundAccount.holderName must not be blank.'
  return refuseAccountNumber(account.number, 'refundAccount.number')?.body.message
}
