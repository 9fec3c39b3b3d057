import type { ErrorBody } from '@naru/contract'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { graphqlId } from '../platform.ts'
import type { Exceeded, ExceededKind } from './arithmetic/exceeded.ts'

export const idTaken = (id: string): Refusal<'PLATFORM_TRANSFER_ID_ALREADY_USED'> =>
  refuse(
    'PLATFORM_TRANSFER_ID_ALREADY_USED',
    `The id ${id} belongs to another transfer, perhaps a deleted one. Choose a new one, or leave it out.`,
  )

export const noTransfer = (id: string): Refusal<'PLATFORM_TRANSFER_NOT_FOUND'> =>
  refuse('PLATFORM_TRANSFER_NOT_FOUND', `There is no transfer ${id}.`)

export const noPayment = (id: string): Refusal<'PLATFORM_PAYMENT_NOT_FOUND'> =>
  refuse(
    'PLATFORM_PAYMENT_NOT_FOUND',
    `There is no payment ${id}. For a payment that was made elsewhere, give externalPaymentDetail.`,
  )

/** Somebody has registered the same before. */
export const alreadyExists = (transferId: string, message: string): Refusal<'PLATFORM_TRANSFER_ALREADY_EXISTS'> =>
  new Refusal({
    type: 'PLATFORM_TRANSFER_ALREADY_EXISTS',
    message,
    transferId,
    transferGraphqlId: graphqlId('TRANSFER', transferId),
  })

export const productTwice = (id: string): Refusal<'PLATFORM_PRODUCT_ID_DUPLICATED'> =>
  new Refusal({
    type: 'PLATFORM_PRODUCT_ID_DUPLICATED',
    message: `The product ${id} occurs twice. Join its lines.`,
    id,
  })

const exceededTexts: Readonly<Record<ExceededKind, string>> = {
  DISCOUNT_THAN_ORDER: 'The discounts are more than the order amount',
  DISCOUNT_TAX_FREE_THAN_DISCOUNT: 'The tax-free part of a discount is more than the discount',
  DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE: 'The tax-free part of the discounts is more than that of the order',
  PAYMENT_TAX_FREE_THAN_PAYMENT: 'The tax-free part of the payment is more than the payment',
}

/** A 400 body of PortOne names the kind by a second field `type`, which JSON cannot have. Ours is beside it. */
type WithKind = ErrorBody<'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED'> & { readonly amountExceededType: ExceededKind }

export const amountExceeded = ({
  kind,
  productId,
  requestedAmount,
  allowedAmount,
}: Exceeded): Refusal<'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED'> => {
  const where = productId === undefined ? '' : ` of the line with product ${productId}`
  const body: WithKind = {
    type: 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED',
    message: `${kind}: ${exceededTexts[kind]}${where}: ${requestedAmount}, and at most ${allowedAmount} are possible.`,
    amountExceededType: kind,
    ...(productId === undefined ? {} : { productId }),
    requestedAmount: Number(requestedAmount),
    allowedAmount: Number(allowedAmount),
  }
  return new Refusal(body)
}

export const dateTooEarly = (
  settlementStartDate: string,
  settlementDate: string,
): Refusal<'PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE'> =>
  new Refusal({
    type: 'PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE',
    message: `settlementDate ${settlementDate} must not be earlier than the settlement start date ${settlementStartDate}.`,
    settlementStartDate,
    settlementDate,
  })
