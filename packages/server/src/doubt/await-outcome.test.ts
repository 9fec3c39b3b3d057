import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute, realTime } from '../kernel/clock.ts'
import { asWork } from '../kernel/work.ts'
import { awaitOutcome, OutcomeSignals } from './await-outcome.ts'

/** What is never decided, and how often it was looked at. */
const undecided = (inquireDue: () => Promise<void> = async () => {}) => {
  const looks = { count: 0 }
  const load = async () => {
    looks.count += 1
    return { state: 'UNKNOWN' }
  }
  return { looks, work: { inquireDue, load, isDecided: () => false } }
}

/** A request that has been under way for so long that 50 s are over in a moment. */
const begunLongAgo = () => ({ began: realTime() - (50 * 1_000 - 100) })

test('a request is answered 50 s after it began, whatever it waited for first', async () => {
  const { looks, work } = undecided()
  await using _ = keepAlive()
  await asWork(() => awaitOutcome(new OutcomeSignals(), 'payment', work), begunLongAgo())
  assert(looks.count <= 3, `looked ${looks.count} times`)
})

test('also while the PG takes its time to answer an inquiry', async () => {
  const { looks, work } = undecided(() => new Promise(() => {}))
  await using _ = keepAlive()
  await asWork(() => awaitOutcome(new OutcomeSignals(), 'payment', work), begunLongAgo())
  assert.equal(looks.count, 1)
})

test('whoever waits is answered once the server has no more time for it, and whoever comes then does not wait', async () => {
  await using _ = keepAlive()
  const ending = new AbortController()
  const asked = Promise.withResolvers<void>()
  const { looks, work } = undecided(() => {
    asked.resolve()
    return new Promise(() => {})
  })
  const wait = () => asWork(() => awaitOutcome(new OutcomeSignals(), 'payment', work), { answerNow: ending.signal })
  const waiting = wait()
  await asked.promise
  ending.abort()
  await waiting
  await wait()
  assert.equal(looks.count, 2)
})

test('work of its own begins when it does', async () => {
  await using _ = keepAlive()
  const signals = new OutcomeSignals()
  let isDecided = false
  const work = { inquireDue: async () => {}, load: async () => ({ state: isDecided }), isDecided: (is: boolean) => is }
  const waiting = asWork(() => awaitOutcome(signals, 'payment', work))
  queueMicrotask(() => {
    isDecided = true
    signals.changed('payment')
  })
  assert.deepEqual(await waiting, { state: true })
})

/** Waiting by itself keeps no process alive, as a server does. */
const keepAlive = () => {
  const timer = setInterval(() => {}, minute)
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) }
}
