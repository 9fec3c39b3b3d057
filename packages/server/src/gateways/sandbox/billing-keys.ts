import type { Sql } from '../../db/connect.ts'
import { inTime } from '../../db/epoch.ts'
import { type Instant, storeTime } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type {
  BillingKeyChargeRequest,
  BillingKeyDeletion,
  BillingKeyGateway,
  BillingKeyRequest,
  GatewayBillingKey,
  IssuedBillingKey,
} from '../port/billing-key.ts'
import type { Approval, CardCredential, Completion, EffectContext, GatewayContext, Outcome } from '../port/terms.ts'
import { chargeStored } from './approvals.ts'
import { type MethodShown, methodShown, useBillingAuthorization } from './billing-authorizations.ts'
import { findByToken, findMethod, recordMethod, type StoredMethod } from './books/billing-keys.ts'
import { identifiersOf } from './books/identifiers.ts'
import { answerLost } from './execute.ts'
import type { SandboxParts } from './parts.ts'
import { doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { cardFacts, testCardOf } from './scenarios/cards.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { type PgCode, recordedFailure, refusedWith } from './scenarios/failures.ts'
import { underScript } from './scenarios/script-steps.ts'
import { codeFor, namedCode } from './scenarios/triggers.ts'

/** The sandbox PG's stored cards. */
export const sandboxBillingKeys = (parts: SandboxParts): BillingKeyGateway => ({
  issueBillingKey: (context, request) =>
    underScript(parts, 'ISSUE_BILLING_KEY', context, (own) => issueBillingKey(parts, own, request)),
  chargeBillingKey: (context, charge) =>
    underScript(parts, 'CHARGE_BILLING_KEY', context, (own) => chargeBillingKey(parts, own, charge)),
  deleteBillingKey: (context, key) =>
    underScript(parts, 'DELETE_BILLING_KEY', context, (own) => deleteBillingKey(parts, own, key)),
  inquireBillingKey: (context) => inquireBillingKey(parts, context),
})

const issueBillingKey = async (
  parts: SandboxParts,
  context: EffectContext,
  request: BillingKeyRequest,
): Promise<Outcome<IssuedBillingKey>> => {
  const now = storeTime(context.clock)
  const shown = await methodOf(parts.sql, context, request, now)
  if (typeof shown === 'string') return refusedWith(shown)
  const { code, chargeCode, method } = shown
  const effect = effectOf(code)
  const asked: StoredMethod = {
    reference: context.reference,
    token: randomToken(),
    pgTransactionId: identifiersOf(context.channel.key, 'billing-key', context.reference).id,
    state: effect.books === 'DONE' ? 'ISSUED' : effect.books === 'REFUSED' ? 'FAILED' : 'NONE',
    code: chargeCode,
    pgCode: effect.books === 'REFUSED' ? (effect.pgCode ?? 'SBX_DECLINED') : null,
    method,
    createdAt: now,
    deletedAt: null,
  }
  const stored = await recordMethod(parts.sql, context, asked)
  return (await answerLost(parts, context.storeId, effect, now)) ?? answerOf(stored)
}

const methodOf = async (
  sql: Sql,
  context: EffectContext,
  request: BillingKeyRequest,
  now: Instant,
): Promise<MethodShown | PgCode> => {
  const { testCode } = context
  if ('credential' in request) return methodShown({ ...request, testCode, now })
  const shown = await useBillingAuthorization(sql, context, request.authorization)
  return typeof shown === 'string' ? shown : { ...shown, code: namedCode(testCode) ?? shown.code }
}

/** A card is stored at once or not at all: a result that would come later is a matter of charges. */
const effectOf = (code: string): Effect => {
  const { charge = doneAtOnce } = rememberedBehaviour(code)
  return charge.books === 'PENDING' ? doneAtOnce : charge
}

const chargeBillingKey = async (
  parts: SandboxParts,
  context: EffectContext,
  charge: BillingKeyChargeRequest,
): Promise<Outcome<Approval>> => {
  const stored = await findByToken(parts.sql, context.storeId, charge.token)
  if (stored?.state !== 'ISSUED') return refusedWith('SBX_BILLING_KEY_NOT_FOUND')
  const { testCode } = context
  const { customerId, amount } = charge
  const asked = codeFor({ testCode, customerId, amount, now: storeTime(context.clock) })
  // `sbx-bk-fail-later` as the customer of a charge says what the key was issued for, and nothing of this charge.
  const isNamed = namedCode(testCode) !== undefined
  const isOfCharge = (isNamed || asked !== 'approve') && !asked.startsWith('bk-')
  const code = isOfCharge ? asked : await remembered(parts.sql, context, stored)
  return await chargeStored(parts, context, charge, stored.method, code)
}

const remembered = async (sql: Sql, context: EffectContext, { code, reference }: StoredMethod): Promise<string> => {
  if (code === 'bk-fail-later') return 'decline'
  if (code !== 'bk-third-fails') return code
  return (await countCharge(sql, context, reference)) === 3 ? 'decline' : 'approve'
}

const deleteBillingKey = async (
  parts: SandboxParts,
  context: EffectContext,
  { token }: BillingKeyDeletion,
): Promise<Outcome<Completion>> => {
  const stored = await findByToken(parts.sql, context.storeId, token)
  if (!stored) return refusedWith('SBX_BILLING_KEY_NOT_FOUND')
  const named = namedCode(context.testCode)
  const { deletion, call } = rememberedBehaviour(named ?? stored.code)
  const effect = deletion ?? (named === undefined ? undefined : call) ?? doneAtOnce
  const now = storeTime(context.clock)
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_DELETE_REFUSED')
  const at = effect.books === 'DONE' ? await remove(parts.sql, context, token, now) : now
  return (await answerLost(parts, context.storeId, effect, now)) ?? { kind: 'succeeded', value: { at } }
}

const inquireBillingKey = async (
  { sql }: SandboxParts,
  { storeId, reference }: GatewayContext,
): Promise<Outcome<GatewayBillingKey>> => {
  const stored = await findMethod(sql, storeId, reference)
  return { kind: 'succeeded', value: stored ? knownOf(stored) : { state: 'NONE' } }
}

const knownOf = (stored: StoredMethod): GatewayBillingKey => {
  switch (stored.state) {
    case 'NONE':
      return { state: 'NONE' }
    case 'ISSUED':
      return { state: 'ISSUED', key: issuedOf(stored) }
    case 'DELETED':
      return { state: 'DELETED', deletedAt: stored.deletedAt ?? stored.createdAt }
    case 'FAILED':
      return { state: 'FAILED', failure: recordedFailure(stored.pgCode) }
  }
}

const answerOf = (stored: StoredMethod): Outcome<IssuedBillingKey> => {
  if (stored.state === 'FAILED') return { kind: 'failed', failure: recordedFailure(stored.pgCode) }
  if (stored.state === 'NONE') return { kind: 'unknown', reason: 'disconnect' }
  return { kind: 'succeeded', value: issuedOf(stored) }
}

const issuedOf = ({ token, pgTransactionId, method, createdAt }: StoredMethod): IssuedBillingKey => ({
  token,
  pgTransactionId,
  method,
  issuedAt: createdAt,
})

/** Counts a charge of the key `reference`, unless it comes too late, and says how many there have been. */
const countCharge = async (sql: Sql, { storeId, actBefore }: EffectContext, reference: string): Promise<number> => {
  const [row] = await sql<{ charges: number }[]>`
    update sandbox_billing_keys set charges = charges + 1
    where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and reference = ${reference}
    returning charges`
  return row?.charges ?? 0
}

/** Another card takes a stored one's place, as when a bank renews it. False where no card is stored. */
export const replaceCard = async (
  sql: Sql,
  storeId: string,
  reference: string,
  credential: CardCredential,
): Promise<boolean> => {
  const method = JSON.stringify({ type: 'BillingKeyPaymentMethodCard', card: cardFacts(credential) })
  const code = testCardOf(credential.number)?.code ?? 'approve'
  const replaced = await sql`
    update sandbox_billing_keys set method = ${method}::text::jsonb, code = ${code}
    where store_id = ${storeId} and reference = ${reference} and state = 'ISSUED'
      and method ->> 'type' = 'BillingKeyPaymentMethodCard'`
  return replaced.count === 1
}

/** Deletes a card; the first deletion's time stays. */
const remove = async (
  sql: Sql,
  { storeId, actBefore }: EffectContext,
  token: string,
  at: Instant,
): Promise<Instant> => {
  const [row] = await sql<{ deletedAt: Instant }[]>`
    update sandbox_billing_keys set state = 'DELETED', deleted_at = coalesce(deleted_at, ${at})
    where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and token = ${token} returning deleted_at as "deletedAt"`
  return row?.deletedAt ?? at
}
