import type { PaymentFilterInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { expectedRows } from '../db/expected-rows.ts'
import { ofStores } from '../db/page.ts'

type Status = PaymentFilterInput['webhookStatus']

/** That the delivery which announced the status that the payment `p` has now came to this. */
export const webhookCondition = (sql: Sql, status: Status): Fragment => sql`exists (
  select from webhooks w
  where w.store_id = p.store_id and w.payment_id = p.payment_id and w.payment_status = p.status
    and ${cameTo(sql, status)})`

/** How many deliveries PostgreSQL expects that came to this; `undefined` where nothing is asked of them, or nearly all did. */
export const expectedWebhooks = async (
  sql: Sql,
  storeIds: readonly string[],
  status: Status,
): Promise<number | undefined> =>
  status === undefined || status === 'SUCCEEDED'
    ? undefined
    : await expectedRows(sql, sql`select from webhooks w where ${ofFailed(sql, storeIds, status)}`)

/** The payments that meet `webhookCondition`, found by the deliveries: nothing is read of any other payment. */
export const paymentsOfWebhooks = (sql: Sql, storeIds: readonly string[], status: Status): Fragment => sql`
  select p.* from (
    select distinct w.store_id, w.payment_id, w.payment_status from webhooks w where ${ofFailed(sql, storeIds, status)}
  ) w cross join lateral (
    select p.* from payments p where p.store_id = w.store_id and p.payment_id = w.payment_id offset 0
  ) p where p.status = w.payment_status`

const ofFailed = (sql: Sql, storeIds: readonly string[], status: Status): Fragment =>
  sql`${ofStores(sql, 'w', storeIds)} and w.payment_id is not null and ${cameTo(sql, status)}`

/** As the index of failed deliveries has it: what was delivered, as nearly all are, is not in it. */
const cameTo = (sql: Sql, status: Status = 'SUCCEEDED'): Fragment =>
  status === 'SUCCEEDED' ? sql`w.status = ${status}` : sql`w.status = ${status} and w.status <> 'SUCCEEDED'`
