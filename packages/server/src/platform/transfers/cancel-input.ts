import type { CreatePlatformOrderCancelTransferBody } from '@naru/contract'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { dayProblem, instantProblem } from '../datable.ts'
import { discountInput, idProblem, propertyProblem } from './order-input.ts'
import type { CancelInput } from './transfer.ts'

type Body = CreatePlatformOrderCancelTransferBody
type Invalid = Refusal<'INVALID_REQUEST'>

/** Which order is cancelled: the transfer itself, or the partner and the payment of it. */
export type CancelTarget = { readonly transferId: string } | { readonly partnerId: string; readonly paymentId: string }

/** A request that makes sense by itself, whatever there is. */
export type CancelCommand = { readonly body: Body; readonly target: CancelTarget; readonly input: CancelInput }

export const cancelCommand = (body: Body): CancelCommand | Invalid => {
  const target = targetOf(body)
  if (target instanceof Refusal) return target
  const detail = detailOf(body.orderDetail)
  if (detail instanceof Refusal) return detail
  const { settlementStartDate, settlementDate, cancellationId } = body
  const problem =
    dayProblem({ settlementStartDate, settlementDate }) ??
    instantProblem({ 'externalCancellationDetail.cancelledAt': body.externalCancellationDetail?.cancelledAt }) ??
    idProblem({ cancellationId }) ??
    propertyProblem(body.userDefinedProperties)
  if (problem) return problem
  const taxFree = body.taxFreeAmount === undefined ? {} : { taxFreeAmount: body.taxFreeAmount }
  return { body, target, input: { detail, ...taxFree, discounts: body.discounts.map(discountInput) } }
}

const targetOf = ({ transferId, partnerId, paymentId }: Body): CancelTarget | Invalid => {
  if (transferId !== undefined) return { transferId }
  if (partnerId !== undefined && paymentId !== undefined) return { partnerId, paymentId }
  return invalid('Name the order: by transferId, or by partnerId and paymentId together.')
}

/** A full refund is never guessed: what is cancelled must be said. */
const detailOf = (detail: Body['orderDetail']): CancelInput['detail'] | Invalid => {
  const { all, orderAmount, orderLines } = detail ?? {}
  const given = [all, orderAmount, orderLines].filter((member) => member !== undefined)
  if (given.length !== 1) return invalid('orderDetail must have exactly one of all, orderAmount and orderLines.')
  if (orderAmount !== undefined) return { type: 'AMOUNT', amount: orderAmount }
  if (orderLines === undefined) return { type: 'ALL' }
  const lines = orderLines.map(({ productId, quantity, discounts }) => ({
    productId,
    quantity,
    discounts: discounts.map(discountInput),
  }))
  return { type: 'LINES', lines }
}
