import { type Instant, storeTime } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { CancelRequest, GatewayCancellation } from '../port/payment.ts'
import type { Completion, EffectContext, GatewayContext, GatewayTarget, Outcome } from '../port/terms.ts'
import {
  type Cancellation,
  cancellationAnswer,
  findCancellation,
  recordCancellation,
  recordRefusal,
  settleCancellation,
} from './books/cancellations.ts'
import { identifiersOf } from './books/identifiers.ts'
import { find } from './books/ledger.ts'
import { plan } from './books/notifications.ts'
import type { Transaction } from './books/transaction.ts'
import { answerLost } from './execute.ts'
import type { SandboxParts } from './parts.ts'
import { repeated } from './repetition.ts'
import { type Behaviour, doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { type PgCode, refusedWith } from './scenarios/failures.ts'
import { namedCode } from './scenarios/triggers.ts'

/** What this call's own test code says, or else the scenario of the payment. */
export const behaviourNow = (context: GatewayContext, payment: Pick<Transaction, 'code'>): Behaviour => {
  const named = namedCode(context.testCode)
  if (named === undefined) return rememberedBehaviour(payment.code)
  const { call = doneAtOnce, ...behaviour } = rememberedBehaviour(named)
  return { cancel: call, capture: call, close: call, ...behaviour }
}

/** What this call's own test code says of any call: that the PG is ill, or slow. */
export const callEffect = ({ testCode }: GatewayContext): Effect => {
  const named = namedCode(testCode)
  return (named === undefined ? undefined : rememberedBehaviour(named).call) ?? doneAtOnce
}

export const cancel = async (
  parts: SandboxParts,
  context: EffectContext,
  target: GatewayTarget,
  request: CancelRequest,
): Promise<Outcome<GatewayCancellation>> => {
  const { sql } = parts
  const { storeId, reference } = context
  const recorded = await findCancellation(sql, storeId, reference)
  if (recorded !== undefined) {
    const known = { isSame: isSameRequest(recorded, target, request), answer: cancellationAnswer(recorded) }
    return await repeated(context, known, (own) => cancel(parts, own, target, request))
  }
  const payment = await find(sql, storeId, target.reference)
  if (payment === undefined) return refusedWith('SBX_NOT_FOUND')

  const now = storeTime(context.clock)
  const behaviour = behaviourNow(context, payment)
  const effect = behaviour.cancel ?? doneAtOnce
  const remaining = payment.amount - payment.cancelledAmount - payment.reservedAmount
  const amount = request.amount ?? remaining
  const unready = notNow(payment, amount, remaining)
  if (unready !== undefined) return refusedWith(unready)
  const asked = book(context, target, { ...request, amount }, effect, now)
  const refusal = notEver(payment, request, behaviour, effect)
  if (refusal !== undefined) {
    await recordRefusal(sql, asked, refusal, context.actBefore)
    return (await answerLost(parts, storeId, effect, now)) ?? refusedWith(refusal)
  }
  if (effect.books !== 'NOTHING') {
    const about = { storeId, reference: target.reference, cancellationReference: reference }
    const { recorded } = await recordCancellation(sql, asked, plan(about, effect.later, now), context.actBefore)
    // Somebody else recorded this reference or took what was left since we looked: look again.
    if (!recorded) return await cancel(parts, context, target, request)
  }
  return (await answerLost(parts, storeId, effect, now)) ?? cancellationAnswer(asked)
}

/** Withdraws the pending cancellation named by the context's reference. */
export const stopCancellation = async (parts: SandboxParts, context: EffectContext): Promise<Outcome<Completion>> => {
  const { storeId, reference, actBefore } = context
  const now = storeTime(context.clock)
  const effect = callEffect(context)
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_CANCEL_NOT_PENDING')
  if (effect.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  const stopped = await settleCancellation(parts.sql, { storeId, reference, to: 'STOPPED', at: now, actBefore })
  if (stopped !== undefined)
    return (await answerLost(parts, storeId, effect, now)) ?? { kind: 'succeeded', value: { at: now } }
  const cancellation = await findCancellation(parts.sql, storeId, reference)
  if (cancellation === undefined) return refusedWith('SBX_NOT_FOUND')
  if (cancellation.state !== 'STOPPED') return refusedWith('SBX_CANCEL_NOT_PENDING')
  return { kind: 'succeeded', value: { at: cancellation.settledAt ?? cancellation.createdAt } }
}

const isSameRequest = (recorded: Cancellation, target: GatewayTarget, request: CancelRequest): boolean =>
  (request.amount ?? recorded.amount) === recorded.amount && recorded.transactionReference === target.reference

/** Refused as the books stand: not kept, since the same request may succeed once they changed. */
const notNow = (payment: Transaction, amount: Amount, remaining: Amount): PgCode | undefined => {
  if (payment.state !== 'APPROVED' && payment.state !== 'DEPOSITED') return 'SBX_CANCEL_NOT_ALLOWED'
  return amount < 1 || amount > remaining ? 'SBX_CANCEL_EXCEEDS_REMAINING' : undefined
}

/** Refused for what it is, whenever it is asked: kept under its reference. */
const notEver = (
  payment: Transaction,
  request: CancelRequest,
  behaviour: Behaviour,
  effect: Effect,
): PgCode | undefined => {
  if (effect.books === 'REFUSED') return effect.pgCode ?? 'SBX_CANCEL_REFUSED'
  const isPartial = request.amount !== undefined && request.amount !== payment.amount
  if (behaviour.onlyFullCancel && isPartial) return 'SBX_PARTIAL_NOT_ALLOWED'
  return payment.kind === 'VIRTUAL_ACCOUNT' ? refundAccountRefusal(request) : undefined
}

/**
 * Money that came by bank transfer goes back to an account. Two account numbers are known to be bad. A request without
 * an amount undoes a deposit that should not have been taken: the bank sends it back where it came from.
 */
const refundAccountRefusal = ({ amount, refundAccount }: CancelRequest): PgCode | undefined => {
  if (refundAccount === undefined) return amount === undefined ? undefined : 'SBX_REFUND_ACCOUNT_REQUIRED'
  if (refundAccount.number.endsWith('0001')) return 'SBX_HOLDER_MISMATCH'
  return refundAccount.number.endsWith('0002') ? 'SBX_ACCOUNT_CLOSED' : undefined
}

const book = (
  context: GatewayContext,
  target: GatewayTarget,
  request: { readonly amount: Amount; readonly reason: string },
  effect: Effect,
  now: Instant,
): Cancellation => ({
  storeId: context.storeId,
  reference: context.reference,
  transactionReference: target.reference,
  pgCancellationId: identifiersOf(context.channel.key, 'cancel', context.reference).id,
  state: effect.books === 'PENDING' ? 'PENDING' : 'SUCCEEDED',
  pgCode: null,
  amount: request.amount,
  reason: request.reason,
  createdAt: now,
  settledAt: effect.books === 'PENDING' ? null : now,
})
