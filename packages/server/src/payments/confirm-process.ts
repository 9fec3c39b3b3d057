import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureOf } from '../doubt/failure.ts'
import { storeTime } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { digestOf } from '../kernel/digest.ts'
import { Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { askConsent } from '../webhooks/ask.ts'
import type { WebhookParts } from '../webhooks/parts.ts'
import { confirm } from './confirm.ts'
import type { PaymentSummary } from './outcome.ts'
import type { PaymentParts } from './parts.ts'
import { declineCheckout, notConfirmed } from './rules/checkout.ts'
import { attemptOf, isUndecided, type Payment, wasPaid } from './state/payment.ts'

type Opened = { readonly transactionId: string; readonly paymentToken: string }

/**
 * PortOne's confirm process: right before the approval the merchant's server is asked, and only its yes approves what the
 * shopper authenticated. A crash before the approval charges nothing and leaves the attempt READY; from then on it is
 * confirmed as any other.
 */
export const confirmProcess = async (
  parts: { readonly payments: PaymentParts; readonly webhooks: WebhookParts },
  key: AggregateKey,
  { transactionId, paymentToken }: Opened,
  confirmUrl: string,
  testCode: string | undefined,
): Promise<PaymentSummary | Refusal<'PG_PROVIDER' | 'INVALID_REQUEST'>> => {
  const { payments, webhooks } = parts
  const { store, id: paymentId } = key
  const { state, clock } = await payments.process.load(key)
  const { request, channel } = attemptOf(state, transactionId)
  if (isTaken(state, transactionId)) {
    const taken = naruFailure('NARU_ALREADY_PAID')
    await payments.process.apply(key, (payment) => declineCheckout(payment, transactionId, failureOf(taken)))
    return refusedByGateway(taken)
  }
  const consent = await askConsent(webhooks, store, confirmUrl, {
    type: 'Transaction.Confirm',
    storeId: store.storeId,
    environment: channel.type,
    at: storeTime(clock),
    paymentId,
    transactionId,
    totalAmount: request.amount.total,
  })
  if (!consent.isGiven) {
    const { message, cause } = consent
    await payments.process.apply(key, (payment) =>
      declineCheckout(payment, transactionId, notConfirmed(cause, message)),
    )
    return refusedByGateway(naruFailure('NARU_CONFIRM_PROCESS_FAILED', { message: message ?? cause }))
  }
  const confirmed = await confirm(payments, key, { tokenDigest: digestOf(paymentToken), testCode })
  if (!(confirmed instanceof Refusal)) return confirmed
  const { body } = confirmed
  if (body.type === 'PG_PROVIDER') return refusedByGateway(body)
  // Something else happened to the order while the merchant was asked.
  return refuse('INVALID_REQUEST', body.message ?? 'The payment cannot be approved any more.')
}

/** Another attempt pays the order, or has: the merchant's server may reserve goods each time that it is asked, so it is not. */
const isTaken = ({ attempts }: Payment, own: string): boolean =>
  attempts.some((attempt) => attempt.transactionId !== own && (wasPaid(attempt) || isUndecided(attempt)))
