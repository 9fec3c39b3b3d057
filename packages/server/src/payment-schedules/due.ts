import { minute } from '../kernel/clock.ts'
import type { DueItem, DueSource } from '../workers/due.ts'
import { dueRowsSource, type FindStore } from '../workers/due-rows.ts'
import type { ScheduleParts } from './parts.ts'
import { scheduleRows } from './rows.ts'
import { runDueSchedule } from './run.ts'

/** Starting a schedule takes milliseconds. From then on the payment's own inquiry takes care of it. */
const lease = minute

/** Schedules whose time has come. */
export const scheduleDue = (parts: ScheduleParts, findStore: FindStore): DueSource => ({
  name: 'payment-schedule',
  concurrency: 256,
  ...dueRowsSource(parts.payments.sql, () => scheduleRows, { kind: 'payment_schedules', lease }),
  run: async (item: DueItem) => {
    const store = await findStore(item.storeId)
    return store !== undefined && (await runDueSchedule(parts, { store, id: item.id }))
  },
})
