import { doubt } from '../../doubt/inquiry.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { PaymentEvent } from '../state/event.ts'
import { attemptOf, type Payment } from '../state/payment.ts'
import { isOpenWindow } from '../state/window.ts'

/** The PG's own window says that it charged: it is asked at once, and until it tells, nothing else pays this order. */
export const reportSelfCharge = (payment: Payment, transactionId: string, now: Instant): readonly PaymentEvent[] =>
  isOpenWindow(attemptOf(payment, transactionId))
    ? [{ type: 'SelfChargeReported', transactionId, inquiry: doubt(undefined, now) }]
    : []
