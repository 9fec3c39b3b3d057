import type { Sql } from '../db/connect.ts'
import { ownStore } from '../db/epoch.ts'
import type { FileKind, PgRow } from '../gateways/port/file.ts'
import { realTime } from '../kernel/clock.ts'
import type { Day, Days } from '../kernel/days.ts'
import { digestOf } from '../kernel/digest.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'

export type FileOf = {
  readonly storeId: string
  readonly channelId: string
  readonly kind: FileKind
  /** The days that the file covers, inclusive, with those on which nothing happened. */
  readonly from: Day
  readonly until: Day
}

export type Imported = { readonly rowCount: number; readonly isNew: boolean }

/**
 * Imports a file, all of it or nothing. The same file again changes nothing. Another file for at least the same days
 * replaces it, since PGs send corrections. A file that covers only some of an imported file's days is refused: the other
 * days would be lost. Nothing is imported where the store was reset since the work saw it first.
 */
export const importFile = async (
  sql: Sql,
  file: FileOf,
  csv: string,
  rows: readonly PgRow[],
): Promise<Imported | Refusal<'INVALID_REQUEST'>> =>
  sql.begin(async (transaction) => {
    const { storeId, channelId, kind, from, until } = file
    const digest = digestOf(csv)
    await transaction`select ${ownStore(transaction, storeId)}`
    await transaction`select pg_advisory_xact_lock(hashtextextended(${`${storeId}/${channelId}/${kind}`}, 0))`
    const overlapping = await transaction<(KnownFile & { digest: string })[]>`
      select file_id as "fileId", from_date as "from", until_date as until, digest from reconciliation_files
      where store_id = ${storeId} and channel_id = ${channelId} and kind = ${kind}
        and from_date <= ${until} and until_date >= ${from}`
    if (overlapping.some((known) => known.digest === digest && known.from === from && known.until === until))
      return { rowCount: rows.length, isNew: false }
    const wider = overlapping.find((known) => known.from < from || known.until > until)
    if (wider)
      return refuse(
        'INVALID_REQUEST',
        `A file for ${wider.from} to ${wider.until} has already been imported. To replace it, import one that covers all of these days.`,
      )
    for (const { fileId } of overlapping)
      await transaction`delete from reconciliation_files where store_id = ${storeId} and file_id = ${fileId}`
    const fileId = timeOrderedId()
    await transaction`
      insert into reconciliation_files (store_id, file_id, channel_id, kind, digest, from_date, until_date, row_count, imported_at)
      values (${storeId}, ${fileId}, ${channelId}, ${kind}, ${digest}, ${from}, ${until}, ${rows.length}, ${realTime()})`
    await transaction`
      insert into reconciliation_rows (store_id, file_id, line, type, pg_transaction_id, pg_movement_id, currency, amount,
                                       transaction_date, settlement_date, fee, fee_vat)
      select ${storeId}, ${fileId}, line, type, "pgTransactionId", "pgMovementId", currency, amount, "transactionDate",
             settlement ->> 'date', (settlement ->> 'fee')::bigint, (settlement ->> 'feeVat')::bigint
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row(
        line integer, type text, "pgTransactionId" text, "pgMovementId" text, currency text, amount bigint,
        "transactionDate" text, settlement jsonb)`
    return { rowCount: rows.length, isNew: true }
  })

type KnownFile = { readonly fileId: string; readonly from: Day; readonly until: Day }

/** The days for which the channels of stores have files. */
export const findFiles = async (
  sql: Sql,
  storeIds: readonly string[],
  kind: FileKind,
): Promise<readonly { storeId: string; channelId: string; from: Day; until: Day }[]> => sql`
  select store_id as "storeId", channel_id as "channelId", from_date as "from", until_date as until
  from reconciliation_files where store_id = any(${[...storeIds]}::text[]) and kind = ${kind}`

type StoredRow = Omit<PgRow, 'settlement'> & {
  readonly channelId: string
  readonly settlementDate: Day | null
  readonly fee: number | null
  readonly feeVat: number | null
}

export type ChannelRow = PgRow & { readonly channelId: string }

/** The PGs' rows for transactions of the given days, in the order of their files. */
export const findRows = async (
  sql: Sql,
  storeIds: readonly string[],
  kind: FileKind,
  { from, until }: Days,
): Promise<readonly ChannelRow[]> => {
  const rows = await sql<StoredRow[]>`
    select f.channel_id as "channelId", r.line, r.type, r.pg_transaction_id as "pgTransactionId",
           r.pg_movement_id as "pgMovementId", r.currency, r.amount, r.transaction_date as "transactionDate",
           r.settlement_date as "settlementDate", r.fee, r.fee_vat as "feeVat"
    from reconciliation_rows r join reconciliation_files f using (store_id, file_id)
    where r.store_id = any(${[...storeIds]}::text[]) and f.kind = ${kind}
      and coalesce(r.settlement_date, r.transaction_date) between ${from} and ${until}
    order by f.from_date, r.file_id, r.line`
  return rows.map(({ settlementDate, fee, feeVat, ...row }) =>
    settlementDate === null
      ? row
      : { ...row, settlement: { date: settlementDate, fee: fee ?? 0, feeVat: feeVat ?? 0 } },
  )
}
