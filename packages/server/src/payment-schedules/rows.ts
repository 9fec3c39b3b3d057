import type { DueRows } from '../workers/due-rows.ts'

/** A payment has at most one schedule that waits, so that rows which fall due are named by their payment. */
export const scheduleRows: DueRows = { table: 'payment_schedules', idColumn: 'payment_id' }
