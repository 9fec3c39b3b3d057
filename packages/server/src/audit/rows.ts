import type { Queryable, Sql } from '../db/connect.ts'
import type { Amount } from '../kernel/money.ts'
import type { PaymentEvent } from '../payments/state/event.ts'
import { noPayment } from '../payments/state/evolve.ts'
import type { Payment } from '../payments/state/payment.ts'
import { paymentAggregate } from '../payments/store.ts'
import { paymentsThat, replayPayment, type StoredVersion } from '../payments/stored.ts'
import type { JournalRow, Snapshot } from './check-stream.ts'
import { readDerivedRows } from './derived-rows.ts'
import { type Ledger, readLedger } from './ledger.ts'

/** A payment with everything that an audit compares it with. */
export type AuditedPayment = {
  readonly snapshot: PaymentSnapshot
  readonly journal: readonly JournalRow<PaymentEvent>[]
  readonly ledger: Ledger
  /** What promotions' budgets hold for its attempts, by transaction. */
  readonly holds: ReadonlyMap<string, Amount>
}

type PaymentSnapshot = Snapshot<Payment> & Key & { readonly merchantId: string }

/** Rows that name a payment that does not exist. */
export type Strays = {
  readonly streams: readonly (Key & { readonly events: number })[]
  readonly webhooks: readonly (Key & { readonly webhookId: string })[]
}

export type Key = { readonly storeId: string; readonly paymentId: string }

export type Batch = {
  readonly payments: readonly AuditedPayment[]
  readonly strays: Strays
  /** Where the next batch begins; absent after the last. */
  readonly last?: Key | undefined
}

const batchSize = 500

/**
 * The next payments in key order, as of one instant: a payment that changed between two of the statements would look as
 * if it did not agree with its journal. Streams and webhooks are read by the same range of keys, not by the payments'
 * ids, so that those without a payment turn up as well.
 */
export const readBatch = (sql: Sql, after: Key): Promise<Batch> =>
  sql.begin('isolation level repeatable read read only', async (transaction) => {
    const rows = await readRows(transaction, after)
    const last = rows.length === batchSize ? rows.at(-1) : undefined
    const journal = await readJournal(transaction, after, last)
    const holdsOf = await readHolds(transaction, after, last)
    const streams = Map.groupBy(journal, keyOf)
    const replayed = rows.map((row) => {
      const own = streams.get(keyOf(row)) ?? []
      streams.delete(keyOf(row))
      return { snapshot: snapshotOf(row, own), journal: own }
    })
    const snapshots = replayed.map(({ snapshot }) => snapshot)
    const ledgerOf = await readLedger(transaction, snapshots)
    const derivedOf = await readDerivedRows(transaction, paymentAggregate, snapshots)
    const payments = replayed.map(({ snapshot, journal: own }) => ({
      snapshot: { ...snapshot, derivedRows: derivedOf(snapshot) },
      journal: own,
      ledger: ledgerOf(snapshot),
      holds: holdsOf(snapshot),
    }))
    const webhooks = await strayWebhooks(transaction, after, last)
    return { payments, strays: { streams: [...streams.values()].flatMap(strayStream), webhooks }, last }
  })

const keyOf = ({ storeId, paymentId }: Key): string => JSON.stringify([storeId, paymentId])

const strayStream = (rows: readonly Key[]) => {
  const [row] = rows
  return row ? [{ storeId: row.storeId, paymentId: row.paymentId, events: rows.length }] : []
}

type PaymentRow = Key & {
  readonly merchantId: string
  readonly version: number
  readonly kept: Payment | null
} & Readonly<Record<string, unknown>>

const readRows = (sql: Queryable, after: Key): Promise<readonly PaymentRow[]> => sql<PaymentRow[]>`
  select p.*, p.store_id as "storeId", p.payment_id as "paymentId", s.merchant_id as "merchantId", p.kept_state as kept
  from ${paymentsThat(sql, sql`(p.store_id, p.payment_id) > (${after.storeId}, ${after.paymentId})`)} p
  join stores s using (store_id)
  order by p.store_id, p.payment_id limit ${batchSize}`

const snapshotOf = (
  row: PaymentRow,
  journal: readonly JournalRow<PaymentEvent>[],
): Omit<PaymentSnapshot, 'derivedRows'> => {
  const { storeId, paymentId, merchantId, version, kept } = row
  const state = kept ?? replayed({ merchantId, storeId, paymentId, version }, journal)
  return { storeId, paymentId, merchantId, version, state, isReplayed: kept === null, row }
}

/** A journal that cannot be replayed is a finding, and gives a payment to which nothing happened. */
const replayed = (stored: StoredVersion, journal: readonly JournalRow<PaymentEvent>[]): Payment => {
  try {
    return replayPayment(
      stored,
      journal.map(({ event, at }) => [event, at] as const),
    )
  } catch {
    return noPayment(stored.merchantId, stored.storeId, stored.paymentId)
  }
}

const readJournal = (sql: Queryable, after: Key, last: Key | undefined) => sql<(Key & JournalRow<PaymentEvent>)[]>`
  select store_id as "storeId", stream_id as "paymentId", version, type, data as event, at from journal
  where stream = 'payment' and (store_id, stream, stream_id) > (${after.storeId}, 'payment', ${after.paymentId})
    ${last ? sql`and (store_id, stream, stream_id) <= (${last.storeId}, 'payment', ${last.paymentId})` : sql``}
  order by store_id, stream, stream_id, version`

const readHolds = async (
  sql: Queryable,
  after: Key,
  last: Key | undefined,
): Promise<(key: Key) => ReadonlyMap<string, Amount>> => {
  const rows = await sql<(Key & { transactionId: string; heldAmount: Amount })[]>`
    select store_id as "storeId", payment_id as "paymentId", transaction_id as "transactionId",
           held_amount as "heldAmount"
    from promotion_usages where (store_id, payment_id) > (${after.storeId}, ${after.paymentId})
      ${last ? sql`and (store_id, payment_id) <= (${last.storeId}, ${last.paymentId})` : sql``}`
  const byPayment = Map.groupBy(rows, keyOf)
  return (key) =>
    new Map(byPayment.get(keyOf(key))?.map(({ transactionId, heldAmount }) => [transactionId, heldAmount]))
}

const strayWebhooks = (sql: Queryable, after: Key, last: Key | undefined) => sql<(Key & { webhookId: string })[]>`
  select w.store_id as "storeId", w.payment_id as "paymentId", w.webhook_id as "webhookId" from webhooks w
  where w.payment_id is not null and (w.store_id, w.payment_id) > (${after.storeId}, ${after.paymentId})
    ${last ? sql`and (w.store_id, w.payment_id) <= (${last.storeId}, ${last.paymentId})` : sql``}
    and not exists (select from payments p where p.store_id = w.store_id and p.payment_id = w.payment_id)
  order by w.store_id, w.payment_id, w.webhook_id`
