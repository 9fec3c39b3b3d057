import fc from 'fast-check'
import type {
  GatewayCancellation,
  GatewayCancellationState,
  GatewayPayment,
  VirtualAccount,
} from '../../gateways/port/payment.ts'
import type { Approval, Completion, Outcome } from '../../gateways/port/terms.ts'
import { day, hour, minute, second } from '../../kernel/clock.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { requestApproval } from '../rules/approval.ts'
import type { CancelCommand } from '../rules/cancellation.ts'
import { requestCapture, settleCapture, settleCaptureByInquiry } from '../rules/capture.ts'
import { type ConfirmCommand, openCheckout, preRegister, requestConfirmation } from '../rules/checkout.ts'
import { settleApproval, settleByInquiry } from '../rules/settle-approval.ts'
import { settleCancellation, settleCancellationByInquiry } from '../rules/settle-cancellation.ts'
import { requestStop, settleStop } from '../rules/stop-cancellation.ts'
import { expire, requestClose, settleClose, settleCloseByInquiry } from '../rules/virtual-account.ts'
import { cancellableBalance, completeAmount } from '../state/amount.ts'
import type { PaymentEvent } from '../state/event.ts'
import {
  type Attempt,
  type Cancellation,
  type PaymentRequest,
  type PreRegistration,
  paidAttempt,
} from '../state/payment.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  mayActWithin,
  orderOf,
  pending,
  type Story,
  unknown,
  virtualAccount,
} from './story.ts'

/**
 * Something a merchant, a PG, a clock or a crash can do to a payment. Attempts and cancellations are named by any
 * number, which the story maps to one it has: so every sequence makes sense, and shrinks.
 */
export type Command =
  | { readonly do: 'preRegister'; readonly expected: PreRegistration }
  | { readonly do: 'pay'; readonly request: PaymentRequest }
  | { readonly do: 'openCheckout'; readonly request: PaymentRequest }
  | { readonly do: 'confirm'; readonly of: number; readonly command: Omit<ConfirmCommand, 'tokenDigest'> }
  | { readonly do: 'settle'; readonly of: number; readonly answer: Answer; readonly off: number }
  | { readonly do: 'inquire'; readonly of: number; readonly snapshot: Snapshot; readonly off: number }
  | { readonly do: 'settleReversal'; readonly of: number; readonly answer: Answer }
  | ({ readonly do: 'cancel'; readonly amounts: 'all' | 'some' | 'any' } & CancelNumbers)
  | { readonly do: 'settleCancellation'; readonly of: number; readonly answer: Answer }
  | { readonly do: 'inquireCancellation'; readonly of: number; readonly snapshot: CancellationSnapshot }
  | { readonly do: 'stop'; readonly of: number }
  | { readonly do: 'settleStop'; readonly of: number; readonly answer: Answer }
  | { readonly do: 'close' }
  | { readonly do: 'settleClose'; readonly of: number; readonly answer: Answer }
  | { readonly do: 'inquireClose'; readonly of: number; readonly snapshot: Snapshot }
  | { readonly do: 'expire'; readonly of: number; readonly snapshot: Snapshot }
  | { readonly do: 'capture' }
  | { readonly do: 'settleCapture'; readonly of: number; readonly answer: Answer }
  | { readonly do: 'inquireCapture'; readonly of: number; readonly snapshot: Snapshot }
  | { readonly do: 'wait'; readonly milliseconds: number }

type CancelNumbers = {
  readonly amount: number
  readonly taxFreeAmount: number
  readonly vatAmount: number | undefined
  readonly skipWebhook: true | undefined
}

const answers = ['done', 'account', 'failed', 'pending', 'unknown'] as const
type Answer = (typeof answers)[number]

const snapshots = [
  'NONE',
  'PENDING',
  'APPROVED',
  'CAPTURED',
  'WAITING_FOR_DEPOSIT',
  'DEPOSITED',
  'CLOSED',
  'FAILED',
  'unknown',
] as const
type Snapshot = (typeof snapshots)[number]

