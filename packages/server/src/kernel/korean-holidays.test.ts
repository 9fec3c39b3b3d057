import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { computedHolidays, holidaysOf, isAnnounced } from './korean-holidays.ts'

const datesOf = (year: number) => [...holidaysOf(year).keys()].sort()

describe('announced years', () => {
  test('2025 has its ad hoc day, its election and its substitutes, and banks close on Labour Day', () => {
    const days = '01-01 01-27 01-28 01-29 01-30 03-01 03-03 05-01 05-05 05-06 06-03 06-06 08-15 10-03 10-05 10-06 10-07'
    assert.deepEqual(
      datesOf(2025),
      `${days} 10-08 10-09 12-25`.split(' ').map((day) => `2025-${day}`),
    )
    assert.equal(holidaysOf(2025).get('2025-05-01')?.origin, 'BANKS_ONLY')
    assert.equal(holidaysOf(2025).get('2025-05-05')?.name, '어린이날, 부처님 오신 날')
  })

  test('2026 has Constitution Day and Labour Day', () => {
    const days = '01-01 02-16 02-17 02-18 03-01 03-02 05-01 05-05 05-24 05-25 06-03 06-06 07-17 08-15 08-17'
    assert.deepEqual(
      datesOf(2026),
      `${days} 09-24 09-25 09-26 10-03 10-05 10-09 12-25`.split(' ').map((day) => `2026-${day}`),
    )
    assert.equal(holidaysOf(2026).get('2026-05-01')?.origin, 'ANNOUNCED')
  })

  test('2027 has its lunar days and their substitutes', () => {
    const days = '01-01 02-06 02-07 02-08 02-09 03-01 05-05 05-13 06-06 07-17 08-15 08-16 09-14 09-15 09-16 10-03 10-04'
    const certain = `${days} 10-09 10-11 12-25 12-27`.split(' ').map((day) => `2027-${day}`)
    // Whether days lost to Labour Day and Constitution Day get one in their place is not law yet.
    const uncertain = ['2027-05-01', '2027-05-03', '2027-07-19']
    assert.deepEqual(
      datesOf(2027).filter((date) => !uncertain.includes(date)),
      certain,
    )
  })
})

describe('years that nobody has announced', () => {
  test('what is computed for the announced years is what was announced, but for ad hoc days and elections', () => {
    for (const year of [2024, 2025, 2026, 2027]) {
      const foreseeable = [...holidaysOf(year).values()]
        .filter(({ name }) => !/임시공휴일|선거/.test(name))
        .map(({ date }) => date)
      const notYetLaw = year < 2026 ? [`${year}-07-17`] : []
      const computed = computedHolidays(year).map(({ date }) => date)
      assert.deepEqual(computed.filter((date) => !notYetLaw.includes(date)).sort(), foreseeable.sort())
    }
  })

  test('two holidays on one day get one day in their place', () => {
    // 3 October 2028 is both Chuseok and National Foundation Day.
    const autumn = datesOf(2028).filter((date) => date.startsWith('2028-10'))
    assert.deepEqual(autumn, ['2028-10-02', '2028-10-03', '2028-10-04', '2028-10-05', '2028-10-09'])
  })

  test('each lost day of a feast gets a day of its own, after the feast', () => {
    // Chuseok 2036 is a Saturday: the day before is also National Foundation Day, the day after a Sunday.
    const autumn = datesOf(2036).filter((date) => date < '2036-10-09' && date > '2036-10')
    assert.deepEqual(
      autumn,
      [3, 4, 5, 6, 7].map((day) => `2036-10-0${day}`),
    )
  })

  test('they are marked', () => {
    assert.equal(isAnnounced(2027), true)
    assert.equal(isAnnounced(2099), false)
    assert.deepEqual(new Set([...holidaysOf(2099).values()].map(({ origin }) => origin)), new Set(['COMPUTED']))
  })
})
