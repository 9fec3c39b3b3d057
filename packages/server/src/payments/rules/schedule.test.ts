import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minute } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { paidAttempt } from '../state/payment.ts'
import { type ScheduleStatus, scheduleStatus, schedulesOf, unexecutedSchedule } from '../state/schedule.ts'
import {
  approval,
  attemptStart,
  declined,
  done,
  mayActWithin,
  orderOf,
  Story,
  start,
  unknown,
} from '../testing/story.ts'
import { requestApproval } from './approval.ts'
import { beginSchedule, createSchedule, failSchedule, revokeSchedule } from './schedule.ts'
import { isRepeated, settleApproval } from './settle-approval.ts'

const channel = attemptStart().channel

const planned = (id: string, timeToPay = start + minute) => ({
  id,
  billingKey: 'billing-key-1',
  issuedOn: channel,
  request: orderOf(),
  terms: {},
  timeToPay,
})

const create = (story: Story, id = 'schedule-1', timeToPay?: number) =>
  story.decide((payment, now) => createSchedule(payment, planned(id, timeToPay), now))

const run = (story: Story, id = 'schedule-1') => {
  const attempt = attemptStart({ transactionId: story.newId('transaction'), billingKey: 'billing-key-1' })
  const events = story.decide((payment, now) => beginSchedule(payment, id, attempt, now))
  return { events, transactionId: attempt.transactionId }
}

const revoke = (story: Story, id = 'schedule-1', key?: string) =>
  story.decide((payment) => revokeSchedule(payment, id, key))

const typeOf = (result: unknown) => (result instanceof Refusal ? result.body.type : undefined)

const statusOf = (story: Story, id = 'schedule-1'): ScheduleStatus | undefined => {
  const schedule = schedulesOf(story.payment).find((candidate) => candidate.id === id)
  return schedule && scheduleStatus(story.payment, schedule)
}

test('a schedule waits until its time, runs once, and ends as its attempt ends', () => {
  const story = new Story()
  create(story)
  assert.equal(statusOf(story), 'SCHEDULED')
  assert.deepEqual(run(story).events, [], 'before its time')
  story.pass(minute)
  const { transactionId } = run(story)
  assert.equal(statusOf(story), 'STARTED')
  assert.deepEqual(run(story).events, [], 'a second worker')
  story.answer(transactionId, done(approval()))
  assert.equal(statusOf(story), 'SUCCEEDED')
  assert.equal(paidAttempt(story.payment)?.scheduleId, 'schedule-1')
})

test('a run that fails is failed for good, and the order can be scheduled anew', () => {
  const story = new Story()
  create(story)
  story.pass(minute)
  const { transactionId } = run(story)
  story.answer(transactionId, declined)
  assert.equal(statusOf(story), 'FAILED')
  story.pass(minute)
  assert.deepEqual(run(story).events, [])
  assert.equal(typeOf(create(story, 'schedule-2', story.now + minute)), undefined)
})

test('a result that the PG gives later makes the schedule PENDING first', () => {
  const story = new Story()
  create(story)
  story.pass(minute)
  const { transactionId } = run(story)
  story.answer(transactionId, { kind: 'pending', pgTransactionId: 'pg-1' })
  assert.equal(statusOf(story), 'PENDING')
  story.answer(transactionId, done(approval()))
  assert.equal(statusOf(story), 'SUCCEEDED')
})

