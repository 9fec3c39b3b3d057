import type { Handlers } from '../http/handler.ts'
import { toIso } from '../kernel/clock.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { cancel, stopCancellation } from '../payments/cancel.ts'
import { closeVirtualAccount } from '../payments/close-virtual-account.ts'
import { cancellationView } from '../payments/view.ts'
import { circumstances } from './caller.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'payments'>

type CancellationOperationId = 'cancelPayment' | 'stopPaymentCancellation' | 'closeVirtualAccount'

export const paymentCancellationOperations = ({
  payments,
  access,
}: Parts): Pick<Handlers, CancellationOperationId> => ({
  cancelPayment: forStore(access, async ({ path, body, caller, store }) => {
    const broken = refuseCancelAmounts(body)
    if (broken) return broken
    const { reason, amount, taxFreeAmount, vatAmount, currentCancellableAmount, requester, refundAccount } = body
    const cancellation = await cancel(
      payments,
      { store, id: path.paymentId },
      {
        reason,
        amount,
        taxFreeAmount,
        vatAmount,
        currentCancellableAmount,
        promotionDiscountRetainOption: body.promotionDiscountRetainOption,
        requester,
        refundAccount,
        trigger: 'API',
        skipWebhook: body.skipWebhook,
        ...circumstances(caller),
      },
    )
    return cancellation instanceof Refusal ? cancellation : { cancellation: cancellationView(cancellation) }
  }),

  stopPaymentCancellation: forStore(access, async ({ path, caller, store }) => {
    const { paymentId, cancellationId } = path
    const stopped = await stopCancellation(payments, { store, id: paymentId }, cancellationId, circumstances(caller))
    return stopped instanceof Refusal ? stopped : { stoppedAt: toIso(stopped.stoppedAt) }
  }),

  closeVirtualAccount: forStore(access, async ({ path, caller, store }) => {
    const closed = await closeVirtualAccount(payments, { store, id: path.paymentId }, circumstances(caller))
    return closed instanceof Refusal ? closed : { closedAt: toIso(closed.closedAt) }
  }),
})

const refuseCancelAmounts = (body: { amount?: number; taxFreeAmount?: number; vatAmount?: number }) => {
  if ((body.amount ?? 1) <= 0) return invalid('amount must be greater than 0. Leave it out to cancel all that is left.')
  if ((body.taxFreeAmount ?? 0) < 0) return invalid('taxFreeAmount must not be negative.')
  return (body.vatAmount ?? 0) < 0 ? invalid('vatAmount must not be negative.') : undefined
}
