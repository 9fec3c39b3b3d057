import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from '../db/connect.ts'
import { day, hour, minute, realTime } from '../kernel/clock.ts'
import { nextDue } from '../workers/testing/next-due.ts'
import { loadDelivery } from './delivery.ts'
import { webhookDue } from './due.ts'
import { claimDue } from './queue.ts'
import { addStore, announcePaid, openFixture, stopClock } from './testing/fixture.ts'

const claim = (sql: Sql, storeId = 'store-1', busy: ReadonlyMap<string, number> = new Map(), limit = 100) =>
  claimDue(sql, storeId, { limit, perTarget: 8, busy })

const count = (items: readonly { target: string }[], target: string) =>
  items.filter((item) => item.target === target).length

const slow = 'http://slow.example'
const quick = 'http://quick.example'

test("a delivery is claimed once its time has come by its own store's clock", async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  const now = realTime()
  for (const storeId of ['ahead', 'standing', 'real', 'advancing']) await addStore(sql, storeId)
  await sql`update stores set clock_offset = ${2 * day} where store_id = 'ahead'`
  await stopClock(sql, 'standing', now - day)
  await sql`update stores set clock_stopped_at = ${now}, clock_target = ${now + day} where store_id = 'advancing'`
  for (const at of [now - 2 * day, now - hour, now + day]) {
    for (const storeId of ['ahead', 'standing', 'real', 'advancing']) await announcePaid(sql, storeId, [quick], { at })
  }
  const dueOf = async (storeId: string) =>
    (await claim(sql, storeId)).map(({ dueAt }) => dueAt - now).sort((one, other) => one - other)
  assert.deepEqual(await dueOf('real'), [-2 * day, -hour])
  assert.deepEqual(await dueOf('ahead'), [-2 * day, -hour, day])
  assert.deepEqual(await dueOf('standing'), [-2 * day])
  assert.deepEqual(await dueOf('advancing'), [])
})

test('what is leased is left alone until the lease has run out', async () => {
  await using fixture = await openFixture()
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [quick])
  assert.deepEqual(
    (await claim(fixture.sql)).map(({ id }) => id),
    [webhookId],
  )
  assert.equal((await claim(fixture.sql)).length, 0)
  await fixture.sql`update webhooks set leased_until = now() - interval '1 second'`
  assert.equal((await claim(fixture.sql)).length, 1)
})

test('a busy target gets only what is left of its share, and others are served', async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  const now = realTime()
  await addStore(sql, 'store-1')
  for (let index = 0; index < 20; index++) await announcePaid(sql, 'store-1', [`${slow}/${index}`], { at: now - hour })
  await announcePaid(sql, 'store-1', [quick])
  const first = await claim(sql, 'store-1', new Map([[slow, 5]]))
  assert.deepEqual([count(first, slow), count(first, quick)], [3, 1])
  const second = await claim(sql, 'store-1', new Map([[slow, 8]]))
  assert.equal(second.length, 0)
  const third = await claim(sql)
  assert.equal(count(third, slow), 8)
})

test('the oldest go first when there is not room for all', async () => {
  await using fixture = await openFixture()
  await addStore(fixture.sql, 'store-1')
  const now = realTime()
  for (const age of [1, 4, 2, 5, 3]) {
    await announcePaid(fixture.sql, 'store-1', [`http://receiver-${age}.example`], { at: now - age * minute })
  }
  const claimed = await claim(fixture.sql, 'store-1', new Map(), 2)
  assert.deepEqual(claimed.map(({ dueAt }) => (now - dueAt) / minute).sort(), [4, 5])
})

test("two workers that claim at once never get the same delivery, and together get all that targets' shares allow", async () => {
  await using fixture = await openFixture()
  await addStore(fixture.sql, 'store-1')
  const urls = Array.from({ length: 60 }, (_, index) => `http://receiver-${index % 20}.example/${index}`)
  await announcePaid(fixture.sql, 'store-1', urls)
  const ids = new Set<string>()
  let claims = 0
  const work = async () => {
    for (;;) {
      const items = await claim(fixture.sql, 'store-1', new Map(), 7)
      if (items.length === 0) return
      claims += items.length
      for (const { id } of items) ids.add(id)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  // Whoever found every head locked by another stops early; what is left is for the next round.
  await work()
  assert.deepEqual([ids.size, claims], [60, 60])
})

test("a moving clock is told the store's next delivery, leased or not, and none beyond its goal", async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  const source = webhookDue(fixture.parts)
  const now = realTime()
  await addStore(sql, 'store-1')
  await addStore(sql, 'store-2')
  assert.deepEqual(await nextDue(sql, source, 'store-1', now + day), [])
  await announcePaid(sql, 'store-2', [quick], { at: now - day })
  const [later] = await announcePaid(sql, 'store-1', [slow], { at: now + hour })
  const [sooner] = await announcePaid(sql, 'store-1', [quick], { at: now + minute })
  assert.deepEqual(await nextDue(sql, source, 'store-1', now), [])
  assert.deepEqual(
    { ...(await nextDue(sql, source, 'store-1', now + day))[0] },
    { storeId: 'store-1', id: sooner, dueAt: now + minute },
  )
  await sql`update webhooks set leased_until = now() + interval '1 hour' where webhook_id = ${sooner ?? ''}`
  assert.equal((await nextDue(sql, source, 'store-1', now + day))[0]?.id, sooner)
  await sql`update webhooks set due_at = null where webhook_id = ${sooner ?? ''}`
  assert.equal((await nextDue(sql, source, 'store-1', now + hour))[0]?.id, later)
})

test('what is claimed brings what a delivery needs, so that nothing of it is read again', async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  await addStore(sql, 'store-1')
  await announcePaid(sql, 'store-1', ['http://127.0.0.1/a', 'http://127.0.0.1/b'])
  const claimed = await claim(sql)
  assert.equal(claimed.length, 2)
  for (const { id, dueAt, delivery } of claimed) {
    assert.deepEqual(delivery, await loadDelivery(sql, 'store-1', id))
    assert.equal(delivery.dueAt, dueAt)
  }
})
