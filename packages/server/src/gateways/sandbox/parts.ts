import type { BaseLogger } from 'pino'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'

/** What the sandbox PG is built from. */
export type SandboxParts = {
  readonly sql: Sql
  readonly logger: Pick<BaseLogger, 'info' | 'warn'>
  /** The platform's side of a PG notification: it inquires and applies what it learns. Resolves once that is done. */
  readonly notify: (storeId: string, notice: Notice) => Promise<void>
  /** Resolves when the store's clock shows `instant` or later, by passing or by being moved. */
  readonly waitUntil: (storeId: string, instant: Instant) => Promise<void>
}

/** Says that something happened, not what: whoever gets it inquires. */
export type Notice =
  | { readonly kind: 'payment'; readonly reference: string }
  | { readonly kind: 'cancellation'; readonly reference: string; readonly paymentReference: string }
