import { failureOf } from '../../doubt/failure.ts'
import { askAgain, awaitNotification, doubt, intent, provesNotExecuted, watchOn } from '../../doubt/inquiry.ts'
import type { GatewayPayment, VirtualAccount } from '../../gateways/port/payment.ts'
import type { Approval, Outcome } from '../../gateways/port/terms.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { naruFailure } from '../../kernel/codes.ts'
import { compact } from '../../kernel/compact.ts'
import type { Amount } from '../../kernel/money.ts'
import type { ApprovalFacts, PaymentEvent, VirtualAccountFacts } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment, paidAttempt } from '../state/payment.ts'
import { chargedAmount } from '../state/promotion.ts'
import { isUnwanted } from './unwanted-charge.ts'

/**
 * Applies the PG's answer to the approval call of one attempt. The due loop may have asked while the call was still
 * running and given the attempt up, or learned that it is pending: a success counts all the same.
 */
export const settleApproval = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<Approval | VirtualAccount>,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.value.type === 'virtual-account') return accountIssued(payment, attempt, outcome.value, now)
      return awaitsApproval(attempt) ? approved(payment, attempt, outcome.value, now) : []
    case 'failed':
      return isUndecided(attempt) ? [{ type: 'AttemptFailed', transactionId, failure: failureOf(outcome.failure) }] : []
    case 'pending':
      return attempt.phase === 'APPROVING' ? [approvalPending(transactionId, outcome.pgTransactionId, now)] : []
    case 'unknown':
      return attempt.phase === 'APPROVING'
        ? [{ type: 'InquiryPlanned', transactionId, of: { kind: 'approval' }, inquiry: doubt(attempt.inquiry, now) }]
        : []
  }
}

/**
 * Applies what the PG says about an attempt when asked: after a lost answer, a crash, or on a notification. Also takes
 * a success that comes after the attempt was given up (FAILED → PAID), because the money did move.
 */
export const settleByInquiry = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  return [
    ...eventsByInquiry(payment, attempt, outcome, mayActWithin, now),
    ...afterLookingForSelfCharge(attempt, outcome, mayActWithin, now),
  ]
}

const eventsByInquiry = (
  payment: Payment,
  attempt: Attempt,
  outcome: Outcome<GatewayPayment>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  const { transactionId } = attempt
  if (outcome.kind !== 'succeeded') return planNext(attempt, now)
  const known = outcome.value
  switch (known.state) {
    case 'NONE':
      return attempt.phase === 'APPROVING' && attempt.inquiry && provesNotExecuted(attempt.inquiry, mayActWithin, now)
        ? [repeatedOnce(attempt, now) ?? { type: 'AttemptFailed', transactionId, failure: notExecuted }]
        : planNext(attempt, now)
    case 'PENDING':
      return attempt.phase === 'APPROVING'
        ? [approvalPending(transactionId, known.pgTransactionId, now)]
        : planNext(attempt, now)
    case 'APPROVED':
      return awaitsApproval(attempt) ? approved(payment, attempt, known.approval, now) : []
    case 'FAILED':
      return isUndecided(attempt) || isSelfCharged(attempt)
        ? [{ type: 'AttemptFailed', transactionId, failure: failureOf(known.failure) }]
        : []
    case 'WAITING_FOR_DEPOSIT':
      return accountIssued(payment, attempt, known.virtualAccount, now)
    case 'DEPOSITED':
      return deposited(payment, attempt, known, now)
    case 'CLOSED':
      return isUndecided(attempt) || attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED'
        ? [{ type: 'VirtualAccountClosed', transactionId, closedAt: known.closedAt, failure: accountClosed }]
        : []
  }
}

const approvalPending = (transactionId: string, pgTransactionId: string, now: Instant): PaymentEvent => ({
  type: 'ApprovalPending',
  transactionId,
  pgTransactionId,
  inquiry: awaitNotification(now),
})

const isUndecided = (attempt: Attempt) => attempt.phase === 'APPROVING' || attempt.phase === 'PAY_PENDING'

/** The PG charges what nobody returned from its window with. */
const isSelfCharged = ({ phase, selfCharge }: Attempt) => phase === 'READY' && selfCharge !== undefined

