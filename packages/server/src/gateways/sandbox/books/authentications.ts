import type { Card, Currency } from '@naru/contract'
import { perPool } from '../../../db/batch.ts'
import type { Sql } from '../../../db/connect.ts'
import { batchedByTenant } from '../../../db/tenant-batch.ts'
import { type Instant, toIso } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import { epochOf } from '../../../kernel/work.ts'
import type { AuthorizedCharge } from '../../port/payment.ts'
import type { EffectContext } from '../../port/terms.ts'
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

/**
 * Shared, as the use of it, with whoever does the same in the store at the same moment. What a one-time code was given for is
 * written once, however often the code comes.
 */
export const insertAuthentication = (sql: Sql, authentication: Authentication): Promise<void> => {
  const { storeId, authorizationId, code, amount, currency, data, createdAt } = authentication
  return booksOf(sql).insert(storeId, {
    authorization_id: authorizationId,
    code,
    amount,
    currency,
    data,
    created_at: toIso(createdAt),
    epoch: epochOf(storeId) ?? null,
  })
}

/**
 * Uses an authentication for the payment `reference`, once: the same payment may use it again, no other. The amount must
 * be the one the shopper agreed to. A call that comes too late uses nothing.
 */
export const useAuthentication = async (
  sql: Sql,
  { storeId, reference, actBefore }: EffectContext,
  charge: AuthorizedCharge,
): Promise<Authentication | PgCode> => {
  const { authorization, amount, currency } = charge
  const used = await booksOf(sql).use(storeId, {
    id: authorization,
    reference,
    amount,
    currency,
    epoch: epochOf(storeId) ?? null,
    actBefore: toIso(actBefore),
  })
  if (used !== undefined) return used
  const [refused] = await sql<{ usedBy: string | null }[]>`
    select used_by as "usedBy" from sandbox_authentications
    where store_id = ${storeId} and authorization_id = ${authorization}`
  if (refused === undefined) return 'SBX_AUTH_NOT_FOUND'
  return refused.usedBy === null || refused.usedBy === reference ? 'SBX_AUTH_AMOUNT_MISMATCH' : 'SBX_AUTH_ALREADY_USED'
}

type Use = {
  readonly id: string
  readonly reference: string
  readonly amount: Amount
  readonly currency: Currency
  readonly epoch: number | null
  readonly actBefore: string
}

const together = { size: 64, parallel: 1 }

const booksOf = perPool((sql) => ({
  insert: batchedByTenant(
    (storeId: string) => storeId,
    async (storeId, authentications: readonly object[]) => {
      await sql`
        insert into sandbox_authentications (store_id, authorization_id, code, amount, currency, data, created_at)
        select store_in_epoch(${storeId}, agreed.epoch), agreed.authorization_id, agreed.code, agreed.amount, agreed.currency,
               agreed.data, agreed.created_at
        from jsonb_to_recordset(${JSON.stringify(authentications)}::text::jsonb) as agreed (
          authorization_id text, code text, amount bigint, currency text, data jsonb, created_at timestamptz, epoch integer
        )
        on conflict do nothing`
      return authentications.map(() => undefined)
    },
    together,
  ),
  use: batchedByTenant(
    (storeId: string) => storeId,
    (storeId, uses: readonly Use[]) => useAll(sql, storeId, uses),
    together,
  ),
}))

/** Where two payments want one authentication at once, the row says which of them has it. */
const useAll = async (
  sql: Sql,
  storeId: string,
  uses: readonly Use[],
): Promise<readonly (Authentication | undefined)[]> => {
  // In one order, so that two servers' batches do not wait for each other in a circle.
  const wanted = uses.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const rows = await sql<(Authentication & { readonly usedBy: string })[]>`
    update sandbox_authentications a set used_by = wanted.reference
    from (
      select use.*, store_in_time(${storeId}, use.epoch, use."actBefore") as store
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as use (
        id text, reference text, amount bigint, currency text, epoch integer, "actBefore" timestamptz
      )
    ) as wanted
    where a.store_id = ${storeId} and a.authorization_id = any(${wanted.map(({ id }) => id)}::text[])
      and wanted.store is not null and a.authorization_id = wanted.id
      and (a.used_by is null or a.used_by = wanted.reference) and a.amount = wanted.amount
      and a.currency = wanted.currency
    returning a.store_id as "storeId", a.authorization_id as "authorizationId", a.code, a.amount, a.currency, a.data,
              a.created_at as "createdAt", a.used_by as "usedBy"`
  return uses.map(({ id, reference }) => {
    const row = rows.find(({ authorizationId, usedBy }) => authorizationId === id && usedBy === reference)
    if (!row) return undefined
    const { usedBy: _usedBy, ...authentication } = row
    return authentication
  })
}
