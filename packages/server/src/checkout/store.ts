import type { Sql } from '../db/connect.ts'
import { ownStore } from '../db/epoch.ts'
import type { KeptWindow } from '../gateways/port/window.ts'
import type { Agreed, CheckoutAttempt, Ending } from './attempt.ts'

export const insertAttempt = async (sql: Sql, attempt: CheckoutAttempt): Promise<void> => {
  const { storeId, transactionId, kind, subjectId, tokenDigest, channelKey, createdAt, expiresAt } = attempt
  await sql`
    insert into checkout_attempts (store_id, transaction_id, kind, subject_id, token_digest, channel_key, request,
                                   surroundings, created_at, expires_at)
    values (${ownStore(sql, storeId)}, ${transactionId}, ${kind}, ${subjectId}, ${tokenDigest}, ${channelKey},
            ${JSON.stringify(attempt.request)}::text::jsonb, ${JSON.stringify(attempt.surroundings)}::text::jsonb,
            ${createdAt}, ${expiresAt})`
}

export const findAttempt = async (
  sql: Sql,
  storeId: string,
  transactionId: string,
): Promise<CheckoutAttempt | undefined> => {
  const [row] = await sql<CheckoutAttempt[]>`
    select store_id as "storeId", transaction_id as "transactionId", kind, subject_id as "subjectId",
           token_digest as "tokenDigest", channel_key as "channelKey", request, surroundings,
           created_at as "createdAt", expires_at as "expiresAt", ending, pg_window as "pgWindow"
    from checkout_attempts where store_id = ${storeId} and transaction_id = ${transactionId}`
  return row === undefined
    ? undefined
    : { ...row, ending: row.ending ?? undefined, pgWindow: row.pgWindow ?? undefined }
}

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

/** Keeps what the shopper agreed to first; sending it again, with a one-time code, changes nothing. */
export const keepConsents = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  agreed: Agreed,
): Promise<void> => {
  await sql`
    update checkout_attempts set consents = ${JSON.stringify(agreed)}::text::jsonb
    where store_id = ${storeId} and transaction_id = ${transactionId} and consents is null`
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

/** A code is six digits: whoever may try often enough finds it. As often as the API allows; PortOne leaves it to the PGs. */
export const maximumCodes = 3

/** Counts a one-time code before it is looked at. Which one it is; `undefined` where no more may be tried. */
export const countCode = async (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
): Promise<number | undefined> => {
  const [counted] = await sql<{ tries: number }[]>`
    update checkout_attempts set code_tries = code_tries + 1
    where store_id = ${storeId} and transaction_id = ${transactionId} and code_tries < ${maximumCodes}
    returning code_tries as tries`
  return counted?.tries
}
