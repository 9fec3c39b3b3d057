import { isDeepStrictEqual } from 'node:util'
import { failureOf } from '../../doubt/failure.ts'
import { askAgain, doubt, intent, isLate, provesNotExecuted } from '../../doubt/inquiry.ts'
import type { GatewayBillingKey, IssuedBillingKey } from '../../gateways/port/billing-key.ts'
import type { Completion, Outcome } from '../../gateways/port/terms.ts'
import { type Instant, second } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { type BillingKey, type BillingKeyEvent, type Deletion, evolve, type Holding, heldBy } from '../billing-key.ts'

type Events = readonly BillingKeyEvent[]

/** Encrypts the token that a PG gave. The plain token goes no further. */
export type Seal = (issued: IssuedBillingKey) => Extract<BillingKeyEvent, { type: 'ChannelIssued' }>['issued']

export const requestIssue = (
  key: BillingKey,
  request: Extract<BillingKeyEvent, { type: 'IssueRequested' }>['request'],
  channels: Extract<BillingKeyEvent, { type: 'IssueRequested' }>['channels'],
  now: Instant,
): Events => (key.request ? [] : [{ type: 'IssueRequested', request, channels, inquiry: intent(now) }])

/** Applies one channel's answer to an issue. The key is issued once all channels have answered and one holds it. */
export const settleIssue = (
  key: BillingKey,
  reference: string,
  outcome: Outcome<IssuedBillingKey>,
  seal: Seal,
  now: Instant,
): Events => {
  const holding = holdingOf(key, reference)
  if (holding.phase !== 'ISSUING') return []
  switch (outcome.kind) {
    case 'succeeded':
      return concluded(key, [{ type: 'ChannelIssued', reference, issued: seal(outcome.value) }], now)
    case 'failed':
      return concluded(key, [{ type: 'ChannelFailed', reference, failure: failureOf(outcome.failure) }], now)
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', reference, inquiry: doubt(holding.inquiry, now) }]
  }
}

/** What is known besides the PG's answer. */
export type Circumstances = {
  readonly mayActWithin: number
  /** Payments are scheduled with the key. Only looked up while the key is being deleted. */
  readonly hasSchedule: boolean
}

/** Applies the PG's answer to an inquiry about an issue or a deletion. `'retry'`: the deletion must be requested again. */
export const settleInquiry = (
  key: BillingKey,
  reference: string,
  outcome: Outcome<GatewayBillingKey>,
  seal: Seal,
  { mayActWithin, hasSchedule }: Circumstances,
  now: Instant,
): Events | 'retry' => {
  const holding = holdingOf(key, reference)
  const { phase, inquiry } = holding
  if (!inquiry || (phase !== 'ISSUING' && phase !== 'DELETING')) return []
  const again: Events = [{ type: 'InquiryPlanned', reference, inquiry: askAgain(inquiry, now) }]
  if (outcome.kind !== 'succeeded') return again
  const known = outcome.value
  if (phase === 'DELETING') {
    if (known.state === 'DELETED') return concluded(key, [{ type: 'ChannelDeleted', reference }], now)
    if (!hasSchedule) return 'retry'
    // A server died before it checked for schedules again, or after it asked the PG, which may still act on it.
    return provesNotExecuted(inquiry, mayActWithin, now)
      ? [{ type: 'ChannelDeletionRefused', reference, failure: neededBySchedule }]
      : again
  }
  switch (known.state) {
    case 'ISSUED':
      return concluded(key, [{ type: 'ChannelIssued', reference, issued: seal(known.key) }], now)
    case 'FAILED':
      return concluded(key, [{ type: 'ChannelFailed', reference, failure: failureOf(known.failure) }], now)
    case 'NONE':
    case 'DELETED':
      return provesNotExecuted(inquiry, mayActWithin, now)
        ? concluded(key, [{ type: 'ChannelFailed', reference, failure: notExecuted }], now)
        : again
  }
}

export type DeleteRefusal = Refusal<
  'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_NOT_ISSUED' | 'BILLING_KEY_ALREADY_DELETED' | 'PAYMENT_SCHEDULE_ALREADY_EXISTS'
>

/** Commits to deleting the key at every channel that holds it. Changes nothing if the same request did so before. */
export const requestDeletion = (
  key: BillingKey,
  deletion: Deletion,
  hasSchedule: boolean,
  now: Instant,
): Events | DeleteRefusal => {
  const { billingKey } = key
  if (!key.request && !key.ready)
    return refuse('BILLING_KEY_NOT_FOUND', `There is no billing key ${billingKey} in this store.`)
  if (deletion.requestKey !== undefined && key.deletion?.requestKey === deletion.requestKey) return []
  if (key.deletedAt !== undefined)
    return refuse('BILLING_KEY_ALREADY_DELETED', `The billing key ${billingKey} has already been deleted.`)
  if (key.issuedAt === undefined)
    return refuse('BILLING_KEY_NOT_ISSUED', `The billing key ${billingKey} was not issued, so it cannot be deleted.`)
  if (hasSchedule) return isScheduled(billingKey)
  return heldBy(key).length === 0 ? [] : [{ type: 'DeletionRequested', deletion, inquiry: intent(now) }]
}

