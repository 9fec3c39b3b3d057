import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, hour, minute } from '../kernel/clock.ts'
import { nextDueAt } from '../payments/state/due.ts'
import { mayActWithin, pending, Story, start, unknown } from '../payments/testing/story.ts'
import { askAgain, awaitNotification, doubt, intent, provesNotExecuted, waitAtAge } from './inquiry.ts'

test('an answer that got lost is asked for at once, after 2, 5, 15 and 60 s, every 5 min for an hour', () => {
  let inquiry = doubt(intent(start), start)
  let now = inquiry.nextAt
  const waits = [inquiry.nextAt - start]
  for (let asked = 0; asked < 16; asked++) {
    inquiry = askAgain(inquiry, now)
    waits.push((inquiry.nextAt - now) / 1_000)
    now = inquiry.nextAt
  }
  assert.deepEqual(waits, [0, 2, 5, 15, 60, ...Array.from({ length: 12 }, () => 300)])
  assert.ok(inquiry.inDoubt)
  assert.equal(inquiry.since, start)
})

test('then after a twelfth of the time it has lasted, daily until 100 days are over, and ever less often, but for ever', () => {
  const waits = [hour, 3 * hour, day, 12 * day, 100 * day, 200 * day].map(waitAtAge)
  assert.deepEqual(waits, [5 * minute, 15 * minute, 2 * hour, day, day, 2 * day])
  let [age, asked] = [0, 0]
  for (; age < 7_000 * 365 * day; asked++) age += waitAtAge(age)
  assert(asked < 1_300, `asked ${asked} times in 7,000 years`)
})

test('an intent is committed with an inquiry, for the case that we crash', () => {
  const story = new Story()
  story.begin()
  assert.equal(nextDueAt(story.payment), start + 15_000)
  assert.equal(story.payment.attempts[0]?.inquiry?.inDoubt, false)
})

test('what the PG accepted is asked about in case its notification is lost', () => {
  assert.deepEqual(awaitNotification(start), { since: start, count: 0, nextAt: start + 10 * minute, inDoubt: false })
  const story = new Story()
  story.answer(story.begin(), pending)
  assert.equal(nextDueAt(story.payment), start + 10 * minute)
  const asked = askAgain(awaitNotification(start), start + 10 * minute)
  assert.equal(asked.nextAt, start + 15 * minute)
  assert.equal(askAgain(asked, asked.nextAt).nextAt, start + 20 * minute)
})

test('a call that is in doubt again is not asked about without pause', () => {
  const first = doubt(undefined, start)
  assert.deepEqual(first, { since: start, count: 0, nextAt: start, inDoubt: true })
  assert.equal(doubt(first, start).nextAt, start + 2_000)
})

test('a call that is lost after it was asked about is asked about no later for that', () => {
  const asked = askAgain(intent(start), start + 15_000)
  assert.equal(doubt(asked, start + 16_000).nextAt, asked.nextAt)
  // Nor is the one after it: a lost answer is no question that was asked.
  assert.deepEqual(askAgain(doubt(asked, start + 16_000), asked.nextAt), askAgain(asked, asked.nextAt))
})

test('the end of the time in which the PG may execute a call counts from the call', () => {
  const inquiry = askAgain(askAgain(intent(start), start + hour), start + hour)
  assert.equal(provesNotExecuted(inquiry, mayActWithin, start + mayActWithin - 1), false)
  assert.equal(provesNotExecuted(inquiry, mayActWithin, start + mayActWithin), true)
})

test('a denial is believed by whoever has asked before, however late the first question was', () => {
  const first = intent(start)
  const second = askAgain(first, start + hour)
  const third = askAgain(second, second.nextAt)
  const believed = [first, second, third].map((inquiry) => provesNotExecuted(inquiry, mayActWithin, start + 2 * hour))
  assert.deepEqual(believed, [false, false, true])
})

test('the earliest of all that is open is due; at rest nothing is', () => {
  const story = new Story()
  assert.equal(nextDueAt(story.payment), undefined)
  story.pay()
  assert.equal(nextDueAt(story.payment), undefined)
  const { id } = story.beginCancel({ amount: 1 })
  story.answerCancel(id, pending)
  story.pass(minute)
  const other = story.beginCancel({ amount: 2 })
  assert.equal(nextDueAt(story.payment), story.now + 15_000)
  story.answerCancel(other.id, unknown)
  assert.equal(nextDueAt(story.payment), story.now)
})
