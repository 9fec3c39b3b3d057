import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour } from '../kernel/clock.ts'
import { type BatchLimits, batched } from './batch.ts'

/** Statements that are under way until the test ends them. Each answers a call with the same number. */
const statements = (limits: BatchLimits) => {
  const begun: { readonly calls: readonly number[]; readonly end: () => void }[] = []
  const call = batched<number, number>(
    (calls) => new Promise((resolve) => begun.push({ calls, end: () => resolve(calls) })),
    limits,
  )
  const sizes = () => begun.map(({ calls }) => calls.length)
  return { begun, sizes, call: (count: number) => Array.from({ length: count }, (_, index) => call(index)) }
}

/** What was asked for in this turn has begun. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('calls of one moment share a statement, and get their own results', async () => {
  const { begun, sizes, call } = statements({ size: 64, parallel: 3 })
  const calls = call(5)
  await turn()
  assert.deepEqual(sizes(), [5])
  begun[0]?.end()
  assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3, 4])
})

test('calls that come one by one out of the sockets that were read together share a statement', async () => {
  const { sizes, call } = statements({ size: 64, parallel: 3 })
  for (let read = 0; read < 5; read++) {
    call(1)
    // As long as what one socket brought goes on.
    for (let step = 0; step < 50; step++) await undefined
  }
  await turn()
  assert.deepEqual(sizes(), [5])
})

test('few calls wait for the statement that is under way, and share the next one', async () => {
  const { begun, sizes, call } = statements({ size: 64, parallel: 3, patience: hour })
  const [first] = call(1)
  await turn()
  call(7)
  await turn()
  call(8)
  await turn()
  assert.deepEqual(sizes(), [1])
  begun[0]?.end()
  await first
  await turn()
  assert.deepEqual(sizes(), [1, 15])
})

test('thirty-two calls are worth a statement beside those under way, of which there are no more than allowed', async () => {
  const { begun, sizes, call } = statements({ size: 64, parallel: 2, patience: hour })
  call(1)
  await turn()
  call(32)
  await turn()
  assert.deepEqual(sizes(), [1, 32])
  call(100)
  await turn()
  assert.deepEqual(sizes(), [1, 32])
  begun[0]?.end()
  begun[1]?.end()
  await turn()
  assert.deepEqual(sizes(), [1, 32, 64, 36])
})

test('a statement that waits for a lock does not keep the others waiting', async () => {
  const { begun, call } = statements({ size: 64, parallel: 3, patience: 1 })
  call(1)
  await turn()
  const others = call(2)
  while (begun.length < 2) await turn()
  begun[1]?.end()
  assert.deepEqual(await Promise.all(others), [0, 1])
})

test('a statement of few calls is worth another when it is full', async () => {
  const { sizes, call } = statements({ size: 4, parallel: 3, patience: hour })
  call(1)
  await turn()
  call(8)
  await turn()
  assert.deepEqual(sizes(), [1, 4, 4])
})

test('a statement that took too long fails all its calls: run alone, each could take as long again', async () => {
  const tooLong = Object.assign(new Error('canceling statement due to statement timeout'), {
    severity: 'ERROR',
    code: '57014',
  })
  const run: number[] = []
  const call = batched<string, string>(
    async (calls) => {
      run.push(calls.length)
      throw tooLong
    },
    { size: 64, parallel: 3 },
  )
  const results = await Promise.allSettled(['one', 'locked', 'other'].map(call))
  assert.deepEqual([run, results.map(({ status }) => status)], [[3], ['rejected', 'rejected', 'rejected']])
})
