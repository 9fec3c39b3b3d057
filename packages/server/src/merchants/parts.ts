import type { Sql } from '../db/connect.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { CredentialDirectory } from './credentials.ts'
import type { StoreDirectory } from './directory.ts'

/** What setting merchants, stores, channels and secrets up needs from the rest of the house. */
export type MerchantParts = {
  readonly sql: Sql
  readonly encryption: Encryption
  readonly directory: StoreDirectory
  readonly credentials: CredentialDirectory
}
