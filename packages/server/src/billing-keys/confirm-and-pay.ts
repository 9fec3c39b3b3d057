import type { PaymentOrigin } from '@naru/contract'
import { storeTime } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import { attemptOutcome, summarize } from '../payments/outcome.ts'
import type { PaymentParts } from '../payments/parts.ts'
import { pay } from '../payments/pay.ts'
import { refuseNewAttempt } from '../payments/rules/approval.ts'
import { refuseTooManyFrom } from '../payments/rules/limits.ts'
import { undecidedAttempt } from '../payments/state/payment.ts'
import { type ConfirmInput, confirmIssue, keyOfToken } from './confirm.ts'
import {
  failFirstPayment,
  firstPaymentCommand,
  notApprovable,
  ownAttempt,
  type PayingKey,
  paymentOf,
} from './first-payment.ts'
import { settleFirstPayment } from './inquire.ts'
import type { BillingKeyParts } from './parts.ts'
import { type ConfirmIssueRefusal, type ExpectedPayment, isGood } from './rules/confirm.ts'

type Confirmed = { readonly billingKey: string; readonly paymentId: string }

type Parts = { readonly payments: PaymentParts; readonly billingKeys: BillingKeyParts }

/**
 * Issues the key that a buyer authenticated and charges the first payment to it. If the payment fails, the key is deleted
 * again. After a crash in between, the key's due time finishes the work: it makes the payment, or learns what became of it.
 */
export const confirmIssueAndPay = async (
  parts: Parts,
  store: Store,
  input: ConfirmInput & { readonly payment: ExpectedPayment; readonly origin: PaymentOrigin },
): Promise<Confirmed | ConfirmIssueRefusal | Refusal<'PG_PROVIDER'>> => {
  const impossible = await refuseFirstPayment(parts, store, input)
  if (impossible) return impossible
  const confirmed = await confirmIssue(parts.billingKeys, store, input)
  if (confirmed instanceof Refusal) {
    const key = keyOfToken(store, input.billingIssueToken)
    if (key && confirmed.body.type === 'PG_PROVIDER') await settleFirstPayment(parts.billingKeys, key)
    return confirmed
  }
  const key = { ...confirmed.key, state: confirmed.state }
  const paid = await payFirst(parts, key)
  if (!(paid instanceof Refusal)) return { billingKey: key.id, paymentId: paymentOf(key).id }
  // The contract has no other error for a payment that is not made.
  return paid.body.type === 'PG_PROVIDER'
    ? new Refusal<'PG_PROVIDER'>(paid.body)
    : refuse('INFORMATION_MISMATCH', `The payment failed, so the billing key has been deleted. ${paid.body.message}`)
}

/** Pays, unless the due loop, or an earlier try of this request, has begun: then that is the payment. */
const payFirst = async (parts: Parts, key: PayingKey) => {
  const payment = paymentOf(key)
  const paid = await pay(parts.payments, payment, () => firstPaymentCommand(parts, key))
  if (!(paid instanceof Refusal)) {
    await settleFirstPayment(parts.billingKeys, key)
    return paid
  }
  await failFirstPayment(parts, key, notApprovable(paid.body))
  const loaded = await parts.payments.process.load(payment)
  const own = ownAttempt(loaded.state, key)
  const isGivenUp = !own || own.failure?.pgCode === 'NARU_NOT_APPROVABLE'
  const answer = isGivenUp ? paid : summarize(await attemptOutcome(parts.payments, payment, loaded, own.transactionId))
  await settleFirstPayment(parts.billingKeys, key, isGivenUp ? { kind: 'NOT_PAID' } : undefined)
  return answer
}

/**
 * Refuses an order that cannot be paid, such as one that has been paid, before anything is issued. Otherwise the key would
 * be issued and deleted again, and the buyer's authentication would be used up.
 */
const refuseFirstPayment = async (
  { payments, billingKeys }: Parts,
  store: Store,
  { billingIssueToken, origin }: Pick<ConfirmInput, 'billingIssueToken'> & { readonly origin: PaymentOrigin },
): Promise<Refusal<'INFORMATION_MISMATCH'> | undefined> => {
  const key = keyOfToken(store, billingIssueToken)
  if (!key) return undefined
  const { state, clock } = await billingKeys.process.load(key)
  const { ready } = state
  // Confirmed before: the payment may be the one that this request made.
  if (!ready?.payment || state.request || !isGood(ready, billingIssueToken, storeTime(clock))) return undefined
  const { paymentId, request } = ready.payment
  const { state: payment } = await payments.process.load({ store, id: paymentId })
  // If another attempt is under way, paying waits for its result.
  const refusal = undecidedAttempt(payment)
    ? undefined
    : (refuseNewAttempt(payment, request) ?? refuseTooManyFrom(payment, origin))
  return refusal && refuse('INFORMATION_MISMATCH', `Nothing was issued or charged. ${refusal.body.message}`)
}
