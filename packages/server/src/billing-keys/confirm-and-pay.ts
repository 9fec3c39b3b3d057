import type { PaymentOrigin } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { storeTime } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import type { PaymentParts } from '../payments/parts.ts'
import { pay } from '../payments/pay.ts'
import { refuseNewAttempt } from '../payments/rules/approval.ts'
import { refuseTooManyFrom } from '../payments/rules/limits.ts'
import { undecidedAttempt, wasPaid } from '../payments/state/payment.ts'
import { findCharge } from './charge.ts'
import { type ConfirmInput, confirmIssue, keyOfToken } from './confirm.ts'
import { settleFirstPayment } from './inquire.ts'
import type { BillingKeyParts } from './parts.ts'
import { chargeCommand } from './pay.ts'
import { type ConfirmIssueRefusal, type ExpectedPayment, isGood } from './rules/confirm.ts'

type Confirmed = { readonly billingKey: string; readonly paymentId: string }

type Parts = { readonly payments: PaymentParts; readonly billingKeys: BillingKeyParts }

/**
 * Issues the key that a buyer authenticated and charges the first payment to it. If the payment fails, the key is deleted
 * again. After a crash in between, the key's due time finishes the work.
 */
export const confirmIssueAndPay = async (
  { payments, billingKeys }: Parts,
  store: Store,
  input: ConfirmInput & { readonly payment: ExpectedPayment; readonly origin: PaymentOrigin },
): Promise<Confirmed | ConfirmIssueRefusal | Refusal<'PG_PROVIDER'>> => {
  const { origin, ...confirmation } = input
  const impossible = await refuseFirstPayment({ payments, billingKeys }, store, input)
  if (impossible) return impossible
  const confirmed = await confirmIssue(billingKeys, store, confirmation)
  if (confirmed instanceof Refusal) return confirmed
  const { key, state } = confirmed
  if (!state.ready?.payment) throw new Error(`billing key ${key.id} lost its first payment`)
  const { paymentId, request } = state.ready.payment
  const { requestKey, testCode } = input
  const paid = await pay(payments, { store, id: paymentId }, async () => {
    const charge = await findCharge(billingKeys, store, key.id, undefined)
    if (charge instanceof Refusal) return charge
    const order = { billingKey: key.id, request: { ...request, skipWebhook: input.skipWebhook }, terms: {} }
    return chargeCommand(order, charge, { origin, requestKey, testCode })
  })
  await settleFirstPayment(billingKeys, key)
  if (!(paid instanceof Refusal)) return { billingKey: key.id, paymentId }
  // The contract has no other error for a payment that is not made.
  return paid.body.type === 'PG_PROVIDER'
    ? new Refusal<'PG_PROVIDER'>(paid.body)
    : refuse('INFORMATION_MISMATCH', `The payment failed, so the billing key has been deleted. ${paid.body.message}`)
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

/** The outcome of the payment that a key was confirmed with. */
export const firstPaymentOutcome = async (payments: PaymentParts, { store, id }: AggregateKey, paymentId: string) => {
  const { state } = await payments.process.load({ store, id: paymentId })
  const own = state.attempts.filter(({ billingKey }) => billingKey === id)
  if (own.some(wasPaid)) return 'PAID'
  return own.some(({ phase }) => phase !== 'FAILED') ? 'UNDECIDED' : 'NOT_PAID'
}
