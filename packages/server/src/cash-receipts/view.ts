import type {
  CashReceipt as CashReceiptView,
  PaymentEvent as PaymentEventView,
  PaymentTransaction,
  Payment as PaymentView,
} from '@naru/contract'
import { toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { isCashLike } from './cash-like.ts'
import { type CashReceipt, type CashReceipts, representative } from './cash-receipt.ts'

/** The status that lists filter by; `undefined` while the receipt is not visible. */
export const shownStatus = ({ status }: CashReceipt): 'ISSUED' | 'CANCELLED' | 'FAILED' | null => {
  switch (status) {
    case 'ISSUED':
    case 'CANCELLING':
      return 'ISSUED'
    case 'CANCELLED':
      return 'CANCELLED'
    case 'ISSUE_FAILED':
      return 'FAILED'
    case 'WAITING':
    case 'ISSUING':
    case 'DROPPED':
      return null
  }
}

/** The representative receipt as the contract shows it; `undefined` if none is visible. */
export const cashReceiptView = (state: CashReceipts): CashReceiptView | undefined => {
  const receipt = representative(state)
  if (!receipt) return undefined
  const { merchantId, storeId, paymentId } = state
  const { channel, orderName, isManual, issued, cancelledAt } = receipt
  const common = { merchantId, storeId, paymentId, channel, orderName, isManual }
  const statusUpdatedAt = toIso(receipt.statusUpdatedAt)
  if (!issued) return { status: 'ISSUE_FAILED', ...common, statusUpdatedAt }
  const { total, taxFree, vat } = receipt.amount
  const facts = {
    ...common,
    amount: total,
    taxFreeAmount: taxFree,
    vatAmount: vat,
    currency: receipt.currency,
    type: receipt.type,
    ...issuedView(issued),
    statusUpdatedAt,
  }
  if (cancelledAt === undefined) return { status: 'ISSUED', ...facts }
  return { status: 'CANCELLED', ...facts, cancelledAt: toIso(cancelledAt) }
}

/** Adds the receipt to a payment, an attempt or an event. Only what was paid shows one. */
export const withCashReceipt = <View extends PaymentView | PaymentTransaction | PaymentEventView>(
  view: View,
  state: CashReceipts | null,
): View => {
  const status = 'status' in view ? view.status : view.type
  if (status !== 'PAID' && status !== 'PARTIAL_CANCELLED' && status !== 'CANCELLED') return view
  const cashReceipt = state ? insidePayment(state) : undefined
  const missing = isCashLike(view.method) ? ('NOT_ISSUED' as const) : undefined
  const cashReceiptIssuanceStatus = cashReceipt ? ('ISSUED' as const) : missing
  return { ...view, ...compact({ cashReceipt, cashReceiptIssuanceStatus }) }
}

const insidePayment = (state: CashReceipts) => {
  const receipt = representative({ ...state, receipts: state.receipts.filter(({ issued }) => issued !== undefined) })
  if (!receipt?.issued) return undefined
  const { type, currency, amount, issued, cancelledAt } = receipt
  const facts = { type, ...issuedView(issued), totalAmount: amount.total, taxFreeAmount: amount.taxFree, currency }
  return cancelledAt === undefined
    ? { status: 'ISSUED' as const, ...facts }
    : { status: 'CANCELLED' as const, ...facts, cancelledAt: toIso(cancelledAt) }
}

type Issued = NonNullable<CashReceipt['issued']>

const issuedView = ({ pgReceiptId, issueNumber, url, issuedAt }: Issued) => ({
  pgReceiptId,
  issueNumber,
  url,
  issuedAt: toIso(issuedAt),
})
