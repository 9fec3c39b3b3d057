import { createHash } from 'node:crypto'
import type { Sql } from '../../db/connect.ts'
import { inTime, ownStoreInTime } from '../../db/epoch.ts'
import { once } from '../../db/lease.ts'
import { type Instant, storeTime, toIso } from '../../kernel/clock.ts'
import { dayOfBirth } from '../../kernel/days.ts'
import type { GatewayChannel } from '../../merchants/store.ts'
import type { GatewayIdentity, IdentityGateway, IdentityRequest, Person, SentIdentity } from '../port/identity.ts'
import type { EffectContext, GatewayContext, Outcome } from '../port/terms.ts'
import { identifiersOf } from './books/identifiers.ts'
import { answerLost } from './execute.ts'
import { maximumCodes, rightCode } from './one-time-codes.ts'
import type { SandboxParts } from './parts.ts'
import { type Behaviour, doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { failureOf, type PgCode, recordedFailure, refusedWith } from './scenarios/failures.ts'
import { underScript } from './scenarios/script-steps.ts'
import { codeFor, namedCode } from './scenarios/triggers.ts'

type Identity = {
  readonly reference: string
  readonly pgTransactionId: string
  readonly state: 'WAITING' | 'VERIFIED' | 'FAILED'
  readonly code: string
  readonly pgCode: string | null
  readonly request: IdentityRequest
  readonly isApproved: boolean
  readonly verifiedAt: Instant | null
}

/** An operator that verifies whoever says `000000`, and derives who that is from what was asked. */
export const sandboxIdentities = (parts: SandboxParts): IdentityGateway => ({
  startIdentity: (context, request) =>
    underScript(parts, 'SEND_IDENTITY_VERIFICATION', context, (own) => startIdentity(parts, own, request)),
  resendIdentity: (context) =>
    underScript(parts, 'RESEND_IDENTITY_VERIFICATION', context, (own) => resendIdentity(parts, own)),
  confirmIdentity: (context, otp) =>
    underScript(parts, 'CONFIRM_IDENTITY_VERIFICATION', context, (own) => confirmIdentity(parts, own, otp)),
  inquireIdentity: async ({ storeId, reference, channel }) => ({
    kind: 'succeeded',
    value: knownOf(await find(parts.sql, storeId, reference), channel),
  }),
})

const startIdentity = async (
  parts: SandboxParts,
  context: EffectContext,
  request: IdentityRequest,
): Promise<Outcome<SentIdentity>> => {
  const now = storeTime(context.clock)
  const { id: customerId, phoneNumber } = request.customer
  const code = codeFor({ testCode: context.testCode, customerId, amount: 0, phoneNumber, now })
  const { identity, charge, call } = rememberedBehaviour(code)
  const effect = identity ?? charge ?? call ?? doneAtOnce
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_DECLINED')
  if (effect.books !== 'NOTHING') await openIdentity(parts.sql, context, request, code, now)
  const lost = await answerLost(parts, context.storeId, effect, now)
  return lost ?? { kind: 'succeeded', value: { pgTransactionId: transactionIdOf(context) } }
}

/** Names a request in the books, and the transaction that it has at the operator. */
export type NamedIdentity = Pick<GatewayContext, 'storeId' | 'reference'> & {
  /** Absent where the person opened the window. */
  readonly actBefore?: Instant | undefined
  readonly channel: Pick<GatewayChannel, 'key'>
}

const transactionIdOf = ({ channel, reference }: Omit<NamedIdentity, 'storeId'>): string =>
  identifiersOf(channel.key, 'identity', reference).id

/** Writes a request into the books, once for each reference. */
export const openIdentity = async (
  sql: Sql,
  context: NamedIdentity,
  request: IdentityRequest,
  code: string,
  now: Instant,
): Promise<void> => {
  const { storeId, reference, actBefore } = context
  await sql`
    insert into sandbox_identities (store_id, reference, pg_transaction_id, state, method, code, request, created_at)
    values (${ownStoreInTime(sql, storeId, actBefore)}, ${reference}, ${transactionIdOf(context)}, 'WAITING', ${request.method}, ${code},
            ${JSON.stringify(request)}::text::jsonb, ${now})
    on conflict do nothing`
}

/** Writes down whom the code of a window was sent to, who may also approve by hand. */
export const showInWindow = (
  sql: Sql,
  context: NamedIdentity,
  person: IdentityRequest,
  code: string,
  now: Instant,
): Promise<void> => writeInWindow(sql, context, { person, code, now, verifiedAt: null })

/** Who had the code is who it was sent to, whatever was written down since: a server may have died in between. */
export const proveInWindow = (
  sql: Sql,
  context: NamedIdentity,
  person: IdentityRequest,
  code: string,
  now: Instant,
): Promise<void> => writeInWindow(sql, context, { person, code, now, verifiedAt: now })

type InWindow = {
  readonly person: IdentityRequest
  readonly code: string
  readonly now: Instant
  readonly verifiedAt: Instant | null
}

const writeInWindow = async (
  sql: Sql,
  context: NamedIdentity,
  { person, code, now, verifiedAt }: InWindow,
): Promise<void> => {
  const { storeId, reference, actBefore } = context
  const state: Identity['state'] = verifiedAt === null ? 'WAITING' : 'VERIFIED'
  await sql`
    insert into sandbox_identities as known (store_id, reference, pg_transaction_id, state, method, code, request,
                                             is_approved, created_at, verified_at)
    values (${ownStoreInTime(sql, storeId, actBefore)}, ${reference}, ${transactionIdOf(context)}, ${state},
            ${person.method}, ${code}, ${JSON.stringify(person)}::text::jsonb, ${verifiedAt !== null}, ${now}, ${verifiedAt})
    on conflict (store_id, reference) do update
      set request = excluded.request, code = excluded.code, state = excluded.state, is_approved = excluded.is_approved,
          verified_at = excluded.verified_at
      where known.state = 'WAITING'`
}

const resendIdentity = async (parts: SandboxParts, context: EffectContext): Promise<Outcome<SentIdentity>> => {
  const known = await find(parts.sql, context.storeId, context.reference, context.actBefore)
  if (known?.state !== 'WAITING') return refusedWith('SBX_IDENTITY_NOT_FOUND')
  const { identity, charge, call } = rememberedBehaviour(namedCode(context.testCode) ?? 'approve')
  const effect = identity ?? charge ?? call ?? doneAtOnce
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_DECLINED')
  const lost = await answerLost(parts, context.storeId, effect, storeTime(context.clock))
  return lost ?? { kind: 'succeeded', value: { pgTransactionId: known.pgTransactionId } }
}

const confirmIdentity = async (
  parts: SandboxParts,
  context: EffectContext,
  otp: string | undefined,
): Promise<Outcome<GatewayIdentity>> => {
  const { storeId, reference, channel } = context
  const known = await find(parts.sql, storeId, reference)
  if (known?.state !== 'WAITING') return { kind: 'succeeded', value: knownOf(known, channel) }
  const named = namedCode(context.testCode)
  const behaviour = rememberedBehaviour(named ?? known.code)
  const effect = confirmationOf(behaviour, named !== undefined)
  const now = storeTime(context.clock)
  const problem = problemOf(known, effect, otp)
  if (problem !== undefined) {
    const refused = await refuse(parts.sql, context, problem, behaviour.endsIdentity === true)
    if (refused) return { kind: 'succeeded', value: { ...waiting(known), refusal: failureOf(problem) } }
  } else if (effect.books === 'DONE') await verify(parts.sql, context, now)
  const lost = await answerLost(parts, storeId, effect, now)
  return lost ?? { kind: 'succeeded', value: knownOf(await find(parts.sql, storeId, reference), channel) }
}

const confirmationOf = ({ confirmation, charge, call }: Behaviour, isNamed: boolean): Effect =>
  confirmation ?? (isNamed ? (charge ?? call) : undefined) ?? doneAtOnce

const problemOf = ({ request, isApproved }: Identity, effect: Effect, otp: string | undefined): PgCode | undefined => {
  if (effect.books === 'REFUSED') return effect.pgCode ?? 'SBX_DECLINED'
  if (request.method === 'SMS') return otp === rightCode ? undefined : 'SBX_OTP_WRONG'
  return isApproved ? undefined : 'SBX_IDENTITY_NOT_APPROVED'
}

/** Counts a refusal, and ends the request with the last one. Whether the person may try again, or just ended. */
const refuse = async (
  sql: Sql,
  { storeId, reference, actBefore }: EffectContext,
  pgCode: PgCode,
  ends: boolean,
): Promise<boolean> => {
  const [row] = await sql<{ state: Identity['state'] }[]>`
    update sandbox_identities set refusals = refusals + 1, pg_code = ${pgCode},
      state = case when ${ends} or refusals + 1 >= ${maximumCodes} then 'FAILED' else state end
    where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and reference = ${reference} and state = 'WAITING'
    returning state`
  return row !== undefined && !ends
}

const verify = async (sql: Sql, { storeId, reference, actBefore }: EffectContext, at: Instant): Promise<void> => {
  await sql`
    update sandbox_identities set state = 'VERIFIED', verified_at = ${at}
    where ${inTime(sql, storeId, actBefore)} and store_id = ${storeId} and reference = ${reference} and state = 'WAITING'`
}

/** The person approves in the app, or confirms in the window. False where nothing waits for it. */
export const approveIdentity = (sql: Sql, storeId: string, reference: string, at: Instant): Promise<boolean> =>
  once(sql, `identity ${reference} approved`, async (sql) => {
    const approved = await sql`
      update sandbox_identities set is_approved = true,
        state = case when method = 'WINDOW' then 'VERIFIED' else state end,
        verified_at = case when method = 'WINDOW' then ${at}::timestamptz end
      where store_id = ${storeId} and reference = ${reference} and state = 'WAITING' and method <> 'SMS'`
    return approved.count === 1
  })

const waiting = ({ pgTransactionId }: Identity) => ({ state: 'WAITING', pgTransactionId }) as const

const knownOf = (known: Identity | undefined, channel: GatewayChannel): GatewayIdentity => {
  switch (known?.state) {
    case undefined:
      return { state: 'NONE' }
    case 'WAITING':
      return waiting(known)
    case 'FAILED':
      return { state: 'FAILED', failure: recordedFailure(known.pgCode) }
    case 'VERIFIED':
      return { state: 'VERIFIED', person: personOf(known, channel) }
  }
}

/** Who was verified: what was asked, completed; the same person at the same merchant is always the same. */
const personOf = ({ request, pgTransactionId, verifiedAt }: Identity, channel: GatewayChannel): Person => {
  const { name = '김나루', phoneNumber = '01012345678' } = request.customer
  const birthDate = dayOfBirth(request.customer) ?? '1990-01-01'
  const facts = `${name}|${birthDate}|${channel.key}`
  const ci = createHash('sha512').update(facts).digest('base64')
  const di = createHash('sha256').update(facts).digest('base64')
  const { gender = 'MALE', isForeigner = phoneNumber.endsWith('9'), operator = 'SKT' } = request
  const person = { name, birthDate, phoneNumber, gender, isForeigner, operator, ci, di }
  const raw = JSON.stringify({
    resultCode: '0000',
    transactionId: pgTransactionId,
    verifiedAt: toIso(verifiedAt ?? 0),
    ...person,
  })
  return { ...person, pgTransactionId, verifiedAt: verifiedAt ?? 0, raw }
}

/** With `actBefore` fails where it is too late: for what leaves nothing in the books, as another message. */
const find = async (
  sql: Sql,
  storeId: string,
  reference: string,
  actBefore?: Instant,
): Promise<Identity | undefined> => {
  const [row] = await sql<Identity[]>`
    select reference, pg_transaction_id as "pgTransactionId", state, code, pg_code as "pgCode", request,
           is_approved as "isApproved", verified_at as "verifiedAt"
    from sandbox_identities
    where ${actBefore === undefined ? sql`true` : inTime(sql, storeId, actBefore)}
      and store_id = ${storeId} and reference = ${reference}`
  return row
}
