import { type CreatePaymentSessionBody, isBlank, type PaymentSession } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { ownStore } from '../../db/epoch.ts'
import { once } from '../../db/lease.ts'
import { day, type Instant, second, storeTime, toIso } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import { invalid, type Refusal, refuse } from '../../kernel/refusal.ts'
import { webUrlProblem } from '../../kernel/web-url.ts'
import type { Store } from '../../merchants/store.ts'
import { refusePaymentId } from '../../payments/requests/input.ts'
import { paidAttempt } from '../../payments/state/payment.ts'
import type { CheckoutParts } from '../parts.ts'
import { isRedirectTarget } from '../redirect-url.ts'
import { isColor } from './colors.ts'
import { refuseOrder } from './offer.ts'
import { findProfileOf } from './profile.ts'

/** A session in the database. */
export type Session = {
  readonly storeId: string
  readonly sessionId: string
  readonly content: Omit<CreatePaymentSessionBody, 'ttlSeconds'>
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly closedAt: Instant | null
}

/** Our choice: PortOne documents that there is a limit, and not which. */
const longestLife = 30 * day
const usualLife = day

type CreateRefusal = Refusal<'INVALID_REQUEST' | 'MAX_TTL_EXCEEDED'>

/** Makes a page on which the order can be paid. The id is the only key to it: 192 random bits behind the store. */
export const createSession = async (
  parts: CheckoutParts,
  store: Store,
  { ttlSeconds, ...content }: CreatePaymentSessionBody,
): Promise<{ sessionId: string; expiresAt: Instant } | CreateRefusal> => {
  const life = ttlSeconds === undefined ? usualLife : ttlSeconds * second
  if (life > longestLife) return refuse('MAX_TTL_EXCEEDED', `ttlSeconds must be at most ${longestLife / second}.`)
  if (life <= 0) return invalid('ttlSeconds must be greater than 0.')
  const broken = refuseContent(content)
  if (broken) return broken
  if (store.checkout.requiresConfirmUrl)
    return invalid(
      'The store has its server asked before every approval (naru checkout setting --require-confirm-url), and a session cannot ' +
        'name a confirmUrl: nobody could pay in it. Use requestPayment with confirmUrl, or turn the setting off.',
    )
  const profile = await findProfileOf(parts.sql, store.storeId, content.profileKey)
  if (!profile) return invalid(`profileKey: the store has no checkout profile ${content.profileKey}.`)
  const unpayable = await refuseOrder(parts, store, { ...content, storeId: store.storeId })
  if (unpayable !== undefined) return invalid(unpayable)
  const { state } = await parts.payments.process.load({ store, id: content.paymentId })
  if (paidAttempt(state)) return invalid(`paymentId: the payment ${content.paymentId} is already paid.`)
  const createdAt = storeTime(await parts.clockOf(store.storeId))
  return await once(parts.sql, 'session created', (sql) =>
    insertSession(sql, store, content, { createdAt, expiresAt: createdAt + life }),
  )
}

const insertSession = async (
  sql: Sql,
  { storeId }: Store,
  content: Session['content'],
  { createdAt, expiresAt }: Pick<Session, 'createdAt' | 'expiresAt'>,
) => {
  const sessionId = `${Buffer.from(storeId).toString('base64url')}.${randomToken(24)}`
  await sql`
    insert into payment_sessions (store_id, session_id, content, created_at, expires_at)
    values (${ownStore(sql, storeId)}, ${sessionId}, ${JSON.stringify({ ...content, storeId })}::text::jsonb, ${createdAt}, ${expiresAt})`
  return { sessionId, expiresAt }
}

const refuseContent = (content: Session['content']): Refusal<'INVALID_REQUEST'> | undefined => {
  const {
    paymentId,
    orderName,
    totalAmount,
    redirectUrl,
    agreements = [],
    orderImageUrl,
    colors = {},
    products = [],
  } = content
  const broken = refusePaymentId(paymentId)
  if (broken) return broken
  if (isBlank(orderName) || orderName.length > 255) return invalid('orderName must be 1 to 255 characters.')
  if (totalAmount <= 0) return invalid('totalAmount must be greater than 0.')
  // The payment that is begun with the session would be refused for them, when the buyer is there.
  const index = products.findIndex(({ unitPrice, quantity }) => unitPrice < 0 || quantity < 0)
  if (index >= 0) return invalid(`products[${index}]: unitPrice and quantity must not be negative.`)
  if (redirectUrl !== undefined && !isRedirectTarget(redirectUrl))
    return invalid("redirectUrl must be a web address, or an app's such as myapp://done.")
  for (const [index, { name, url }] of agreements.entries()) {
    if (isBlank(name)) return invalid(`agreements[${index}].name must not be blank.`)
    const problem = webUrlProblem(url)
    if (problem !== undefined) return invalid(`agreements[${index}].url must ${problem}.`)
  }
  const image = orderImageUrl === undefined ? undefined : webUrlProblem(orderImageUrl)
  if (image !== undefined) return invalid(`orderImageUrl must ${image}.`)
  for (const [name, color] of Object.entries(colors))
    if (color !== undefined && !isColor(color)) return invalid(`colors.${name} must be a CSS colour such as #1d54d8.`)
  return undefined
}

/** The session of an id, however it stands. */
export const findSession = async (parts: CheckoutParts, sessionId: string): Promise<Session | undefined> => {
  const [store = ''] = sessionId.split('.')
  const storeId = Buffer.from(store, 'base64url').toString('utf8')
  if (!/^[\w.-]{1,600}$/.test(sessionId) || storeId === '' || storeId.includes('\0')) return undefined
  const [found] = await parts.sql<Session[]>`
    select store_id as "storeId", session_id as "sessionId", content, created_at as "createdAt",
           expires_at as "expiresAt", closed_at as "closedAt"
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

/** Whoever closes a session again learns when it was closed first. */
export const markClosed = async (parts: CheckoutParts, { storeId, sessionId }: Session): Promise<Instant> => {
  const now = storeTime(await parts.clockOf(storeId))
  const [closed] = await parts.sql<[{ closedAt: Instant }]>`
    update payment_sessions set closed_at = coalesce(closed_at, ${now})
    where store_id = ${storeId} and session_id = ${sessionId} returning closed_at as "closedAt"`
  return closed.closedAt
}

export const sessionView = ({ sessionId, content, createdAt, expiresAt }: Session): PaymentSession => ({
  id: sessionId,
  ...content,
  createdAt: toIso(createdAt),
  expiresAt: toIso(expiresAt),
})
