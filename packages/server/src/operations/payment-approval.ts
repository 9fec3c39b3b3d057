import type { PaymentWebhook } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { confirmIssueAndPay } from '../billing-keys/confirm-and-pay.ts'
import { billingKeyPayment } from '../billing-keys/pay.ts'
import { isCashLike } from '../cash-receipts/cash-like.ts'
import { awaitReceiptOf } from '../cash-receipts/inquire.ts'
import { receiptWithPayment } from '../cash-receipts/issue-awaited.ts'
import type { CashReceiptParts } from '../cash-receipts/module.ts'
import { withCashReceipt } from '../cash-receipts/view.ts'
import type { Caller, Handlers } from '../http/handler.ts'
import { toIso } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { invalid, Refusal, refuse } from '../kernel/refusal.ts'
import type { Principal } from '../merchants/principal.ts'
import { readPayment, wholeView } from '../payment-reading/read.ts'
import { cancel, stopCancellation } from '../payments/cancel.ts'
import { capture } from '../payments/capture.ts'
import { closeVirtualAccount } from '../payments/close-virtual-account.ts'
import { confirm } from '../payments/confirm.ts'
import type { PaymentSummary } from '../payments/outcome.ts'
import { pay } from '../payments/pay.ts'
import { refusePaymentId } from '../payments/requests/input.ts'
import { instantPayment } from '../payments/requests/instant.ts'
import { preRegister } from '../payments/rules/checkout.ts'
import { type Attempt, type Payment, representative } from '../payments/state/payment.ts'
import { cancellationView, transactionView } from '../payments/view.ts'
import { resendWebhook } from '../webhooks/resend.ts'
import { paymentWebhook } from '../webhooks/view.ts'
import { fulfilmentOperations } from './payment-fulfilment.ts'
import type { PaymentOperationParts } from './payment-parts.ts'
import { listOperations } from './payment-reading.ts'
import { pgOperations } from './pg-specific.ts'

type PaymentOperationId =
  | 'preRegisterPayment'
  | 'payInstantly'
  | 'payWithBillingKey'
  | 'confirmBillingKeyIssueAndPay'
  | 'getPayment'
  | 'getPayments'
  | 'getAllPaymentsByCursor'
  | 'getPaymentTransactions'
  | 'getAllPaymentEventsByCursor'
  | 'cancelPayment'
  | 'stopPaymentCancellation'
  | 'closeVirtualAccount'
  | 'capturePayment'
  | 'confirmPayment'
  | 'resendWebhook'
  | 'applyEscrowLogistics'
  | 'modifyEscrowLogistics'
  | 'confirmEscrow'
  | 'registerStoreReceipt'
  | 'getKakaopayPaymentOrder'
  | 'getPgCardPromotions'
  | 'confirmPaymentwallDelivery'

/** The payments part of the API: each operation turns the contract's input into a command, and state into an answer. */
export const paymentOperations = (parts: PaymentOperationParts): Pick<Handlers, PaymentOperationId> => ({
  ...listOperations(parts),
  ...payingOperations(parts),
  ...cancellingOperations(parts),
  ...readingOperations(parts),
  ...fulfilmentOperations(parts),
  ...pgOperations(parts),
})

const payingOperations = ({ payments, billingKeys, cashReceipts, access }: PaymentOperationParts) =>
  ({
    preRegisterPayment: async ({ path, body, principal }) => {
      const { totalAmount, taxFreeAmount, currency } = body
      const broken = refusePaymentId(path.paymentId) ?? refusePreRegistration(totalAmount, taxFreeAmount)
      if (broken) return broken
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const expected = { totalAmount, taxFreeAmount, currency }
      const key = { store, id: path.paymentId }
      const changed = await payments.process.change(key, (payment) => preRegister(payment, expected))
      return changed instanceof Refusal ? changed : {}
    },

    payInstantly: async ({ path, body, principal, caller }) => {
      const broken = refusePaymentId(path.paymentId)
      if (broken) return broken
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
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
    },

    payWithBillingKey: async ({ path, body, principal, caller }) => {
      const broken = refusePaymentId(path.paymentId)
      if (broken) return broken
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const summary = await pay(payments, { store, id: path.paymentId }, async () => {
        const made = { origin: originOf(caller), ...circumstances(caller) }
        const command = await billingKeyPayment(billingKeys, store, body, made)
        if (command instanceof Refusal) return command
        return receiptWithPayment(cashReceipts, { store, id: path.paymentId }, command, body.cashReceipt, 'cashReceipt')
      })
      if (summary instanceof Refusal) return summary
      await awaitReceipt(cashReceipts, { store, id: path.paymentId }, summary)
      return { payment: summaryView(summary) }
    },

    confirmBillingKeyIssueAndPay: async ({ body, principal, caller }) => {
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const { billingIssueToken, isTest, skipWebhook, paymentId, currency, totalAmount, taxFreeAmount } = body
      const expected = { billingIssueToken, isTest, payment: { paymentId, currency, totalAmount, taxFreeAmount } }
      const origin = originOf(caller)
      const quiet = skipWebhook || undefined
      const input = { ...expected, ...circumstances(caller), skipWebhook: quiet, origin }
      return confirmIssueAndPay({ payments, billingKeys }, store, input)
    },

    confirmPayment: async ({ path, body, principal, caller }) => {
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const { paymentToken, storeId: _, ...verification } = body
      const command = { ...verification, ...circumstances(caller), tokenDigest: digestOf(paymentToken) }
      const summary = await confirm(payments, { store, id: path.paymentId }, command)
      if (summary instanceof Refusal) return summary
      await awaitReceipt(cashReceipts, { store, id: path.paymentId }, summary)
      return summaryView(summary)
    },

    capturePayment: async ({ path, body, principal, caller }) => {
      const store = await access.resolveStore(principal, body?.storeId)
      if (store instanceof Refusal) return store
      return (await capture(payments, { store, id: path.paymentId }, circumstances(caller))) ?? {}
    },
  }) satisfies Partial<Handlers>

