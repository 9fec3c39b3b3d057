import type { AuthenticateSandboxPaymentBody, PaymentOrigin, SelectedChannel } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureOf } from '../doubt/failure.ts'
import type { MethodInWindow, PaymentWindow } from '../gateways/port/window.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { digestOf } from '../kernel/digest.ts'
import { randomToken, timeOrderedId } from '../kernel/ids.ts'
import { invalid, Refusal, refusedByGateway } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import type { PaymentParts } from './parts.ts'
import { dueDateOf, validForOf } from './requests/bank-account-input.ts'
import { refusePaymentId } from './requests/input.ts'
import { beginning, type InstantRefusal, instantPayment } from './requests/instant.ts'
import { refuseTransfer, transferMethod } from './requests/transfer.ts'
import { type NewAttemptRefusal, refusedOrder, refuseNewAttempt } from './rules/approval.ts'
import { openCheckout as decideOpen, leaveCheckout } from './rules/checkout.ts'
import type { PaymentRequest } from './state/payment.ts'

/**
 * Goes through the sandbox PG's window on the shopper's behalf: leaves the attempt READY, with the token that the
 * browser would hand to the merchant. Nothing is charged until that confirms it. A shopper who leaves the window leaves the
 * attempt FAILED.
 */
export const openCheckout = async (
  parts: PaymentParts,
  window: Pick<PaymentWindow, 'authenticate'>,
  key: AggregateKey,
  input: AuthenticateSandboxPaymentBody,
  { origin, testCode, names, opened: tell }: Circumstances,
): Promise<{ transactionId: string; paymentToken: string } | InstantRefusal | NewAttemptRefusal | GatewayRefusal> => {
  const broken = refusePaymentId(key.id)
  if (broken) return broken
  // PortOne applies promotions in its own window, which knows the card before it shows the amount; ours cannot yet.
  if (input.promotionId !== undefined)
    return invalid('promotionId is applied to payments through the API, not in the checkout window. Leave it out.')
  const loaded = await parts.process.load(key)
  const now = storeTime(loaded.clock)
  const command = commandOf(key.store, input, { origin, now })
  if (command instanceof Refusal) return refusedOrder(loaded.state, command)
  // Before the PG's window, which keeps what it authenticated: for an order that cannot be paid it does not open.
  const { transactionId, paymentToken } = names
  const opening = { transactionId, channel: command.start.channel, request: command.start.request }
  if (loaded.state.attempts.some((attempt) => attempt.transactionId === transactionId)) {
    await tell(opening)
    return names
  }
  const refusal = refuseNewAttempt(loaded.state, command.start.request)
  if (refusal) return refusal
  const { total } = command.start.request.amount
  const customerId = input.customer?.id
  const shown = {
    method: methodInWindow(input, now),
    amount: total,
    currency: input.currency,
    customerId,
    testCode,
    now,
  }
  const authenticated = await window.authenticate({ storeId: key.store.storeId, reference: transactionId }, shown)
  const begun = { ...command.start, transactionId }
  if (authenticated.kind !== 'authenticated') {
    const failure = authenticated.kind === 'failed' ? authenticated.failure : codeNotGiven
    const left = await parts.process.change(key, (payment) => leaveCheckout(payment, begun, failureOf(failure)), loaded)
    return left instanceof Refusal ? left : refusedByGateway(failure)
  }
  const { authorization } = authenticated
  const start = { ...begun, authentication: { tokenDigest: digestOf(paymentToken), authorization } }
  const opened = await parts.process.change(key, (payment) => decideOpen(payment, start), loaded)
  if (opened instanceof Refusal) return opened
  await tell(opening)
  return names
}

/** How an attempt is called, and what its shopper's browser shows to have it confirmed. */
export type CheckoutNames = { readonly transactionId: string; readonly paymentToken: string }

export const newCheckoutNames = (): CheckoutNames => ({ transactionId: timeOrderedId(), paymentToken: randomToken() })

type Circumstances = {
  readonly origin: PaymentOrigin
  readonly testCode?: string | undefined
  /** The same ones for all tries of a request: one that opened the attempt is found by them. */
  readonly names: CheckoutNames
  /**
   * Called once the attempt is READY and before anybody has its token: what comes with it is kept. A crash in between
   * leaves an attempt that nobody can confirm.
   */
  readonly opened: (attempt: OpenedAttempt) => Promise<void>
}

export type OpenedAttempt = {
  readonly transactionId: string
  readonly channel: SelectedChannel
  readonly request: PaymentRequest
}

/** Instant payments know no transfers, only the window does. */
const commandOf = (
  store: Store,
  input: AuthenticateSandboxPaymentBody,
  circumstances: { readonly origin: PaymentOrigin; readonly now: Instant },
) => {
  const { card, virtualAccount, transfer } = input.method
  if ([card, virtualAccount, transfer].filter((method) => method !== undefined).length !== 1)
    return invalid('method must contain exactly one of card, virtualAccount and transfer.')
  if (!transfer) return instantPayment(store, input, circumstances)
  return refuseTransfer(transfer) ?? beginning(store, input, transferMethod(transfer), circumstances)
}

type GatewayRefusal = Refusal<'PG_PROVIDER'>

const codeNotGiven = naruFailure('NARU_CODE_NOT_GIVEN')

const methodInWindow = (
  { method: { card, virtualAccount, transfer } }: AuthenticateSandboxPaymentBody,
  now: Instant,
): MethodInWindow => {
  if (transfer) return { kind: 'TRANSFER', method: transferMethod(transfer) }
  if (card) return { kind: 'CARD', credential: card.credential, installmentMonth: card.installmentMonth ?? 0 }
  if (!virtualAccount) throw new Error('an instant payment needs a method')
  const { bank, expiry, option, remitteeName } = virtualAccount
  const due = dueDateOf(expiry)
  const validFor = due === undefined ? validForOf(expiry) : undefined
  const { pgAccountId, accountNumber } = option.fixed ?? {}
  return {
    kind: 'VIRTUAL_ACCOUNT',
    bank,
    expiresAt: due ?? now + (validFor ?? 0),
    validFor,
    accountType: option.type,
    pgAccountId,
    accountNumber,
    remitteeName,
  }
}