const cancellationSnapshots = ['NONE', 'PENDING', 'SUCCEEDED', 'FAILED', 'STOPPED', 'unknown'] as const
type CancellationSnapshot = (typeof cancellationSnapshots)[number]

const absent = undefined
const small = fc.nat(120)

/** Small totals, so that random cancellations often meet the edges; VAT anywhere from none to all of it. */
export const requests: fc.Arbitrary<PaymentRequest> = fc
  .record({
    total: fc.integer({ min: 1, max: 120 }),
    taxFree: fc.nat(120),
    vat: fc.option(fc.nat(120), { nil: absent }),
    skipWebhook: fc.constantFrom(absent, true),
    isEscrow: fc.constantFrom(absent, true),
    customData: fc.option(fc.string(), { nil: absent }),
  })
  .map(({ total, taxFree, vat, ...changes }) => {
    const freed = taxFree % (total + 1)
    const completed = completeAmount({
      total,
      taxFree: freed,
      vat: vat === undefined ? vat : vat % (total - freed + 1),
    })
    return orderOf('vat' in completed ? completed : {}, changes)
  })

/** Mostly the latest. */
const of = fc.constantFrom(0, 0, 0, 1, 2, 3)
const answer = fc.constantFrom(...answers)
const snapshot = fc.constantFrom(...snapshots)

/** What the PG charged beyond what was asked, rarely anything. */
const off = fc.constantFrom(0, 0, 0, 1)

export const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('preRegister' as const),
    expected: fc.record({ totalAmount: fc.constantFrom(absent, absent, absent, 100) }),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pay' as const), request: requests }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('openCheckout' as const), request: requests }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('confirm' as const),
      of,
      command: fc.record({
        totalAmount: fc.constantFrom(absent, absent, absent, 100),
        skipWebhook: fc.constantFrom(absent, true),
      }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), of, answer, off }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('inquire' as const), of, snapshot, off }) },
  fc.record({ do: fc.constant('settleReversal' as const), of, answer }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      amounts: fc.constantFrom('all', 'some', 'some', 'any'),
      taxFreeAmount: small,
      amount: small,
      vatAmount: fc.option(fc.nat(11), { nil: absent }),
      skipWebhook: fc.constantFrom(absent, true),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settleCancellation' as const), of, answer }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('inquireCancellation' as const),
      of,
      snapshot: fc.constantFrom(...cancellationSnapshots),
    }),
  },
  fc.record({ do: fc.constant('stop' as const), of }),
  fc.record({ do: fc.constant('settleStop' as const), of, answer }),
  fc.record({ do: fc.constant('close' as const) }),
  fc.record({ do: fc.constant('settleClose' as const), of, answer }),
  fc.record({ do: fc.constant('inquireClose' as const), of, snapshot }),
  fc.record({ do: fc.constant('expire' as const), of, snapshot }),
  fc.record({ do: fc.constant('capture' as const) }),
  fc.record({ do: fc.constant('settleCapture' as const), of, answer }),
  fc.record({ do: fc.constant('inquireCapture' as const), of, snapshot }),
  fc.record({
    do: fc.constant('wait' as const),
    milliseconds: fc.constantFrom(second, 15 * second, minute, 2 * hour, day),
  }),
)

export type Decided = readonly PaymentEvent[] | Refusal | 'retry'

