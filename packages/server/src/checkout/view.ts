import type { CheckoutView, IssuedAccount } from '@naru/contract'
import { second, storeTime, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import type { Attempt } from '../payments/state/payment.ts'
import type { CheckoutAttempt } from './attempt.ts'
import { amountOf, chargedOrder } from './charged-order.ts'
import { consentsFor } from './consents.ts'
import { closedCode, expiredCode } from './failures.ts'
import { type Found, findAgain } from './find.ts'
import { formFor } from './form-for.ts'
import { languageOf } from './language.ts'
import { leaveAttempt } from './leave.ts'
import { outcomesFor } from './outcomes.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { paymentNow, progressOf } from './progress.ts'
import { type Progress, paymentProgress, stateOf } from './result.ts'
import { endStale, isStale } from './stale.ts'
import { afterWebhook } from './webhook-first.ts'

/** Everything that the page shows. `paid` is the payment's attempt, where the caller has it as it is now. */
export const viewOf = async (parts: CheckoutParts, shown: Found, paid?: Attempt): Promise<CheckoutView> => {
  const { found, progress, payment } = await expire(parts, shown, paid)
  const { attempt, store, channel, clock } = found
  if (progress.kind === 'ended') await afterWebhook(parts, found)
  const now = storeTime(clock)
  const { kind, request, surroundings } = attempt
  const form = formFor(parts, found)
  const { fullName, firstName, lastName, phoneNumber, email } = request.customer ?? {}
  return {
    kind,
    step: stepOf(progress),
    isTest: channel.type === 'TEST',
    language: languageOf(request),
    storeName: request.storeDetails?.storeName ?? store.name,
    mode: surroundings.mode,
    secondsLeft: Math.max(0, Math.ceil((attempt.expiresAt - now) / second)),
    isEscrow: attempt.kind === 'PAYMENT' && attempt.request.isEscrow === true,
    form,
    consents: consentsFor(kind, languageOf(request)),
    // Only to fill in the form: whoever opens the address later, on a shared computer, learns no name.
    customer:
      progress.kind === 'open' ? compact({ name: fullName ?? joined(lastName, firstName), phoneNumber, email }) : {},
    state: stateOf(attempt, progress),
    ...compact({
      ...orderIn(attempt, payment),
      ...(await cryptoIn(parts, found, payment)),
      shopOrigin: surroundings.shopOrigin,
      pgWindow: progress.kind === 'open' ? attempt.pgWindow?.opening : undefined,
      isRefunded: progress.kind === 'ended' ? progress.isRefunded : undefined,
      outcomes: store.mode === 'SANDBOX' ? outcomesFor(form.method) : undefined,
    }),
  }
}

/**
 * How far an attempt is. Where its time is over, its session closed, or the order paid elsewhere or changed, it is ended first: a page that
 * says so is never charged by what was sent at the last moment.
 */
const expire = async (parts: CheckoutParts, found: Found, paid?: Attempt): Promise<Standing> => {
  const standing = await standingOf(parts, found, paid)
  const { progress } = standing
  if (isStale(progress)) return await standingOf(parts, await endStale(parts, found, progress))
  const ending = progress.kind === 'open' && (await endingOf(parts, found))
  if (!ending) return standing
  await leaveAttempt(parts, found, ending)
  return await standingOf(parts, await findAgain(parts, found))
}

/** How a window stands; `payment` is the attempt at it, where it is for one. */
type Standing = { readonly found: Found; readonly progress: Progress; readonly payment?: Attempt | undefined }

const standingOf = async (parts: CheckoutParts, found: Found, paid?: Attempt): Promise<Standing> => {
  if (found.attempt.kind !== 'PAYMENT') return { found, progress: await progressOf(parts, found) }
  // Why it failed may lie with another attempt, which the caller does not have.
  const isKnown = paid !== undefined && paid.phase !== 'FAILED'
  const payment = isKnown ? { paid, isPaidElsewhere: false, differing: undefined } : await paymentNow(parts, found)
  return { found, payment: payment.paid, progress: paymentProgress(parts, found.attempt, payment, found.channel) }
}

const stepOf = (progress: Progress): CheckoutView['step'] => {
  switch (progress.kind) {
    case 'open':
    case 'overtaken':
    case 'outdated':
      return 'FORM'
    case 'settling':
      return 'SETTLING'
    case 'ended':
      if (progress.isReplaced) return 'REPLACED'
      if (progress.result.pgCode === closedCode) return 'CLOSED'
      return progress.result.pgCode === expiredCode ? 'EXPIRED' : 'DONE'
  }
}

type Order = Pick<CheckoutView, 'orderName' | 'amount' | 'issued' | 'discount' | 'refund' | 'isPending'>

const orderIn = (attempt: CheckoutAttempt, payment: Attempt | undefined): Order => {
  switch (attempt.kind) {
    case 'PAYMENT':
      return payment ? orderPaid(payment, attempt.request.promotionId !== undefined) : {}
    case 'ISSUE_BILLING_KEY': {
      const { issueName, displayAmount, currency } = attempt.request
      const isShown = displayAmount !== undefined && currency !== undefined
      return { orderName: issueName, amount: isShown ? amountOf(displayAmount, currency) : undefined }
    }
    case 'ISSUE_BILLING_KEY_AND_PAY': {
      const { orderName, totalAmount, currency } = attempt.request
      return { orderName, amount: amountOf(totalAmount, currency) }
    }
    case 'IDENTITY_VERIFICATION':
      return {}
  }
}

const orderPaid = (paid: Attempt, isPromoted: boolean): Order => {
  const isPending = paid.phase === 'PAY_PENDING' || undefined
  return { ...chargedOrder(paid, isPromoted), issued: issuedIn(paid), isPending }
}

/** What the shopper has to know to pay later. */
const issuedIn = ({ method, phase }: Attempt): IssuedAccount | undefined => {
  if (method?.type === 'PaymentMethodVirtualAccount' && phase === 'VIRTUAL_ACCOUNT_ISSUED') {
    const { bank, accountNumber, remitteeName, expiredAt } = method
    return (
      bank && { type: 'VIRTUAL_ACCOUNT', bank, accountNumber, holder: remitteeName ?? '', expiresAt: expiredAt ?? '' }
    )
  }
  if (method?.type === 'PaymentMethodConvenienceStore' && phase === 'PAY_PENDING') {
    const { receiptNumber = '', paymentDeadline = '' } = method
    return { type: 'CONVENIENCE_STORE', number: receiptNumber, expiresAt: paymentDeadline }
  }
  return undefined
}

/** What the shopper has to send, as long as the PG waits for it. */
const cryptoIn = async (parts: CheckoutParts, { attempt, channel, clock }: Found, payment: Attempt | undefined) => {
  if (payment?.method?.type !== 'PaymentMethodCrypto' || payment.phase !== 'PAY_PENDING') return {}
  const { storeId, transactionId: reference } = attempt
  const transfer = await parts.windowOf(channel).cryptoTransfer({ storeId, reference, clock })
  if (!transfer) return {}
  const transferSecondsLeft = Math.max(0, Math.ceil((transfer.expiresAt - storeTime(clock)) / second))
  const issued = { type: 'CRYPTO', ...compact(transfer), expiresAt: toIso(transfer.expiresAt) } as const
  return { transferSecondsLeft, issued }
}

const joined = (lastName: string | undefined, firstName: string | undefined): string | undefined =>
  lastName === undefined && firstName === undefined ? undefined : `${lastName ?? ''} ${firstName ?? ''}`.trim()
