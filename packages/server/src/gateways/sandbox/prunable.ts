import type { Prunable } from '../../db/prunable.ts'

/**
 * What shoppers did in the sandbox PG's windows, until a payment or a billing key used it. The PG's books, its transactions
 * and refunds, are what the audit holds payments against: they stay.
 */
export const sandboxPrunables: readonly Prunable[] = [
  { kind: 'sandbox windows', table: 'sandbox_windows', idColumn: 'window_id', timeColumn: 'created_at' },
  { kind: 'sandbox one-time codes', table: 'sandbox_codes', idColumn: 'reference', timeColumn: 'sent_at' },
  {
    kind: 'sandbox authorizations',
    table: 'sandbox_authentications',
    idColumn: 'authorization_id',
    timeColumn: 'created_at',
  },
  {
    kind: 'sandbox card authorizations',
    table: 'sandbox_billing_authorizations',
    idColumn: 'authorization_id',
    timeColumn: 'created_at',
  },
]
