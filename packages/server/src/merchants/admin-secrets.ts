import type { Queryable, Sql } from '../db/connect.ts'
import { type Instant, realTime, toIso } from '../kernel/clock.ts'
import { prefixedId, randomToken, sha256 } from '../kernel/ids.ts'
import type { Principal } from './principal.ts'
import { SetupError } from './setup-error.ts'

/** Returns the admin secret, which is stored as a digest only and never shown again. */
export const createAdminSecret = async (
  sql: Queryable,
  { merchantId, storeId, name }: { readonly merchantId: string; readonly storeId: string; readonly name: string },
): Promise<{ secretId: string; secret: string }> => {
  const [secretId, secret] = [prefixedId('secret'), randomToken(48)]
  await sql`
    insert into admin_secrets (merchant_id, secret_id, store_id, name, secret_digest, created_at)
    values (${merchantId}, ${secretId}, ${storeId}, ${name}, ${sha256(secret)}, ${realTime()})`
  return { secretId, secret }
}

/** Without their values, which nobody has. */
export const listAdminSecrets = async (sql: Queryable, merchantId: string): Promise<readonly object[]> => {
  const rows = await sql<{ id: string; name: string; created: Instant; state: 'good' | 'revoked' }[]>`
    select secret_id as id, name, created_at as created,
      case when revoked_at is null then 'good' else 'revoked' end as state
    from admin_secrets where merchant_id = ${merchantId} order by created_at`
  return rows.map((row) => ({ ...row, created: toIso(row.created) }))
}

/** @throws SetupError if the merchant has no such secret, or it is already revoked. */
export const revokeAdminSecret = async (sql: Queryable, merchantId: string, secretId: string): Promise<void> => {
  const revoked = await sql`
    update admin_secrets set revoked_at = ${realTime()}
    where merchant_id = ${merchantId} and secret_id = ${secretId} and revoked_at is null`
  if (revoked.count === 0)
    throw new SetupError(`The merchant has no valid admin secret ${secretId}. See: naru payout admin list`)
}

/**
 * Who an admin secret belongs to. Read for each request, so that a revoked secret pays out nothing more. It is valid for the
 * whole merchant, whichever of its stores it was created with.
 */
export const findAdmin = async (sql: Sql, secret: string): Promise<Principal | undefined> => {
  const [admin] = await sql<Pick<Principal, 'merchantId' | 'secretId' | 'storeId'>[]>`
    select a.merchant_id as "merchantId", a.secret_id as "secretId", s.store_id as "storeId"
    from admin_secrets a join stores s on s.merchant_id = a.merchant_id and s.is_representative
    where a.secret_digest = ${sha256(secret)} and a.revoked_at is null`
  return admin && { ...admin, scope: 'MERCHANT' }
}
