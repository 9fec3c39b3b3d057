import type { AggregateKey } from '../aggregates/aggregate.ts'
import { billingKeyPayment } from '../billing-keys/pay.ts'
import { isCashLike } from '../cash-receipts/cash-like.ts'
import { awaitReceiptOf } from '../cash-receipts/inquire.ts'
import { receiptWithPayment } from '../cash-receipts/issue-awaited.ts'
import type { CashReceiptParts } from '../cash-receipts/parts.ts'
import type { Handlers } from '../http/handler.ts'
import { toIso } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { capture } from '../payments/capture.ts'
import { confirm } from '../payments/confirm.ts'
import type { PaymentSummary } from '../payments/outcome.ts'
import { pay } from '../payments/pay.ts'
import { refusePaymentId } from '../payments/requests/input.ts'
import { instantPayment } from '../payments/requests/instant.ts'
import { preRegister } from '../payments/rules/checkout.ts'
import { refuseNoticeTargets } from '../webhooks/targets.ts'
import { circumstances, originOf } from './caller.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'payments' | 'billingKeys' | 'cashReceipts' | 'webhooks'>

type ApprovalOperationId =
  | 'preRegisterPayment'
  | 'payInstantly'
  | 'payWithBillingKey'
  | 'confirmPayment'
  | 'capturePayment'

/** Each operation turns the contract's input into a command, and state into an answer. */
export const paymentApprovalOperations = ({
  payments,
  billingKeys,
  cashReceipts,
  webhooks,
  access,
}: Parts): Pick<Handlers, ApprovalOperationId> => ({
  preRegisterPayment: forStore(access, async ({ path, body, store }) => {
    const { totalAmount, taxFreeAmount, currency } = body
    const broken = refusePaymentId(path.paymentId) ?? refusePreRegistration(totalAmount, taxFreeAmount)
    if (broken) return broken
    const expected = { totalAmount, taxFreeAmount, currency }
    const key = { store, id: path.paymentId }
    const changed = await payments.process.change(key, (payment) => preRegister(payment, expected))
    return changed instanceof Refusal ? changed : {}
  }),

  payInstantly: forStore(access, async ({ path, body, caller, store }) => {
    const broken = refusePaymentId(path.paymentId) ?? refuseNoticeTargets(webhooks, store, body.noticeUrls)
    if (broken) return broken
    const summary = await pay(payments, { store, id: path.paymentId }, (now) => {
      const command = instantPayment(store, body, { origin: originOf(caller), ...circumstances(caller), now })
      if (command instanceof Refusal) return command
      const receipt = body.method.virtualAccount?.cashReceipt
      return receiptWithPayment(
        cashReceipts,
        { store, id: path.paymentId },
        command,
        receipt,
        'method.virtualAccount.cashReceipt',
      )
    })
    return summary instanceof Refusal ? summary : { payment: summaryView(summary) }
  }),

  payWithBillingKey: forStore(access, async ({ path, body, caller, store }) => {
    const broken = refusePaymentId(path.paymentId) ?? refuseNoticeTargets(webhooks, store, body.noticeUrls)
    if (broken) return broken
    const summary = await pay(payments, { store, id: path.paymentId }, async () => {
      const made = { origin: originOf(caller), ...circumstances(caller) }
      const command = await billingKeyPayment(billingKeys, store, body, made)
      if (command instanceof Refusal) return command
      return receiptWithPayment(cashReceipts, { store, id: path.paymentId }, command, body.cashReceipt, 'cashReceipt')
    })
    if (summary instanceof Refusal) return summary
    await awaitReceipt(cashReceipts, { store, id: path.paymentId }, summary)
    return { payment: summaryView(summary) }
  }),

  confirmPayment: forStore(access, async ({ path, body, caller, store }) => {
    const { paymentToken, storeId: _, ...verification } = body
    const command = { ...verification, ...circumstances(caller), tokenDigest: digestOf(paymentToken) }
    const summary = await confirm(payments, { store, id: path.paymentId }, command)
    if (summary instanceof Refusal) return summary
    await awaitReceipt(cashReceipts, { store, id: path.paymentId }, summary)
    return summaryView(summary)
  }),

  capturePayment: forStore(access, async ({ path, caller, store }) => {
    return (await capture(payments, { store, id: path.paymentId }, circumstances(caller))) ?? {}
  }),
})

/** Only payments that are like cash come with a receipt; whoever is told that they are paid reads it right afterwards. */
const awaitReceipt = async (
  cashReceipts: CashReceiptParts,
  key: AggregateKey,
  { paid }: PaymentSummary,
): Promise<void> => {
  if (paid && isCashLike(paid.method)) await awaitReceiptOf(cashReceipts, key, paid.transactionId)
}

/** What no order could ever be paid as. */
const refusePreRegistration = (totalAmount = Number.MAX_SAFE_INTEGER, taxFreeAmount = 0) => {
  if (totalAmount <= 0) return invalid('totalAmount must be greater than 0.')
  if (taxFreeAmount < 0) return invalid('taxFreeAmount must not be negative.')
  return taxFreeAmount > totalAmount ? invalid('taxFreeAmount must not be more than totalAmount.') : undefined
}

const summaryView = ({ pgTxId, paidAt }: PaymentSummary) => ({ pgTxId, paidAt: toIso(paidAt) })