export const isScheduled = (billingKey: string): Refusal<'PAYMENT_SCHEDULE_ALREADY_EXISTS'> =>
  refuse(
    'PAYMENT_SCHEDULE_ALREADY_EXISTS',
    `Payments are scheduled with the billing key ${billingKey}. Revoke the schedules first.`,
  )

/** Withdraws a deletion before a PG is asked. Once its inquiry is due, somebody else may have asked already. */
export const withdrawDeletion = ({ holdings }: BillingKey, now: Instant): Events => {
  const deleting = holdings.filter(({ phase }) => phase === 'DELETING')
  const isUntouched = deleting.every(({ inquiry }) => inquiry?.count === 0 && now < inquiry.nextAt)
  return deleting.length > 0 && isUntouched ? [{ type: 'DeletionWithdrawn' }] : []
}

/** Applies one channel's answer to a deletion. The key is deleted once no channel holds it any more. */
export const settleDeletion = (
  key: BillingKey,
  reference: string,
  outcome: Outcome<Completion>,
  now: Instant,
): Events => {
  const holding = holdingOf(key, reference)
  if (holding.phase !== 'DELETING') return []
  switch (outcome.kind) {
    case 'succeeded':
      return concluded(key, [{ type: 'ChannelDeleted', reference }], now)
    case 'failed':
      return [{ type: 'ChannelDeletionRefused', reference, failure: failureOf(outcome.failure) }]
    case 'pending':
    case 'unknown':
      return [{ type: 'InquiryPlanned', reference, inquiry: doubt(holding.inquiry, now) }]
  }
}

export type FirstPaymentOutcome =
  | { readonly kind: 'PAID' | 'NOT_PAID' }
  /** `nextAt`: when the PG is asked next. */
  | { readonly kind: 'UNDECIDED'; readonly nextAt?: Instant | undefined }

/** Deletes a key whose first payment was not made, where it was issued at all. */
export const decideFirstPayment = (key: BillingKey, outcome: FirstPaymentOutcome, now: Instant): Events => {
  const inquiry = key.firstPayment?.inquiry
  if (!inquiry) return []
  switch (outcome.kind) {
    case 'UNDECIDED': {
      const again = askAgain(inquiry, now)
      // Together with the payment: looked at later, the key would be waited for although the payment is decided.
      const nextAt = outcome.nextAt === undefined ? again.nextAt : Math.max(outcome.nextAt, now + second)
      return [{ type: 'FirstPaymentInquiryPlanned', inquiry: { ...again, nextAt } }]
    }
    case 'PAID':
      return [{ type: 'FirstPaymentDecided' }]
    case 'NOT_PAID':
      return [{ type: 'FirstPaymentDecided' }, ...(key.issuedAt === undefined ? [] : [unpaidDeletion(now)])]
  }
}

const unpaidDeletion = (now: Instant): BillingKeyEvent => ({
  type: 'DeletionRequested',
  deletion: { reason: 'The first payment was not made.' },
  inquiry: intent(now),
})

/** Takes over the card details that the PG has, if they changed. */
export const updateDetails = (key: BillingKey, reference: string, outcome: Outcome<GatewayBillingKey>): Events => {
  const holding = holdingOf(key, reference)
  if (holding.phase !== 'ISSUED' || outcome.kind !== 'succeeded' || outcome.value.state !== 'ISSUED') return []
  const { method } = outcome.value.key
  return isDeepStrictEqual(method, holding.method) ? [] : [{ type: 'ChannelUpdated', reference, method }]
}

/** What follows from the events for the key as a whole. */
const concluded = (key: BillingKey, events: Events, now: Instant): Events => {
  const after = events.reduce((current, event) => evolve(current, event, now), key)
  const phases = after.holdings.map(({ phase }) => phase)
  const late: { isLate?: true } = key.holdings.some(({ inquiry }) => isLate(inquiry, now)) ? { isLate: true } : {}
  if (after.issuedAt === undefined && !phases.includes('ISSUING'))
    return phases.includes('ISSUED')
      ? [...events, { type: 'Issued', ...late }, ...watch(key, late.isLate === true, now)]
      : [...events, { type: 'IssueFailed' }, ...watch(key, late.isLate === true, now)]
  const isHeld = phases.some((phase) => phase === 'ISSUED' || phase === 'DELETING' || phase === 'ISSUING')
  return after.issuedAt !== undefined && !isHeld ? [...events, { type: 'Deleted', ...late }] : events
}

/**
 * Once the PG has answered, the due loop looks after the first payment, even if this server dies. Where the answer came late, nobody may
 * be there to make it: it is looked after at once.
 */
const watch = ({ firstPayment }: BillingKey, isLate: boolean, now: Instant): Events => {
  if (!firstPayment) return []
  const inquiry = isLate ? { ...intent(now), nextAt: now } : intent(now)
  return [{ type: 'FirstPaymentInquiryPlanned', inquiry }]
}

const holdingOf = ({ billingKey, holdings }: BillingKey, reference: string): Holding => {
  const holding = holdings.find((candidate) => candidate.reference === reference)
  if (!holding) throw new Error(`billing key ${billingKey} was never asked of ${reference}`)
  return holding
}

const neededBySchedule = failureOf(naruFailure('NARU_PAYMENT_SCHEDULE_ALREADY_EXISTS'))

const notExecuted = failureOf(naruFailure('NARU_NOT_EXECUTED'))
