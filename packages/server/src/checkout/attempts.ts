import { perPool } from '../db/batch.ts'
import type { Sql } from '../db/connect.ts'
import { eachOf, lookedUp } from '../db/looked-up.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, type StoreClock, toIso } from '../kernel/clock.ts'
import { epochOf, seeEpoch } from '../kernel/work.ts'
import type { Agreed, CheckoutAttempt } from './attempt.ts'

/**
 * What every shopper's window costs the database: three statements, each shared with whoever does the same in the store at the
 * same moment. What few shoppers do is in `store.ts`.
 */
export const insertAttempt = (sql: Sql, attempt: CheckoutAttempt): Promise<void> => {
  const { storeId, transactionId, kind, subjectId, tokenDigest, channelKey, request, surroundings } = attempt
  return writersOf(sql).insert(storeId, {
    transaction_id: transactionId,
    kind,
    subject_id: subjectId,
    token_digest: tokenDigest,
    channel_key: channelKey,
    request,
    surroundings,
    created_at: toIso(attempt.createdAt),
    expires_at: toIso(attempt.expiresAt),
    epoch: epochOf(storeId) ?? null,
  })
}

/** The attempt, and what time it is in its store. Throws `StoreWasReset` where the work that reads saw the store before it was reset. */
export const findAttempt = async (
  sql: Sql,
  storeId: string,
  transactionId: string,
): Promise<{ readonly attempt: CheckoutAttempt; readonly clock: StoreClock } | undefined> => {
  const found = await readerOf(sql)(storeId, transactionId)
  if (found) seeEpoch(storeId, found.epoch)
  return found
}

/** Keeps what the shopper agreed to first; sending it again, with a one-time code, changes nothing. */
export const keepConsents = (
  sql: Sql,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  consents: Agreed,
): Promise<void> => writersOf(sql).keep(storeId, { id: transactionId, consents })

/**
 * One at a time: shoppers spread over many steps, each of them a statement, so that few wait for the same one. Three at a time
 * were three times as many statements.
 */
const together = { size: 64, parallel: 1 }

const readerOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, transactionIds: readonly string[]) => findAttempts(sql, storeId, transactionIds),
    together,
  ),
)

/** For so long a page that was left may be one that is loaded anew. In real time, whatever the store's clock says. */
const comingBack = '5 seconds'

type AttemptRow = CheckoutAttempt & {
  readonly place: number
  readonly clock_offset: number
  readonly clock_stopped_at: Instant | null
  readonly epoch: number
}

const findAttempts = async (sql: Sql, storeId: string, transactionIds: readonly string[]) => {
  const rows = await sql<AttemptRow[]>`
    select wanted.place, s.clock_offset, s.clock_stopped_at, s.epoch, a.store_id as "storeId", a.transaction_id as "transactionId",
           a.kind, a.subject_id as "subjectId", a.token_digest as "tokenDigest", a.channel_key as "channelKey", a.request,
           a.surroundings, a.created_at as "createdAt", a.expires_at as "expiresAt", a.ending, a.pg_window as "pgWindow",
           case when a.page_left_at < now() - ${comingBack}::interval then 'LEFT'
                when a.page_loaded_at is not null then 'OPEN' end as page
    from ${eachOf(sql, sql`${[...transactionIds]}::text[]`)} with ordinality as wanted (id, place)
    join stores s on s.store_id = ${storeId}
    ${lookedUp(sql, sql`select * from checkout_attempts a where a.store_id = ${storeId} and a.transaction_id = wanted.id`, 'a')}`
  const byPlace = new Map(rows.map((row) => [row.place, row]))
  return transactionIds.map((_, index) => {
    const row = byPlace.get(index + 1)
    if (!row) return undefined
    const { place: _place, clock_offset: offset, clock_stopped_at: stoppedAt, epoch, ...attempt } = row
    const { ending, pgWindow, page } = attempt
    return {
      attempt: { ...attempt, ending: ending ?? undefined, pgWindow: pgWindow ?? undefined, page: page ?? undefined },
      clock: { offset, stoppedAt },
      epoch,
    }
  })
}

type Kept = { readonly id: string; readonly consents: Agreed }

const writersOf = perPool((sql) => ({
  insert: batchedByTenant(
    (storeId: string) => storeId,
    async (storeId, attempts: readonly object[]) => {
      await sql`
        insert into checkout_attempts (store_id, transaction_id, kind, subject_id, token_digest, channel_key, request,
                                       surroundings, created_at, expires_at)
        select store_in_epoch(${storeId}, opened.epoch), opened.transaction_id, opened.kind, opened.subject_id,
               opened.token_digest, opened.channel_key, opened.request, opened.surroundings, opened.created_at,
               opened.expires_at
        from jsonb_to_recordset(${JSON.stringify(attempts)}::text::jsonb) as opened (
          transaction_id text, kind text, subject_id text, token_digest text, channel_key text, request jsonb,
          surroundings jsonb, created_at timestamptz, expires_at timestamptz, epoch integer
        )`
      return attempts.map(() => undefined)
    },
    together,
  ),
  keep: batchedByTenant(
    (storeId: string) => storeId,
    async (storeId, agreed: readonly Kept[]) => {
      // In one order, so that two servers' batches do not wait for each other in a circle.
      const kept = agreed.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      await sql`
        update checkout_attempts a set consents = kept.consents
        from jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb) as kept (id text, consents jsonb)
        where a.store_id = ${storeId} and a.transaction_id = any(${kept.map(({ id }) => id)}::text[])
          and a.transaction_id = kept.id and a.consents is null`
      return agreed.map(() => undefined)
    },
    together,
  ),
}))
