import type { DateRange } from '@naru/contract'
import { addDays, isDay } from '../kernel/days.ts'
import { invalid, type Refusal } from '../kernel/refusal.ts'

/** In days: the limit of PortOne's console. */
const longestRange = 92

export const refuseRange = ({ from, until }: DateRange): Refusal<'INVALID_REQUEST'> | undefined => {
  if (!isDay(from) || !isDay(until))
    return invalid('dateRange.from and dateRange.until must be days, such as 2026-03-02.')
  if (from > until) return invalid('dateRange.from must not be later than dateRange.until.')
  return addDays(from, longestRange) < until ? invalid('dateRange must not be longer than three months.') : undefined
}
