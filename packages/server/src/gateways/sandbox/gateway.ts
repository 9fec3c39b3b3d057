import { second, storeTime } from '../../kernel/clock.ts'
import type { Gateway } from '../port/gateway.ts'
import type { GatewayPayment } from '../port/payment.ts'
import type { Completion, EffectContext, GatewayContext, GatewayTarget, Outcome } from '../port/terms.ts'
import { approve, authorize, issueVirtualAccount } from './approvals.ts'
import { sandboxBillingKeys } from './billing-keys.ts'
import { cancellationState, findCancellation } from './books/cancellations.ts'
import * as ledger from './books/ledger.ts'
import { isSilent, paymentOf } from './books/transaction.ts'
import { sandboxCashReceipts } from './cash-receipts.ts'
import { answerLost, readTimeout } from './execute.ts'
import { sandboxFulfilment } from './fulfilments.ts'
import { sandboxIdentities } from './identities.ts'
import type { SandboxParts } from './parts.ts'
import { behaviourNow, cancel, stopCancellation } from './refunds.ts'
import { doneAtOnce } from './scenarios/behaviour.ts'
import { cardFacts } from './scenarios/cards.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { refusedWith } from './scenarios/failures.ts'
import { underScript } from './scenarios/script-steps.ts'

/**
 * A PG that moves no money and does what it is asked to (codes.ts says how to ask). It keeps books of its own in the
 * database, so that inquiries tell what was really done, even when the answer got lost.
 */
export const sandboxGateway = (parts: SandboxParts): Gateway => ({
  ...sandboxCashReceipts(parts),
  ...sandboxIdentities(parts),
  ...sandboxBillingKeys(parts),
  ...sandboxFulfilment(parts),
  mayActWithin: 2 * readTimeout * second,
  cardCompanyOf: (credential) => cardFacts(credential).issuer,
  authorize: (context, charge) => underScript(parts, 'APPROVE', context, (own) => authorize(parts, own, charge)),
  approve: (context, charge) => approve(parts, context, charge),
  issueVirtualAccount: (context, request) =>
    underScript(parts, 'ISSUE_VIRTUAL_ACCOUNT', context, (own) => issueVirtualAccount(parts, own, request)),
  closeVirtualAccount: (context, target) =>
    underScript(parts, 'CLOSE_VIRTUAL_ACCOUNT', context, (own) => closeVirtualAccount(parts, own, target)),
  capture: (context, target) => underScript(parts, 'CAPTURE', context, (own) => capture(parts, own, target)),
  cancel: (context, target, request) =>
    underScript(parts, 'CANCEL', context, (own) => cancel(parts, own, target, request)),
  stopCancellation: (context) =>
    underScript(parts, 'STOP_CANCELLATION', context, (own) => stopCancellation(parts, own)),
  inquire: (context, target) => inquire(parts, context, target),
  inquireCancellation: async (context) => ({
    kind: 'succeeded',
    value: cancellationState(await findCancellation(parts.sql, context.storeId, context.reference)),
  }),
})

const closeVirtualAccount = async (
  parts: SandboxParts,
  context: EffectContext,
  target: GatewayTarget,
): Promise<Outcome<Completion>> => {
  const { storeId, actBefore } = context
  const account = await ledger.find(parts.sql, storeId, target.reference)
  if (account === undefined || account.kind !== 'VIRTUAL_ACCOUNT') return refusedWith('SBX_NOT_FOUND')
  if (account.state === 'CLOSED') return { kind: 'succeeded', value: { at: account.settledAt ?? account.createdAt } }
  const { close = doneAtOnce } = behaviourNow(context, account)
  if (close.books === 'REFUSED') return refusedWith(close.pgCode ?? 'SBX_CLOSE_REFUSED')
  if (close.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  if (account.state !== 'WAITING') return refusedWith('SBX_CLOSE_NOT_ALLOWED')
  const now = storeTime(context.clock)
  const { reference } = target
  const closed = await ledger.move(parts.sql, {
    storeId,
    reference,
    from: ['WAITING'],
    to: 'CLOSED',
    at: now,
    actBefore,
  })
  // Deposited or closed since we looked: look again.
  if (closed === undefined) return await closeVirtualAccount(parts, context, target)
  return (await answerLost(parts, storeId, close, now)) ?? { kind: 'succeeded', value: { at: now } }
}

const capture = async (
  parts: SandboxParts,
  context: EffectContext,
  target: GatewayTarget,
): Promise<Outcome<Completion>> => {
  if (!context.channel.manualCapture) return refusedWith('SBX_CAPTURE_NOT_AVAILABLE')
  const payment = await ledger.find(parts.sql, context.storeId, target.reference)
  if (payment === undefined) return refusedWith('SBX_NOT_FOUND')
  const { capture: effect = doneAtOnce } = behaviourNow(context, payment)
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_CAPTURE_REFUSED')
  if (effect.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  const now = storeTime(context.clock)
  const at = await ledger.capture(parts.sql, context, target.reference, now)
  if (at === undefined) return refusedWith('SBX_CAPTURE_NOT_ALLOWED')
  return (await answerLost(parts, context.storeId, effect, now)) ?? { kind: 'succeeded', value: { at } }
}

const inquire = async (
  parts: SandboxParts,
  context: GatewayContext,
  target: GatewayTarget,
): Promise<Outcome<GatewayPayment>> => {
  const payment = await ledger.find(parts.sql, context.storeId, target.reference)
  if (payment === undefined) return { kind: 'succeeded', value: { state: 'NONE' } }
  if (isSilent(payment)) return { kind: 'unknown', reason: 'timeout' }
  const deniesAtFirst = rememberedBehaviour(payment.code).inquiry === 'NONE_TWICE'
  if (deniesAtFirst && (await ledger.countInquiry(parts.sql, context.storeId, target.reference)) <= 2) {
    return { kind: 'succeeded', value: { state: 'NONE' } }
  }
  return { kind: 'succeeded', value: paymentOf(payment) }
}
