import { type CreatePaymentSessionBody, isBlank } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { ownStore } from '../../db/epoch.ts'
import { earlierResult, once } from '../../db/lease.ts'
import { day, type Instant, second, storeTime } from '../../kernel/clock.ts'
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
import { closeOtherAmounts, closeOvertaken } from './other-amounts.ts'
import { findProfileOf } from './profile.ts'
import type { Session } from './session.ts'

/** Our choice: PortOne documents that there is a limit, and not which. */
const longestLife = 30 * day
const usualLife = day

type CreateRefusal = Refusal<'INVALID_REQUEST' | 'MAX_TTL_EXCEEDED'>

type Created = { readonly sessionId: string; readonly expiresAt: Instant }

/**
 * Makes a page on which the order can be paid. The id is the only key to it: 192 random bits behind the store. Sessions of the
 * order with another amount or currency end: the shopper would choose what to pay.
 */
export const createSession = async (
  parts: CheckoutParts,
  store: Store,
  { ttlSeconds, ...content }: CreatePaymentSessionBody,
): Promise<Created | CreateRefusal> => {
  const life = ttlSeconds === undefined ? usualLife : ttlSeconds * second
  if (life > longestLife) return refuse('MAX_TTL_EXCEEDED', `ttlSeconds must be at most ${longestLife / second}.`)
  if (life <= 0) return invalid('ttlSeconds must be greater than 0.')
  const broken = refuseContent(content) ?? (await refuseForStore(parts, store, content))
  if (broken) return broken
  // What came after an earlier try of this request stays open.
  if (earlierResult(created) === undefined && (await closeOtherAmounts(parts, store, content))) {
    // In one of them the shopper may just have paid.
    const paid = await refusePaid(parts, store, content)
    if (paid) return paid
  }
  const createdAt = storeTime(await parts.clockOf(store.storeId))
  const session = await once(parts.sql, created, (sql) =>
    insertSession(sql, store, content, { createdAt, expiresAt: createdAt + life }),
  )
  return (await closeOvertaken(parts, store, content))
    ? ((await refusePaid(parts, store, content)) ?? session)
    : session
}

/** The step of the request. */
const created = 'session created'

const refuseForStore = async (
  parts: CheckoutParts,
  store: Store,
  content: Session['content'],
): Promise<Refusal<'INVALID_REQUEST'> | undefined> => {
  if (store.checkout.requiresConfirmUrl)
    return invalid(
      'The store has its server asked before every approval (naru checkout setting --require-confirm-url), and a session cannot ' +
        'name a confirmUrl: nobody could pay in it. Use requestPayment with confirmUrl, or turn the setting off.',
    )
  const profile = await findProfileOf(parts.sql, store.storeId, content.profileKey)
  if (!profile) return invalid(`profileKey: the store has no checkout profile ${content.profileKey}.`)
  const unpayable = await refuseOrder(parts, store, { ...content, storeId: store.storeId })
  return unpayable === undefined ? await refusePaid(parts, store, content) : invalid(unpayable)
}

const refusePaid = async (
  parts: CheckoutParts,
  store: Store,
  { paymentId }: Session['content'],
): Promise<Refusal<'INVALID_REQUEST'> | undefined> => {
  const { state } = await parts.payments.process.load({ store, id: paymentId })
  const paid = paidAttempt(state)
  if (!paid) return undefined
  const isRefunded = paid.phase === 'CANCELLED'
  return invalid(
    isRefunded
      ? `paymentId: the payment ${paymentId} was paid and refunded in full. To have it paid anew, use another paymentId.`
      : `paymentId: the payment ${paymentId} is already paid.`,
  )
}

const insertSession = async (
  sql: Sql,
  { storeId }: Store,
  content: Session['content'],
  { createdAt, expiresAt }: Pick<Session, 'createdAt' | 'expiresAt'>,
): Promise<Created> => {
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