/** Lets a command happen. `retry` means that the rules ask for the call to be made again, and wrote nothing. */
export const perform = (story: Story, command: Command): Decided => {
  switch (command.do) {
    case 'preRegister':
      return story.decide((payment) => preRegister(payment, command.expected))
    case 'pay': {
      const transactionId = story.newId('transaction')
      const attempt = attemptStart({ transactionId, request: command.request })
      return story.decide((payment, now) => requestApproval(payment, attempt, now))
    }
    case 'openCheckout': {
      const transactionId = story.newId('transaction')
      const authentication = { tokenDigest: transactionId, authorization: 'pg-proof' }
      const attempt = attemptStart({ transactionId, request: command.request, authentication })
      return story.decide((payment) => openCheckout(payment, attempt))
    }
    case 'cancel':
      return story.requestCancel(cancelAmounts(story, command))
    case 'close':
      return story.decide((payment, now) => requestClose(payment, undefined, now))
    case 'capture':
      return story.decide(requestCapture)
    case 'wait':
      story.pass(command.milliseconds)
      return []
    case 'stop':
    case 'settleCancellation':
    case 'inquireCancellation':
    case 'settleStop': {
      const cancellations = story.payment.attempts.flatMap((attempt) => attempt.cancellations)
      const cancellation = cancellations[command.of % cancellations.length]
      return cancellation ? performOnCancellation(story, command, cancellation) : []
    }
    default: {
      const { attempts } = story.payment
      const attempt = attempts[attempts.length - 1 - (command.of % attempts.length)]
      return attempt ? performOnAttempt(story, command, attempt) : []
    }
  }
}

/** `some` maps any numbers to an amount that is there to be cancelled, `any` takes them as they are. */
const cancelAmounts = (story: Story, command: Extract<Command, { do: 'cancel' }>): Partial<CancelCommand> => {
  const { amounts, amount, taxFreeAmount, vatAmount, skipWebhook } = command
  const paid = paidAttempt(story.payment)
  if (amounts === 'all' || !paid) return { skipWebhook }
  if (amounts === 'any') return { amount: amount + 1, taxFreeAmount, vatAmount, skipWebhook }
  const left = cancellableBalance(paid)
  const taxFree = taxFreeAmount % (left.taxFree + 1)
  const taxable = amount % (left.taxable + 1)
  return { amount: Math.max(taxFree + taxable, 1), taxFreeAmount: taxFree, vatAmount, skipWebhook }
}

type AttemptCommand = Exclude<Extract<Command, { of: number }>, CancellationCommand>
type CancellationCommand = Extract<
  Command,
  { do: 'stop' | 'settleCancellation' | 'inquireCancellation' | 'settleStop' }
>

const performOnAttempt = (story: Story, command: AttemptCommand, attempt: Attempt): Decided => {
  const { transactionId: id } = attempt
  switch (command.do) {
    case 'confirm': {
      const confirmation = { ...command.command, tokenDigest: id }
      return story.decide((payment, now) => requestConfirmation(payment, confirmation, now))
    }
    case 'settle': {
      const outcome = approvalOutcome(command.answer, attempt, command.off, story.now)
      return story.decide((payment, now) => settleApproval(payment, id, outcome, now))
    }
    case 'inquire': {
      const outcome = paymentOutcome(command.snapshot, attempt, command.off, story.now)
      return story.decide((payment, now) => settleByInquiry(payment, id, outcome, mayActWithin, now))
    }
    case 'settleReversal':
      return story.answerReversal(id, refundOutcome(command.answer, story.now))
    case 'settleClose':
      return story.decide((payment, now) => settleClose(payment, id, completionOutcome(command.answer, now), now))
    case 'inquireClose': {
      const outcome = paymentOutcome(command.snapshot, attempt, 0, story.now)
      return retrying(story, (payment, now) => settleCloseByInquiry(payment, id, outcome, mayActWithin, now))
    }
    case 'expire': {
      const outcome = paymentOutcome(command.snapshot, attempt, 0, story.now)
      return story.decide((payment, now) => expire(payment, id, outcome, mayActWithin, now))
    }
    case 'settleCapture':
      return story.decide((payment, now) => settleCapture(payment, id, completionOutcome(command.answer, now), now))
    case 'inquireCapture': {
      const outcome = paymentOutcome(command.snapshot, attempt, 0, story.now)
      return retrying(story, (payment, now) => settleCaptureByInquiry(payment, id, outcome, now))
    }
  }
}

