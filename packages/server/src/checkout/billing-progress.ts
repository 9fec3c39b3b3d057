import { createHmac } from 'node:crypto'
import { issueToken } from '../billing-keys/confirm.ts'
import { awaitIssued } from '../billing-keys/inquire.ts'
import { failureOf } from '../doubt/failure.ts'
import { naruFailure } from '../kernel/codes.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import { paymentRequest } from '../payments/requests/input.ts'
import { unexpected } from '../payments/rules/approval.ts'
import { type Attempt, type Payment, undecidedAttempt } from '../payments/state/payment.ts'
import { type CheckoutAttempt, type Ending, needsConfirmation } from './attempt.ts'
import { endsUndone } from './failures.ts'
import type { Found } from './find.ts'
import { orderOf } from './order.ts'
import { isPaidElsewhere } from './paid-elsewhere.ts'
import type { CheckoutParts } from './parts.ts'
import { failedPayment, failedWith, idsOf, type Progress, unagreed } from './result.ts'

/** How far a billing key is, and the first payment with it. */
export const billingProgress = async (parts: CheckoutParts, { attempt, store, channel }: Found): Promise<Progress> => {
  const ids = idsOf(attempt)
  const { ending } = attempt
  if (ending?.kind === 'FAILED') return await failedBilling(parts, attempt, store, ending)
  const { state } = await parts.billingKeys.process.load({ store, id: attempt.subjectId })
  if (!state.ready) return await unagreedBilling(parts, attempt, store)
  if (!ending) return { kind: 'settling' }
  if (channel.manualConfirm) {
    const billingIssueToken = issueToken(attempt.subjectId, billingTokenOf(parts, attempt))
    const unconfirmed = {
      billingKey: needsConfirmation,
      ...(attempt.kind === 'ISSUE_BILLING_KEY_AND_PAY' && { txId: needsConfirmation }),
    }
    return { kind: 'ended', result: { ...ids, ...unconfirmed, billingIssueToken } }
  }
  const { holdings, issuedAt, firstPayment } = state
  if (holdings.length > 0 && holdings.every(({ phase }) => phase === 'FAILED'))
    return failedWith(attempt, ids, holdings[0]?.failure)
  if (issuedAt === undefined) return { kind: 'settling' }
  if (!firstPayment) return { kind: 'ended', result: ids }
  const { state: payment } = await parts.payments.process.load({ store, id: firstPayment.paymentId })
  // The key is looked at last: a payment that is made, or that the PG accepted, is told of before. One that is not deletes the key.
  const phase = madeFor(payment, attempt)?.phase
  return firstPayment.inquiry && (phase === undefined || phase === 'FAILED')
    ? { kind: 'settling' }
    : firstPaymentProgress(payment, attempt)
}

/** What was charged with the key is told by the payment. */
const failedBilling = async (
  parts: CheckoutParts,
  attempt: CheckoutAttempt,
  store: Store,
  failure: Extract<Ending, { kind: 'FAILED' }>,
): Promise<Progress> => {
  const ids = idsOf(attempt)
  if (attempt.kind !== 'ISSUE_BILLING_KEY_AND_PAY' || !endsUndone(failure.pgCode))
    return failedWith(attempt, ids, failure)
  const { state } = await parts.payments.process.load({ store, id: attempt.request.paymentId })
  const { paidAt, selfCharge } = madeFor(state, attempt) ?? {}
  return failedPayment(attempt, ids, { failure, paidAt, selfCharge }, isPaidElsewhere(state, attempt))
}

const madeFor = ({ attempts }: Payment, { subjectId }: CheckoutAttempt): Attempt | undefined =>
  attempts.find(({ billingKey }) => billingKey === subjectId)

/** Nobody has agreed to store anything; the order that was to be paid with it may be paid with something else. */
const unagreedBilling = async (parts: CheckoutParts, attempt: CheckoutAttempt, store: Store): Promise<Progress> => {
  if (attempt.kind !== 'ISSUE_BILLING_KEY_AND_PAY') return { kind: 'open' }
  const { state } = await parts.payments.process.load({ store, id: attempt.request.paymentId })
  const request = paymentRequest(orderOf(attempt.request))
  const differing = request instanceof Refusal ? undefined : unexpected(state, request)
  return unagreed({ isPaidElsewhere: isPaidElsewhere(state, attempt), differing })
}

/** The attempt at the payment that the key was used for has an id of its own. */
const firstPaymentProgress = (payment: Payment, attempt: CheckoutAttempt): Progress => {
  const ids = idsOf(attempt)
  const made = madeFor(payment, attempt)
  const isPaid = isPaidElsewhere(payment, attempt)
  // It was not even begun where something else has paid the order meanwhile, or is paying it.
  if (!made) return failedWith(attempt, ids, isPaid || undecidedAttempt(payment) ? beingPaid : undefined, isPaid)
  const { transactionId: txId, phase } = made
  if (phase === 'APPROVING' || phase === 'REVERSING') return { kind: 'settling' }
  return phase === 'FAILED'
    ? failedPayment(attempt, { ...ids, txId }, made, isPaid)
    : { kind: 'ended', result: { ...ids, txId } }
}

const beingPaid = failureOf(naruFailure('NARU_ALREADY_PAID'))

/** As `billingProgress`, once the key is issued and its first payment decided: waits for both, for as long as a request may. */
export const settledBilling = async (parts: CheckoutParts, found: Found): Promise<Progress> => {
  const progress = await billingProgress(parts, found)
  if (progress.kind !== 'settling') return progress
  await awaitIssued(parts.billingKeys, { store: found.store, id: found.attempt.subjectId })
  return await billingProgress(parts, found)
}

/** What makes the token for `POST /billing-keys/confirm` unguessable: always the same for one attempt. */
export const billingTokenOf = (
  { tokenKey }: Pick<CheckoutParts, 'tokenKey'>,
  { storeId, transactionId }: CheckoutAttempt,
): string => createHmac('sha256', tokenKey).update(`billing ${storeId}/${transactionId}`).digest('base64url')
