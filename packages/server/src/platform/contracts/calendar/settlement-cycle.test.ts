import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CycleMethod, cycleProblem } from './settlement-cycle.ts'

const problem = (method: CycleMethod, lagDays = 1) => cycleProblem({ lagDays, datePolicy: 'CALENDAR_DAY', method })

test('the lag is one to ten days', () => {
  for (const lagDays of [1, 10]) assert.equal(problem({ type: 'DAILY' }, lagDays), undefined)
  for (const lagDays of [0, 11, -1, 1.5]) assert.match(problem({ type: 'DAILY' }, lagDays) ?? '', /lagDays/)
})

test('a list of days has an entry and none twice', () => {
  assert.equal(problem({ type: 'WEEKLY', daysOfWeek: ['SUN', 'MON'] }), undefined)
  assert.match(problem({ type: 'WEEKLY', daysOfWeek: [] }) ?? '', /weekly\.daysOfWeek/)
  assert.match(problem({ type: 'WEEKLY', daysOfWeek: ['MON', 'MON'] }) ?? '', /only once/)
  assert.match(problem({ type: 'MONTHLY', daysOfMonth: [] }) ?? '', /monthly\.daysOfMonth/)
  assert.match(problem({ type: 'MONTHLY', daysOfMonth: [0] }) ?? '', /1 to 31/)
  assert.match(problem({ type: 'MONTHLY', daysOfMonth: [32] }) ?? '', /1 to 31/)
})

test('a manual date is a day that some year has, and there are eight at most', () => {
  const dates = (...days: [number, number][]) =>
    problem({ type: 'MANUAL_DATES', dates: days.map(([month, day]) => ({ month, day })) })
  assert.equal(dates([2, 29], [12, 31]), undefined)
  for (const impossible of [
    [2, 30],
    [4, 31],
    [13, 1],
    [0, 1],
    [1, 0],
    [1, 1.5],
  ] as [number, number][])
    assert.match(dates(impossible) ?? '', /no year has/)
  assert.match(dates(...Array.from({ length: 9 }, (_, index): [number, number] => [1, index + 1])) ?? '', /1 to 8/)
})
