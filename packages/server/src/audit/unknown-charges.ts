import type { Sql } from '../db/connect.ts'
import { inBatches } from './batches.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'

type Row = {
  readonly storeId: string
  readonly reference: string
  readonly state: string
  readonly amount: number
  readonly isKnown: boolean
}

/**
 * The other direction: money that the sandbox PG took, or is about to take, under a reference that no payment has. Since an
 * intent is committed before the PG is called, this must never be the case.
 */
async function* findUnknownCharges(sql: Sql): AsyncGenerator<Finding> {
  for await (const rows of inBatches<Row>((after, limit) => readCharges(sql, after, limit)))
    yield* rows.filter(isUnknownCharge).map(finding)
}

export const unknownChargeFinder: Finder = { of: 'Charges of no payment', find: findUnknownCharges }

const readCharges = (sql: Sql, after: Row | undefined, limit: number): Promise<readonly Row[]> => sql<Row[]>`
  select t.store_id as "storeId", t.reference, t.state, t.amount, exists (
    select from payments p
    where p.store_id = t.store_id and search_texts(p.store_id, p.search) @@ search_equal(t.store_id, 'TX_ID=' || t.reference)
      and p.search @> array['TX_ID=' || t.reference]
    union all select from payments_under_way u where u.store_id = t.store_id and u.transaction_id = t.reference
  ) as "isKnown"
  from sandbox_transactions t
  where (t.store_id, t.reference) > (${after?.storeId ?? ''}, ${after?.reference ?? ''})
  order by t.store_id, t.reference limit ${limit}`

const isUnknownCharge = ({ isKnown, state }: Row): boolean => !isKnown && state !== 'NONE' && state !== 'FAILED'

const finding = ({ storeId, reference, state, amount }: Row): Finding => ({
  storeId,
  paymentId: null,
  rule: 'charged-is-known',
  what: `The PG has ${amount} ${state} as ${reference}, which no payment knows.`,
})
