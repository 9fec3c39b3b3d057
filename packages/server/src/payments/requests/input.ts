import type {
  CardCredential,
  Customer,
  CustomerInput,
  InstantPaymentInput,
  SeparatedAddressInput,
} from '@naru/contract'
import { compact } from '../../kernel/compact.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { isAddressable } from '../../kernel/text.ts'
import { webUrlProblem } from '../../kernel/web-url.ts'
import { completeAmount } from '../state/amount.ts'
import type { PaymentRequest } from '../state/payment.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

type OrderInput = Pick<
  InstantPaymentInput,
  | 'orderName'
  | 'amount'
  | 'currency'
  | 'customer'
  | 'isCulturalExpense'
  | 'isEscrow'
  | 'products'
  | 'productCount'
  | 'productType'
  | 'customData'
  | 'country'
  | 'noticeUrls'
  | 'skipWebhook'
>

/** Checks the rules of an order that its schema cannot express; returns the first invalid field. */
export const refuseOrder = (input: OrderInput): Invalid | undefined => {
  const { amount, customer, products = [], productCount = 0 } = input
  if (amount.total <= 0) return invalid('amount.total must be greater than 0.')
  if ((amount.taxFree ?? 0) < 0) return invalid('amount.taxFree must not be negative.')
  if ((amount.vat ?? 0) < 0) return invalid('amount.vat must not be negative.')
  if (customer?.name?.full !== undefined && customer.name.separated !== undefined)
    return invalid('customer.name takes either full or separated, not both.')
  const index = products.findIndex((product) => product.quantity < 0 || product.amount < 0)
  if (index >= 0) return invalid(`products[${index}]: amount and quantity must not be negative.`)
  if (productCount < 0) return invalid('productCount must not be negative.')
  return refuseNoticeUrls(input.noticeUrls)
}

/**
 * Each URL gets a delivery of its own for every webhook of the payment, and all of them are shown with it. PortOne names no
 * limit; ours is far above what anybody needs, so that one request cannot make work without bound.
 */
export const maximumNoticeUrls = 20

export const refuseNoticeUrls = (urls: readonly string[] = []): Invalid | undefined => {
  if (urls.length > maximumNoticeUrls) return invalid(`noticeUrls takes at most ${maximumNoticeUrls} URLs.`)
  for (const [index, url] of urls.entries()) {
    const problem = webUrlProblem(url)
    if (problem !== undefined) return invalid(`noticeUrls[${index}] must ${problem}.`)
  }
  return undefined
}

/** Refuses a credential that cannot be a card; whether it is one, the PG decides. */
export const refuseCredential = ({ number, expiryYear, expiryMonth }: CardCredential): Invalid | undefined => {
  if (!/^[\d -]{12,30}$/.test(number))
    return invalid('method.card.credential.number must be the digits of a card number.')
  if (!/^\d{2}$/.test(expiryYear)) return invalid('method.card.credential.expiryYear must be two digits, such as "29".')
  return /^(0[1-9]|1[0-2])$/.test(expiryMonth)
    ? undefined
    : invalid('method.card.credential.expiryMonth must be two digits from "01" to "12".')
}

/** What a payment keeps of the order. */
export const paymentRequest = (
  input: OrderInput,
): PaymentRequest | Refusal<'INVALID_REQUEST' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'> => {
  const broken = refuseOrder(input)
  if (broken) return broken
  const amount = completeAmount(input.amount)
  if (amount instanceof Refusal) return amount
  const { orderName, currency, products, productCount, productType, customData, country } = input
  return {
    orderName,
    amount,
    currency,
    customer: customerOf(input.customer ?? {}),
    products,
    productCount,
    productType,
    customData,
    country,
    isCulturalExpense: input.isCulturalExpense,
    isEscrow: input.isEscrow || undefined,
    noticeUrls: input.noticeUrls?.length ? input.noticeUrls : undefined,
    skipWebhook: input.skipWebhook || undefined,
  }
}

/** The customer as payments show it. Country and business number are given to the PG and not shown. */
export const customerOf = (input: CustomerInput): Customer => {
  const { id, birthYear, birthMonth, birthDay, gender, email, phoneNumber, zipcode } = input
  const name = input.name && nameOf(input.name)
  const address = input.address && addressOf(input.address)
  return compact({ id, name, birthYear, birthMonth, birthDay, gender, email, phoneNumber, address, zipcode })
}

const hangul = /^[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+$/

/** One guide of PortOne joins "last first", another "first last"; our choice: as each script writes names. */
const nameOf = ({ full, separated }: NonNullable<CustomerInput['name']>): string | undefined => {
  if (!separated) return full
  const { first, last } = separated
  return hangul.test(first) && hangul.test(last) ? `${last}${first}` : `${first} ${last}`
}

const addressOf = (input: SeparatedAddressInput): NonNullable<Customer['address']> => {
  const { addressLine1, addressLine2, city, province, country } = input
  const parts = [province, city, addressLine1, addressLine2].map((part) => part?.trim())
  const oneLine = parts.filter((part) => part).join(' ')
  return { type: 'SEPARATED', oneLine, addressLine1, addressLine2, ...compact({ city, province, country }) }
}

/** Ids that a URL cannot carry, or that nobody could read back, are refused before anything is made under them. */
export const refusePaymentId = (paymentId: string): Invalid | undefined =>
  isAddressable(paymentId)
    ? undefined
    : invalid('paymentId must be 1 to 255 printable characters, not blank, and neither "." nor "..".')
