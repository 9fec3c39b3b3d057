import { type IssueCashReceiptBody, isBlank } from '@naru/contract'
import type { CashReceiptRequest } from '../gateways/port/cash-receipt.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { type Channel, findChannel, type Store } from '../merchants/store.ts'
import { refusePaymentId } from '../payments/requests/input.ts'
import { completeAmount } from '../payments/state/amount.ts'

export type IssueCommand = {
  readonly channel: Channel
  /** Passed on to the PG. The recipient is never stored. */
  readonly request: Omit<CashReceiptRequest, 'paidAt'> & { readonly paidAt?: Instant | undefined }
  readonly requestKey?: string | undefined
  readonly testCode?: string | undefined
}

type Invalid = Refusal<'INVALID_REQUEST'>

/** Turns the body of an issue request into a command, or returns the first invalid field. */
export const issueCommand = (
  store: Store,
  body: IssueCashReceiptBody,
  circumstances: Pick<IssueCommand, 'requestKey' | 'testCode'>,
): IssueCommand | Refusal<'INVALID_REQUEST' | 'CHANNEL_NOT_FOUND'> => {
  const broken = refusePaymentId(body.paymentId) ?? refuseBody(body)
  if (broken) return broken
  const amount = completeAmount(body.amount)
  if (amount instanceof Refusal) return invalid(amount.body.message ?? 'amount: the parts are more than the total.')
  const channel = findChannel(store, body.channelKey)
  if (channel instanceof Refusal) return channel
  const { type, orderName, currency, customer, businessRegistrationNumber, paymentMethod, paidAt } = body
  const { total, taxFree, vat } = amount
  const paid = paidAt === undefined ? undefined : fromIso(paidAt)
  return {
    channel,
    request: {
      ...{ type, orderName, currency, amount: total, taxFree, vat, paidAt: paid },
      customer: { ...customer, identityNumber: receiptNumber(customer.identityNumber) },
      ...{ businessRegistrationNumber, paymentMethod },
    },
    ...circumstances,
  }
}

const refuseBody = ({ amount, orderName, customer, businessRegistrationNumber }: IssueCashReceiptBody) => {
  if (amount.total <= 0) return invalid('amount.total must be greater than 0.')
  if ((amount.taxFree ?? 0) < 0) return invalid('amount.taxFree must not be negative.')
  if ((amount.vat ?? 0) < 0) return invalid('amount.vat must not be negative.')
  if (isBlank(orderName)) return invalid('orderName must not be empty.')
  if (businessRegistrationNumber !== undefined && digitsOf(businessRegistrationNumber)?.length !== 10)
    return invalid('businessRegistrationNumber must be 10 digits, such as "123-45-67890".')
  return refuseIdentityNumber(customer.identityNumber, 'customer.identityNumber', customer.identityNumberType)
}

type NumberType = IssueCashReceiptBody['customer']['identityNumberType']

/**
 * Refuses what cannot be a phone number, a cash-receipt card number or a business registration number. Errors never
 * contain the number itself.
 */
export const refuseIdentityNumber = (number: string, at: string, type?: NumberType): Invalid | undefined => {
  const length = (mobileNumber(number) ?? digitsOf(number))?.length ?? 0
  const { least, most, what } = lengths[type ?? 'ANY']
  return length >= least && length <= most
    ? undefined
    : invalid(`${at} must be ${what}, ${least} to ${most} digits, with or without hyphens.`)
}

/** As a PG takes it: a telephone number that was written as from abroad, or with dots, becomes the one at home. */
export const receiptNumber = (number: string): string =>
  digitsOf(number) === undefined ? (mobileNumber(number) ?? number) : number

const lengths = {
  PHONE: { least: 9, most: 12, what: 'a telephone number' },
  CARD: { least: 13, most: 19, what: 'a cash-receipt card number' },
  BUSINESS: { least: 10, most: 10, what: 'a business registration number' },
  ANY: { least: 9, most: 19, what: 'a telephone, cash-receipt card or business registration number' },
}

const digitsOf = (text: string): string | undefined =>
  text.length <= 40 && /^[\d -]+$/.test(text) ? text.replaceAll(/[ -]/g, '') : undefined
