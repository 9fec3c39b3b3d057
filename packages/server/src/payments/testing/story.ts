import type { GatewayCancellation, GatewayPayment, VirtualAccount } from '../../gateways/port/payment.ts'
import type { Approval, Outcome } from '../../gateways/port/terms.ts'
import { day, type Instant } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Announcement } from '../../webhooks/message.ts'
import { announce } from '../announce.ts'
import { requestApproval } from '../rules/approval.ts'
import { type CancelCommand, requestCancellation } from '../rules/cancellation.ts'
import { type ReversalOutcome, settleReversal } from '../rules/reversal.ts'
import { settleApproval, settleByInquiry } from '../rules/settle-approval.ts'
import { settleCancellation } from '../rules/settle-cancellation.ts'
import type { AttemptStart, PaymentEvent } from '../state/event.ts'
import { evolve, noPayment } from '../state/evolve.ts'
import { type Attempt, attemptOf, type Cancellation, type Payment, type PaymentRequest } from '../state/payment.ts'
import { reversalReference } from '../state/reversal.ts'

/** 2026-03-02T00:00:00Z: where the clock of every story stands at first. */
export const start: Instant = 1_772_409_600_000

/** How long the PG of the stories may take to carry out a call. */
export const mayActWithin = 60_000

export type Entry = { readonly event: PaymentEvent; readonly at: Instant; readonly after: Payment }

type Rule<R extends Refusal> = (payment: Payment, now: Instant) => readonly PaymentEvent[] | R

/** What happens to one payment, decided by the pure rules alone, at instants that the test chooses. */
export class Story {
  payment: Payment = noPayment('merchant-1', 'store-1', 'order-1')
  now: Instant = start
  readonly journal: Entry[] = []
  readonly announcements: Announcement[] = []
  #ids = 0

  newId(kind: string): string {
    this.#ids += 1
    return `${kind}-${this.#ids}`
  }

  pass(milliseconds: number): void {
    this.now += milliseconds
  }

  /** Applies a rule's decision, and gives its events or its refusal. */
  decide<R extends Refusal>(rule: Rule<R>): readonly PaymentEvent[] | R {
    const decided = rule(this.payment, this.now)
    if (decided instanceof Refusal) return decided
    for (const event of decided) this.#take(event)
    return decided
  }

  #take(event: PaymentEvent): void {
    const before = this.payment
    this.payment = evolve(before, event, this.now)
    this.journal.push({ event, at: this.now, after: this.payment })
    this.announcements.push(...announce({ before, event, after: this.payment, at: this.now }))
  }

  /** Asks for an approval, and gives the attempt's id; fails where the rules refuse. */
  begin(changes: Partial<AttemptStart> = {}): string {
    const attempt = attemptStart({ transactionId: this.newId('transaction'), ...changes })
    expectEvents(this.decide((payment, now) => requestApproval(payment, attempt, now)))
    return attempt.transactionId
  }

  answer(transactionId: string, outcome: Outcome<Approval | VirtualAccount>): readonly PaymentEvent[] {
    return expectEvents(this.decide((payment, now) => settleApproval(payment, transactionId, outcome, now)))
  }

  /** An attempt that the PG approves at once. */
  pay(amount: Partial<PaymentRequest['amount']> = {}, changes: Partial<PaymentRequest> = {}): string {
    const request = orderOf(amount, changes)
    const transactionId = this.begin({ request })
    this.answer(transactionId, done(approval({ amount: request.amount.total })))
    return transactionId
  }

  /** An attempt that waits for a deposit. */
  openAccount(changes: Partial<VirtualAccount> = {}, request: Partial<PaymentRequest> = {}): string {
    const transactionId = this.begin({ request: orderOf({}, request) })
    this.answer(transactionId, done(virtualAccount(changes)))
    return transactionId
  }

  /** What the PG says of an attempt when asked. */
  learn(transactionId: string, known: GatewayPayment | typeof unknown): readonly PaymentEvent[] {
    const outcome: Outcome<GatewayPayment> = 'state' in known ? done(known) : known
    return expectEvents(
      this.decide((payment, now) => settleByInquiry(payment, transactionId, outcome, mayActWithin, now)),
    )
  }

  deposit(transactionId: string): readonly PaymentEvent[] {
    return this.learn(transactionId, {
      state: 'DEPOSITED',
      virtualAccount: virtualAccount(),
      deposit: { paidAt: this.now, remitterName: '홍길동' },
    })
  }

  requestCancel(changes: Partial<CancelCommand> = {}) {
    const command = cancelCommand({ cancellationId: this.newId('cancellation'), ...changes })
    return this.decide((payment, now) => requestCancellation(payment, command, now))
  }

  /** Asks for a cancellation, and gives it; fails where the rules refuse. */
  beginCancel(changes: Partial<CancelCommand> = {}): Cancellation {
    const events = expectEvents(this.requestCancel(changes))
    const id = events.flatMap((event) => (event.type === 'CancellationRequested' ? [event.cancellation.id] : []))[0]
    return this.cancellation(id ?? '')
  }

  answerCancel(cancellationId: string, outcome: Outcome<GatewayCancellation>): readonly PaymentEvent[] {
    const { transactionId } = this.attemptWith(cancellationId)
    return expectEvents(
      this.decide((payment, now) => settleCancellation(payment, transactionId, cancellationId, outcome, now)),
    )
  }

  /** What comes of asking the PG to give back a charge that does not stand. */
  answerReversal(
    transactionId: string,
    outcome: ReversalOutcome,
    reference = reversalReference(this.attempt(transactionId)),
  ): readonly PaymentEvent[] {
    const call = { transactionId, reference }
    return expectEvents(this.decide((payment, now) => settleReversal(payment, call, outcome, now)))
  }

  /** A cancellation that the PG carries out at once. */
  cancel(changes: Partial<CancelCommand> = {}): Cancellation {
    const { id } = this.beginCancel(changes)
    this.answerCancel(id, refunded(this.now))
    return this.cancellation(id)
  }

  attempt(transactionId: string): Attempt {
    return attemptOf(this.payment, transactionId)
  }

  attemptWith(cancellationId: string): Attempt {
    const found = this.payment.attempts.find(({ cancellations }) =>
      cancellations.some(({ id }) => id === cancellationId),
    )
    if (!found) throw new Error(`no attempt has the cancellation ${cancellationId}`)
    return found
  }

  cancellation(cancellationId: string): Cancellation {
    const found = this.attemptWith(cancellationId).cancellations.find(({ id }) => id === cancellationId)
    if (!found) throw new Error(`there is no cancellation ${cancellationId}`)
    return found
  }

  /** What was announced, as `type` or `type trigger`. */
  news(): readonly string[] {
    return this.announcements.map(({ type, trigger }) => (trigger === undefined ? type : `${type} ${trigger}`))
  }
}

