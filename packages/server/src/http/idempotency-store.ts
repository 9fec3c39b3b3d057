import type { Sql } from '../db/connect.ts'
import type { Instant } from '../kernel/clock.ts'
import type { StoredAnswer, Taken } from './idempotency.ts'

/** The right to do what a key stands for. Lost when the lease runs out: `leasedUntil` tells our lease from a later one. */
export type Claim = { readonly merchantId: string; readonly key: string; readonly leasedUntil: Instant }

export type ClaimRequest = {
  readonly merchantId: string
  readonly key: string
  readonly fingerprint: Buffer
  /** Milliseconds. */
  readonly lease: number
  /** Milliseconds. */
  readonly retention: number
}

type KeyRow = {
  readonly isMine: boolean
  readonly isSame: boolean
  readonly leasedUntil: Instant
  readonly status: number | null
  readonly body: string | null
}

type Claimed = { readonly kind: 'claimed' } & Claim

/**
 * Takes the key, or says who has it: one statement, so that of any number of requests at once one gets the key. A key
 * whose retention has passed is as good as new; one whose holder died is taken over, if it is for the same request.
 *
 * Leases are cut to milliseconds, which is what an `Instant` holds, so that they can be compared later.
 */
export const claimKey = async (sql: Sql, request: ClaimRequest): Promise<Claimed | Taken> => {
  const { merchantId, key, fingerprint, lease, retention } = request
  // The row may appear after the statement's snapshot was taken and before its insert: then it sees neither. Rare,
  // and the second time the row is there.
  for (;;) {
    const [row] = await sql<KeyRow[]>`
      with mine as (
        insert into idempotency_keys (merchant_id, key, fingerprint, lease_until, expires_at)
        values (
          ${merchantId}, ${key}, ${fingerprint},
          date_trunc('milliseconds', now() + ${lease}::int * interval '1 millisecond'),
          now() + ${retention}::int * interval '1 millisecond'
        )
        on conflict (merchant_id, key) do update
        set fingerprint = excluded.fingerprint, lease_until = excluded.lease_until, expires_at = excluded.expires_at,
            status = null, body = null
        where idempotency_keys.lease_until < now() and (
          (idempotency_keys.status is null and idempotency_keys.fingerprint = excluded.fingerprint)
          or idempotency_keys.expires_at < now()
        )
        returning lease_until
      )
      select true as "isMine", true as "isSame", lease_until as "leasedUntil", null::int as status, null::text as body
      from mine
      union all
      select false, fingerprint = ${fingerprint}, lease_until, status, body
      from idempotency_keys
      where merchant_id = ${merchantId} and key = ${key} and not exists (select from mine)`
    if (row === undefined) continue
    if (row.isMine) return { kind: 'claimed', merchantId, key, leasedUntil: row.leasedUntil }
    if (!row.isSame) return { kind: 'mismatch' }
    if (row.status === null || row.body === null) return { kind: 'outstanding' }
    return { kind: 'replayed', answer: { status: row.status, body: row.body } }
  }
}

/** Prolongs the lease. Where it was lost, because this process stood still for longer, nothing changes. */
export const renewClaim = async (sql: Sql, claim: Claim, lease: number): Promise<Claim> => {
  const [row] = await sql<{ leasedUntil: Instant }[]>`
    update idempotency_keys
    set lease_until = date_trunc('milliseconds', now() + ${lease}::int * interval '1 millisecond')
    where ${held(sql, claim)}
    returning lease_until as "leasedUntil"`
  return row === undefined ? claim : { ...claim, leasedUntil: row.leasedUntil }
}

/** Keeps the answer for retries, unless somebody else has taken the key over. */
export const storeAnswer = async (sql: Sql, claim: Claim, { status, body }: StoredAnswer): Promise<void> => {
  await sql`update idempotency_keys set status = ${status}, body = ${body} where ${held(sql, claim)}`
}

/** Lets the next request with the key try again. */
export const releaseClaim = async (sql: Sql, claim: Claim): Promise<void> => {
  await sql`delete from idempotency_keys where ${held(sql, claim)}`
}

const held = (sql: Sql, { merchantId, key, leasedUntil }: Claim) => sql`
  merchant_id = ${merchantId} and key = ${key} and lease_until = ${leasedUntil} and status is null`

/** Deletes expired keys, a thousand at a time so that no statement holds many locks. */
export const sweepExpired = async (sql: Sql): Promise<void> => {
  for (;;) {
    const { count } = await sql`
      delete from idempotency_keys
      where (merchant_id, key) in (
        select merchant_id, key from idempotency_keys where expires_at < now() and lease_until < now() limit 1000
      )`
    if (count < 1000) return
  }
}
