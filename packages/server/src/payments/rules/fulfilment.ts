import { doubt, intent } from '../../doubt/inquiry.ts'
import type { Fulfilled, FulfilmentStep } from '../../gateways/port/fulfilment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import { sumAtAnySize } from '../../kernel/money.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment, type PendingStep, representative } from '../state/payment.ts'
import { paymentNotFound } from './not-found.ts'
import { paymentNotPaid } from './not-paid.ts'

export type FulfilmentRefusal = Refusal<'INVALID_REQUEST' | 'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_PAID'>

/**
 * Commits to telling the PG of a step. A payment that is refunded in part is still fulfilled. Decides on nothing where the same
 * request told of its step before; see `stepBy`.
 */
export const requestFulfilment = (
  payment: Payment,
  asked: Omit<PendingStep, 'inquiry'>,
  now: Instant,
): readonly PaymentEvent[] | FulfilmentRefusal => {
  const attempt = representative(payment)
  if (!attempt) return paymentNotFound(payment.paymentId)
  if (stepBy(payment, asked.requestKey)) return []
  if (attempt.phase !== 'PAID' && attempt.phase !== 'PARTIAL_CANCELLED') return paymentNotPaid(payment, attempt)
  if (attempt.fulfilment?.pending)
    return refuse(
      'INVALID_REQUEST',
      `The payment gateway has not answered an earlier request about the payment ${payment.paymentId}. Try again soon.`,
    )
  const broken = refuseStep(attempt, asked.step)
  if (broken) return refuse('INVALID_REQUEST', broken)
  const { transactionId } = attempt
  return [{ type: 'FulfilmentRequested', transactionId, pending: { ...asked, inquiry: intent(now) } }]
}

/** The step that a request told of, by its key, and the attempt that it belongs to. */
export const stepBy = (payment: Payment, requestKey: string | undefined) => {
  const attempt = requestKey === undefined ? undefined : representative(payment)
  const step = attempt && stepsOf(attempt).find((candidate) => candidate.requestKey === requestKey)
  return step && { transactionId: attempt.transactionId, reference: step.reference }
}

const stepsOf = ({ fulfilment }: Attempt) =>
  fulfilment ? [...fulfilment.done, ...(fulfilment.pending ? [fulfilment.pending] : [])] : []

/** What is wrong with this step for this attempt now. */
const refuseStep = (attempt: Attempt, step: FulfilmentStep): string | undefined => {
  switch (step.kind) {
    case 'REGISTER_SHIPMENT':
      return refuseEscrow(attempt) ?? (attempt.fulfilment?.shipment ? registered : undefined)
    case 'MODIFY_SHIPMENT':
      return refuseEscrow(attempt) ?? refuseUnshipped(attempt) ?? refuseDelivered(attempt)
    case 'CONFIRM_ESCROW':
      return refuseEscrow(attempt) ?? refuseUnshipped(attempt)
    case 'STORE_RECEIPT':
      return refuseReceipt(attempt, step.items)
    case 'DELIVERY':
      return attempt.channel.pgProvider === 'PAYMENTWALL'
        ? undefined
        : 'Deliveries are registered at Paymentwall only, and this payment was made through another payment gateway.'
  }
}

const registered = 'The shipment is already registered. Change it with PATCH.'

const refuseUnshipped = ({ fulfilment }: Attempt): string | undefined =>
  fulfilment?.shipment ? undefined : 'No shipment has been registered yet. Register it first.'

const refuseDelivered = ({ fulfilment }: Attempt): string | undefined =>
  fulfilment?.progress ? 'The goods are delivered: their shipment cannot be changed any more.' : undefined

const refuseEscrow = ({ request, fulfilment }: Attempt): string | undefined => {
  if (!request.isEscrow) return 'The payment is not an escrow payment.'
  switch (fulfilment?.progress?.status) {
    case 'CONFIRMED':
      return confirmed
    case 'REJECTED':
    case 'REJECT_CONFIRMED':
      return 'The buyer returns the goods. Cancel the payment instead.'
    case 'DELIVERED':
    case undefined:
      return fulfilment?.confirmedAt === undefined ? undefined : confirmed
  }
}

const confirmed = 'The purchase is already confirmed.'

const receiptProviders: readonly string[] = ['INICIS', 'INICIS_V2']

const refuseReceipt = (
  { channel, request }: Attempt,
  items: Extract<FulfilmentStep, { kind: 'STORE_RECEIPT' }>['items'],
): string | undefined => {
  if (!receiptProviders.includes(channel.pgProvider ?? ''))
    return 'Store receipts are registered at KG Inicis only, and this payment was made through another payment gateway.'
  if (items.some(({ currency }) => currency !== request.currency))
    return `items: every currency must be the payment's, ${request.currency}.`
  const total = sumAtAnySize(items.map(({ totalAmount }) => totalAmount))
  if (total <= request.amount.total) return undefined
  return `items: the sum of totalAmount is ${total}, more than the payment's ${request.amount.total}.`
}

/** Applies the PG's answer. A step without a usable answer is repeated under its reference until there is one. */
export const settleFulfilment = (
  payment: Payment,
  transactionId: string,
  reference: string,
  outcome: Outcome<Fulfilled>,
  now: Instant,
): readonly PaymentEvent[] => {
  const pending = attemptOf(payment, transactionId).fulfilment?.pending
  if (pending?.reference !== reference) return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'FulfilmentDone', transactionId, reference, ...outcome.value }]
    case 'failed':
      return [{ type: 'FulfilmentRefused', transactionId, reference }]
    case 'pending':
    case 'unknown': {
      const inquiry = doubt(pending.inquiry, now)
      return [{ type: 'InquiryPlanned', transactionId, of: { kind: 'fulfilment' }, inquiry }]
    }
  }
}