/** A failed attempt that has been paid was given back: the PG's record of that charge is no news. */
const awaitsApproval = (attempt: Attempt) =>
  isUndecided(attempt) || isSelfCharged(attempt) || (attempt.phase === 'FAILED' && attempt.paidAt === undefined)

/**
 * A window in which the PG charges by itself is looked at until the PG says that it is over, or can charge no more. What it
 * charged ends this with the attempt.
 */
const afterLookingForSelfCharge = (
  { transactionId, selfCharge }: Attempt,
  outcome: Outcome<GatewayPayment>,
  mayActWithin: number,
  now: Instant,
): readonly PaymentEvent[] => {
  if (!selfCharge?.inquiry) return []
  const { until, inquiry } = selfCharge
  const ended = [{ type: 'SelfChargeEnded', transactionId }] as const
  const isDue = inquiry.nextAt <= now
  const next = {
    type: 'InquiryPlanned',
    transactionId,
    of: { kind: 'self-charge' },
    inquiry: watchOn(inquiry, now),
  } as const
  const on = isDue ? [next] : []
  if (outcome.kind !== 'succeeded') return on
  switch (outcome.value.state) {
    case 'FAILED':
    case 'CLOSED':
      return ended
    case 'NONE':
      return now >= until + mayActWithin ? ended : on
    case 'PENDING':
      return on
    case 'APPROVED':
    case 'WAITING_FOR_DEPOSIT':
    case 'DEPOSITED':
      return []
  }
}

const planNext = (attempt: Attempt, now: Instant): readonly PaymentEvent[] =>
  attempt.inquiry && isUndecided(attempt)
    ? [
        {
          type: 'InquiryPlanned',
          transactionId: attempt.transactionId,
          of: { kind: 'approval' },
          inquiry: askAgain(attempt.inquiry, now),
        },
      ]
    : []

const approved = (payment: Payment, attempt: Attempt, approval: Approval, now: Instant): readonly PaymentEvent[] => {
  const { transactionId } = attempt
  const facts = approvalFacts(approval)
  const asked = chargedAmount(attempt)
  const charged = approval.amount === asked ? undefined : approval.amount
  // First, since an order that is paid or changed cannot be paid again, as one can that was charged with another amount.
  const objection = objectionTo(payment, attempt) ?? (charged && amountMismatch(charged, asked))
  if (objection) return [reversal(transactionId, facts, objection, now, charged)]
  return [{ type: 'Approved', transactionId, approval: facts }, ...closeOtherAccounts(payment, transactionId, now)]
}

/**
 * Why a charge does not stand although it is what the PG was asked for: something else has paid the order meanwhile, or the
 * merchant wants it no more. Looked at where the charge is learnt of, in the commit that decides: who closes the window, or changes
 * the order, at the same moment is either before it or finds the order paid.
 */
const objectionTo = (payment: Payment, attempt: Attempt): Attempt['failure'] => {
  if (paidAttempt(payment)) return alreadyPaid
  return isUnwanted(payment, attempt) ? orderChanged : undefined
}

/**
 * The account is open at the PG, however late we hear of it. On an order that was paid or changed meanwhile it must not take money
 * any more. Where this very account was paid into, the bank took the deposit back: PortOne has no status for that, and a
 * cancellation would be the end of an order that is still waited for (our choice: it stays PAID, and the audit and the
 * reconciliation report it).
 */
const accountIssued = (
  payment: Payment,
  attempt: Attempt,
  account: VirtualAccount,
  now: Instant,
): readonly PaymentEvent[] => {
  if (!awaitsApproval(attempt) || attempt.virtualAccount) return []
  const { transactionId } = attempt
  const issued = { type: 'VirtualAccountIssued', transactionId, account: virtualAccountFacts(account) } as const
  if (!objectionTo(payment, attempt)) return [issued]
  // It is no failed attempt any more: that a deposit must not stand is to be known until the account is closed.
  const refused = attempt.phase === 'FAILED' ? [{ type: 'ChargeRefused', transactionId } as const] : []
  return [...refused, issued, closeRequest(transactionId, now)]
}

