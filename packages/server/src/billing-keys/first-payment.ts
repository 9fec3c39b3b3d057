import type { PaymentFailure } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureOf } from '../doubt/failure.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { inquireDue } from '../payments/inquire.ts'
import type { LoadedPayment, PaymentParts } from '../payments/parts.ts'
import { charge } from '../payments/pay.ts'
import { attemptBy, failUnbegun, requestApproval } from '../payments/rules/approval.ts'
import type { AttemptStart } from '../payments/state/event.ts'
import { type Attempt, type Payment, paidAttempt, wasPaid } from '../payments/state/payment.ts'
import type { BillingKey } from './billing-key.ts'
import { findCharge } from './charge.ts'
import type { BillingKeyParts } from './parts.ts'
import { chargeCommand } from './pay.ts'
import { tokenLifetime } from './rules/confirm.ts'
import type { FirstPaymentOutcome } from './rules/rules.ts'

type Parts = { readonly payments: PaymentParts; readonly billingKeys: BillingKeyParts }

/** The key that a buyer agreed to pay with, as it is: what is needed to make its first payment. */
export type PayingKey = AggregateKey & { readonly state: BillingKey }

/** Makes the command for the first payment: always under the same name, so that it is begun once, whoever begins it. */
export const firstPaymentCommand = async ({ billingKeys }: Parts, { store, id, state }: PayingKey) => {
  const found = await findCharge(billingKeys, store, id, undefined)
  if (found instanceof Refusal) return found
  const { request, origin, requestKey } = startOf(id, state)
  const testCode = state.firstPayment?.testCode
  return chargeCommand({ billingKey: id, request, terms: {} }, found, { origin, requestKey, testCode })
}

/**
 * What became of the payment that a key was confirmed with. Where nobody has begun it, since a server died before, it is made
 * now: the buyer agreed to it, and waits. Where the PG's word is waited for, and it is time, the PG is asked.
 */
export const pursueFirstPayment = async (parts: Parts, key: PayingKey): Promise<FirstPaymentOutcome> => {
  const payment = paymentOf(key)
  const loaded = await parts.payments.process.load(payment)
  const known = outcomeOf(loaded.state, key)
  if (known.kind !== 'UNDECIDED') return known
  if (ownAttempt(loaded.state, key)) await inquireDue(parts.payments, payment)
  else await begin(parts, key, loaded)
  return outcomeOf((await parts.payments.process.load(payment)).state, key)
}

/** As a schedule that is due: nobody is waited for here, since other keys are due as well. */
const begin = async (parts: Parts, key: PayingKey, loaded: LoadedPayment): Promise<void> => {
  const { issuedAt, holdings } = key.state
  if (issuedAt === undefined) return await failFirstPayment(parts, key, holdings[0]?.failure ?? notExecuted)
  const isTooLate = storeTime(loaded.clock) - (key.state.ready?.at ?? 0) > tokenLifetime
  if (isTooLate) return await failFirstPayment(parts, key, notExecuted)
  const command = await firstPaymentCommand(parts, key)
  if (command instanceof Refusal) return await failFirstPayment(parts, key, notApprovable(command.body))
  const transactionId = timeOrderedId()
  const start = { ...command.start, transactionId }
  const decide = (payment: Payment, now: Instant) => requestApproval(payment, start, now)
  const begun = await parts.payments.process.change(paymentOf(key), decide, loaded)
  if (!(begun instanceof Refusal)) {
    if (begun.events.length > 0) await charge(parts.payments, paymentOf(key), begun, command, transactionId)
    return
  }
  // As who pays: another attempt's result is waited for, and the order is paid where that fails.
  await failFirstPayment(parts, key, notApprovable(begun.body))
}

/**
 * Keeps the first payment from being begun any more, and lets whoever reads it see why: it is in the payment as an attempt that
 * failed. A payment that was begun, or that something else makes, stays as it is.
 */
export const failFirstPayment = async (
  { payments }: Pick<Parts, 'payments'>,
  key: PayingKey,
  failure: PaymentFailure,
): Promise<void> => {
  const start = { ...startOf(key.id, key.state), transactionId: timeOrderedId() }
  await payments.process.apply(paymentOf(key), (payment, now) =>
    ownAttempt(payment, key) ? [] : failUnbegun(payment, start, failure, now),
  )
}

/** Why nobody was asked for the money. */
export const notApprovable = ({ message }: { readonly message?: string | undefined }) =>
  failureOf(naruFailure('NARU_NOT_APPROVABLE', { message: message ?? 'The first payment could not be made.' }))

const notExecuted = failureOf(naruFailure('NARU_NOT_EXECUTED'))

/** The attempt at the first payment, if it was begun. An older version began it under another name. */
export const ownAttempt = (payment: Payment, { id }: Pick<AggregateKey, 'id'>): Attempt | undefined =>
  attemptBy(payment, requestKeyOf(id)) ?? payment.attempts.find(({ billingKey }) => billingKey === id)

const outcomeOf = (payment: Payment, key: PayingKey): FirstPaymentOutcome => {
  const own = ownAttempt(payment, key)
  if (!own) return paidAttempt(payment) ? { kind: 'NOT_PAID' } : { kind: 'UNDECIDED' }
  if (wasPaid(own)) return { kind: 'PAID' }
  return own.phase === 'FAILED' ? { kind: 'NOT_PAID' } : { kind: 'UNDECIDED', nextAt: own.inquiry?.nextAt }
}

export const paymentOf = ({ store, state }: PayingKey): AggregateKey => ({ store, id: agreedPayment(state).paymentId })

const agreedPayment = ({ billingKey, ready }: BillingKey) => {
  if (!ready?.payment) throw new Error(`billing key ${billingKey} lost its first payment`)
  return ready.payment
}

const startOf = (billingKey: string, state: BillingKey): Omit<AttemptStart, 'transactionId'> => {
  const { ready, request, firstPayment } = state
  if (!ready) throw new Error(`billing key ${billingKey} lost what it confirms`)
  return {
    request: { ...agreedPayment(state).request, skipWebhook: request?.skipWebhook },
    origin: firstPayment?.origin ?? unknownOrigin,
    requestKey: requestKeyOf(billingKey),
    billingKey,
    channel: ready.channel,
  }
}

const requestKeyOf = (billingKey: string): string => `first payment with ${billingKey}`

/** An older version confirmed the key, and did not write down where the buyer was. */
const unknownOrigin = { platformType: 'API', ipAddress: '127.0.0.1' } as const
