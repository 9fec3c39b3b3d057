import type { Sql } from '../db/connect.ts'
import type { Instant } from '../kernel/clock.ts'
import { again, inRounds } from '../kernel/rounds.ts'

/** `requestKey` identifies a request of a merchant: a digest of the client's key and of the request's authority. */
export type RequestName = { readonly merchantId: string; readonly requestKey: string }

/** The right to carry out a request. It ends with the lease; `leasedUntil` tells our lease from a later one. */
export type Claim = RequestName & { readonly leasedUntil: Instant }

export type ClaimRequest = RequestName & {
  /** The store that the request is about. When it is reset, the answer is forgotten with everything else. */
  readonly storeId: string
  readonly fingerprint: Buffer
  /** Milliseconds. */
  readonly lease: number
  /** Milliseconds. */
  readonly retention: number
}

/** A stored answer, with its body encrypted. */
export type SealedAnswer = { readonly status: number; readonly answer: Buffer }

type Row = {
  readonly isMine: boolean
  readonly isSame: boolean
  readonly leasedUntil: Instant
  /** Until then, in milliseconds, by the database's clock. */
  readonly freeIn: number
  readonly steps: Buffer | null
  readonly status: number | null
  readonly answer: Buffer | null
}

/** `steps`: what a server that died has done of it already, encrypted. */
type Claimed = { readonly kind: 'claimed'; readonly claim: Claim; readonly steps: Buffer | null }

/** There is a stored answer. */
type Answered = { readonly kind: 'replayed' } & RequestName & SealedAnswer

/** Another request had the key first. */
export type Taken =
  /** It is still running, or its server died: then it is free after so many milliseconds. */
  | { readonly kind: 'outstanding'; readonly freeIn: number }
  /** It differs from this request. */
  | { readonly kind: 'mismatch' }

/**
 * Claims the request, or says who has it, in one statement: of any number of claims one succeeds. A request whose retention
 * has passed counts as new. If its holder died, an equal request takes it over.
 *
 * Leases are cut to milliseconds, like an `Instant`, so that they can be compared later. The time comes from the database,
 * since servers' clocks differ, and is read once, since distributed PostgreSQL allows no `now()` in `on conflict`.
 */
export const claimRequest = (sql: Sql, request: ClaimRequest): Promise<Claimed | Answered | Taken> => {
  const { merchantId, requestKey, storeId, fingerprint, lease, retention } = request
  // If the row appears between the statement's snapshot and its insert, the statement sees neither. That is rare, and the
  // second round finds the row.
  return inRounds('the claim of an idempotency key', async () => {
    const [row] = await sql<Row[]>`
      with mine as (
        insert into idempotency_keys (merchant_id, request_key, store_id, fingerprint, lease_until, expires_at)
        values (
          ${merchantId}, ${requestKey}, ${storeId}, ${fingerprint},
          date_trunc('milliseconds', now() + ${lease}::int * interval '1 millisecond'),
          now() + ${retention}::int * interval '1 millisecond'
        )
        on conflict (merchant_id, request_key) do update
        set store_id = excluded.store_id, fingerprint = excluded.fingerprint, lease_until = excluded.lease_until,
            expires_at = excluded.expires_at, status = null, answer = null,
            steps = case
              when idempotency_keys.expires_at < excluded.expires_at - ${retention}::int * interval '1 millisecond' then null
              else idempotency_keys.steps
            end
        where idempotency_keys.lease_until < excluded.lease_until - ${lease}::int * interval '1 millisecond' and (
          (idempotency_keys.status is null and idempotency_keys.fingerprint = excluded.fingerprint)
          or idempotency_keys.expires_at < excluded.expires_at - ${retention}::int * interval '1 millisecond'
        )
        returning lease_until, steps
      )
      select true as "isMine", true as "isSame", lease_until as "leasedUntil", 0::float8 as "freeIn", steps,
        null::int as status, null::bytea as answer
      from mine
      union all
      select false, fingerprint = ${fingerprint}, lease_until, extract(epoch from lease_until - now())::float8 * 1000, null,
        status, answer
      from idempotency_keys
      where merchant_id = ${merchantId} and request_key = ${requestKey} and not exists (select from mine)`
    if (row === undefined) return again
    if (row.isMine) {
      const { leasedUntil, steps } = row
      return { kind: 'claimed', claim: { merchantId, requestKey, leasedUntil }, steps }
    }
    if (!row.isSame) return { kind: 'mismatch' }
    if (row.status === null || row.answer === null) return { kind: 'outstanding', freeIn: row.freeIn }
    return { kind: 'replayed', merchantId, requestKey, status: row.status, answer: row.answer }
  })
}

/** Renews the lease; `undefined` if it was lost because this process stood still for longer. */
export const renewClaim = async (sql: Sql, claim: Claim, lease: number): Promise<Claim | undefined> => {
  const [row] = await sql<{ leasedUntil: Instant }[]>`
    update idempotency_keys
    set lease_until = date_trunc('milliseconds', now() + ${lease}::int * interval '1 millisecond')
    where ${held(sql, claim)}
    returning lease_until as "leasedUntil"`
  return row && { ...claim, leasedUntil: row.leasedUntil }
}

/** Stores the answer for retries, unless another server has taken the request over. */
export const storeAnswer = async (sql: Sql, claim: Claim, { status, answer }: SealedAnswer): Promise<void> => {
  await sql`update idempotency_keys set status = ${status}, answer = ${answer}, steps = null where ${held(sql, claim)}`
}

/** Lets the next request with the key try again. One that has taken a step already is taken over where it is. */
export const releaseClaim = async (sql: Sql, claim: Claim): Promise<void> => {
  await sql`
    with left_behind as (
      update idempotency_keys set lease_until = 'epoch' where ${held(sql, claim)} and steps is not null
    )
    delete from idempotency_keys where ${held(sql, claim)} and steps is null`
}

const held = (sql: Sql, { merchantId, requestKey, leasedUntil }: Claim) => sql`
  merchant_id = ${merchantId} and request_key = ${requestKey} and lease_until = ${leasedUntil} and status is null`

/** Deletes expired requests, a thousand at a time so that no statement holds many locks. */
export const sweepExpired = async (sql: Sql): Promise<void> => {
  for (;;) {
    const { count } = await sql`
      delete from idempotency_keys
      where (merchant_id, request_key) in (
        select merchant_id, request_key from idempotency_keys where expires_at < now() and lease_until < now() limit 1000
      )`
    if (count < 1000) return
  }
}
