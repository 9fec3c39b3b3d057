import type { Aggregate } from '../aggregates/kind.ts'
import { isoOrNull, toIso } from '../kernel/clock.ts'
import { type BillingKey, type BillingKeyEvent, everHeldBy, evolve, noBillingKey, statusOf } from './billing-key.ts'
import { searchEntries } from './search.ts'

/** What lists and the due loop read of a key besides its state. */
const columns = (key: BillingKey) => {
  const holdings = everHeldBy(key)
  const waiting = [...key.holdings, ...(key.firstPayment ? [key.firstPayment] : [])]
  const due = waiting.flatMap(({ inquiry }) => (inquiry ? [inquiry.nextAt] : []))
  return {
    status: statusOf(key) ?? null,
    channel_group_id: key.request?.channelGroup?.id ?? null,
    customer_id: key.request?.customer.id ?? null,
    methods: [...new Set(holdings.flatMap(({ method }) => (method ? [method.type] : [])))],
    pg_providers: [...new Set(holdings.map(({ channel }) => channel.pgProvider))],
    search: searchEntries(key),
    requested_at: isoOrNull(key.request?.requestedAt),
    issued_at: isoOrNull(key.issuedAt),
    deleted_at: isoOrNull(key.deletedAt),
    due_at: due.length === 0 ? null : toIso(Math.min(...due)),
  }
}

export const billingKeyAggregate: Aggregate<BillingKey, BillingKeyEvent> = {
  stream: 'billing-key',
  evolve,
  table: 'billing_keys',
  idColumn: 'billing_key',
  columns,
  columnNames: Object.keys(columns(noBillingKey('', '', ''))),
}
