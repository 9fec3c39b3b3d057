import { confirmIssue } from '../billing-keys/confirm.ts'
import { confirmIssueAndPay } from '../billing-keys/confirm-and-pay.ts'
import { agreeToStore } from '../billing-keys/open-window.ts'
import type { Instant } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Store, selectedChannel } from '../merchants/store.ts'
import { customerOf, paymentRequest } from '../payments/requests/input.ts'
import { undecidedAttempt } from '../payments/state/payment.ts'
import type { Decided } from '../payments/window.ts'
import type { CheckoutAttempt, StoringRequest } from './attempt.ts'
import { billingTokenOf } from './billing-progress.ts'
import type { Found } from './find.ts'
import { customerOf as browserCustomer, customDataText, orderOf } from './order.ts'
import { isPaidElsewhere } from './paid-elsewhere.ts'
import type { CheckoutParts } from './parts.ts'
import { agreeOnce, endAttempt } from './store.ts'

/** What is to be stored, as the shop's page asked for it. */
export const storingTerms = ({ customer, customData, noticeUrls }: StoringRequest['request']) => ({
  customer: customerOf(customer ? browserCustomer(customer) : {}),
  customData: customDataText(customData),
  noticeUrls: noticeUrls?.length ? noticeUrls : undefined,
})

/**
 * The shopper agrees that a method is stored, in our window or in the PG's, and it is issued (and charged) at once, unless the
 * merchant's server is to confirm it. Returns what the window said where nothing is decided yet. A window that was left at the
 * same time was left: whoever writes first decides.
 */
export const agreeAndIssue = async <Undecided extends { readonly kind: 'challenged' | 'waiting' }>(
  parts: CheckoutParts,
  found: Found,
  asked: StoringRequest,
  ask: (now: Instant) => Promise<Decided | Undecided>,
): Promise<Undecided | undefined> => {
  const { attempt, store, channel } = found
  if (attempt.ending) return undefined
  const agreement = {
    request: storingTerms(asked.request),
    channel: selectedChannel(channel),
    payment: firstPaymentOf(asked),
    secret: billingTokenOf(parts, attempt),
  }
  const agreed = await agreeToStore(parts.billingKeys, { store, id: attempt.subjectId }, agreement, ask)
  if (agreed instanceof Refusal) {
    const { pgCode, pgMessage } = agreed.body
    // Only what nobody agreed to: another tab may be having its card issued.
    await endAttempt(parts.sql, attempt, { kind: 'FAILED', pgCode, pgMessage }, 'OPEN')
    return undefined
  }
  if (!('billingIssueToken' in agreed)) return agreed
  const isFirst = await agreeOnce(parts.sql, attempt)
  if (isFirst && !channel.manualConfirm) await issueNow(parts, found, agreed.billingIssueToken)
  return undefined
}

/** Issues what was agreed to, and charges it where the shopper agreed to a payment. Twice does no harm. */
export const issueNow = async (parts: CheckoutParts, { attempt, store }: Found, token: string): Promise<void> => {
  const origin = { platformType: 'PC', ipAddress: '0.0.0.0' } as const
  const confirmed =
    attempt.kind === 'ISSUE_BILLING_KEY_AND_PAY'
      ? await confirmIssueAndPay(parts, store, {
          billingIssueToken: token,
          payment: {},
          origin: attempt.surroundings.origin ?? origin,
        })
      : await confirmIssue(parts.billingKeys, store, { billingIssueToken: token })
  if (!(confirmed instanceof Refusal)) return
  const { body } = confirmed
  // The other request that agreed is issuing it, or the PG has not said yet: the key itself tells.
  if (body.type === 'BILLING_KEY_ALREADY_ISSUED') return
  if (body.type === 'PG_PROVIDER' && body.pgCode === 'NARU_RESULT_UNKNOWN') return
  const { pgCode, pgMessage } =
    body.type === 'PG_PROVIDER' ? body : await notIssued(parts, attempt, store, body.message)
  await endAttempt(parts.sql, attempt, { kind: 'FAILED', pgCode, pgMessage })
}

/** Nothing was issued: another attempt has paid the order, or is paying it, or the order has changed. */
const notIssued = async (parts: CheckoutParts, attempt: CheckoutAttempt, store: Store, message: string | undefined) => {
  if (attempt.kind === 'ISSUE_BILLING_KEY_AND_PAY') {
    const { state } = await parts.payments.process.load({ store, id: attempt.request.paymentId })
    if (isPaidElsewhere(state, attempt) || undecidedAttempt(state)) return naruFailure('NARU_ALREADY_PAID')
  }
  return naruFailure('NARU_NOT_APPROVABLE', { message: message ?? 'The billing key could not be issued.' })
}

const firstPaymentOf = (asked: StoringRequest) => {
  switch (asked.kind) {
    case 'ISSUE_BILLING_KEY':
      return undefined
    case 'ISSUE_BILLING_KEY_AND_PAY': {
      const { paymentId } = asked.request
      const request = paymentRequest(orderOf(asked.request))
      // It was looked at when the window opened.
      if (request instanceof Refusal) throw new Error(`the order of ${paymentId} cannot be a payment`)
      return { paymentId, request }
    }
  }
}
