import type { AggregateKey } from '../aggregates/aggregate.ts'
import { awaitSettled } from '../payments/outcome.ts'
import { type Attempt, attemptOf } from '../payments/state/payment.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './module.ts'
import { type Progress, paymentProgress } from './result.ts'

/** The payment that a window is for; `undefined` where it is for none. */
export const paymentKeyOf = ({ attempt, store }: Found): AggregateKey | undefined =>
  attempt.kind === 'PAYMENT' ? { store, id: attempt.subjectId } : undefined

/** How far an attempt is now. */
export const progressOf = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const key = paymentKeyOf(found)
  if (!key) return { kind: 'open' }
  const { state } = await parts.payments.process.load(key)
  return ofPayment(parts, found, attemptOf(state, found.attempt.transactionId))
}

/** As `progressOf`, once it is decided: waits while the PG is asked, up to a minute of real time. */
export const settledProgress = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const key = paymentKeyOf(found)
  if (!key) return progressOf(parts, found)
  const { transactionId } = found.attempt
  const isDecided = (attempt: Attempt) => ofPayment(parts, found, attempt).kind !== 'settling'
  const settled = await awaitSettled(parts.payments, key, (payment) => isDecided(attemptOf(payment, transactionId)))
  return ofPayment(parts, found, attemptOf(settled.state, transactionId))
}

const ofPayment = (parts: CheckoutParts, { attempt, channel }: Found, paid: Attempt): Progress =>
  paymentProgress(parts, attempt, paid, channel)
