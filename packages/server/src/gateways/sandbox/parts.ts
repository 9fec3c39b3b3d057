import type { BaseLogger } from 'pino'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Notice, Reception } from './notice.ts'

/** What the sandbox PG is built from. */
export type SandboxParts = {
  readonly sql: Sql
  readonly logger: Pick<BaseLogger, 'info' | 'warn'>
  /** What notifications are signed with. */
  readonly notificationKey: Buffer
  /** The platform's side of a PG notification: it inquires and applies what it learns. Resolves once that is done. */
  readonly notify: (storeId: string, notice: Notice, signature: string) => Promise<Reception>
  /** Resolves when the store's clock shows `instant` or later, by passing or by being moved. */
  readonly waitUntil: (storeId: string, instant: Instant) => Promise<void>
}
