import { total } from './amounts.ts'

/** The four ways in which parts of an order can exceed the whole, by PortOne's names. */
export type ExceededKind =
  | 'DISCOUNT_THAN_ORDER'
  | 'DISCOUNT_TAX_FREE_THAN_DISCOUNT'
  | 'DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE'
  | 'PAYMENT_TAX_FREE_THAN_PAYMENT'

export type Exceeded = {
  readonly kind: ExceededKind
  readonly requestedAmount: bigint
  readonly allowedAmount: bigint
  /** The line concerned; absent where it is the order as a whole. */
  readonly productId?: string
}

type DiscountedPart = {
  readonly order: bigint
  readonly orderTaxFree: bigint
  readonly discounts: readonly { readonly amount: bigint; readonly taxFreeAmount: bigint }[]
}

type DiscountedLine = DiscountedPart & { readonly productId: string }

/** The first part that exceeds its whole, line by line and then in the order with the discounts of its lines. */
export const exceededIn = (
  order: DiscountedPart & { readonly lines: readonly DiscountedLine[] },
): Exceeded | undefined => {
  for (const line of order.lines) {
    const exceeded = exceededAt(line)
    if (exceeded) return { ...exceeded, productId: line.productId }
  }
  const discounts = [...order.lines.flatMap((line) => line.discounts), ...order.discounts]
  return exceededAt({ ...order, discounts })
}

const exceededAt = ({ order, orderTaxFree, discounts }: DiscountedPart): Exceeded | undefined => {
  const discount = total(discounts.map(({ amount }) => amount))
  const discountTaxFree = total(discounts.map(({ taxFreeAmount }) => taxFreeAmount))
  const tooFree = discounts.find(({ amount, taxFreeAmount }) => taxFreeAmount > amount)
  return (
    exceeds('DISCOUNT_THAN_ORDER', discount, order) ??
    (tooFree && exceeds('DISCOUNT_TAX_FREE_THAN_DISCOUNT', tooFree.taxFreeAmount, tooFree.amount)) ??
    exceeds('DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE', discountTaxFree, orderTaxFree) ??
    exceeds('PAYMENT_TAX_FREE_THAN_PAYMENT', orderTaxFree - discountTaxFree, order - discount)
  )
}

const exceeds = (kind: ExceededKind, requestedAmount: bigint, allowedAmount: bigint): Exceeded | undefined =>
  requestedAmount > allowedAmount ? { kind, requestedAmount, allowedAmount } : undefined
