import type { BillingKeyPaymentMethod } from '@naru/contract'
import { type Instant, second, storeTime } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { BillingKeyChargeRequest } from '../port/billing-key.ts'
import type { AuthorizedCharge, CardCharge, VirtualAccount, VirtualAccountRequest } from '../port/payment.ts'
import type { Approval, GatewayContext, Outcome } from '../port/terms.ts'
import type { AccountInWindow, AccountTerms } from '../port/window.ts'
import { paymentMethodOf } from '../stored-method.ts'
import { accountNumberFor } from './books/accounts.ts'
import { type Authentication, useAuthentication } from './books/authentications.ts'
import { type Identifiers, identifiersOf } from './books/identifiers.ts'
import { record } from './books/ledger.ts'
import { type Notification, plan } from './books/notifications.ts'
import {
  answerOf,
  cardDataOf,
  isSameRequest,
  successOf,
  type Transaction,
  type TransactionFacts,
} from './books/transaction.ts'
import { startNotification } from './due.ts'
import type { SandboxParts } from './parts.ts'
import { repeated } from './repetition.ts'
import { cardFacts } from './scenarios/cards.ts'
import { type Behaviour, doneAtOnce, type Effect, rememberedBehaviour } from './scenarios/codes.ts'
import { refusedWith } from './scenarios/failures.ts'
import { breaksLimits } from './scenarios/limits.ts'
import { underScript } from './scenarios/script-steps.ts'
import { codeFor, namedCode } from './scenarios/triggers.ts'

/** How long Naru waits for this PG, as for any: an answer that takes longer is lost. */
export const readTimeout = 30

type Charge = Pick<CardCharge, 'amount' | 'currency' | 'orderName'>

export const authorize = async (
  parts: SandboxParts,
  context: GatewayContext,
  charge: CardCharge,
): Promise<Outcome<Approval>> => {
  const now = storeTime(context.clock)
  const { credential, installmentMonth, customerId, amount } = charge
  const code = codeFor({ testCode: context.testCode, customerId, card: { credential, installmentMonth }, amount, now })
  const identifiers = identifiersOf(context.channel.key, 'authorize', context.reference)
  const data = cardDataOf(cardFacts(credential), identifiers, charge)
  return onlyApproval(await execute(parts, context, charge, code, identifiers, { kind: 'CARD', data }, now))
}

/** A charge to what the PG has stored, without its holder. */
export const chargeStored = async (
  parts: SandboxParts,
  context: GatewayContext,
  charge: BillingKeyChargeRequest,
  method: BillingKeyPaymentMethod,
  code: string,
): Promise<Outcome<Approval>> => {
  const now = storeTime(context.clock)
  const identifiers = identifiersOf(context.channel.key, 'charge', context.reference)
  const facts = storedFacts(method, identifiers, charge)
  if (facts === undefined) return refusedWith('SBX_BILLING_KEY_NOT_FOUND')
  return onlyApproval(await execute(parts, context, charge, code, identifiers, facts, now))
}

/** What is debited; `undefined` for what this PG does not store. */
const storedFacts = (
  stored: BillingKeyPaymentMethod,
  identifiers: Identifiers,
  charge: BillingKeyChargeRequest,
): TransactionFacts | undefined => {
  const method = paymentMethodOf(stored)
  switch (method?.type) {
    case 'PaymentMethodCard':
      return { kind: 'CARD', data: cardDataOf(method.card ?? {}, identifiers, charge) }
    case 'PaymentMethodTransfer':
      return { kind: 'TRANSFER', data: { method } }
    case 'PaymentMethodEasyPay':
      return { kind: 'EASY_PAY', data: { method } }
    case 'PaymentMethodMobile':
      return { kind: 'MOBILE', data: { method } }
    default:
      return undefined
  }
}

export const issueVirtualAccount = async (
  parts: SandboxParts,
  context: GatewayContext,
  request: VirtualAccountRequest,
): Promise<Outcome<VirtualAccount>> => {
  const now = storeTime(context.clock)
  const { customerId, amount } = request
  const code = codeFor({ testCode: context.testCode, customerId, amount, now })
  return onlyAccount(await issue(parts, context, request, code, request, now))
}

