import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { bankCalendar, moveToBusinessDay } from './bank-calendar.ts'
import type { CycleMethod, DatePolicy, DayOfWeek, SettlementCycle } from './settlement-cycle.ts'
import { settlementDate } from './settlement-date.ts'

const daily: CycleMethod = { type: 'DAILY' }
const weekly = (...daysOfWeek: DayOfWeek[]): CycleMethod => ({ type: 'WEEKLY', daysOfWeek })
const monthly = (...daysOfMonth: number[]): CycleMethod => ({ type: 'MONTHLY', daysOfMonth })
const yearly = (...dates: [month: number, day: number][]): CycleMethod => ({
  type: 'MANUAL_DATES',
  dates: dates.map(([month, day]) => ({ month, day })),
})

const dateOf = (
  start: string,
  lagDays: number,
  datePolicy: DatePolicy,
  method: CycleMethod,
  { adjusts = true, calendar = bankCalendar() } = {},
): string =>
  settlementDate({ lagDays, datePolicy, method }, Temporal.PlainDate.from(start), calendar, {
    adjustsAfterHolidayIfEarlier: adjusts,
  }).toString()

describe('worked examples', () => {
  test('a. the last day of the month, which is a Thursday', () =>
    assert.equal(dateOf('2023-08-11', 2, 'HOLIDAY_BEFORE', monthly(31)), '2023-08-31'))

  test('b. the last day of the month, which is a Saturday in Chuseok', () =>
    assert.equal(dateOf('2023-09-01', 2, 'HOLIDAY_BEFORE', monthly(31)), '2023-09-27'))

  test('c. every Friday', () => assert.equal(dateOf('2023-08-11', 2, 'CALENDAR_DAY', weekly('FRI')), '2023-08-18'))

  test('d. the 15th and the last, in time for the 15th', () => {
    assert.equal(dateOf('2025-07-10', 3, 'HOLIDAY_BEFORE', monthly(15, 31)), '2025-07-15')
    assert.equal(dateOf('2025-08-10', 3, 'HOLIDAY_BEFORE', monthly(15, 31)), '2025-08-14')
  })

  test('e. the 15th and the last, too late for the 15th', () => {
    assert.equal(dateOf('2025-07-13', 3, 'HOLIDAY_BEFORE', monthly(15, 31)), '2025-07-31')
    const closed = bankCalendar([{ date: '2025-07-31', isClosed: true }])
    assert.equal(dateOf('2025-07-13', 3, 'HOLIDAY_BEFORE', monthly(15, 31), { calendar: closed }), '2025-07-30')
  })

  test('f. the 10th of the next month, one day too late for the first', () =>
    assert.equal(dateOf('2025-06-01', 10, 'CALENDAR_DAY', monthly(10)), '2025-07-10'))

  test('g. the day on which the lag ends counts', () =>
    assert.equal(dateOf('2025-06-30', 10, 'CALENDAR_DAY', monthly(10)), '2025-07-10'))

  test('h. a Sunday under each policy', () => {
    assert.equal(dateOf('2025-07-01', 10, 'CALENDAR_DAY', monthly(10)), '2025-08-10')
    assert.equal(dateOf('2025-07-01', 10, 'HOLIDAY_BEFORE', monthly(10)), '2025-08-08')
    assert.equal(dateOf('2025-07-01', 10, 'HOLIDAY_AFTER', monthly(10)), '2025-08-11')
  })

  test('i. a whole week from Monday to Sunday is settled on one Thursday', () => {
    for (const day of [18, 19, 20, 21, 22, 23, 24])
      assert.equal(dateOf(`2025-08-${day}`, 4, 'CALENDAR_DAY', weekly('THU')), '2025-08-28')
  })

  test('j. the Monday after it on the next Thursday', () =>
    assert.equal(dateOf('2025-08-25', 4, 'CALENDAR_DAY', weekly('THU')), '2025-09-04'))

  test('k. a week of holidays is stepped over', () =>
    assert.equal(dateOf('2025-10-02', 1, 'HOLIDAY_AFTER', daily), '2025-10-10'))

  test('l. moving back to the start moves forward instead, unless the setting is off', () => {
    assert.equal(dateOf('2025-10-02', 1, 'HOLIDAY_BEFORE', daily), '2025-10-10')
    assert.equal(dateOf('2025-10-02', 1, 'HOLIDAY_BEFORE', daily, { adjusts: false }), '2025-10-02')
  })

  test('m. moving back into the lag is fine', () =>
    assert.equal(dateOf('2025-10-01', 2, 'HOLIDAY_BEFORE', daily), '2025-10-02'))

  test('n. a Monday in Chuseok', () => {
    assert.equal(dateOf('2025-09-30', 3, 'HOLIDAY_BEFORE', weekly('MON')), '2025-10-02')
    assert.equal(dateOf('2025-09-30', 3, 'HOLIDAY_AFTER', weekly('MON')), '2025-10-10')
  })

  test('o. the last of February before a substitute holiday', () => {
    assert.equal(dateOf('2026-02-10', 2, 'HOLIDAY_BEFORE', monthly(31)), '2026-02-27')
    assert.equal(dateOf('2026-02-10', 2, 'HOLIDAY_AFTER', monthly(31)), '2026-03-03')
  })

  test('p. four dates a year, and over the end of one', () => {
    const quarters = yearly([3, 31], [6, 30], [9, 30], [12, 31])
    assert.equal(dateOf('2025-12-26', 5, 'HOLIDAY_BEFORE', quarters), '2025-12-31')
    assert.equal(dateOf('2025-12-28', 5, 'HOLIDAY_BEFORE', quarters), '2026-03-31')
  })

  test('q. Constitution Day is a holiday again from 2026', () =>
    assert.equal(dateOf('2026-07-15', 2, 'HOLIDAY_AFTER', daily), '2026-07-20'))

  test('r. the last of September, reached from inside Chuseok', () =>
    assert.equal(dateOf('2023-09-28', 2, 'HOLIDAY_BEFORE', monthly(31)), '2023-10-04'))
})

