import * as announcedByYear from '@hyunbinseo/holidays-kr/all'
import { Temporal } from 'temporal-polyfill/full'

/** A day on which Korean banks are closed, weekends aside. */
export type Holiday = {
  /** yyyy-MM-dd. */
  readonly date: string
  /** In Korean, as the official gazette writes it. */
  readonly name: string
  /**
   * `ANNOUNCED` by the government; `COMPUTED` from the law for a year that is not announced yet, so that elections and
   * days that the government adds later are missing; `BANKS_ONLY` where banks close and the public does not.
   */
  readonly origin: 'ANNOUNCED' | 'COMPUTED' | 'BANKS_ONLY'
}

/** The holidays of a year by date. Weekends are not listed unless a holiday falls on one. */
export const holidaysOf = (year: number): ReadonlyMap<string, Holiday> => {
  const known = byYear.get(year)
  if (known) return known
  const holidays = new Map(
    (announcedHolidays(year) ?? computedHolidays(year)).map((holiday) => [holiday.date, holiday]),
  )
  byYear.set(year, holidays)
  return holidays
}

/** Whether the government has announced the holidays of this year. It does so in June of the year before. */
export const isAnnounced = (year: number): boolean => announced.has(year)

const byYear = new Map<number, ReadonlyMap<string, Holiday>>()

const announced: ReadonlyMap<number, Readonly<Record<string, readonly string[]>>> = new Map(
  Object.entries(announcedByYear).map(([year, days]) => [Number(year.slice(1)), days]),
)

/** Labour Day became a public holiday in 2026 (and is announced since); until then only banks and employees had it. */
const labourDay = '05-01'
const labourDaySince = 2026

const announcedHolidays = (year: number): readonly Holiday[] | undefined => {
  const days = announced.get(year)
  if (days === undefined) return undefined
  const holidays = Object.entries(days).map(
    ([date, names]): Holiday => ({ date, name: names.join(', '), origin: 'ANNOUNCED' }),
  )
  const banksOnly = { date: `${year}-${labourDay}`, name: '근로자의 날', origin: 'BANKS_ONLY' } as const
  return year < labourDaySince ? [...holidays, banksOnly] : holidays
}

/**
 * When another day is given for a holiday: never; when it falls on a Sunday; when it falls on a Saturday or Sunday. The
 * last two also when it falls on another holiday (Regulations on Public Holidays of Government Offices, article 3).
 */
type Substitute = 'NEVER' | 'SUNDAY' | 'WEEKEND'

type Rule = { readonly date: string; readonly name: string; readonly substitute: Substitute }

/** Today's law, for years that nobody has announced. It holds for the years before the announced ones only roughly. */
export const computedHolidays = (year: number): readonly Holiday[] => {
  const names = new Map<string, string>()
  const rules = rulesOf(year)
  for (const { date, name } of rules) names.set(date, [names.get(date), name].filter(Boolean).join(', '))
  for (const date of [...names.keys()].sort()) {
    const lost = rules.findLast((rule) => rule.date === date && isLost(rule, rules))
    if (lost) names.set(nextWorkingDay(date, names), `대체공휴일(${lost.name})`)
  }
  return [...names].map(([date, name]) => ({ date, name, origin: 'COMPUTED' }))
}

const rulesOf = (year: number): readonly Rule[] => {
  const fixed = (monthDay: string, name: string, substitute: Substitute): Rule => ({
    date: `${year}-${monthDay}`,
    name,
    substitute,
  })
  return [
    fixed('01-01', '1월 1일', 'NEVER'),
    ...feast(year, 1, 1, '설날'),
    fixed('03-01', '3ㆍ1절', 'WEEKEND'),
    fixed(labourDay, '노동절', 'WEEKEND'),
    fixed('05-05', '어린이날', 'WEEKEND'),
    { date: lunar(year, 4, 8).toString(), name: '부처님 오신 날', substitute: 'WEEKEND' },
    fixed('06-06', '현충일', 'NEVER'),
    fixed('07-17', '제헌절', 'WEEKEND'),
    fixed('08-15', '광복절', 'WEEKEND'),
    ...feast(year, 8, 15, '추석'),
    fixed('10-03', '개천절', 'WEEKEND'),
    fixed('10-09', '한글날', 'WEEKEND'),
    fixed('12-25', '기독탄신일', 'WEEKEND'),
  ]
}

/** Lunar New Year and Chuseok last three days. */
const feast = (year: number, month: number, day: number, name: string): readonly Rule[] => {
  const middle = lunar(year, month, day)
  return [
    { date: middle.subtract({ days: 1 }).toString(), name: `${name} 전날`, substitute: 'SUNDAY' },
    { date: middle.toString(), name, substitute: 'SUNDAY' },
    { date: middle.add({ days: 1 }).toString(), name: `${name} 다음 날`, substitute: 'SUNDAY' },
  ]
}

/**
 * A date of the Korean lunar calendar. ICU computes it; for 2000 to 2050 it agrees with the tables of the Korea Astronomy
 * and Space Science Institute on every date that is used here.
 */
const lunar = (year: number, month: number, day: number): Temporal.PlainDate => {
  const monthCode = `M${String(month).padStart(2, '0')}`
  return Temporal.PlainDate.from({ year, monthCode, day, calendar: 'dangi' }).withCalendar('iso8601')
}

const saturday = 6
const sunday = 7

const isLost = ({ date, substitute }: Rule, rules: readonly Rule[]): boolean => {
  const weekday = Temporal.PlainDate.from(date).dayOfWeek
  if (substitute === 'NEVER') return false
  if (weekday === sunday || (weekday === saturday && substitute === 'WEEKEND')) return true
  return rules.filter((rule) => rule.date === date).length > 1
}

const nextWorkingDay = (date: string, holidays: ReadonlyMap<string, string>): string => {
  let next = Temporal.PlainDate.from(date)
  do next = next.add({ days: 1 })
  while (next.dayOfWeek >= saturday || holidays.has(next.toString()))
  return next.toString()
}
