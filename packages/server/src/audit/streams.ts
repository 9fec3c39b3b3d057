import { noBillingKey } from '../billing-keys/billing-key.ts'
import { billingKeyAggregate } from '../billing-keys/store.ts'
import { noReceipts } from '../cash-receipts/evolve.ts'
import { cashReceiptAggregate } from '../cash-receipts/store.ts'
import type { Sql } from '../db/connect.ts'
import type { Aggregate } from '../db/journal.ts'
import { verificationAggregate } from '../identity-verifications/store.ts'
import { noVerification } from '../identity-verifications/verification.ts'
import { promotionAggregate } from '../promotions/process.ts'
import { noPromotion } from '../promotions/promotion.ts'
import { checkStream, type JournalRow } from './check-stream.ts'
import type { Broken, Finding } from './finding.ts'

/** Replays everything that is journaled beside payments, and holds it against its snapshots. */
export const checkStreams = async (sql: Sql): Promise<readonly Finding[]> => [
  ...(await checkAll(sql, billingKeyAggregate, noBillingKey)),
  ...(await checkAll(sql, cashReceiptAggregate, noReceipts)),
  ...(await checkAll(sql, promotionAggregate, (_, storeId, id) => noPromotion(storeId, id))),
  ...(await checkAll(sql, verificationAggregate, noVerification)),
]

const batchSize = 500

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
  let after = { storeId: '', id: '' }
  for (;;) {
    const rows = await readRows<State, Event>(sql, aggregate, after)
    for (const row of rows) {
      const { storeId, id } = row
      for (const { rule, what } of brokenIn(row, aggregate, empty))
        findings.push({ storeId, paymentId: null, rule, what: `The ${aggregate.stream} ${id}: ${what}` })
    }
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return findings
    after = last
  }
}

const brokenIn = <State extends object, Event extends { readonly type: string }>(
  { storeId, id, merchantId, version, state, content, journal }: Row<State, Event>,
  aggregate: Aggregate<State, Event>,
  empty: (merchantId: string, storeId: string, id: string) => State,
): readonly Broken[] => {
  try {
    return checkStream(aggregate, empty(merchantId, storeId, id), {
      snapshot: { version, state, row: content },
      journal,
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ rule: 'snapshot-is-readable', what: `The state cannot be read: ${reason}` }]
  }
}

type SnapshotRow<State> = Omit<Row<State, never>, 'journal' | 'content'> & Readonly<Record<string, unknown>>

/** A batch with its events, as of one instant. */
const readRows = <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  { stream, table, idColumn }: Aggregate<State, Event>,
  after: { readonly storeId: string; readonly id: string },
): Promise<readonly Row<State, Event>[]> =>
  sql.begin('isolation level repeatable read read only', async (transaction) => {
    const rows = await transaction<SnapshotRow<State>[]>`
      select t.*, s.merchant_id as "merchantId", t.store_id as "storeId", t.${transaction(idColumn)} as id
      from ${transaction(table)} t join stores s using (store_id)
      where (t.store_id, t.${transaction(idColumn)}) > (${after.storeId}, ${after.id})
      order by t.store_id, t.${transaction(idColumn)} limit ${batchSize}`
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
