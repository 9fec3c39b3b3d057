import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyedQueue } from './keyed-queue.ts'

test('tasks of one key run one after another, in the order they came', async () => {
  const queue = new KeyedQueue()
  const gate = Promise.withResolvers<void>()
  const log: string[] = []
  const task = (name: string, until?: Promise<void>) => async () => {
    log.push(`${name} begins`)
    await until
    log.push(`${name} ends`)
    return name
  }
  const results = Promise.all([
    queue.run('a', task('1', gate.promise)),
    queue.run('a', task('2')),
    queue.run('a', task('3')),
  ])
  assert.deepEqual(log, ['1 begins'])
  gate.resolve()
  assert.deepEqual(await results, ['1', '2', '3'])
  assert.deepEqual(log, ['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
})

test('tasks of different keys run at once', async () => {
  const queue = new KeyedQueue()
  const gate = Promise.withResolvers<string>()
  const waiting = queue.run('a', () => gate.promise)
  assert.equal(await queue.run('b', async () => 'b'), 'b')
  gate.resolve('a')
  assert.equal(await waiting, 'a')
})

test('a task that fails fails for its caller alone; the next one runs', async () => {
  const queue = new KeyedQueue()
  const failing = queue.run('a', async () => {
    throw new Error('no')
  })
  const next = queue.run('a', async () => 'next')
  await assert.rejects(failing, /no/)
  assert.equal(await next, 'next')
})

test('nothing is kept of keys that are done', async () => {
  const queue = new KeyedQueue()
  await Promise.allSettled([
    queue.run('a', async () => 1),
    queue.run('a', async () => 2),
    queue.run('b', async () => {
      throw new Error('no')
    }),
  ])
  await Promise.resolve()
  assert.equal(queue.size, 0)
})
