import type { PageBody } from '@naru/contract'
import type { Sql } from '../db/connect.ts'
import type { KeptWindow } from '../gateways/port/window.ts'
import type { CheckoutAttempt, Ending } from './attempt.ts'

/** An attempt ends once: whoever comes second changes nothing. What was agreed to can still fail. */
export const endAttempt = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  ending: Extract<Ending, { kind: 'FAILED' }>,
  from: 'ANY' | 'OPEN' = 'ANY',
): Promise<void> => {
  await sql`
    update checkout_attempts set ending = ${sql.json(ending)}
    where store_id = ${storeId} and transaction_id = ${transactionId}
      and (ending is null or (${from === 'ANY'} and ending ->> 'kind' = 'AGREED'))`
}

/** The shopper agreed. False where the window was left before. */
export const agreeOnce = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
): Promise<boolean> => {
  const ending: Ending = { kind: 'AGREED' }
  const agreed = await sql`
    update checkout_attempts set ending = ${sql.json(ending)}
    where store_id = ${storeId} and transaction_id = ${transactionId} and ending is null`
  return agreed.count === 1
}

/** Keeps how the PG's own window is opened. */
export const keepWindow = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  { opening, memo }: KeptWindow,
): Promise<void> => {
  await sql`
    update checkout_attempts set pg_window = ${JSON.stringify({ opening, memo })}::text::jsonb
    where store_id = ${storeId} and transaction_id = ${transactionId}`
}

/**
 * Keeps what a page said of itself. What it says while it is left comes after everything else that it says, whenever that
 * arrives, and before everything that a later one says.
 */
export const keepPage = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  { loadedAt, isLeft }: Pick<PageBody, 'loadedAt' | 'isLeft'>,
): Promise<void> => {
  await sql`
    update checkout_attempts set page_loaded_at = ${loadedAt}, page_left_at = case when ${isLeft} then now() end
    where store_id = ${storeId} and transaction_id = ${transactionId}
      and (page_loaded_at is null or page_loaded_at < ${loadedAt} or (page_loaded_at = ${loadedAt} and ${isLeft}))`
}
