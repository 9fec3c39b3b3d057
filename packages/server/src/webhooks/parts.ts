import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import type { Environment, WebhookSettings } from '../merchants/store.ts'
import type { Dialer } from './dial.ts'

/** What webhooks are built from. */
export type WebhookParts = {
  readonly sql: Sql
  /** The settings of a store, including inherited ones. */
  readonly settings: (storeId: string, environment: Environment) => Promise<WebhookSettings | undefined>
  readonly dialer: Dialer
  /** Aborted when the server stops: then requests no longer wait for receivers. */
  readonly letGo?: AbortSignal | undefined
  readonly logger: Logger
  /** Naru's version, for the `user-agent` header. */
  readonly version: string
  /** A factor in [0, 1) for the delay before a retry. */
  readonly chance: () => number
}
