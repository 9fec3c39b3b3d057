import type { BillingKeyPaymentMethod } from '@naru/contract'
import { type Instant, storeTime } from '../../kernel/clock.ts'
import type { BillingKeyChargeRequest } from '../port/billing-key.ts'
import type { AuthorizedCharge, CardCharge, VirtualAccount, VirtualAccountRequest } from '../port/payment.ts'
import type { Approval, EffectContext, Outcome } from '../port/terms.ts'
import type { AccountInWindow, AccountTerms } from '../port/window.ts'
import { paymentMethodOf } from '../stored-method.ts'
import { accountNumberFor } from './books/accounts.ts'
import { type Authentication, useAuthentication } from './books/authentications.ts'
import { type Identifiers, identifiersOf } from './books/identifiers.ts'
import { cardDataOf, type TransactionFacts } from './books/transaction.ts'
import { type Charge, execute } from './execute.ts'
import type { SandboxParts } from './parts.ts'
import { cardFacts } from './scenarios/cards.ts'
import { refusedWith } from './scenarios/failures.ts'
import { underScript } from './scenarios/script-steps.ts'
import { codeFor, namedCode } from './scenarios/triggers.ts'

export const authorize = async (
  parts: SandboxParts,
  context: EffectContext,
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
  context: EffectContext,
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
  context: EffectContext,
  request: VirtualAccountRequest,
): Promise<Outcome<VirtualAccount>> => {
  const now = storeTime(context.clock)
  const { customerId, amount } = request
  const code = codeFor({ testCode: context.testCode, customerId, amount, now })
  return onlyAccount(await issue(parts, context, request, code, request, now))
}

export const approve = async (
  parts: SandboxParts,
  context: EffectContext,
  charge: AuthorizedCharge,
): Promise<Outcome<Approval | VirtualAccount>> => {
  const now = storeTime(context.clock)
  const authentication = await useAuthentication(parts.sql, context, charge)
  if (typeof authentication === 'string') return refusedWith(authentication)
  const operation = authentication.data.kind === 'VIRTUAL_ACCOUNT' ? 'ISSUE_VIRTUAL_ACCOUNT' : 'APPROVE'
  return await underScript(parts, operation, context, (own) =>
    approveAuthenticated(parts, own, charge, authentication, now),
  )
}

const approveAuthenticated = async (
  parts: SandboxParts,
  context: EffectContext,
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
  context: EffectContext,
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
