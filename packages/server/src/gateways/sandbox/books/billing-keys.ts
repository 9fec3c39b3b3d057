import type { BillingKeyPaymentMethod } from '@naru/contract'
import { perPool } from '../../../db/batch.ts'
import type { Sql } from '../../../db/connect.ts'
import { inTime } from '../../../db/epoch.ts'
import { batchedByTenant } from '../../../db/tenant-batch.ts'
import { type Instant, toIso } from '../../../kernel/clock.ts'
import { epochOf } from '../../../kernel/work.ts'
import type { EffectContext } from '../../port/terms.ts'

/** A stored method as the sandbox PG's books have it; of its number only what may be shown. */
export type StoredMethod = {
  readonly reference: string
  readonly token: string
  readonly pgTransactionId: string
  readonly state: 'NONE' | 'ISSUED' | 'DELETED' | 'FAILED'
  /** The scenario of its charges. */
  readonly code: string
  readonly pgCode: string | null
  readonly method: BillingKeyPaymentMethod
  readonly createdAt: Instant
  readonly deletedAt: Instant | null
}

/** Writes a card unless the reference is taken; returns the row that is there now. Fails where it is too late (`inTime`). */
export const recordMethod = async (
  sql: Sql,
  { storeId, actBefore }: Pick<EffectContext, 'storeId' | 'actBefore'>,
  asked: StoredMethod,
): Promise<StoredMethod> => {
  const books = { storeId, epoch: epochOf(storeId) }
  if (await booksOf(sql).record(books, { asked, actBefore })) return asked
  const known = await findMethod(sql, storeId, asked.reference)
  if (!known) throw new Error(`sandbox billing key ${asked.reference} vanished while recording it`)
  return known
}

export const findMethod = async (sql: Sql, storeId: string, reference: string): Promise<StoredMethod | undefined> => {
  const [row] = await sql<StoredMethod[]>`
    select ${columns(sql)} from sandbox_billing_keys where store_id = ${storeId} and reference = ${reference}`
  return row
}

/** Every charge asks: those of a store that come while others are being answered share a statement. */
export const findByToken = (sql: Sql, storeId: string, token: string): Promise<StoredMethod | undefined> =>
  booksOf(sql).find(storeId, token)

/** Of which store, and in which of its epochs: a statement compares but one. */
type Books = { readonly storeId: string; readonly epoch: number | undefined }

type Entry = { readonly asked: StoredMethod; readonly actBefore: Instant | undefined }

const booksOf = perPool((sql) => ({
  record: batchedByTenant(
    ({ storeId, epoch }: Books) => `${storeId}/${epoch ?? ''}`,
    (books, entries: readonly Entry[]) => recordAll(sql, books, entries),
    { size: 64, parallel: 3 },
  ),
  find: batchedByTenant(
    (storeId: string) => storeId,
    (storeId, tokens: readonly string[]) => findAll(sql, storeId, tokens),
    { size: 64, parallel: 3 },
  ),
}))

/** In time for all of them, or it fails and each is recorded alone. Of several with one reference the first is. */
const recordAll = async (
  sql: Sql,
  { storeId, epoch }: Books,
  entries: readonly Entry[],
): Promise<readonly boolean[]> => {
  const deadlines = entries.flatMap(({ actBefore }) => actBefore ?? [])
  const earliest = deadlines.length === 0 ? undefined : Math.min(...deadlines)
  const written = await sql<{ reference: string }[]>`
    insert into sandbox_billing_keys (
      store_id, reference, token, pg_transaction_id, state, code, pg_code, method, created_at
    )
    select ${storeId}, reference, token, pg_transaction_id, state, code, pg_code, method, created_at
    from jsonb_to_recordset(${JSON.stringify(rowsOf(entries))}::text::jsonb) as asked (
      reference text, token text, pg_transaction_id text, state text, code text, pg_code text, method jsonb,
      created_at timestamptz
    )
    where ${inTime(sql, storeId, earliest, epoch)}
    on conflict do nothing returning reference`
  const references = new Set(written.map(({ reference }) => reference))
  return entries.map(({ asked }) => references.delete(asked.reference))
}

/** In one order, so that two servers' statements do not wait for each other in a circle. */
const rowsOf = (entries: readonly Entry[]) => {
  const byReference = Map.groupBy(entries, ({ asked }) => asked.reference)
  const firsts = [...byReference.values()].flatMap(([first]) => first?.asked ?? [])
  return firsts.map(rowOf).sort((one, other) => (one.reference < other.reference ? -1 : 1))
}

const rowOf = ({ reference, token, pgTransactionId, state, code, pgCode, method, createdAt }: StoredMethod) => ({
  reference,
  token,
  pg_transaction_id: pgTransactionId,
  state,
  code,
  pg_code: pgCode,
  method,
  created_at: toIso(createdAt),
})

const findAll = async (
  sql: Sql,
  storeId: string,
  tokens: readonly string[],
): Promise<readonly (StoredMethod | undefined)[]> => {
  const rows = await sql<StoredMethod[]>`
    select ${columns(sql)} from sandbox_billing_keys where store_id = ${storeId} and token = any(${[...tokens]}::text[])`
  const byToken = new Map(rows.map((row) => [row.token, row]))
  return tokens.map((token) => byToken.get(token))
}

const columns = (sql: Sql) => sql`
  reference, token, pg_transaction_id as "pgTransactionId", state, code, pg_code as "pgCode", method,
  created_at as "createdAt", deleted_at as "deletedAt"`
