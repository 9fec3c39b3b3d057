import { Refusal, refuse } from '../../kernel/refusal.ts'
import { graphqlId } from '../platform.ts'
import type { CancelProblem } from './arithmetic/check-cancel.ts'
import { amountExceeded, productTwice } from './refusals.ts'

type DiscountShortageType =
  | 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED'
  | 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED'

/** Why a cancellation cannot be registered, as PortOne answers it. */
export const cancelRefusal = (problem: CancelProblem): Refusal<CancelProblem['type']> => {
  switch (problem.type) {
    case 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED':
      return refuse(problem.type, 'The order is cancelled in full. Nothing of it is left.')
    case 'PLATFORM_ORDER_DETAIL_MISMATCHED':
      return refuse(
        problem.type,
        'Cancel the order in the form in which it was registered, by orderAmount or by orderLines, or use all.',
      )
    case 'PLATFORM_PRODUCT_ID_DUPLICATED':
      return productTwice(problem.productId)
    case 'PLATFORM_PRODUCT_ID_NOT_FOUND':
      return new Refusal({
        type: problem.type,
        message: `The order has no product ${problem.productId}.`,
        id: problem.productId,
      })
    case 'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED':
      return new Refusal({
        type: problem.type,
        message: `Of the product ${problem.productId} only ${problem.cancellableQuantity} are left.`,
        productId: problem.productId,
        cancellableQuantity: Number(problem.cancellableQuantity),
      })
    case 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED':
      return amountShortage(problem)
    case 'PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED':
      return new Refusal({
        type: problem.type,
        message: `The discounts name the policy ${problem.policyId} twice. Add them up.`,
        id: problem.policyId,
        graphqlId: graphqlId('DISCOUNT_SHARE_POLICY', problem.policyId),
      })
    case 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND':
      return new Refusal({
        type: problem.type,
        message: `The order has no discount by the policy ${problem.policyId}${ofLine(problem.productId)}.`,
        ...policyFields(problem),
      })
    case 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED':
    case 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED':
      return discountShortage(problem)
    case 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED':
      return amountExceeded(problem.exceeded)
  }
}

const ofLine = (productId: string | undefined): string =>
  productId === undefined ? '' : ` on the line with product ${productId}`

const amountShortage = (
  problem: Extract<CancelProblem, { type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED' }>,
): Refusal<'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED'> => {
  const { cancellableAmount, requestAmount, amountType } = problem
  const part = amountType === 'TAX_FREE' ? 'tax-free' : 'taxable'
  const whole = problem.of === 'ORDER' ? 'order' : 'payment: take its discounts back as well'
  return new Refusal({
    type: problem.type,
    message: `Only ${cancellableAmount} are left of the ${part} part of the ${whole}.`,
    cancellableAmount: Number(cancellableAmount),
    requestAmount: Number(requestAmount),
    amountType,
  })
}

const policyFields = ({ policyId, productId }: { readonly policyId: string; readonly productId?: string }) => ({
  discountSharePolicyId: policyId,
  discountSharePolicyGraphqlId: graphqlId('DISCOUNT_SHARE_POLICY', policyId),
  ...(productId === undefined ? {} : { productId }),
})

const discountShortage = (
  problem: Extract<CancelProblem, { type: DiscountShortageType }>,
): Refusal<DiscountShortageType> => {
  const { type, policyId, productId, cancellableAmount, requestAmount } = problem
  const part = type === 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED' ? 'discount' : 'tax-free discount'
  return new Refusal<DiscountShortageType>({
    type,
    message: `Only ${cancellableAmount} of the ${part} by the policy ${policyId}${ofLine(productId)} can be taken back.`,
    ...policyFields(problem),
    cancellableAmount: Number(cancellableAmount),
    requestAmount: Number(requestAmount),
  })
}
