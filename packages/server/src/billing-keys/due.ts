import type { DueSource } from '../workers/due.ts'
import { dueRows, type FindStore } from '../workers/due-rows.ts'
import { inquireDue } from './inquire.ts'
import type { BillingKeyParts } from './parts.ts'

/** Keys whose issue or deletion has no answer from a PG yet. */
export const billingKeyDue = (parts: BillingKeyParts, findStore: FindStore): DueSource =>
  dueRows(
    parts.sql,
    { name: 'billing-key', table: 'billing_keys', idColumn: 'billing_key', concurrency: 10, findStore },
    (store, id) => inquireDue(parts, { store, id }),
  )
