import { askAgain, doubt, intent } from '../../doubt/inquiry.ts'
import type { GatewayPayment } from '../../gateways/port/payment.ts'
import type { Completion, Outcome } from '../../gateways/port/terms.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { PaymentEvent } from '../state/event.ts'
import { attemptOf, type Payment, representative } from '../state/payment.ts'
import { paymentNotFound } from './not-found.ts'
import { paymentNotPaid } from './not-paid.ts'

/**
 * Asks for the acquisition of an authorised payment. The status stays PAID: capture is a fact besides it. Capturing
 * again is no error and gives no event.
 */
export const requestCapture = (
  payment: Payment,
  now: Instant,
): readonly PaymentEvent[] | Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_PAID'> => {
  const attempt = representative(payment)
  if (!attempt) return paymentNotFound(payment.paymentId)
  if (attempt.phase !== 'PAID' && attempt.phase !== 'PARTIAL_CANCELLED') return paymentNotPaid(payment, attempt)
  if (attempt.capture) return []
  return [{ type: 'CaptureRequested', transactionId: attempt.transactionId, inquiry: intent(now) }]
}

export const settleCapture = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<Completion>,
  now: Instant,
): readonly PaymentEvent[] => {
  const { capture } = attemptOf(payment, transactionId)
  if (!capture?.inquiry) return []
  switch (outcome.kind) {
    case 'succeeded':
      return [{ type: 'Captured', transactionId, capturedAt: outcome.value.at }]
    case 'failed':
      return [{ type: 'CaptureRefused', transactionId }]
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', transactionId, of: { kind: 'capture' }, inquiry: doubt(capture.inquiry, now) }]
  }
}

/**
 * A capture whose answer was lost. Not captured means it did not happen; capturing again is safe, and has an end also
 * where there is nothing to capture: then the PG refuses.
 */
export const settleCaptureByInquiry = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
  now: Instant,
): readonly PaymentEvent[] | 'retry' => {
  const { capture } = attemptOf(payment, transactionId)
  if (!capture?.inquiry) return []
  if (outcome.kind === 'succeeded') {
    const isCaptured = outcome.value.state === 'APPROVED' && outcome.value.captured
    return isCaptured ? [{ type: 'Captured', transactionId, capturedAt: now }] : 'retry'
  }
  return [{ type: 'InquiryPlanned', transactionId, of: { kind: 'capture' }, inquiry: askAgain(capture.inquiry, now) }]
}
