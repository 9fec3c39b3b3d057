import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Turn, Turns } from './turns.ts'

const limits = { each: 2, all: 3, waiting: 4 }

/** Asks for turns, and notes which begin. */
const book = (turns: Turns) => {
  const begun: string[] = []
  const take = (tenant: string, name: string): Turn => {
    const turn = turns.take(tenant)
    void turn.begun.then(() => begun.push(name))
    return turn
  }
  /** Promises that are settled have told so. */
  const told = async () => {
    await new Promise(setImmediate)
    return begun
  }
  return { take, told }
}

test('a tenant has so many at a time, and another one begins at once beside them', async () => {
  const { take, told } = book(new Turns(limits))
  const first = take('a', 'a1')
  for (const name of ['a2', 'a3', 'a4']) take('a', name)
  take('b', 'b1')
  assert.deepEqual(await told(), ['a1', 'a2', 'b1'])
  first.end()
  first.end()
  assert.deepEqual(await told(), ['a1', 'a2', 'b1', 'a3'])
})

test('where all places are taken, tenants are served in turn, not by who asked most', async () => {
  const { take, told } = book(new Turns({ each: 3, all: 1, waiting: 9 }))
  const turns = new Map(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => [name, take(name.slice(0, 1), name)]))
  for (let served = 1; served <= turns.size; served++) {
    const begun = await told()
    assert.equal(begun.length, served)
    turns.get(begun.at(-1) ?? '')?.end()
  }
  assert.deepEqual(await told(), ['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
})

test('who gives up waiting is passed over, and it is told when as many wait as may', async () => {
  const turns = new Turns(limits)
  const { take, told } = book(turns)
  const running = [take('a', 'a1'), take('a', 'a2')]
  const waiting = ['a3', 'a4', 'a5', 'a6'].map((name) => take('a', name))
  assert.deepEqual([turns.isFull('a'), turns.isFull('b')], [true, false])
  waiting[0]?.end()
  assert.equal(turns.isFull('a'), false)
  for (const turn of running) turn.end()
  assert.deepEqual(await told(), ['a1', 'a2', 'a4', 'a5'])
  for (const turn of waiting) turn.end()
  assert.equal(turns.size, 0)
})

test('work that fails ends its turn as well', async () => {
  const turns = new Turns({ each: 1, all: 1 })
  const failing = turns.run('a', () => Promise.reject(new Error('failed')))
  const next = turns.run('a', async () => 'done')
  await assert.rejects(failing, /failed/)
  assert.equal(await next, 'done')
  assert.equal(turns.size, 0)
})
