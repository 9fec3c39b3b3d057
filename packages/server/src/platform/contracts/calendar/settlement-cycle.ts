import { Temporal } from 'temporal-polyfill'

/** When a partner is settled, as a contract says it. The same shape as on the wire. */
export type SettlementCycle = {
  /** How many calendar days after its start a settlement may fall at the earliest. */
  readonly lagDays: number
  readonly datePolicy: DatePolicy
  readonly method: CycleMethod
}

/** Where a date goes on which banks are closed: to the business day before or after, or nowhere. */
export type DatePolicy = 'HOLIDAY_BEFORE' | 'HOLIDAY_AFTER' | 'CALENDAR_DAY'

export type CycleMethod =
  | { readonly type: 'DAILY' }
  | { readonly type: 'WEEKLY'; readonly daysOfWeek: readonly DayOfWeek[] }
  /** 31 is the last day of any month; so are 29 and 30 where the month has none. */
  | { readonly type: 'MONTHLY'; readonly daysOfMonth: readonly number[] }
  /** Every year. 29 February is the 28th in common years. */
  | { readonly type: 'MANUAL_DATES'; readonly dates: readonly MonthAndDay[] }

export type MonthAndDay = { readonly month: number; readonly day: number }

/** In the order of `Temporal.PlainDate.dayOfWeek`, which begins at 1. */
const daysOfWeek = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const

export type DayOfWeek = (typeof daysOfWeek)[number]

/** The first date on or after `from` that the method allows. */
export const firstAllowed = (method: CycleMethod, from: Temporal.PlainDate): Temporal.PlainDate => {
  switch (method.type) {
    case 'DAILY':
      return from
    case 'WEEKLY':
      return earliest(
        method.daysOfWeek.map((name) => {
          const daysUntil = (daysOfWeek.indexOf(name) + 1 - from.dayOfWeek + 7) % 7
          return from.add({ days: daysUntil })
        }),
        from,
      )
    case 'MONTHLY': {
      const months = [from, from.with({ day: 1 }).add({ months: 1 })]
      return earliest(
        months.flatMap((month) => method.daysOfMonth.map((day) => month.with({ day }))),
        from,
      )
    }
    case 'MANUAL_DATES': {
      const years = [from.year, from.year + 1]
      return earliest(
        years.flatMap((year) => method.dates.map(({ month, day }) => Temporal.PlainDate.from({ year, month, day }))),
        from,
      )
    }
  }
}

const earliest = (dates: readonly Temporal.PlainDate[], from: Temporal.PlainDate): Temporal.PlainDate => {
  const [first] = dates
    .filter((date) => Temporal.PlainDate.compare(date, from) >= 0)
    .sort((a, b) => Temporal.PlainDate.compare(a, b))
  if (!first) throw new RangeError('The settlement cycle allows no date at all.')
  return first
}

const longestLag = 10
/** PortOne's documentation allows so many dates a year. */
const mostDates = 8

/** What is wrong with a cycle, in a sentence that names the field; `undefined` where nothing is. */
export const cycleProblem = ({ lagDays, method }: SettlementCycle): string | undefined => {
  if (!Number.isInteger(lagDays) || lagDays < 1 || lagDays > longestLag)
    return `settlementCycle.lagDays must be 1 to ${longestLag}.`
  switch (method.type) {
    case 'DAILY':
      return undefined
    case 'WEEKLY':
      return listProblem('weekly.daysOfWeek', method.daysOfWeek, daysOfWeek.length)
    case 'MONTHLY':
      return (
        listProblem('monthly.daysOfMonth', method.daysOfMonth, 31) ??
        (method.daysOfMonth.every((day) => Number.isInteger(day) && day >= 1 && day <= 31)
          ? undefined
          : 'settlementCycle.method.monthly.daysOfMonth must be days from 1 to 31. 31 is the last day of any month.')
      )
    case 'MANUAL_DATES':
      return (
        listProblem(
          'manualDates.dates',
          method.dates.map(({ month, day }) => `${month}/${day}`),
          mostDates,
        ) ??
        (method.dates.every(isPossible)
          ? undefined
          : 'settlementCycle.method.manualDates.dates names a day that no year has.')
      )
  }
}

const listProblem = (field: string, items: readonly (string | number)[], most: number): string | undefined => {
  if (items.length >= 1 && items.length <= most && new Set(items).size === items.length) return undefined
  return `settlementCycle.method.${field} must have 1 to ${most} entries, each only once.`
}

const aLeapYear = 2028

const isPossible = ({ month, day }: MonthAndDay): boolean => {
  if (!Number.isInteger(month) || month < 1 || month > 12 || !Number.isInteger(day) || day < 1) return false
  return day <= Temporal.PlainDate.from({ year: aLeapYear, month, day: 1 }).daysInMonth
}