const performOnCancellation = (story: Story, command: CancellationCommand, { id }: Cancellation): Decided => {
  const { transactionId } = story.attemptWith(id)
  switch (command.do) {
    case 'stop':
      return story.decide((payment, now) => requestStop(payment, id, now))
    case 'settleCancellation': {
      const outcome = refundOutcome(command.answer, story.now)
      return story.decide((payment, now) => settleCancellation(payment, transactionId, id, outcome, now))
    }
    case 'inquireCancellation': {
      const outcome = cancellationOutcome(command.snapshot, story.now)
      return story.decide((payment, now) =>
        settleCancellationByInquiry(payment, transactionId, id, outcome, mayActWithin, now),
      )
    }
    case 'settleStop': {
      const outcome = completionOutcome(command.answer, story.now)
      return story.decide((payment, now) => settleStop(payment, transactionId, id, outcome, now))
    }
  }
}

type RetryingRule = (payment: Story['payment'], now: number) => readonly PaymentEvent[] | 'retry'

const retrying = (story: Story, rule: RetryingRule): Decided => {
  const decided = rule(story.payment, story.now)
  return decided === 'retry' ? decided : story.decide(() => decided)
}

const approvalOutcome = (
  answer: Answer,
  { request }: Attempt,
  off: number,
  now: number,
): Outcome<Approval | VirtualAccount> => {
  if (answer === 'account') return done(virtualAccount({ issuedAt: now, expiresAt: now + hour }))
  const charged = approval({ amount: request.amount.total + off, approvedAt: now })
  return answer === 'done' ? done(charged) : otherwise(answer)
}

const refundOutcome = (answer: Answer, now: number): Outcome<GatewayCancellation> =>
  answer === 'done' || answer === 'account'
    ? done({ pgCancellationId: 'pg-cancel', cancelledAt: now })
    : otherwise(answer)

const completionOutcome = (answer: Answer, now: number): Outcome<Completion> =>
  answer === 'done' || answer === 'account' ? done({ at: now }) : otherwise(answer)

const otherwise = (answer: 'failed' | 'pending' | 'unknown') => {
  switch (answer) {
    case 'failed':
      return declined
    case 'pending':
      return pending
    case 'unknown':
      return unknown
  }
}

const paymentOutcome = (state: Snapshot, { request }: Attempt, off: number, now: number): Outcome<GatewayPayment> => {
  const charged = approval({ amount: request.amount.total + off, approvedAt: now })
  const account = virtualAccount({ issuedAt: now, expiresAt: now + hour })
  switch (state) {
    case 'unknown':
      return unknown
    case 'NONE':
      return done({ state })
    case 'PENDING':
      return done({ state, pgTransactionId: 'pg-pending' })
    case 'APPROVED':
      return done({ state, approval: charged, captured: false })
    case 'CAPTURED':
      return done({ state: 'APPROVED', approval: charged, captured: true })
    case 'WAITING_FOR_DEPOSIT':
      return done({ state, virtualAccount: account })
    case 'DEPOSITED':
      return done({ state, virtualAccount: account, deposit: { paidAt: now } })
    case 'CLOSED':
      return done({ state, closedAt: now })
    case 'FAILED':
      return done({ state, failure: declined.failure })
  }
}

const cancellationOutcome = (state: CancellationSnapshot, now: number): Outcome<GatewayCancellationState> => {
  switch (state) {
    case 'unknown':
      return unknown
    case 'NONE':
    case 'PENDING':
      return done({ state })
    case 'SUCCEEDED':
      return done({ state, cancellation: { pgCancellationId: 'pg-cancel', cancelledAt: now } })
    case 'FAILED':
      return done({ state, failure: declined.failure })
    case 'STOPPED':
      return done({ state, stoppedAt: now })
  }
}
