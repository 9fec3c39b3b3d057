import type { TransactionSql } from '../db/transaction.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { sha256 } from '../kernel/ids.ts'

/** Secrets that are already known: used if the database has none, and kept valid if it has them. */
export type KnownSecrets = { readonly apiSecret: string; readonly webhookSecret: string }

/** Those that an installation makes for a merchant whose it knows none: the same at each start, so that none are left behind. */
export const secretsFor = (encryption: Encryption, merchantId: string): KnownSecrets => ({
  apiSecret: encryption.derive(`API secret of ${merchantId}`).toString('base64url'),
  webhookSecret: `whsec_${encryption.derive(`webhook secret of ${merchantId}`).toString('base64')}`,
})

/** An API secret as somebody has it; several merchants may have the same. */
export type KeptSecret = {
  readonly id: string
  readonly merchantId: string
  /** Of a secret that is for one store alone. */
  readonly storeId: string | null
  readonly isRevoked: boolean
  readonly isExpired: boolean
}

/** Everybody's row of an API secret; those that are not revoked come first. */
export const keptSecrets = (sql: TransactionSql, secret: string): Promise<readonly KeptSecret[]> => sql<KeptSecret[]>`
  select secret_id as id, merchant_id as "merchantId", store_id as "storeId", revoked_at is not null as "isRevoked",
    coalesce(expires_at <= now(), false) as "isExpired"
  from api_secrets where secret_digest = ${sha256(secret)} order by revoked_at is not null`

type Place = { readonly merchantId: string; readonly storeId: string }

/** Whether requests with it would not be about this store, but about one of another merchant, or another one of the same. */
export const isForeign = (secret: KeptSecret, { merchantId, storeId }: Place): boolean =>
  secret.merchantId !== merchantId || (secret.storeId !== null && secret.storeId !== storeId)