const deposited = (
  payment: Payment,
  attempt: Attempt,
  known: Extract<GatewayPayment, { state: 'DEPOSITED' }>,
  now: Instant,
): readonly PaymentEvent[] => {
  const { transactionId } = attempt
  const waits = attempt.phase === 'VIRTUAL_ACCOUNT_ISSUED' || awaitsApproval(attempt)
  if (!waits) return []
  const account = virtualAccountFacts(known.virtualAccount)
  const objection = objectionTo(payment, attempt)
  if (objection) {
    const { pgTransactionId, method } = account
    const facts = { pgTransactionId, method, paidAt: known.deposit.paidAt, pgResponse: '' }
    return [reversal(transactionId, facts, objection, now)]
  }
  const { paidAt, remitterName } = known.deposit
  return [
    ...(attempt.virtualAccount ? [] : [{ type: 'VirtualAccountIssued', transactionId, account } as const]),
    { type: 'DepositReceived', transactionId, paidAt, remitterName },
    ...closeOtherAccounts(payment, transactionId, now),
  ]
}

/** One order, one payment: when it is paid, the accounts that other attempts opened must not take money any more. */
const closeOtherAccounts = (payment: Payment, paidBy: string, now: Instant): readonly PaymentEvent[] =>
  payment.attempts
    .filter((other) => other.transactionId !== paidBy && other.phase === 'VIRTUAL_ACCOUNT_ISSUED' && !other.closing)
    .map(({ transactionId }) => closeRequest(transactionId, now))

const closeRequest = (transactionId: string, now: Instant): PaymentEvent => ({
  type: 'VirtualAccountCloseRequested',
  transactionId,
  inquiry: { ...intent(now), nextAt: now },
})

export const reversal = (
  transactionId: string,
  approval: ApprovalFacts,
  failure: Attempt['failure'] & {},
  now: Instant,
  charged?: Amount,
): PaymentEvent => ({
  type: 'ReversalRequested',
  transactionId,
  approval,
  ...(charged === undefined ? {} : { charged }),
  failure,
  inquiry: { ...intent(now), nextAt: now },
})

const approvalFacts = (approval: Approval): ApprovalFacts => ({
  pgTransactionId: approval.pgTransactionId,
  paidAt: approval.approvedAt,
  method: approval.method,
  pgResponse: approval.response,
  receiptUrl: approval.receiptUrl,
})

const virtualAccountFacts = (account: VirtualAccount): VirtualAccountFacts => ({
  pgTransactionId: account.pgTransactionId,
  issuedAt: account.issuedAt,
  expiresAt: account.expiresAt,
  method: {
    type: 'PaymentMethodVirtualAccount',
    bank: account.bank,
    accountNumber: account.accountNumber,
    accountType: account.accountType,
    issuedAt: toIso(account.issuedAt),
    expiredAt: toIso(account.expiresAt),
    ...compact({ remitteeName: account.remitteeName }),
  },
})

/**
 * A scheduled charge that certainly was not made is made once more, under the same reference: a server that dies between
 * its commit and the PG's call must not cost a merchant a month's payment. Nobody waits for it, and no buyer's card number
 * is needed, as with the payments that fail here.
 */
const repeatedOnce = ({ transactionId, scheduleId, inquiry }: Attempt, now: Instant): PaymentEvent | undefined =>
  scheduleId === undefined || inquiry?.isRepeat
    ? undefined
    : { type: 'InquiryPlanned', transactionId, of: { kind: 'approval' }, inquiry: { ...intent(now), isRepeat: true } }

/** Whether these events say that the charge is to be made once more. */
export const isRepeated = (events: readonly PaymentEvent[]): boolean =>
  events.some((event) => event.type === 'InquiryPlanned' && event.inquiry.isRepeat && !event.inquiry.inDoubt)

const notExecuted = failureOf(naruFailure('NARU_NOT_EXECUTED'))
const alreadyPaid = failureOf(naruFailure('NARU_ALREADY_PAID'))
const orderChanged = failureOf(naruFailure('NARU_ORDER_CHANGED'))
const accountClosed = failureOf(naruFailure('NARU_ACCOUNT_CLOSED'))
const amountMismatch = (charged: number, asked: number) =>
  failureOf(naruFailure('NARU_AMOUNT_MISMATCH', { charged, asked }))
