import type { Fragment } from 'postgres'
import { perPool } from '../../../db/batch.ts'
import type { Sql } from '../../../db/connect.ts'
import { inTime } from '../../../db/epoch.ts'
import { batchedByTenant } from '../../../db/tenant-batch.ts'
import { type Instant, isoOrNull, toIso } from '../../../kernel/clock.ts'
import { epochOf } from '../../../kernel/work.ts'
import { find } from './ledger.ts'
import { insertNotifications, type Notification } from './notifications.ts'
import type { Transaction } from './transaction.ts'

/**
 * Writes a payment and what is to follow from it, unless the reference is taken; returns the row that is there now.
 * Only a repeated reference costs a second statement. Fails where it is too late (`inTime`).
 */
export const record = async (
  sql: Sql,
  transaction: Transaction,
  notifications: readonly Notification[],
  actBefore: Instant | undefined,
): Promise<{ readonly transaction: Transaction; readonly isNew: boolean }> => {
  const { storeId, reference } = transaction
  const books = { storeId, epoch: epochOf(storeId) }
  const isNew =
    notifications.length === 0
      ? await recordTogether(sql)(books, { transaction, actBefore })
      : await recordWith(sql, books, { transaction, actBefore }, notifications)
  if (isNew) return { transaction, isNew }
  const recorded = await find(sql, storeId, reference)
  if (recorded === undefined) throw new Error(`sandbox transaction ${reference} vanished while recording it`)
  return { transaction: recorded, isNew }
}

/** Of which store, and in which of its epochs: a statement compares but one. */
type Books = { readonly storeId: string; readonly epoch: number | undefined }

type Entry = { readonly transaction: Transaction; readonly actBefore: Instant | undefined }

/**
 * Payments that come while others are being recorded share a statement, as at the server that asks: with one for each, 64 payments
 * at a time needed several times as many statements and commits as all that the server itself writes of them.
 */
const recordTogether = perPool((sql) =>
  batchedByTenant(
    ({ storeId, epoch }: Books) => `${storeId}/${epoch ?? ''}`,
    (books, entries: readonly Entry[]) => recordAll(sql, books, entries),
    { size: 64, parallel: 3 },
  ),
)

/** In time for all of them, or it fails and each is recorded alone. Of several with one reference the first is. */
const recordAll = async (sql: Sql, books: Books, entries: readonly Entry[]): Promise<readonly boolean[]> => {
  const written = await sql<{ reference: string }[]>`${insertEntries(sql, books, entries)}`
  const references = new Set(written.map(({ reference }) => reference))
  return entries.map(({ transaction }) => references.delete(transaction.reference))
}

const recordWith = async (
  sql: Sql,
  books: Books,
  entry: Entry,
  notifications: readonly Notification[],
): Promise<boolean> => {
  const { count } = await sql`
    with recorded as (${insertEntries(sql, books, [entry])}),
    ${insertNotifications(sql, notifications, sql`exists (select from recorded)`)}
    select from recorded`
  return count === 1
}

const insertEntries = (sql: Sql, { storeId, epoch }: Books, entries: readonly Entry[]): Fragment => {
  const deadlines = entries.flatMap(({ actBefore }) => actBefore ?? [])
  const earliest = deadlines.length === 0 ? undefined : Math.min(...deadlines)
  const columns = sql`
    channel_key, reference, pg_transaction_id, kind, state, code, pg_code, asked_amount, amount, currency, order_name, data,
    created_at, settled_at, captured_at`
  return sql`
    insert into sandbox_transactions (store_id, ${columns})
    select ${storeId}, ${columns}
    from jsonb_populate_recordset(null::sandbox_transactions, ${JSON.stringify(rowsOf(entries))}::text::jsonb)
    where ${inTime(sql, storeId, earliest, epoch)}
    on conflict do nothing returning reference`
}

/** In one order, so that two servers' statements do not wait for each other in a circle. */
const rowsOf = (entries: readonly Entry[]) => {
  const byReference = Map.groupBy(entries, ({ transaction }) => transaction.reference)
  const firsts = [...byReference.values()].flatMap(([first]) => first?.transaction ?? [])
  return firsts.map(rowOf).sort((one, other) => (one.reference < other.reference ? -1 : 1))
}

const rowOf = (transaction: Transaction) => ({
  channel_key: transaction.channelKey,
  reference: transaction.reference,
  pg_transaction_id: transaction.pgTransactionId,
  kind: transaction.kind,
  state: transaction.state,
  code: transaction.code,
  pg_code: transaction.pgCode,
  asked_amount: transaction.askedAmount,
  amount: transaction.amount,
  currency: transaction.currency,
  order_name: transaction.orderName,
  data: transaction.data,
  created_at: toIso(transaction.createdAt),
  settled_at: isoOrNull(transaction.settledAt ?? undefined),
  captured_at: isoOrNull(transaction.capturedAt ?? undefined),
})
