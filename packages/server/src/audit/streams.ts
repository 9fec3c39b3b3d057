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
import type { Finding } from './finding.ts'

/** Replays all other journals, and compares them with their snapshots. */
export const checkStreams = async (sql: Sql): Promise<readonly Finding[]> => [
  ...(await checkAll(sql, billingKeyAggregate, noBillingKey)),
  ...(await checkAll(sql, cashReceiptAggregate, noReceipts)),
  ...(await checkAll(sql, promotionAggregate, (_, storeId, id) => noPromotion(storeId, id))),
  ...(await checkAll(sql, verificationAggregate, noVerification)),
]

type Row<State, Event> = {
  readonly storeId: string
  readonly id: string
  readonly merchantId: string
  readonly version: number
  readonly state: State
  readonly content: Readonly<Record<string, unknown>>
  readonly journal: readonly JournalRow<Event>[]
}

const checkAll = async <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
  empty: (merchantId: string, storeId: string, id: string) => State,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for await (const rows of inBatches<Row<State, Event>>((after, limit) => readRows(sql, aggregate, after, limit)))
    for (const { storeId, id, merchantId, version, state, content, journal } of rows) {
      const stored = { snapshot: { version, state, row: content }, journal }
      const check = () => checkStream(aggregate, empty(merchantId, storeId, id), stored)
      for (const { rule, what } of brokenOf(aggregate.stream, check))
        findings.push({ storeId, paymentId: null, rule, what: `The ${aggregate.stream} ${id}: ${what}` })
    }
  return findings
}

type SnapshotRow<State> = Omit<Row<State, never>, 'journal' | 'content'> & Readonly<Record<string, unknown>>

/** A batch with its events, read at one instant. */
const readRows = <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  { stream, table, idColumn }: Aggregate<State, Event>,
  after: { readonly storeId: string; readonly id: string } | undefined,
  limit: number,
): Promise<readonly Row<State, Event>[]> =>
  sql.begin('isolation level repeatable read read only', async (transaction) => {
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
    return rows.map((row) => ({ ...row, content: row, journal: journals.get(keyOf(row)) ?? [] }))
  })

const keyOf = ({ storeId, id }: { readonly storeId: string; readonly id: string }): string =>
  JSON.stringify([storeId, id])
