import type { TransactionSql } from '../db/transaction.ts'
import { randomBase64, randomToken, sha256 } from '../kernel/ids.ts'

/** Secrets that are already known: used if the database has none, and kept valid if it has them. */
export type KnownSecrets = { readonly apiSecret: string; readonly webhookSecret: string }

export const newSecrets = (): KnownSecrets => ({
  apiSecret: randomToken(48),
  webhookSecret: `whsec_${randomBase64(32)}`,
})

/** An API secret that does not act for the store in question. */
export type ForeignSecret = {
  readonly id: string
  /** The other merchant whose it is, or of the same merchant the one store that it is for. */
  readonly owner: string
  readonly isRevoked: boolean
}

/** Who else has the API secret: another merchant, or another store of this one alone. Those that are good come first. */
export const foreignSecrets = (
  sql: TransactionSql,
  { merchantId, storeId }: { readonly merchantId: string; readonly storeId: string },
  secret: string,
): Promise<readonly ForeignSecret[]> => sql<ForeignSecret[]>`
  select secret_id as id, case when merchant_id = ${merchantId} then store_id else merchant_id end as owner,
    revoked_at is not null as "isRevoked"
  from api_secrets
  where secret_digest = ${sha256(secret)} and (merchant_id <> ${merchantId} or store_id <> ${storeId})
  order by revoked_at is not null`
