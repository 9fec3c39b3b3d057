import type { SandboxGatewayOperation, SandboxScriptMatch } from '@naru/contract'
import type { Sql } from '../../../db/connect.ts'
import { once } from '../../../db/lease.ts'
import type { Instant } from '../../../kernel/clock.ts'
import { epochOf, StoreWasReset } from '../../../kernel/work.ts'

/** Outcomes laid down for the next calls that match. Each function on them is one statement, unless it says why not. */
export type Script = {
  readonly id: string
  readonly match: SandboxScriptMatch
  readonly steps: readonly string[]
  readonly takenSteps: number
  readonly createdAt: Instant
}

type Row = {
  readonly id: string
  readonly operation: SandboxGatewayOperation
  readonly paymentId: string | null
  readonly customerId: string | null
  readonly billingKey: string | null
  readonly identityVerificationId: string | null
  readonly steps: readonly string[]
  readonly takenSteps: number
  readonly createdAt: Instant
}

/**
 * The store is marked in the same statement: unmarked, its calls would not look for the script. One that is already there
 * under the same id was laid down by a server that took the request over. Throws `StoreWasReset` where the work saw the store before
 * it was reset.
 */
export const insertScript = async (sql: Sql, storeId: string, script: Script): Promise<void> => {
  const { id, match, steps, createdAt } = script
  await once(sql, 'script laid down', async (sql) => {
    const marked = await sql`
    with marked as (
      update stores set follows_scripts = true
      where store_id = ${storeId} and epoch = coalesce(${epochOf(storeId) ?? null}::integer, epoch) returning store_id
    ), laid as (
      insert into sandbox_scripts (
        store_id, script_id, operation, payment_id, customer_id, billing_key, identity_verification_id, steps, created_at
      ) select ${storeId}, ${id}, ${match.operation}, ${match.paymentId ?? null}::text, ${match.customerId ?? null}::text,
        ${match.billingKey ?? null}::text, ${match.identityVerificationId ?? null}::text, ${steps}::text[], ${createdAt}::timestamptz
      from marked on conflict do nothing
    ) select from marked`
    if (marked.count === 0) throw new StoreWasReset()
  })
}

export const findScripts = async (sql: Sql, storeId: string): Promise<readonly Script[]> => {
  const rows = await sql<Row[]>`
    select script_id as id, operation, payment_id as "paymentId", customer_id as "customerId",
           billing_key as "billingKey", identity_verification_id as "identityVerificationId", steps,
           taken_steps as "takenSteps", created_at as "createdAt"
    from sandbox_scripts where store_id = ${storeId} order by laid_at, script_id`
  return rows.map(scriptOf)
}

const scriptOf = ({ id, steps, takenSteps, createdAt, operation, ...subject }: Row): Script => ({
  id,
  match: { operation, ...withoutNulls(subject) },
  steps,
  takenSteps,
  createdAt,
})

const withoutNulls = (subject: Pick<Row, 'paymentId' | 'customerId' | 'billingKey' | 'identityVerificationId'>) =>
  Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== null))

/**
 * False where there is no such script. A transaction, because whether scripts are left is only known once no other
 * request can add one: the store's row is locked for that.
 */
export const deleteScript = (sql: Sql, storeId: string, scriptId: string): Promise<boolean> =>
  once(sql, 'script deleted', (sql) =>
    sql.begin(async (transaction) => {
      await transaction`select from stores where store_id = ${storeId} for no key update`
      const { count } = await transaction`
        delete from sandbox_scripts where store_id = ${storeId} and script_id = ${scriptId}`
      await transaction`
        update stores set follows_scripts = exists (select from sandbox_scripts where store_id = ${storeId})
        where store_id = ${storeId}`
      return count === 1
    }),
  )
