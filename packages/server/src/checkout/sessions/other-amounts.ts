import { storeTime } from '../../kernel/clock.ts'
import type { Store } from '../../merchants/store.ts'
import type { CheckoutParts } from '../parts.ts'
import { closeSession } from './close.ts'
import { type Session, sessionColumns } from './session.ts'
import { withdrawWindows } from './windows.ts'

type Content = Session['content']

/**
 * Closes the sessions of the order that another amount or currency can be paid in, and says whether there were any. Our choice,
 * where PortOne documents nothing: a cart changes, and whoever keeps the cheaper page would pay less. What a shopper has just
 * agreed to in one of them is waited for. Windows in which that amount can still be paid outlive their sessions, which may be over, or
 * closed before a crash.
 */
export const closeOtherAmounts = async (parts: CheckoutParts, store: Store, content: Content): Promise<boolean> => {
  const others = (await openSessionsOf(parts, store, content)).filter((session) => isOtherAmount(session, content))
  await Promise.all(others.map((session) => closeSession(parts, session)))
  const areWithdrawn = await withdrawOtherAmounts(parts, store, content)
  return others.length > 0 || areWithdrawn
}

const withdrawOtherAmounts = (parts: CheckoutParts, store: Store, content: Content): Promise<boolean> =>
  withdrawWindows(
    parts,
    store,
    content.paymentId,
    ({ attempt }) => attempt.kind === 'PAYMENT' && isOtherPrice(attempt.request, content),
  )

/**
 * Of those that were created at the same moment, and did not find each other, the last one stays. Says whether there was something to
 * end, in which the shopper may have paid.
 */
export const closeOvertaken = async (parts: CheckoutParts, store: Store, content: Content): Promise<boolean> => {
  const sessions = await openSessionsOf(parts, store, content)
  const last = sessions.at(-1)
  if (!last) return false
  const overtaken = sessions.filter((session) => isOtherAmount(session, last.content))
  await Promise.all(overtaken.map((session) => closeSession(parts, session)))
  const areWithdrawn = await withdrawOtherAmounts(parts, store, last.content)
  return overtaken.length > 0 || areWithdrawn
}

const isOtherAmount = ({ content }: Session, other: Content): boolean => isOtherPrice(content, other)

type Price = { readonly totalAmount: number; readonly currency: string }

const isOtherPrice = (one: Price, other: Price): boolean =>
  one.totalAmount !== other.totalAmount || one.currency !== other.currency

/** Those that can still be paid, the last one at the end. */
const openSessionsOf = async (
  { sql, clockOf }: CheckoutParts,
  { storeId }: Store,
  { paymentId }: Content,
): Promise<readonly Session[]> => {
  const now = storeTime(await clockOf(storeId))
  return await sql<Session[]>`
    select ${sessionColumns(sql)}
    from payment_sessions
    where store_id = ${storeId} and content ->> 'paymentId' = ${paymentId} and closed_at is null and expires_at > ${now}
    order by created_at, session_id`
}
