import { evaluate } from '../../formula/evaluate.ts'
import type { OrderAmounts } from './amounts.ts'
import type { PaymentVat } from './payment-vat.ts'
import { vatOfPayment } from './payment-vat.ts'
import { round } from './rounding.ts'
import type { DiscountPart, FeeAmount } from './settlement.ts'
import { taxFreePart } from './tax-free-part.ts'
import type { Terms } from './terms.ts'
import { taxFreeRatio, type Variables, variables } from './variables.ts'

/** What one level (a whole transfer, or one line of it) is computed from. */
export type LevelInput = {
  readonly order: bigint
  readonly orderTaxFree: bigint
  readonly discounts: Omit<DiscountPart, 'policyId'>
}

/** A level before its fees. */
export type Level = {
  readonly amounts: Pick<
    OrderAmounts,
    | 'order'
    | 'orderTaxFree'
    | 'discount'
    | 'discountTaxFree'
    | 'payment'
    | 'paymentTaxFree'
    | 'paymentVatBurden'
    | 'discountShare'
    | 'discountShareTaxFree'
    | keyof PaymentVat
  >
  readonly variables: Variables
}

/**
 * Everything of a level that does not depend on fees: the payment is the order less its discounts, and contains VAT.
 * @param limit what is left of the order, where a part of it is cancelled.
 */
export const openLevel = (input: LevelInput, terms: Terms, limit: OrderAmounts | undefined): Level => {
  const { order, orderTaxFree, discounts } = input
  const payment = order - discounts.amount
  const paymentTaxFree = orderTaxFree - discounts.taxFreeAmount
  const vat = vatOfPayment(payment - paymentTaxFree, terms.calculator.vatRoundType, limit)
  const amounts = {
    order,
    orderTaxFree,
    discount: discounts.amount,
    discountTaxFree: discounts.taxFreeAmount,
    payment,
    paymentTaxFree,
    ...vat,
    paymentVatBurden: terms.subtractPaymentVatAmount ? vat.paymentVat : 0n,
    discountShare: discounts.shareAmount,
    discountShareTaxFree: discounts.shareTaxFreeAmount,
  }
  return { amounts, variables: variablesOf(amounts, terms) }
}

const variablesOf = (amounts: Level['amounts'], terms: Terms): Variables =>
  variables(terms.parameters).with({
    ORDER_AMOUNT: amounts.order,
    ORDER_TAX_FREE_AMOUNT: amounts.orderTaxFree,
    ORDER_TAX_FREE_RATIO: taxFreeRatio(amounts.orderTaxFree, amounts.order),
    PAYMENT_AMOUNT: amounts.payment,
    PAYMENT_TAX_FREE_AMOUNT: amounts.paymentTaxFree,
    PAYMENT_VAT: amounts.paymentVat,
    PAYMENT_VAT_BURDEN: amounts.paymentVatBurden,
    DISCOUNT_AMOUNT: amounts.discount,
    DISCOUNT_TAX_FREE_AMOUNT: amounts.discountTaxFree,
    DISCOUNT_SHARE_AMOUNT: amounts.discountShare,
    DISCOUNT_SHARE_TAX_FREE_AMOUNT: amounts.discountShareTaxFree,
  })

export const withPlatformFee = (level: Level, fee: FeeAmount): Variables =>
  level.variables.with({ PLATFORM_FEE_AMOUNT: fee.amount, PLATFORM_FEE_VAT: fee.vat })

/**
 * The rest of a level, once its fees are known: the platform's own formulas, the settlement amount, which is a formula
 * too, and its tax-free part, in which the ratio of the order stays an exact fraction until it is rounded.
 * @param limit as for `openLevel`.
 */
export const closeLevel = (
  level: Level,
  platformFee: FeeAmount,
  additionalFee: FeeAmount,
  terms: Terms,
  limit: OrderAmounts | undefined,
): OrderAmounts => {
  const { calculator } = terms
  let values = withPlatformFee(level, platformFee).with({
    ADDITIONAL_FEE_AMOUNT: additionalFee.amount,
    ADDITIONAL_FEE_VAT: additionalFee.vat,
  })
  const results: (readonly [key: string, result: bigint])[] = []
  for (const { key, expression, roundType } of calculator.userDefined) {
    const result = round(evaluate(expression, values.valueOf), roundType)
    results.push([key, result])
    values = values.withCustom(key, result)
  }
  const settlement = round(evaluate(calculator.settlement.expression, values.valueOf), calculator.settlement.roundType)
  const taxFree = evaluate(
    calculator.settlementTaxFree.expression,
    values.with({ SETTLEMENT_AMOUNT: settlement }).valueOf,
  )
  const settlementTaxFree = round(taxFree, calculator.settlementTaxFree.roundType)
  return {
    ...level.amounts,
    platformFee: platformFee.amount,
    platformFeeVat: platformFee.vat,
    additionalFee: additionalFee.amount,
    additionalFeeVat: additionalFee.vat,
    settlement,
    settlementTaxFree: taxFreePart({ settlement, settlementTaxFree }, limit),
    userDefinedFormulas: Object.fromEntries(results),
  }
}