export const expectEvents = (decided: readonly PaymentEvent[] | Refusal): readonly PaymentEvent[] => {
  if (decided instanceof Refusal) throw new Error(`refused: ${decided.body.type} ${decided.body.message ?? ''}`)
  return decided
}

/** The type of a refusal; anything else as it is, for a failing assertion to show. */
export const refusalType = (decided: unknown): unknown => (decided instanceof Refusal ? decided.body.type : decided)

export const orderOf = (
  amount: Partial<PaymentRequest['amount']> = {},
  changes: Partial<PaymentRequest> = {},
): PaymentRequest => ({
  orderName: '티셔츠',
  amount: { total: 10_000, taxFree: 0, vat: 909, ...amount },
  currency: 'KRW',
  customer: {},
  ...changes,
})

export const attemptStart = (changes: Partial<AttemptStart> = {}): AttemptStart => ({
  transactionId: 'transaction',
  request: orderOf(),
  origin: { platformType: 'API', ipAddress: '203.0.113.7' },
  channel: {
    type: 'TEST',
    id: 'channel-id-1',
    key: 'channel-key-1',
    name: 'Sandbox',
    pgProvider: 'TOSSPAYMENTS',
    pgMerchantId: 'sandbox',
  },
  ...changes,
})

export const cancelCommand = (changes: Partial<CancelCommand> = {}): CancelCommand => ({
  cancellationId: 'cancellation',
  reason: '단순 변심',
  trigger: 'API',
  refundAccountFault: undefined,
  ...changes,
})

export const approval = (changes: Partial<Approval> = {}): Approval => ({
  type: 'approval',
  pgTransactionId: 'pg-1',
  approvedAt: start,
  amount: 10_000,
  method: { type: 'PaymentMethodCard', card: { bin: '424242', number: '424242******4242' }, approvalNumber: '123' },
  response: '{"approved":true}',
  ...changes,
})

export const virtualAccount = (changes: Partial<VirtualAccount> = {}): VirtualAccount => ({
  type: 'virtual-account',
  pgTransactionId: 'pg-va-1',
  issuedAt: start,
  bank: 'SHINHAN',
  accountNumber: '110-123',
  accountType: 'NORMAL',
  expiresAt: start + day,
  ...changes,
})

export const done = <Value>(value: Value): Outcome<Value> => ({ kind: 'succeeded', value })
export const unknown = { kind: 'unknown', reason: 'timeout' } as const
export const declined = { kind: 'failed', failure: { pgCode: 'DECLINED', pgMessage: 'Card declined' } } as const
export const pending = { kind: 'pending', pgTransactionId: 'pg-pending-1' } as const

export const refunded = (at: Instant): Outcome<GatewayCancellation> =>
  done({ pgCancellationId: 'pg-cancel-1', cancelledAt: at })