test('while a schedule waits or runs, the order can neither be paid otherwise nor scheduled again', () => {
  const story = new Story()
  create(story)
  const pay = () => story.decide((payment, now) => requestApproval(payment, attemptStart(), now))
  assert.equal(typeOf(pay()), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
  assert.equal(typeOf(create(story, 'schedule-2')), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
  story.pass(minute)
  run(story)
  assert.equal(typeOf(create(story, 'schedule-2', story.now + minute)), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
})

test('an order that is paid, or waits for its result, cannot be scheduled', () => {
  const paid = new Story()
  paid.pay()
  assert.equal(typeOf(create(paid)), 'ALREADY_PAID_OR_WAITING')
  const waiting = new Story()
  waiting.openAccount()
  assert.equal(typeOf(create(waiting)), 'ALREADY_PAID_OR_WAITING')
})

test('a time that has passed is refused', () => {
  const story = new Story()
  assert.equal(typeOf(create(story, 'schedule-1', start)), 'INVALID_REQUEST')
})

test('a revoked schedule never runs, and cannot be revoked again except by the same request', () => {
  const story = new Story()
  create(story)
  revoke(story, 'schedule-1', 'digest')
  story.pass(minute)
  assert.deepEqual(run(story).events, [])
  assert.equal(statusOf(story), 'REVOKED')
  assert.deepEqual(revoke(story, 'schedule-1', 'digest'), [])
  assert.equal(typeOf(revoke(story)), 'PAYMENT_SCHEDULE_ALREADY_REVOKED')
})

test('what was started cannot be revoked', () => {
  const story = new Story()
  create(story)
  story.pass(minute)
  run(story)
  assert.equal(typeOf(revoke(story)), 'PAYMENT_SCHEDULE_ALREADY_PROCESSED')
})

test('a schedule that reaches no PG fails with a transaction that says why', () => {
  const story = new Story()
  create(story)
  story.pass(minute)
  const attempt = attemptStart({ transactionId: story.newId('transaction') })
  const failure = { reason: 'the key was deleted' }
  story.decide((payment, now) => failSchedule(payment, 'schedule-1', attempt, failure, now))
  assert.equal(statusOf(story), 'FAILED')
  assert.equal(story.announcements.at(-1)?.type, 'Transaction.Failed')
})

test('whatever happens in whatever order, one charge at most, and what was revoked never starts', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('create' as const), after: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ kind: fc.constantFrom('run' as const, 'revoke' as const), which: fc.nat(4) }),
    fc.record({ kind: fc.constant('answer' as const), approved: fc.boolean() }),
    fc.record({ kind: fc.constant('pay' as const) }),
    fc.record({ kind: fc.constant('pass' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = new Story()
      for (const chosen of steps) take(story, chosen)
      const { attempts } = story.payment
      assert.ok(attempts.filter(({ phase }) => phase === 'PAID').length <= 1)
      const schedules = schedulesOf(story.payment)
      for (const { id, revokedAt, transactionId } of schedules) {
        assert.ok(revokedAt === undefined || transactionId === undefined, `${id} was revoked and ran`)
        assert.ok(attempts.filter(({ scheduleId }) => scheduleId === id).length <= 1, `${id} ran twice`)
      }
      const open = schedules.filter((schedule) =>
        ['SCHEDULED', 'STARTED', 'PENDING'].includes(scheduleStatus(story.payment, schedule)),
      )
      assert.ok(open.length <= 1)
      assert.equal(unexecutedSchedule(story.payment)?.id, open[0]?.id)
    }),
  )
})

type Step =
  | { kind: 'create'; after: number }
  | { kind: 'run' | 'revoke'; which: number }
  | { kind: 'answer'; approved: boolean }
  | { kind: 'pay' | 'pass' }

const take = (story: Story, step: Step): void => {
  const ids = schedulesOf(story.payment).map(({ id }) => id)
  switch (step.kind) {
    case 'create':
      create(story, story.newId('schedule'), story.now + step.after * minute)
      return
    case 'run':
    case 'revoke': {
      const id = ids[step.which % Math.max(1, ids.length)]
      if (id !== undefined) (step.kind === 'run' ? run : revoke)(story, id)
      return
    }
    case 'answer': {
      const attempt = story.payment.attempts.at(-1)
      if (!attempt) return
      const outcome = step.approved ? done(approval({ amount: attempt.request.amount.total })) : declined
      story.decide((payment, now) => settleApproval(payment, attempt.transactionId, outcome, now))
      return
    }
    case 'pay':
      story.decide((payment, now) =>
        requestApproval(payment, attemptStart({ transactionId: story.newId('transaction') }), now),
      )
      return
    case 'pass':
      story.pass(minute)
      return
  }
}

test('a charge that the PG never got is made once more, and then fails for good; one that nobody scheduled fails at once', () => {
  const lost = (scheduleId?: string) => {
    const story = new Story()
    const transactionId = story.begin(scheduleId === undefined ? {} : { scheduleId, billingKey: 'billing-key-1' })
    const ask = () => {
      story.learn(transactionId, { state: 'NONE' })
      story.learn(transactionId, { state: 'NONE' })
      story.pass(mayActWithin)
      return story.learn(transactionId, { state: 'NONE' })
    }
    return { story, transactionId, ask }
  }
  const { story, transactionId, ask } = lost('schedule-1')
  assert(isRepeated(ask()))
  assert.equal(story.attempt(transactionId).phase, 'APPROVING')
  story.answer(transactionId, unknown)
  assert(!isRepeated(ask()))
  assert.equal(story.attempt(transactionId).phase, 'FAILED')
  const instant = lost()
  instant.ask()
  assert.equal(instant.story.attempt(instant.transactionId).phase, 'FAILED')
})
