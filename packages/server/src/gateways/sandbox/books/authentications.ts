import type { Card, Currency } from '@naru/contract'
import type { Sql } from '../../../db/connect.ts'
import { ownStore } from '../../../db/epoch.ts'
import type { Instant } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import type { AuthorizedCharge } from '../../port/payment.ts'
import type { CardInWindow, MethodInWindow } from '../../port/window.ts'
import type { PgCode } from '../scenarios/failures.ts'

/** What a shopper agreed to in the PG's window, under an opaque id, until an approval uses it. */
export type Authentication = {
  readonly storeId: string
  readonly authorizationId: string
  readonly code: string
  readonly amount: Amount
  readonly currency: Currency
  readonly data: AuthenticatedMethod
  readonly createdAt: Instant
}

/** The card without its number, the account to be issued, or what pays. */
export type AuthenticatedMethod =
  | {
      readonly kind: 'CARD'
      readonly card: Card
      readonly installmentMonth: number
      readonly useFreeInterestFromMerchant?: boolean | undefined
      readonly useCardPoint?: boolean | undefined
    }
  | Exclude<MethodInWindow, CardInWindow>

export const insertAuthentication = async (sql: Sql, authentication: Authentication): Promise<void> => {
  const { storeId, authorizationId, code, amount, currency, data, createdAt } = authentication
  await sql`
    insert into sandbox_authentications (store_id, authorization_id, code, amount, currency, data, created_at)
    values (${ownStore(sql, storeId)}, ${authorizationId}, ${code}, ${amount}, ${currency}, ${JSON.stringify(data)}::text::jsonb,
            ${createdAt})`
}

/**
 * Uses an authentication for the payment `reference`, once: the same payment may use it again, no other. The amount must
 * be the one the shopper agreed to.
 */
export const useAuthentication = async (
  sql: Sql,
  storeId: string,
  reference: string,
  charge: AuthorizedCharge,
): Promise<Authentication | PgCode> => {
  const [used] = await sql<Authentication[]>`
    update sandbox_authentications set used_by = ${reference}
    where store_id = ${storeId} and authorization_id = ${charge.authorization}
      and (used_by is null or used_by = ${reference}) and amount = ${charge.amount} and currency = ${charge.currency}
    returning store_id as "storeId", authorization_id as "authorizationId", code, amount, currency, data,
              created_at as "createdAt"`
  if (used !== undefined) return used
  const [refused] = await sql<{ usedBy: string | null }[]>`
    select used_by as "usedBy" from sandbox_authentications
    where store_id = ${storeId} and authorization_id = ${charge.authorization}`
  if (refused === undefined) return 'SBX_AUTH_NOT_FOUND'
  return refused.usedBy === null || refused.usedBy === reference ? 'SBX_AUTH_AMOUNT_MISMATCH' : 'SBX_AUTH_ALREADY_USED'
}