test('a Friday, a weekend and a Monday: closed days move to the Friday before or the Monday after', () => {
  const move = (day: number, direction: 'BEFORE' | 'AFTER') =>
    moveToBusinessDay(bankCalendar(), Temporal.PlainDate.from({ year: 2026, month: 7, day }), direction).day
  assert.deepEqual(
    [10, 11, 12, 13].map((day) => move(day, 'BEFORE')),
    [10, 10, 10, 13],
  )
  assert.deepEqual(
    [10, 11, 12, 13].map((day) => move(day, 'AFTER')),
    [10, 13, 13, 13],
  )
})

describe('days that a month lacks', () => {
  test('the 29th, 30th and 31st are the last of February', () => {
    for (const day of [29, 30, 31]) assert.equal(dateOf('2027-02-01', 1, 'CALENDAR_DAY', monthly(day)), '2027-02-28')
  })

  test('29 February as a manual date is the 28th in common years', () => {
    assert.equal(dateOf('2027-01-01', 1, 'CALENDAR_DAY', yearly([2, 29])), '2027-02-28')
    assert.equal(dateOf('2028-01-01', 1, 'CALENDAR_DAY', yearly([2, 29])), '2028-02-29')
    assert.equal(dateOf('2027-02-28', 1, 'CALENDAR_DAY', yearly([2, 29])), '2028-02-29')
  })
})

describe('the days of an operator', () => {
  test('a day that they close is stepped over, and one that they open is not', () => {
    const calendar = bankCalendar([
      { date: '2025-07-15', isClosed: true },
      { date: '2025-10-09', isClosed: false },
      { date: '2025-08-10', isClosed: false },
    ])
    assert.equal(dateOf('2025-07-10', 3, 'HOLIDAY_BEFORE', monthly(15, 31), { calendar }), '2025-07-14')
    assert.equal(dateOf('2025-10-02', 1, 'HOLIDAY_AFTER', daily, { calendar }), '2025-10-09')
    assert.equal(dateOf('2025-07-01', 10, 'HOLIDAY_BEFORE', monthly(10), { calendar }), '2025-08-10')
  })
})

