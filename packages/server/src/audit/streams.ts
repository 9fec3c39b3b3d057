import type { Aggregate } from '../aggregates/kind.ts'
import { noBillingKey } from '../billing-keys/billing-key.ts'
import { billingKeyAggregate } from '../billing-keys/store.ts'
import { noReceipts } from '../cash-receipts/evolve.ts'
import { cashReceiptAggregate } from '../cash-receipts/store.ts'
import type { Sql } from '../db/connect.ts'
import { verificationAggregate } from '../identity-verifications/store.ts'
import { noVerification } from '../identity-verifications/verification.ts'
import { noPromotion } from '../promotions/promotion.ts'
import { promotionAggregate } from '../promotions/store.ts'
import { inBatches } from './batches.ts'
import { brokenOf, checkStream, type JournalRow } from './check-stream.ts'
import { readDerivedRows, type StoredRow } from './derived-rows.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'

/** Replays all other journals, and compares them with their snapshots. */
export const streamFinders: readonly Finder[] = [
  ...findersOf(billingKeyAggregate, noBillingKey),
  ...findersOf(cashReceiptAggregate, noReceipts),
  ...findersOf(promotionAggregate, (_, storeId, id) => noPromotion(storeId, id)),
  ...findersOf(verificationAggregate, noVerification),
]

type Row<State, Event> = {
  readonly storeId: string
  readonly id: string
  readonly merchantId: string
  readonly version: number
  readonly state: State
  readonly content: Readonly<Record<string, unknown>>
  readonly journal: readonly JournalRow<Event>[]
  readonly derivedRows: readonly StoredRow[]
}

function findersOf<State extends object, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Event>,
  empty: (merchantId: string, storeId: string, id: string) => State,
): readonly Finder[] {
  const { stream } = aggregate
  return [
    { of: `What ${stream}s became`, find: (sql) => checkAll(sql, aggregate, empty) },
    { of: `Events of no ${stream}`, find: (sql) => findStrayStreams(sql, aggregate) },
  ]
}

async function* checkAll<State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  empty: (merchantId: string, storeId: string, id: string) => State,
): AsyncGenerator<Finding> {
  for await (const rows of inBatches<Row<State, Event>>((after, limit) => readRows(sql, aggregate, after, limit)))
    for (const { storeId, id, merchantId, version, state, content, journal, derivedRows } of rows) {
      const stored = { snapshot: { version, state, row: content, derivedRows }, journal }
      const check = () => checkStream(aggregate, empty(merchantId, storeId, id), stored)
      for (const { rule, what } of brokenOf(aggregate.stream, check))
        yield { storeId, paymentId: null, rule, what: `The ${aggregate.stream} ${id}: ${what}` }
    }
}

/** Store by store, so that no event of a payment is read. */
const findStrayStreams = async <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  { stream, table, idColumn }: Aggregate<State, Event>,
): Promise<readonly Finding[]> => {
  const rows = await sql<{ storeId: string; id: string; events: number }[]>`
    select s.store_id as "storeId", stray.stream_id as id, stray.events from stores s cross join lateral (
      select j.stream_id, count(*) as events from journal j
      where j.store_id = s.store_id and j.stream = ${stream} and not exists (
        select from ${sql(table)} t where t.store_id = j.store_id and t.${sql(idColumn)} = j.stream_id
      )
      group by j.stream_id
    ) stray order by 1, 2`
  return rows.map(({ storeId, id, events }) => ({
    storeId,
    paymentId: null,
    rule: 'journal-has-a-snapshot',
    what: `The journal has ${events} events of the ${stream} ${id}, which is not there.`,
  }))
}

type SnapshotRow<State> = Omit<Row<State, never>, 'journal' | 'content' | 'derivedRows'> &
  Readonly<Record<string, unknown>>

/** A batch with its events, read at one instant. */
const readRows = <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  after: { readonly storeId: string; readonly id: string } | undefined,
  limit: number,
): Promise<readonly Row<State, Event>[]> =>
  sql.begin('isolation level repeatable read read only', async (transaction) => {
    const { stream, table, idColumn } = aggregate
    const rows = await transaction<SnapshotRow<State>[]>`
      select t.*, s.merchant_id as "merchantId", t.store_id as "storeId", t.${transaction(idColumn)} as id
      from ${transaction(table)} t join stores s using (store_id)
      where (t.store_id, t.${transaction(idColumn)}) > (${after?.storeId ?? ''}, ${after?.id ?? ''})
      order by t.store_id, t.${transaction(idColumn)} limit ${limit}`
    const events = await transaction<(JournalRow<Event> & { storeId: string; id: string })[]>`
      select store_id as "storeId", stream_id as id, version, type, data as event, at
      from unnest(${rows.map(({ storeId }) => storeId)}::text[], ${rows.map(({ id }) => id)}::text[])
        as wanted (store_id, stream_id)
      join journal using (store_id, stream_id) where stream = ${stream} order by version`
    const journals = Map.groupBy(events, keyOf)
    const derivedOf = await readDerivedRows(transaction, aggregate, rows)
    return rows.map((row) => ({
      ...row,
      content: row,
      journal: journals.get(keyOf(row)) ?? [],
      derivedRows: derivedOf(row),
    }))
  })

const keyOf = ({ storeId, id }: { readonly storeId: string; readonly id: string }): string =>
  JSON.stringify([storeId, id])
