import type { Prunable } from '../db/prunable.ts'

/** Windows and pages whose time is over. What was paid in them stands with the payment; what a shopper agreed to is kept. */
export const checkoutPrunables: readonly Prunable[] = [
  { kind: 'checkout sessions', table: 'payment_sessions', idColumn: 'session_id', timeColumn: 'expires_at' },
  {
    kind: 'checkout windows',
    table: 'checkout_attempts',
    idColumn: 'transaction_id',
    timeColumn: 'expires_at',
    condition: (sql) => sql`r.consents is null`,
  },
]
