import type { BrowserCustomer, BrowserPayment, CustomerInput, InstantPaymentInput } from '@naru/contract'
import { compact } from '../kernel/compact.ts'

type OrderFields = Pick<
  BrowserPayment,
  | 'orderName'
  | 'totalAmount'
  | 'taxFreeAmount'
  | 'vatAmount'
  | 'currency'
  | 'customer'
  | 'products'
  | 'customData'
  | 'country'
  | 'productType'
  | 'isEscrow'
  | 'isCulturalExpense'
  | 'noticeUrls'
  | 'channelKey'
> & { readonly channelGroupId?: string }

/** The order as the API would be told it. */
export const orderOf = (request: OrderFields): Omit<InstantPaymentInput, 'method'> => {
  const { orderName, totalAmount, taxFreeAmount, vatAmount, currency, customer, products, customData } = request
  const { country, productType, isEscrow, isCulturalExpense, noticeUrls, channelKey, channelGroupId } = request
  return {
    orderName,
    amount: { total: totalAmount, ...compact({ taxFree: taxFreeAmount, vat: vatAmount }) },
    currency,
    ...compact({
      customer: customer && customerOf(customer),
      products,
      customData: customDataText(customData),
      country,
      productType,
      isEscrow,
      isCulturalExpense,
      noticeUrls,
      channelKey,
      channelGroupId,
    }),
  }
}

/**
 * The API keeps text, the browser hands out JSON: what is no text becomes its JSON. A merchant who wrote the JSON
 * himself gets back exactly what he sent.
 */
export const customDataText = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value)

export const customerOf = (customer: BrowserCustomer): CustomerInput => {
  const { customerId, fullName, firstName, lastName, phoneNumber, email, address, zipcode, gender } = customer
  const { birthYear, birthMonth, birthDay } = customer
  const separated =
    firstName === undefined && lastName === undefined ? undefined : { first: firstName ?? '', last: lastName ?? '' }
  const name = fullName === undefined ? separated && { separated } : { full: fullName }
  return compact({
    id: customerId,
    name,
    birthYear,
    birthMonth,
    birthDay,
    gender,
    email,
    phoneNumber,
    address,
    zipcode,
  })
}