describe('twenty years', () => {
  const from = Temporal.PlainDate.from('2018-01-01')
  const anyStart = fc.integer({ min: 0, max: 20 * 365 }).map((days) => from.add({ days }))
  const anyMethod: fc.Arbitrary<CycleMethod> = fc.oneof(
    fc.constant(daily),
    fc
      .subarray<DayOfWeek>(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'], { minLength: 1 })
      .map((d) => weekly(...d)),
    fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1 }).map((days) => monthly(...days)),
    fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 29 })), {
        minLength: 1,
        maxLength: 8,
        selector: ([month, day]) => month * 100 + day,
      })
      .map((dates) => yearly(...dates)),
  )
  const anyCycle = (...policies: DatePolicy[]): fc.Arbitrary<SettlementCycle> =>
    fc.record({ lagDays: fc.integer({ min: 1, max: 10 }), datePolicy: fc.constantFrom(...policies), method: anyMethod })
  const every = anyCycle('HOLIDAY_BEFORE', 'HOLIDAY_AFTER', 'CALENDAR_DAY')
  const calendar = bankCalendar()
  const { compare } = Temporal.PlainDate
  const find = (cycle: SettlementCycle, start: Temporal.PlainDate, adjusts = true) =>
    settlementDate(cycle, start, calendar, { adjustsAfterHolidayIfEarlier: adjusts })

  /** The rules word by word: walk from day to day until one is allowed. */
  const allows = (method: CycleMethod, date: Temporal.PlainDate): boolean => {
    const isLast = date.day === date.daysInMonth
    switch (method.type) {
      case 'DAILY':
        return true
      case 'WEEKLY':
        return method.daysOfWeek.some((name) => name === date.toLocaleString('en', { weekday: 'short' }).toUpperCase())
      case 'MONTHLY':
        return method.daysOfMonth.some((day) => day === date.day || (isLast && day > date.day))
      case 'MANUAL_DATES':
        return method.dates.some(
          ({ month, day }) => month === date.month && (day === date.day || (isLast && day > date.day)),
        )
    }
  }
  const walk = (date: Temporal.PlainDate, days: 1 | -1, until: (date: Temporal.PlainDate) => boolean) => {
    let reached = date
    while (!until(reached)) reached = reached.add({ days })
    return reached
  }

  test('the date is the one that a walk from day to day finds', () => {
    fc.assert(
      fc.property(every, anyStart, fc.boolean(), (cycle, start, adjusts) => {
        const chosen = walk(start.add({ days: cycle.lagDays }), 1, (date) => allows(cycle.method, date))
        const [before, after] = [walk(chosen, -1, calendar.isBusinessDay), walk(chosen, 1, calendar.isBusinessDay)]
        const isTooEarly = adjusts && compare(before, start) <= 0
        const expected = {
          CALENDAR_DAY: chosen,
          HOLIDAY_AFTER: after,
          HOLIDAY_BEFORE: isTooEarly ? after : before,
        }[cycle.datePolicy]
        assert.equal(find(cycle, start, adjusts).toString(), expected.toString())
      }),
      { numRuns: 2_000 },
    )
  })

  test('the date is after the start, unless holidays are preceded and the setting is off', () => {
    fc.assert(fc.property(every, anyStart, (cycle, start) => assert.ok(compare(find(cycle, start), start) > 0)))
    fc.assert(
      fc.property(anyCycle('HOLIDAY_AFTER', 'CALENDAR_DAY'), anyStart, fc.boolean(), (cycle, start, adjusts) =>
        assert.ok(compare(find(cycle, start, adjusts), start.add({ days: cycle.lagDays })) >= 0),
      ),
    )
  })

  test('what starts later is never settled earlier', () => {
    fc.assert(
      fc.property(every, anyStart, fc.integer({ min: 0, max: 40 }), fc.boolean(), (cycle, start, days, adjusts) =>
        assert.ok(compare(find(cycle, start, adjusts), find(cycle, start.add({ days }), adjusts)) <= 0),
      ),
    )
  })

  test('banks are open on the date, unless it is a calendar day', () => {
    fc.assert(
      fc.property(anyCycle('HOLIDAY_BEFORE', 'HOLIDAY_AFTER'), anyStart, fc.boolean(), (cycle, start, adjusts) =>
        assert.ok(calendar.isBusinessDay(find(cycle, start, adjusts))),
      ),
    )
  })
})
