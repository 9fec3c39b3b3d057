import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'

/** Where a data directory's PostgreSQL files lie, or are to lie, and whose they are. */
export type Place = {
  readonly directory: string
  /** `postgres` in the data directory: the same path, or a link to it. */
  readonly place: string
  readonly account: Account | undefined
}

/** The files, and what runs them. */
export type Cluster = Place & { readonly binaries: Binaries }