export const approve = async (
  parts: SandboxParts,
  context: GatewayContext,
  charge: AuthorizedCharge,
): Promise<Outcome<Approval | VirtualAccount>> => {
  const now = storeTime(context.clock)
  const authentication = await useAuthentication(parts.sql, context.storeId, context.reference, charge)
  if (typeof authentication === 'string') return refusedWith(authentication)
  const operation = authentication.data.kind === 'VIRTUAL_ACCOUNT' ? 'ISSUE_VIRTUAL_ACCOUNT' : 'APPROVE'
  return await underScript(parts.sql, operation, context, (own) =>
    approveAuthenticated(parts, own, charge, authentication, now),
  )
}

const approveAuthenticated = async (
  parts: SandboxParts,
  context: GatewayContext,
  charge: AuthorizedCharge,
  authentication: Authentication,
  now: Instant,
): Promise<Outcome<Approval | VirtualAccount>> => {
  const code = namedCode(context.testCode) ?? authentication.code
  const method = authentication.data
  if (method.kind === 'VIRTUAL_ACCOUNT') return await issue(parts, context, charge, code, termsAt(method, now), now)
  const identifiers = identifiersOf(context.channel.key, 'approve', context.reference)
  const facts: TransactionFacts =
    method.kind === 'CARD'
      ? { kind: 'CARD', data: cardDataOf(method.card, identifiers, method) }
      : { kind: method.kind, data: { method: method.method } }
  return await execute(parts, context, charge, code, identifiers, facts, now)
}

/** Hours are counted from the issue, not from when the shopper chose the account. */
const termsAt = (chosen: AccountInWindow, now: Instant): AccountTerms =>
  chosen.validFor === undefined ? chosen : { ...chosen, expiresAt: now + chosen.validFor }

const issue = async (
  parts: SandboxParts,
  context: GatewayContext,
  charge: Charge,
  code: string,
  terms: AccountTerms,
  now: Instant,
): Promise<Outcome<Approval | VirtualAccount>> => {
  const { bank, accountType, remitteeName, expiresAt } = terms
  const accountNumber = accountNumberFor(context.channel.key, context.reference, terms)
  if (accountNumber === undefined) return refusedWith('SBX_BANK_NOT_SUPPORTED')
  const identifiers = identifiersOf(context.channel.key, 'virtual-account', context.reference)
  const data = { bank, accountNumber, accountType, remitteeName, expiresAt }
  // A shopper's account whose deadline passed before the merchant confirmed it.
  const chosen = expiresAt <= now ? 'shopper-timeout' : code
  return await execute(parts, context, charge, chosen, identifiers, { kind: 'VIRTUAL_ACCOUNT', data }, now)
}

/** Does to the books what the scenario says, once for each reference, and answers as the scenario says. */
const execute = async (
  parts: SandboxParts,
  context: GatewayContext,
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
  const { transaction, isNew } = await record(parts.sql, asked, notifications)
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
  const isPaidLater = kind === 'CONVENIENCE_STORE' || kind === 'CRYPTO'
  const { account, charge = isPaidLater ? acceptedOnly : doneAtOnce } = rememberedBehaviour(code)
  return kind === 'VIRTUAL_ACCOUNT' ? (account ?? charge) : charge
}

/** The shopper pays at a till or out of a wallet, whenever they do. */
const acceptedOnly: Effect = { books: 'PENDING' }

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

const onlyApproval = (outcome: Outcome<Approval | VirtualAccount>): Outcome<Approval> => {
  if (outcome.kind !== 'succeeded') return outcome
  if (outcome.value.type === 'approval') return { kind: 'succeeded', value: outcome.value }
  return refusedWith('SBX_IDEMPOTENCY_MISMATCH')
}

const onlyAccount = (outcome: Outcome<Approval | VirtualAccount>): Outcome<VirtualAccount> => {
  if (outcome.kind !== 'succeeded') return outcome
  if (outcome.value.type === 'virtual-account') return { kind: 'succeeded', value: outcome.value }
  return refusedWith('SBX_IDEMPOTENCY_MISMATCH')
}
