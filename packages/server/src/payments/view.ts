import type {
  PaymentCancellation,
  PaymentEvent as PaymentEventView,
  PaymentMethod,
  PaymentTransaction,
  Payment as PaymentView,
  PaymentWebhook,
} from '@naru/contract'
import { type Instant, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { amountView } from './state/amount.ts'
import { escrowView } from './state/fulfilment.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment, statusOf } from './state/payment.ts'
import { refundOf } from './state/promotion.ts'

/** A payment as the contract shows it: the view of the attempt that represents it. */
export const paymentView = (payment: Payment, attempt: Attempt, webhooks: readonly PaymentWebhook[]): PaymentView => {
  const common = {
    id: payment.paymentId,
    transactionId: attempt.transactionId,
    origin: attempt.origin,
    ...commonView(payment, attempt, webhooks),
  }
  const specific = statusView(attempt)
  if (specific.status !== 'PAID') return { ...common, ...specific }
  return { ...common, ...specific, ...cancellationsIfAny(attempt), disputes: [...attempt.disputes] }
}

/** One attempt as the contract shows it. */
export const transactionView = (
  payment: Payment,
  attempt: Attempt,
  webhooks: readonly PaymentWebhook[],
): PaymentTransaction => ({
  id: attempt.transactionId,
  paymentId: payment.paymentId,
  ...commonView(payment, attempt, webhooks),
  ...statusView(attempt),
})

/** What each status has to say besides what they all say. */
const statusView = (attempt: Attempt) => {
  const status = statusOf(attempt)
  switch (status) {
    case 'READY':
      return { status }
    case 'PAY_PENDING':
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return { status, ...pgView(attempt) }
    case 'PAID':
      return { status, ...paidView(attempt) }
    case 'FAILED':
      return { status, ...failedView(attempt) }
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return { status, ...cancelledView(attempt) }
  }
}

/** Money that moved: an approval (positive) or a completed cancellation (negative), with the payment as it was then. */
export type MoneyMoved = {
  readonly payment: Payment
  readonly transactionId: string
  /** Absent for an approval. */
  readonly cancellationId?: string | undefined
  readonly at: Instant
}

export const eventView = (moved: MoneyMoved, webhooks: readonly PaymentWebhook[]): PaymentEventView => {
  const { payment, transactionId, cancellationId, at } = moved
  const attempt = attemptOf(payment, transactionId)
  // PortOne documents none of these of an event.
  const {
    amount,
    statusChangedAt: _,
    updatedAt: __,
    billingKey: ___,
    ...shared
  } = commonView(payment, attempt, webhooks)
  const common = {
    ...shared,
    ...pgView(attempt),
    ...compact({ receiptUrl: attempt.receiptUrl }),
    id: cancellationId ?? transactionId,
    paymentId: payment.paymentId,
    transactionId,
    createdAt: toIso(at),
    totalAmount: amount,
    origin: attempt.origin,
  }
  const cancellation = attempt.cancellations.find(({ id }) => id === cancellationId)
  if (!cancellation)
    return {
      type: 'PAID',
      ...common,
      ...compact({ pgResponse: attempt.pgResponse }),
      eventAmount: amount.paid,
      disputes: [...attempt.disputes],
    }
  const type = attempt.phase === 'CANCELLED' ? 'CANCELLED' : 'PARTIAL_CANCELLED'
  return { type, ...common, eventAmount: -refundOf(cancellation), cancellation: cancellationView(cancellation) }
}

/** A cancellation as the contract shows it. */
export const cancellationView = (cancellation: Cancellation): PaymentCancellation => {
  const { id, totalAmount, taxFreeAmount, vatAmount, reason, requestedAt, trigger, pgCancellationId } = cancellation
  const common = {
    id,
    totalAmount,
    taxFreeAmount,
    vatAmount,
    reason,
    requestedAt: toIso(requestedAt),
    trigger,
    ...compact({ pgCancellationId, cancelledAt: isoOrAbsent(cancellation.cancelledAt) }),
  }
  switch (cancellation.status) {
    case 'SUCCEEDED':
      return { status: 'SUCCEEDED', ...common, ...compact({ receiptUrl: cancellation.receiptUrl }) }
    case 'REQUESTED':
      return { status: 'REQUESTED', ...common }
    case 'FAILED':
      return { status: 'FAILED', ...common }
  }
}

const commonView = (payment: Payment, attempt: Attempt, webhooks: readonly PaymentWebhook[]) => {
  const { request } = attempt
  return {
    merchantId: payment.merchantId,
    storeId: payment.storeId,
    channel: attempt.channel,
    version: 'V2' as const,
    requestedAt: toIso(attempt.requestedAt),
    updatedAt: toIso(attempt.updatedAt),
    statusChangedAt: toIso(attempt.statusChangedAt),
    orderName: request.orderName,
    amount: amountView(attempt),
    currency: request.currency,
    customer: request.customer,
    ...compact({
      method: methodView(attempt),
      channelGroup: attempt.channelGroup,
      billingKey: attempt.billingKey,
      scheduleId: attempt.scheduleId,
      promotionId: attempt.promotion?.promotionId,
      webhooks: webhooks.length === 0 ? undefined : [...webhooks],
      isCulturalExpense: request.isCulturalExpense,
      escrow: escrowView(attempt),
      products: request.products && [...request.products],
      productCount: request.productCount,
      customData: request.customData,
      country: request.country,
    }),
  }
}

/** The method, and of a deposit how far its refund has come: as the latest that was not withdrawn went. */
const methodView = ({ method, request, cancellations }: Attempt): PaymentMethod | undefined => {
  const latest = cancellations.findLast(({ stoppedAt }) => stoppedAt === undefined)
  if (method?.type !== 'PaymentMethodVirtualAccount' || !latest) return method
  switch (latest.status) {
    case 'REQUESTED':
      return { ...method, refundStatus: 'PENDING' }
    case 'SUCCEEDED':
      return { ...method, refundStatus: 'COMPLETED' }
    case 'FAILED': {
      const isPart = latest.totalAmount < request.amount.total
      return { ...method, refundStatus: isPart ? 'PARTIAL_REFUND_FAILED' : 'FAILED' }
    }
  }
}

const isoOrAbsent = (instant: Instant | undefined) => (instant === undefined ? undefined : toIso(instant))

const pgView = ({ pgTransactionId }: Attempt) => compact({ pgTxId: pgTransactionId })

const paidView = (attempt: Attempt) => ({
  paidAt: toIso(attempt.paidAt ?? attempt.statusChangedAt),
  ...pgView(attempt),
  ...compact({ pgResponse: attempt.pgResponse, receiptUrl: attempt.receiptUrl }),
})

const failedView = (attempt: Attempt) => ({
  failedAt: toIso(attempt.failedAt ?? attempt.statusChangedAt),
  failure: attempt.failure ?? {},
})

const cancelledView = (attempt: Attempt) => ({
  cancellations: attempt.cancellations.map(cancellationView),
  cancelledAt: toIso(Math.max(...attempt.cancellations.map(({ cancelledAt }) => cancelledAt ?? 0))),
  ...pgView(attempt),
  ...compact({ paidAt: isoOrAbsent(attempt.paidAt), receiptUrl: attempt.receiptUrl }),
})

const cancellationsIfAny = ({ cancellations }: Attempt) =>
  cancellations.length === 0 ? {} : { cancellations: cancellations.map(cancellationView) }
