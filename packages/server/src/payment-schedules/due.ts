import { minute } from '../kernel/clock.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { claimDueRows, type FindStore, nextDueRows } from '../workers/due-rows.ts'
import type { ScheduleParts } from './parts.ts'
import { runDueSchedule } from './run.ts'

/** Starting one is a matter of milliseconds; from then on the payment's own inquiry watches over it. */
const lease = minute

/** Schedules whose time has come. A payment has at most one that waits, so rows are named by their payment. */
export const scheduleDue = (parts: ScheduleParts, findStore: FindStore): DueSource => ({
  name: 'payment-schedule',
  concurrency: 128,
  claim: (limit) => claimDueRows(parts.payments.sql, 'payment_schedules', 'payment_id', { limit, lease }),
  next: (storeId, until) => nextDueRows(parts.payments.sql, 'payment_schedules', 'payment_id', storeId, until),
  run: async (item: DueItem) => {
    const store = await findStore(item.storeId)
    if (store) await runDueSchedule(parts, { store, id: item.id })
  },
})
