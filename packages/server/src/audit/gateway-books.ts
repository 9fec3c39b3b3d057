import type { Sql } from '../db/connect.ts'
import type { Finder } from './finder.ts'
import type { Finding, Rule } from './finding.ts'

type Row = { readonly storeId: string; readonly reference: string; readonly here: string; readonly there: string }

/**
 * Compares cash receipts with the sandbox PG's. Those in progress may differ: the PG will be asked about them. One statement, so
 * that both sides are read at one instant.
 */
const findReceiptFaults = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Row[]>`
    with ours as (
      select r.store_id, receipt ->> 'id' as reference, receipt ->> 'status' as status,
             (receipt -> 'amount' ->> 'total')::bigint as amount
      from cash_receipts r, jsonb_array_elements(r.state -> 'receipts') as receipt
      join channels c on c.channel_id = receipt -> 'channel' ->> 'id'
      where c.store_id = r.store_id and c.adapter = 'sandbox'
    )
    select store_id as "storeId", reference,
           coalesce(ours.status || ' for ' || ours.amount, 'unknown') as here,
           coalesce(theirs.state || ' for ' || theirs.amount, 'unknown') as there
    from ours full join sandbox_cash_receipts theirs using (store_id, reference)
    where ours.status = 'ISSUED' and (theirs.state = 'ISSUED' and theirs.amount = ours.amount) is not true
       or ours.status = 'CANCELLED' and theirs.state is distinct from 'CANCELLED'
       or theirs.state = 'ISSUED' and coalesce(ours.status, 'none') in ('none', 'WAITING', 'DROPPED', 'ISSUE_FAILED')
    order by 1, 2`
  return rows.map(disagreement('receipts-agree', 'cash receipt'))
}

/** Stored cards against the sandbox PG's, in the same way. */
const findBillingKeyFaults = async (sql: Sql): Promise<readonly Finding[]> => {
  const rows = await sql<Row[]>`
    with ours as (
      select k.store_id, holding ->> 'reference' as reference, holding ->> 'phase' as phase
      from billing_keys k, jsonb_array_elements(k.state -> 'holdings') as holding
      join channels c on c.channel_id = holding -> 'channel' ->> 'id'
      where c.store_id = k.store_id and c.adapter = 'sandbox'
    )
    select store_id as "storeId", reference, coalesce(ours.phase, 'unknown') as here,
           coalesce(theirs.state, 'unknown') as there
    from ours full join sandbox_billing_keys theirs using (store_id, reference)
    where ours.phase = 'ISSUED' and theirs.state is distinct from 'ISSUED'
       or theirs.state = 'ISSUED' and coalesce(ours.phase, 'none') in ('none', 'DELETED', 'FAILED')
    order by 1, 2`
  return rows.map(disagreement('billing-keys-agree', 'stored card'))
}

const disagreement =
  (rule: Rule, thing: string) =>
  ({ storeId, reference, here, there }: Row): Finding => ({
    storeId,
    paymentId: null,
    rule,
    what: `The ${thing} ${reference} is ${here} here and ${there} at the PG.`,
  })

export const bookFinders: readonly Finder[] = [
  { of: 'Cash receipts at the PG', find: findReceiptFaults },
  { of: 'Stored cards at the PG', find: findBillingKeyFaults },
]
