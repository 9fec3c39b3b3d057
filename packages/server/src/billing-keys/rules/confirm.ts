import type { Currency, PaymentOrigin } from '@naru/contract'
import { intent } from '../../doubt/inquiry.ts'
import { hour, type Instant } from '../../kernel/clock.ts'
import { digestOf } from '../../kernel/digest.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { BillingKey, BillingKeyEvent, ReadyIssue } from '../billing-key.ts'

type Events = readonly BillingKeyEvent[]

/** How long a buyer's authentication can be confirmed: as for payments. */
export const tokenLifetime = hour

/** A buyer entered a card in the PG's window. Nothing is stored until the merchant confirms. */
export const authenticated = (key: BillingKey, ready: Omit<ReadyIssue, 'at'>): Events =>
  key.ready ? [] : [{ type: 'Authenticated', ready }]

export type ConfirmIssueCommand = {
  readonly tokenDigest: string
  readonly reference: string
  readonly isTest?: boolean | undefined
  readonly skipWebhook?: boolean | undefined
  readonly requestKey?: string | undefined
  /** The expected payment. Absent if the key is confirmed without one. */
  readonly payment?: ExpectedPayment | undefined
  /** What the payment is made with. */
  readonly origin?: PaymentOrigin | undefined
  readonly testCode?: string | undefined
}

export type ExpectedPayment = {
  readonly paymentId?: string | undefined
  readonly currency?: Currency | undefined
  readonly totalAmount?: number | undefined
  readonly taxFreeAmount?: number | undefined
}

export type ConfirmIssueRefusal = Refusal<
  'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_ALREADY_ISSUED' | 'INFORMATION_MISMATCH'
>

/** Whether this is the token that the browser got, and it can still be confirmed. */
export const isGood = ({ authentication, at }: ReadyIssue, billingIssueToken: string, now: Instant): boolean =>
  authentication.tokenDigest === digestOf(billingIssueToken) && now - at <= tokenLifetime

/** Commits to issuing the authenticated key. A mismatch changes nothing: the token stays valid. */
export const requestConfirmedIssue = (
  key: BillingKey,
  command: ConfirmIssueCommand,
  now: Instant,
): Events | ConfirmIssueRefusal => {
  const { ready, request } = key
  const { tokenDigest, requestKey, skipWebhook, reference, origin, testCode } = command
  if (ready?.authentication.tokenDigest !== tokenDigest) return unknownToken()
  if (request && requestKey !== undefined && request.requestKey === requestKey) return []
  if (request) return refuse('BILLING_KEY_ALREADY_ISSUED', 'billingIssueToken was already confirmed.')
  if (now - ready.at > tokenLifetime) return unknownToken()
  const differing = difference(ready, command)
  if (differing !== undefined) return refuse('INFORMATION_MISMATCH', `${differing} Nothing was issued or charged.`)
  const { channel, payment } = ready
  return [
    {
      type: 'IssueRequested',
      request: { ...ready.request, requestKey, skipWebhook },
      channels: [{ reference, channel }],
      firstPayment: payment && { paymentId: payment.paymentId, origin, testCode },
      inquiry: intent(now),
    },
  ]
}

export const unknownToken = (): Refusal<'BILLING_KEY_NOT_FOUND'> =>
  refuse(
    'BILLING_KEY_NOT_FOUND',
    'billingIssueToken is not one that a buyer just got in this store, or it is too old. Open the window again.',
  )

const difference = (ready: ReadyIssue, { payment: expected, isTest }: ConfirmIssueCommand): string | undefined => {
  const { payment, channel } = ready
  const differs = <Value>(given: Value | undefined, actual: Value) => given !== undefined && given !== actual
  const says = (field: string) => `${field} differs from what the buyer agreed to.`
  if (differs(isTest, channel.type === 'TEST')) return says('isTest')
  if (payment && !expected)
    return 'The buyer also agreed to a payment. Confirm with POST /billing-keys/confirm-issue-and-pay.'
  if (!payment) return expected && 'The buyer agreed to no payment. Confirm with POST /billing-keys/confirm.'
  if (differs(expected?.paymentId, payment.paymentId)) return says('paymentId')
  if (differs(expected?.currency, payment.request.currency)) return says('currency')
  if (differs(expected?.totalAmount, payment.request.amount.total)) return says('totalAmount')
  if (differs(expected?.taxFreeAmount, payment.request.amount.taxFree)) return says('taxFreeAmount')
  return undefined
}
