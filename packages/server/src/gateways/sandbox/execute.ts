import { type Instant, second } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { CardCharge, VirtualAccount } from '../port/payment.ts'
import type { Approval, EffectContext, GatewayContext, Outcome } from '../port/terms.ts'
import { type Identifiers, identifiersOf } from './books/identifiers.ts'
import { type Notification, plan } from './books/notifications.ts'
import { record } from './books/record.ts'
import { answerOf, isSameRequest, successOf, type Transaction, type TransactionFacts } from './books/transaction.ts'
import { cryptoLifetime } from './crypto.ts'
import { startNotification } from './due.ts'
import type { SandboxParts } from './parts.ts'
import { repeated } from './repetition.ts'
import { type Behaviour, doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { breaksLimits } from './scenarios/limits.ts'

/** How long Naru waits for this PG, as for any: an answer that takes longer is lost. */
export const readTimeout = 30

/** Does to the books what the scenario says, once for each reference, and answers as the scenario says. */
export const execute = async (
  parts: SandboxParts,
  context: EffectContext,
  charge: Charge,
  chosen: string,
  identifiers: Identifiers,
  facts: TransactionFacts,
  now: Instant,
): Promise<Outcome<Approval | VirtualAccount>> => {
  const code = breaksLimits(context.channel.pgProvider, charge.orderName) ? 'invalid-order-name' : chosen
  const effect = effectOf(code, facts.kind)
  const asked = book(context, charge, code, identifiers, facts, effect, now)
  const expiresAt = facts.kind === 'VIRTUAL_ACCOUNT' ? facts.data.expiresAt : now
  const notifications = plan(asked, effect.later, now, expiresAt)
  const { transaction, isNew } = await record(parts.sql, asked, notifications, context.actBefore)
  if (!isNew) {
    const known = { isSame: isSameRequest(transaction, asked), answer: answerOf(transaction) }
    return await repeated(context, known, async (own) => {
      const { id } = identifiersOf(context.channel.key, 'again', own.reference)
      // What never arrived the first time was not done, either.
      return transaction.state === 'NONE'
        ? known.answer
        : await execute(parts, own, charge, chosen, { ...identifiers, id }, facts, now)
    })
  }
  await announceBeforeTheAnswer(parts, notifications)
  return (await answerLost(parts, context.storeId, effect, now)) ?? answerOf(transaction)
}

const effectOf = (code: string, kind: Transaction['kind']): Effect => {
  const { account, charge = usualEffects[kind] ?? doneAtOnce } = rememberedBehaviour(code)
  return kind === 'VIRTUAL_ACCOUNT' ? (account ?? charge) : charge
}

/** The shopper pays at a till, whenever they do, or out of a wallet, while the rate of the coin holds. */
const usualEffects: Readonly<Partial<Record<Transaction['kind'], Effect>>> = {
  CONVENIENCE_STORE: { books: 'PENDING' },
  CRYPTO: { books: 'PENDING', later: [{ action: 'FAIL', after: cryptoLifetime / second }] },
}

const book = (
  context: GatewayContext,
  charge: Charge,
  code: string,
  identifiers: Identifiers,
  facts: TransactionFacts,
  effect: Effect,
  now: Instant,
): Transaction => ({
  ...facts,
  storeId: context.storeId,
  channelKey: context.channel.key,
  reference: context.reference,
  pgTransactionId: identifiers.id,
  state: stateAfter(effect, facts.kind),
  code,
  pgCode: effect.books === 'REFUSED' ? (effect.pgCode ?? 'SBX_DECLINED') : null,
  askedAmount: charge.amount,
  amount: facts.kind === 'VIRTUAL_ACCOUNT' ? charge.amount : chargedFor(charge.amount, rememberedBehaviour(code)),
  cancelledAmount: 0,
  reservedAmount: 0,
  currency: charge.currency,
  orderName: charge.orderName,
  createdAt: now,
  settledAt: now,
  capturedAt: context.channel.manualCapture ? null : now,
  resolvedAt: null,
  remitterName: null,
  dispute: null,
  disputedAt: null,
  disputeSettledAt: null,
  chargedBackAmount: 0,
  escrow: null,
  escrowAt: null,
  isAutomaticallyConfirmed: false,
})

/** Where more would be no exact number, less is charged: as wrong an amount. */
const chargedFor = (asked: Amount, { overcharge = 0 }: Behaviour): Amount =>
  Number.isSafeInteger(asked + overcharge) ? asked + overcharge : asked - overcharge

const stateAfter = (effect: Effect, kind: Transaction['kind']): Transaction['state'] => {
  switch (effect.books) {
    case 'DONE':
      return successOf(kind)
    case 'REFUSED':
      return 'FAILED'
    case 'PENDING':
      return 'PENDING'
    case 'NOTHING':
      return 'NONE'
  }
}

/**
 * Waits as long as the scenario takes to answer. Returns what the caller makes of an answer that never comes, undefined
 * of one that does.
 */
export const answerLost = async (
  parts: SandboxParts,
  storeId: string,
  { answer }: Effect,
  now: Instant,
): Promise<{ readonly kind: 'unknown'; readonly reason: string } | undefined> => {
  if (answer === undefined) return undefined
  if (answer === 'LOST') return { kind: 'unknown', reason: 'disconnect' }
  await parts.waitUntil(storeId, now + Math.min(answer, readTimeout) * second)
  return answer > readTimeout ? { kind: 'unknown', reason: 'timeout' } : undefined
}

/**
 * PGs do notify of a deposit before their own answer arrives. Only the beginning is awaited: the platform may well keep
 * the notification waiting until it has this answer, and then both would wait for each other.
 */
const announceBeforeTheAnswer = async (parts: SandboxParts, notifications: readonly Notification[]): Promise<void> => {
  for (const notification of notifications) {
    if (notification.leasedUntil !== null) await startNotification(parts, notification)
  }
}

export type Charge = Pick<CardCharge, 'amount' | 'currency' | 'orderName'>