/** Only payments that are like cash come with a receipt; whoever is told that they are paid reads it right afterwards. */
const awaitReceipt = async (
  cashReceipts: CashReceiptParts,
  key: AggregateKey,
  { paid }: PaymentSummary,
): Promise<void> => {
  if (paid && isCashLike(paid.method)) await awaitReceiptOf(cashReceipts, key, paid.transactionId)
}

const cancellingOperations = ({ payments, webhooks, access }: PaymentOperationParts) =>
  ({
    cancelPayment: async ({ path, body, principal, caller }) => {
      const broken = refuseCancelAmounts(body)
      if (broken) return broken
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
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
    },

    stopPaymentCancellation: async ({ path, body, principal, caller }) => {
      const store = await access.resolveStore(principal, body?.storeId)
      if (store instanceof Refusal) return store
      const { paymentId, cancellationId } = path
      const stopped = await stopCancellation(payments, { store, id: paymentId }, cancellationId, circumstances(caller))
      return stopped instanceof Refusal ? stopped : { stoppedAt: toIso(stopped.stoppedAt) }
    },

    closeVirtualAccount: async ({ path, query, principal, caller }) => {
      const store = await access.resolveStore(principal, query.storeId)
      if (store instanceof Refusal) return store
      const closed = await closeVirtualAccount(payments, { store, id: path.paymentId }, circumstances(caller))
      return closed instanceof Refusal ? closed : { closedAt: toIso(closed.closedAt) }
    },

    resendWebhook: async ({ path, body, principal }) => {
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const { paymentId } = path
      const { state } = await payments.process.load({ store, id: paymentId })
      if (!representative(state)) return paymentNotFound(paymentId)
      const webhook = await resendWebhook(webhooks, { storeId: store.storeId, paymentId, webhookId: body.webhookId })
      return webhook instanceof Refusal ? webhook : { webhook }
    },
  }) satisfies Partial<Handlers>

const readingOperations = ({ payments, access }: PaymentOperationParts) => {
  const read = async (principal: Principal, storeId: string | undefined, paymentId: string) => {
    const store = await access.resolveStore(principal, storeId)
    if (store instanceof Refusal) return store
    return (await readPayment(payments.sql, { storeId: store.storeId, paymentId })) ?? paymentNotFound(paymentId)
  }
  return {
    getPayment: async ({ path, query, principal }) => {
      const found = await read(principal, query.storeId, path.paymentId)
      return found instanceof Refusal ? found : (wholeView(found) ?? paymentNotFound(path.paymentId))
    },

    getPaymentTransactions: async ({ path, query, principal }) => {
      const found = await read(principal, query.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      const { state, webhooks, receipts } = found
      if (state.attempts.length === 0) return paymentNotFound(path.paymentId)
      const webhooksOf = ({ transactionId }: Attempt): readonly PaymentWebhook[] =>
        (webhooks ?? []).filter((record) => record.transactionId === transactionId).map(paymentWebhook)
      const view = (attempt: Attempt) => withCashReceipt(transactionView(state, attempt, webhooksOf(attempt)), receipts)
      return { items: state.attempts.map(view) }
    },
  } satisfies Partial<Handlers>
}

const paymentNotFound = (paymentId: Payment['paymentId']): Refusal<'PAYMENT_NOT_FOUND'> =>
  refuse('PAYMENT_NOT_FOUND', `There is no payment ${paymentId} in this store.`)

/** What no order could ever be paid as. */
const refusePreRegistration = (totalAmount = Number.MAX_SAFE_INTEGER, taxFreeAmount = 0) => {
  if (totalAmount <= 0) return invalid('totalAmount must be greater than 0.')
  if (taxFreeAmount < 0) return invalid('taxFreeAmount must not be negative.')
  return taxFreeAmount > totalAmount ? invalid('taxFreeAmount must not be more than totalAmount.') : undefined
}

const refuseCancelAmounts = (body: { amount?: number; taxFreeAmount?: number; vatAmount?: number }) => {
  if ((body.amount ?? 1) <= 0) return invalid('amount must be greater than 0. Leave it out to cancel all that is left.')
  if ((body.taxFreeAmount ?? 0) < 0) return invalid('taxFreeAmount must not be negative.')
  return (body.vatAmount ?? 0) < 0 ? invalid('vatAmount must not be negative.') : undefined
}

const circumstances = ({ requestKey, testCode }: Caller) => ({ requestKey, testCode })

/** Payments through the API show who called, as PortOne's `API` platform. */
const originOf = ({ ipAddress, userAgent }: Caller) => ({
  platformType: 'API' as const,
  ipAddress,
  ...(userAgent === undefined ? {} : { userAgent }),
})

const summaryView = ({ pgTxId, paidAt }: PaymentSummary) => ({ pgTxId, paidAt: toIso(paidAt) })
