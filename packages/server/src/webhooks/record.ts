import type { Fragment } from 'postgres'
import { perPool } from '../db/batch.ts'
import type { Queryable, Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, isoOrNull, toIso } from '../kernel/clock.ts'
import { noteDue } from '../workers/due-work.ts'
import type { Delivery } from './delivery.ts'
import type { DialResult } from './exchange.ts'

/** One attempt to deliver, with its times by the store's clock. */
export type DeliveryAttempt = {
  readonly triggeredAt: Instant
  readonly requestedAt: Instant
  readonly finishedAt: Instant
  /** As `keptHeader` gives it. */
  readonly requestHeader: string
  readonly result: DialResult
}

type Made = {
  readonly delivery: Delivery
  readonly attempt: DeliveryAttempt
  /** When the next one is due; `undefined` ends the schedule. */
  readonly nextDueAt: Instant | undefined
}

/**
 * Records a scheduled attempt and when the next one is due. Does nothing if the row has changed since `delivery` was loaded: our
 * lease expired and another worker made this attempt too, or a manual resend succeeded, which ended the schedule. Attempts of a
 * store that end while others are being recorded share a statement.
 */
export const recordAttempt = (sql: Sql, made: Made): Promise<void> => recorderOf(sql)(made.delivery.storeId, made)

/** Half as many as elsewhere: what a receiver answered, and its headers, may be 10 kB each. */
const recorderOf = perPool((sql) =>
  batchedByTenant(
    (storeId: string) => storeId,
    (storeId, made: readonly Made[]) => recordAll(sql, storeId, made),
    { size: 32, parallel: 3 },
  ),
)

/** Names the rows twice: by the join alone, PostgreSQL may read all of the store, as it did where it had planned this for a few. */
const recordAll = async (sql: Sql, storeId: string, made: readonly Made[]): Promise<readonly undefined[]> => {
  const notes = made.flatMap(({ delivery: { target }, nextDueAt }) =>
    nextDueAt === undefined ? [] : [{ kind: 'webhooks', queue: target, at: nextDueAt }],
  )
  await sql`
    with noted as (${noteDue(sql, storeId, notes)})
    update webhooks w
    set ${attemptColumns(sql)}, is_manual = false, execution_count = w.execution_count + 1,
        due_at = made.due_at, leased_until = null
    from ${attemptsMade(sql, made)}
    where w.store_id = ${storeId} and w.webhook_id = any(${made.map(({ delivery }) => delivery.webhookId)}::text[])
      and w.webhook_id = made.webhook_id and w.execution_count = made.execution_count and w.due_at is not null`
  return made.map(() => undefined)
}

/** What an attempt `made` sets. */
export const attemptColumns = (sql: Queryable): Fragment => sql`
  status = made.status, triggered_at = made.triggered_at, request_header = made.request_header,
  requested_at = made.requested_at, response_code = made.response_code, response_header = made.response_header,
  response_body = made.response_body, responded_at = made.responded_at`

/** The attempts as rows `made`, in one order, so that two servers' statements do not wait for each other in a circle. */
export const attemptsMade = (sql: Queryable, made: readonly Made[]): Fragment => {
  const rows = made.map(rowOf).sort((one, other) => (one.webhook_id < other.webhook_id ? -1 : 1))
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as made (
    webhook_id text, execution_count integer, status text, triggered_at timestamptz, request_header text,
    requested_at timestamptz, response_code text, response_header text, response_body text, responded_at timestamptz,
    due_at timestamptz)`
}

const rowOf = ({ delivery, attempt, nextDueAt }: Made) => {
  const { result, triggeredAt, requestHeader, requestedAt, finishedAt } = attempt
  const response = 'response' in result ? result.response : undefined
  return {
    webhook_id: delivery.webhookId,
    execution_count: delivery.executionCount,
    status: result.status,
    triggered_at: toIso(triggeredAt),
    request_header: requestHeader,
    requested_at: toIso(requestedAt),
    response_code: response?.code,
    response_header: response?.header,
    response_body: response?.body,
    responded_at: isoOrNull(response && finishedAt),
    due_at: isoOrNull(nextDueAt),
  }
}
