import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import type { DueItem, DueSource } from './due.ts'
import { DueLoop } from './loop.ts'

const log = pino({ level: 'silent' })

/** Store `s` has work of the kind, at every look. */
const ofStore = async () => [{ storeId: 's', kind: 'test', settles: false }]

/** A source of `count` rows, at most `atOnce` handed out at a time, that calls `ran` for each. */
const source = (count: number, atOnce: number, ran: (id: string) => void | Promise<void>): DueSource => {
  const waiting: DueItem[] = Array.from({ length: count }, (_, index) => ({
    storeId: 's',
    id: String(index),
    dueAt: 0,
  }))
  let underWay = 0
  return {
    name: 'test',
    kind: 'test',
    concurrency: 200,
    claim: async () => {
      const claimed = waiting.splice(0, Math.max(0, atOnce - underWay))
      underWay += claimed.length
      return claimed
    },
    settle: async () => {},
    take: async () => [],
    giveBack: async () => {},
    endLeases: async () => {},
    run: async (item) => {
      await ran(item.id)
      underWay--
      return true
    },
  }
}

test('a backlog that is handed out piece by piece drains without waiting for the next poll', async () => {
  const done = Promise.withResolvers<void>()
  let count = 0
  const loop = new DueLoop(ofStore, [source(2_000, 8, () => (++count === 2_000 ? done.resolve() : undefined))], log)
  const started = performance.now()
  loop.start()
  await done.promise
  await loop.stop()
  // 250 pieces; one a poll would take 250 seconds.
  assert.ok(performance.now() - started < 125_000)
})

test('stopping waits for what is under way and claims nothing more', async () => {
  const begun = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const finished: string[] = []
  const loop = new DueLoop(
    ofStore,
    [
      source(2, 1, async (id) => {
        begun.resolve()
        await release.promise
        finished.push(id)
      }),
    ],
    log,
  )
  loop.start()
  await begun.promise
  const stopped = loop.stop()
  release.resolve()
  await stopped
  assert.deepEqual(finished, ['0'])
})

test('a row that fails does not stop the others', async () => {
  const done = Promise.withResolvers<void>()
  const ran: string[] = []
  const loop = new DueLoop(
    ofStore,
    [
      source(3, 3, (id) => {
        ran.push(id)
        if (ran.length === 3) done.resolve()
        if (id === '0') throw new Error('on purpose')
      }),
    ],
    log,
  )
  loop.start()
  await done.promise
  await loop.stop()
  assert.deepEqual(ran.sort(), ['0', '1', '2'])
})

test('a store is idle once its rows under way are done', async () => {
  const begun = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  let isDone = false
  const loop = new DueLoop(
    ofStore,
    [
      source(1, 1, async () => {
        begun.resolve()
        await release.promise
        isDone = true
      }),
    ],
    log,
  )
  loop.start()
  await begun.promise
  const idle = loop.idle('s')
  await loop.idle('another store')
  assert.equal(isDone, false)
  release.resolve()
  await idle
  assert.equal(isDone, true)
  await loop.stop()
})

test('a store is idle only once claims on their way have come back: they may have taken rows of it', async () => {
  const claiming = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  const ran: string[] = []
  let isAsked = false
  const late: DueSource = {
    ...source(1, 1, (id) => void ran.push(id)),
    claim: async () => {
      if (isAsked) return []
      isAsked = true
      claiming.resolve()
      await answered.promise
      return [{ storeId: 's', id: 'late', dueAt: 0 }]
    },
  }
  const loop = new DueLoop(ofStore, [late], log)
  loop.start()
  await claiming.promise
  const idle = loop.idle('s').then(() => [...ran])
  answered.resolve()
  assert.deepEqual(await idle, ['late'])
  await loop.stop()
})

test('a store that may not be run is left alone, another is run, and it too as soon as it may', async () => {
  const [still, real] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let isAllowed = false
  const waiting = new Set(['real', 'still'])
  const ran: string[] = []
  const work = ['real', 'still'].map((storeId) => ({ storeId, kind: 'test', settles: false }))
  const both: DueSource = {
    ...source(0, 0, () => {}),
    claim: async (storeId) => (waiting.delete(storeId) ? [{ storeId, id: storeId, dueAt: 0 }] : []),
    run: async ({ storeId }) => {
      ran.push(storeId)
      if (storeId === 'still') still.resolve()
      if (storeId === 'real') real.resolve()
      return true
    },
  }
  const loop = new DueLoop(
    async () => work,
    [both],
    log,
    async (storeId) => isAllowed || storeId === 'still',
  )
  loop.start()
  await still.promise
  isAllowed = true
  // Nothing but a look would come next, and no look keeps the process alive.
  loop.wake({ storeId: 'real', kind: 'test' })
  await real.promise
  await loop.stop()
  assert.deepEqual(ran, ['still', 'real'])
})
