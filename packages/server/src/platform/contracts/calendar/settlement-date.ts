import { Temporal } from 'temporal-polyfill'
import type { Day } from '../../../kernel/days.ts'
import { type BankCalendar, moveToBusinessDay } from './bank-calendar.ts'
import { type DatePolicy, firstAllowed, type SettlementCycle } from './settlement-cycle.ts'

type Options = {
  /**
   * The platform's `adjustSettlementDateAfterHolidayIfEarlier`: where moving back past closed days reaches the start, the
   * date moves forward instead. Without it the early date stays, and may even precede the start.
   */
  readonly adjustsAfterHolidayIfEarlier: boolean
}

/**
 * The date on which a settlement that starts on `start` is payable: the first one that the cycle allows once `lagDays`
 * calendar days have passed, moved as the date policy says. The date is chosen first and moved afterwards, so it may
 * end up before the lag is over.
 */
export const settlementDate = (
  { lagDays, datePolicy, method }: SettlementCycle,
  start: Temporal.PlainDate,
  calendar: BankCalendar,
  { adjustsAfterHolidayIfEarlier }: Options,
): Temporal.PlainDate => {
  const chosen = firstAllowed(method, start.add({ days: lagDays }))
  const moved = move(calendar, chosen, datePolicy)
  // PortOne's reference says "on or before the start", its console "earlier than the start". On the start day itself
  // nobody can be paid for it yet, so the reference is followed.
  const isTooEarly = datePolicy === 'HOLIDAY_BEFORE' && Temporal.PlainDate.compare(moved, start) <= 0
  return isTooEarly && adjustsAfterHolidayIfEarlier ? moveToBusinessDay(calendar, chosen, 'AFTER') : moved
}

const move = (calendar: BankCalendar, date: Temporal.PlainDate, policy: DatePolicy): Temporal.PlainDate => {
  switch (policy) {
    case 'HOLIDAY_BEFORE':
      return moveToBusinessDay(calendar, date, 'BEFORE')
    case 'HOLIDAY_AFTER':
      return moveToBusinessDay(calendar, date, 'AFTER')
    case 'CALENDAR_DAY':
      return date
  }
}

/** As `settlementDate`, for days as they are stored. `start` must lie before the year 9990, so that there is a date. */
export const settlementDay = (cycle: SettlementCycle, start: Day, calendar: BankCalendar, options: Options): Day =>
  settlementDate(cycle, Temporal.PlainDate.from(start), calendar, options).toString()
