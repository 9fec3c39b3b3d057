import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Kept, keptFor, type Sought } from './kept.ts'

const enough = 100
const what: Sought = { tables: ['payments'], storeIds: ['a'], of: '{}', from: 0, until: 1_000 }

describe('a count is kept', () => {
  /** Counts, and says how often that was. */
  const counting = (result: number) => {
    let time = 0
    let times = 0
    const counts = new Kept<number>(Number, () => time)
    return {
      counts,
      pass: (milliseconds: number) => {
        time += milliseconds
      },
      count: async (asked: Partial<Sought> = {}) => {
        const wanted = { ...what, ...asked }
        const count = async () => {
          times++
          return result
        }
        return await (counts.find(wanted, enough) ?? counts.keep(wanted, count()))
      },
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

  test('and known to whoever asks once it is there', async () => {
    const { count, counts } = counting(50)
    const counted = count()
    assert.equal(counts.known(what), undefined)
    await counted
    assert.equal(counts.known(what), 50)
    assert.equal(counts.known({ ...what, storeIds: ['b'] }), undefined)
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
    assert.equal(await count(), enough + 2)
    counts.wrote('payments', 'a', 2)
    assert.equal(await count(), enough + 2)
    assert.equal(times(), 1)
    counts.wrote('payments', 'a', 1)
    await count()
    assert.equal(times(), 2)
  })

  test('from when it is there, however long that takes, for those who ask meanwhile as well', async () => {
    let time = 0
    const counts = new Kept<number>(Number, () => time)
    const under = Promise.withResolvers<number>()
    const counted = counts.keep(what, under.promise)
    const find = () => counts.find({ ...what, from: time, until: 1_000 + time }, enough)
    time = 3 * keptFor
    assert.equal(find(), under.promise)
    under.resolve(50)
    await counted
    time += keptFor - 1
    assert.equal(await find(), 50)
    time += 1
    assert.equal(find(), undefined)
  })

  test('unless it failed', async () => {
    const counts = new Kept<number>(Number, () => 0)
    await assert.rejects(counts.keep(what, Promise.reject(new Error('no database'))))
    assert.equal(counts.find(what, enough), undefined)
    assert.equal(await counts.keep(what, Promise.resolve(7)), 7)
  })

  test('until this server writes what its conditions look into', async () => {
    const { count, counts, times } = counting(50)
    const ofWebhooks = { tables: ['payments', 'webhooks'] }
    await count(ofWebhooks)
    counts.wrote('cash_receipts', 'a', 1)
    await count(ofWebhooks)
    assert.equal(times(), 1)
    counts.wrote('webhooks', 'a', 1)
    await count(ofWebhooks)
    assert.equal(times(), 2)
  })

  test('unless something is written while it is counted', async () => {
    const counts = new Kept<number>(Number, () => 0)
    const under = Promise.withResolvers<number>()
    counts.keep(what, under.promise)
    assert.equal(counts.find(what, enough), under.promise)
    counts.wrote('payments', 'a', 1)
    assert.equal(counts.find(what, enough), undefined)
    under.resolve(enough + 1)
    assert.equal(await under.promise, enough + 1)
    assert.equal(await counts.find(what, enough), enough + 1)
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
