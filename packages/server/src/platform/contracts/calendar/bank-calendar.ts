import type { Temporal } from 'temporal-polyfill'
import { holidaysOf } from '../../../kernel/korean-holidays.ts'

/** On which days banks are open. */
export type BankCalendar = {
  isBusinessDay(date: Temporal.PlainDate): boolean
}

/** A day that an operator says banks are closed on, or open although they would be closed. */
export type OwnDay = {
  /** yyyy-MM-dd. */
  readonly date: string
  readonly isClosed: boolean
}

/**
 * Banks are open when it is neither Saturday nor Sunday nor a Korean public holiday. The operator's own days come first:
 * the government adds holidays at short notice.
 */
export const bankCalendar = (ownDays: readonly OwnDay[] = []): BankCalendar => {
  const own = new Map(ownDays.map(({ date, isClosed }) => [date, isClosed]))
  return {
    isBusinessDay: (date) => {
      const text = date.toString()
      const isClosed = own.get(text) ?? (isWeekend(date) || holidaysOf(date.year).has(text))
      return !isClosed
    },
  }
}

const isWeekend = ({ dayOfWeek }: Temporal.PlainDate): boolean => dayOfWeek > 5

/** The business day itself, or the one closest to `date` before or after it. */
export const moveToBusinessDay = (
  calendar: BankCalendar,
  date: Temporal.PlainDate,
  direction: 'BEFORE' | 'AFTER',
): Temporal.PlainDate => {
  let moved = date
  while (!calendar.isBusinessDay(moved)) moved = moved.add({ days: direction === 'AFTER' ? 1 : -1 })
  return moved
}
