import type {
  CreatePlatformOrderTransferBody,
  CreatePlatformOrderTransferBodyDiscount,
  PlatformPaymentMethod,
  PlatformPaymentMethodInput,
  PlatformUserDefinedPropertyKeyValue,
} from '@naru/contract'
import { invalid, type Refusal } from '../../kernel/refusal.ts'
import type { DiscountInput, OrderInput } from './transfer.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

/** What was ordered, or why it cannot be told from the request. */
export const orderInput = (body: CreatePlatformOrderTransferBody): OrderInput | Invalid => {
  const { orderAmount, orderLines } = body.orderDetail
  if ((orderAmount === undefined) === (orderLines === undefined))
    return invalid('orderDetail must have exactly one of orderAmount and orderLines.')
  const common = {
    ...(body.taxFreeAmount === undefined ? {} : { taxFreeAmount: body.taxFreeAmount }),
    discounts: body.discounts.map(discountInput),
    additionalFees: body.additionalFees,
  }
  if (orderLines === undefined) return { ...(orderAmount === undefined ? {} : { orderAmount }), ...common }
  return {
    orderLines: orderLines.map(({ product, quantity, discounts, additionalFees }) => ({
      product: { ...product, taxFreeAmount: product.taxFreeAmount ?? 0 },
      quantity,
      discounts: discounts.map(discountInput),
      additionalFees,
    })),
    ...common,
  }
}

export const discountInput = (discount: CreatePlatformOrderTransferBodyDiscount): DiscountInput => ({
  sharePolicyId: discount.sharePolicyId,
  amount: discount.amount,
  taxFreeAmount: discount.taxFreeAmount ?? 0,
})

const longestId = 200

/** Ids of the merchant's that become part of a key. */
export const idProblem = (ids: Readonly<Record<string, string>>): Invalid | undefined => {
  for (const [field, id] of Object.entries(ids))
    if (id.trim() === '' || id.length > longestId)
      return invalid(`${field} must have 1 to ${longestId} characters, and not be blank.`)
  return undefined
}

/** One property has one value. */
export const propertyProblem = (
  properties: readonly PlatformUserDefinedPropertyKeyValue[] | undefined,
): Invalid | undefined => {
  const keys = (properties ?? []).map(({ key }) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  return twice === undefined ? undefined : invalid(`userDefinedProperties names ${twice} twice.`)
}

/** How an external payment was made, as it is shown. */
export const methodInput = (
  input: PlatformPaymentMethodInput | undefined,
): PlatformPaymentMethod | Invalid | undefined => {
  if (input === undefined) return undefined
  const given: (PlatformPaymentMethod | undefined)[] = [
    input.card && { type: 'CARD' },
    input.transfer && { type: 'TRANSFER' },
    input.virtualAccount && { type: 'VIRTUAL_ACCOUNT' },
    input.giftCertificate && { type: 'GIFT_CERTIFICATE' },
    input.mobile && { type: 'MOBILE' },
    input.easyPay && { type: 'EASY_PAY', ...input.easyPay },
  ]
  const methods = given.filter((method) => method !== undefined)
  const [method] = methods
  return method && methods.length === 1 ? method : invalid('externalPaymentDetail.method must have exactly one member.')
}
