import type { CreatePaymentSessionBody, PaymentSession } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { type Instant, storeTime, toIso } from '../../kernel/clock.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { StoreWasReset } from '../../kernel/work.ts'
import type { Language } from '../language.ts'
import type { CheckoutParts } from '../parts.ts'

/** A session in the database. */
export type Session = {
  readonly storeId: string
  readonly sessionId: string
  readonly content: Omit<CreatePaymentSessionBody, 'ttlSeconds'>
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly closedAt: Instant | null
}

/** The session of an id, however it stands. */
export const findSession = async (parts: CheckoutParts, sessionId: string): Promise<Session | undefined> => {
  const [store = ''] = sessionId.split('.')
  const storeId = Buffer.from(store, 'base64url').toString('utf8')
  if (!/^[\w.-]{1,600}$/.test(sessionId) || storeId === '' || storeId.includes('\0')) return undefined
  const [found] = await parts.sql<Session[]>`
    select ${sessionColumns(parts.sql)}
    from payment_sessions where store_id = ${storeId} and session_id = ${sessionId}`
  return found
}

/** A session that can still be paid. */
export const openSession = async (
  parts: CheckoutParts,
  sessionId: string,
): Promise<Session | Refusal<'SESSION_NOT_FOUND' | 'SESSION_EXPIRED'>> => {
  const session = await findSession(parts, sessionId)
  if (!session) return unknownSession()
  const now = storeTime(await parts.clockOf(session.storeId))
  return session.closedAt !== null || now >= session.expiresAt
    ? refuse('SESSION_EXPIRED', 'The payment session has expired or was closed. Create another one.')
    : session
}

export const unknownSession = () => refuse('SESSION_NOT_FOUND', 'There is no such payment session.')

/** Whoever closes a session again learns when it was closed first. Throws `StoreWasReset` where it is gone since it was read. */
export const markClosed = async (parts: CheckoutParts, { storeId, sessionId }: Session): Promise<Instant> => {
  const now = storeTime(await parts.clockOf(storeId))
  const [closed] = await parts.sql<{ closedAt: Instant }[]>`
    update payment_sessions set closed_at = coalesce(closed_at, ${now})
    where store_id = ${storeId} and session_id = ${sessionId} returning closed_at as "closedAt"`
  if (!closed) throw new StoreWasReset()
  return closed.closedAt
}

export const sessionView = ({ sessionId, content, createdAt, expiresAt }: Session): PaymentSession => ({
  id: sessionId,
  ...content,
  createdAt: toIso(createdAt),
  expiresAt: toIso(expiresAt),
})

/** The language of a session that nobody has chosen one for. */
export const languageIn = ({ content }: Session): Language => (content.country === 'KR' ? 'ko' : 'en')

export const localeIn = (language: Language) => (language === 'ko' ? 'KO_KR' : 'EN_US')

/** The columns of a `Session`. */
export const sessionColumns = (sql: Sql): Fragment => sql`
  store_id as "storeId", session_id as "sessionId", content, created_at as "createdAt", expires_at as "expiresAt",
  closed_at as "closedAt"`
