import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Countable, KeptCounts, keptFor } from './kept-counts.ts'

const enough = 100
const what: Countable = { table: 'payments', storeIds: ['a'], of: '{}', from: 0, until: 1_000 }

describe('a count is kept', () => {
  /** Counts, and says how often that was. */
  const counting = (result: number) => {
    let time = 0
    let times = 0
    const counts = new KeptCounts(() => time)
    return {
      counts,
      pass: (milliseconds: number) => {
        time += milliseconds
      },
      count: (asked: Partial<Countable> = {}) =>
        counts.count({ ...what, ...asked }, enough, async () => {
          times++
          return result
        }),
      times: () => times,
    }
  }

  test('for a moment, and for whoever asks at the same time', async () => {
    const { count, times, pass } = counting(50)
    assert.deepEqual(await Promise.all([count(), count()]), [50, 50])
    assert.equal(times(), 1)
    pass(keptFor)
    await count()
    assert.equal(times(), 2)
  })

  test('of the same store, conditions and window, which may move on', async () => {
    const { count, times } = counting(50)
    await count()
    await count({ from: 5, until: 1_005 })
    assert.equal(times(), 1)
    for (const other of [{ storeIds: ['b'] }, { of: '{"status":["PAID"]}' }, { until: 999 }, { from: 2 }])
      await count(other)
    assert.equal(times(), 5)
    await count({ from: 2 + keptFor, until: 1_000 + keptFor })
    assert.equal(times(), 6)
  })

  test('until this server writes', async () => {
    const { count, counts, times } = counting(enough)
    await count()
    counts.wrote('payments', 'b', 1)
    counts.wrote('webhooks', 'a', 1)
    await count()
    assert.equal(times(), 1)
    counts.wrote('payments', 'a', 1)
    await count()
    assert.equal(times(), 2)
  })

  test('though this server writes, where there are enough without what it wrote', async () => {
    const { count, counts, times } = counting(enough + 2)
    assert.equal(await count(), enough)
    counts.wrote('payments', 'a', 2)
    assert.equal(await count(), enough)
    assert.equal(times(), 1)
    counts.wrote('payments', 'a', 1)
    await count()
    assert.equal(times(), 2)
  })

  test('unless it failed', async () => {
    const counts = new KeptCounts(() => 0)
    await assert.rejects(counts.count(what, enough, async () => Promise.reject(new Error('no database'))))
    assert.equal(await counts.count(what, enough, async () => 7), 7)
  })

  test('only of the latest lists', async () => {
    const { count, times } = counting(50)
    for (let n = 0; n <= 1_000; n++) await count({ of: String(n) })
    await count({ of: '1' })
    assert.equal(times(), 1_001)
    await count({ of: '0' })
    assert.equal(times(), 1_002)
  })
})
