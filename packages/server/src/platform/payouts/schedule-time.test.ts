import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduleProblem } from './schedule-time.ts'

const problemAt = (time: string) =>
  scheduleProblem(Date.parse(`2026-03-03T${time}+09:00`), Date.parse('2026-03-02T12:00:00+09:00'))

test('payouts are scheduled on a grid of ten minutes, while banks are open', () => {
  for (const time of ['01:00:00', '01:10:00', '12:00:00', '22:40:00']) assert.equal(problemAt(time), undefined, time)
  for (const time of ['12:05:00', '12:00:01', '12:00:00.001'])
    assert.match(problemAt(time) ?? '', /full ten minutes/, time)
  for (const time of ['22:50:00', '23:00:00', '00:00:00', '00:50:00'])
    assert.match(problemAt(time) ?? '', /22:50/, time)
})

test('payouts are scheduled in the future', () => {
  const noon = Date.parse('2026-03-03T12:00:00+09:00')
  for (const now of [noon, noon + 1]) assert.match(scheduleProblem(noon, now) ?? '', /in the future/)
  assert.equal(scheduleProblem(noon, noon - 1), undefined)
})
