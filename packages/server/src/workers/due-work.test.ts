import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase, untilSomebodyWaits } from '../../test/support/database.ts'
import { rowsRead } from '../../test/support/rows-read.ts'
import type { Queryable } from '../db/connect.ts'
import { hour, type Instant, minute, realTime, second } from '../kernel/clock.ts'
import { clockMoved, findWork, noteAll, noteDue, settle } from './due-work.ts'

const database = await createTestDatabase()
const { sql } = database
after(() => database[Symbol.asyncDispose]())
await sql`insert into merchants (merchant_id, name, created_at) values ('merchant', 'Merchant', now())`

let stores = 0

const newStore = async ({ mode = 'LIVE', stoppedAt }: { mode?: 'LIVE' | 'SANDBOX'; stoppedAt?: Instant } = {}) => {
  const storeId = `store-${++stores}`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, clock_stopped_at, created_at)
    values (${storeId}, 'merchant', 'Store', ${mode}, ${stoppedAt ?? null}, now())`
  return storeId
}

const kind = 'promotion_usages'
const rows = { table: kind }

/** Writes a row that is due at an instant, as modules do: with a note in the same statement. */
const write = async (storeId: string, id: string, at: Instant, on: Queryable = sql) => {
  await on`
    insert into promotions (store_id, promotion_id, version, state, effective_budget, created_at)
    values (${storeId}, 'promotion', 1, '{}', 1, now()) on conflict do nothing`
  await on`
    with noted as (${noteDue(on, storeId, [{ kind, at }])})
    insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of, due_at)
    values (${storeId}, ${id}, 'promotion', 'payment', 1, 1, ${at})`
}

const finish = (storeId: string) => sql`update promotion_usages set due_at = null where store_id = ${storeId}`

type Note = { readonly inMilliseconds: number | null; readonly isQuiet: boolean; readonly version: number }

/** When the store is looked at, from now on; null for never. `undefined` where there is no note. */
const noteOf = async (storeId: string): Promise<Note | undefined> => {
  const [row] = await sql<Note[]>`
    select case when look_at = 'infinity' then null else extract(epoch from look_at - ${realTime()}::timestamptz)::float8 * 1000 end
             as "inMilliseconds", quiet_since is not null as "isQuiet", version
    from due_work where store_id = ${storeId} and kind = ${kind}`
  return row
}

const dueIn = async (storeId: string): Promise<number> => (await noteOf(storeId))?.inMilliseconds ?? Number.NaN

const isFound = async (storeId: string) =>
  (await findWork(sql, '', 1_000)).some((work) => work.storeId === storeId && work.kind === kind)

/** As if so much time had passed since the note was written and put off. */
const pass = (storeId: string, time: number) => sql`
  update due_work set look_at = look_at - ${time} * interval '1 millisecond',
    quiet_since = quiet_since - ${time} * interval '1 millisecond'
  where store_id = ${storeId} and kind = ${kind}`

const about = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < minute / 2, `${actual} instead of about ${expected}`)

test('a store is found once what it has is due, and not before', async () => {
  const storeId = await newStore()
  await write(storeId, 'later', realTime() + hour)
  assert.equal(await isFound(storeId), false)
  about(await dueIn(storeId), hour)
  await write(storeId, 'now', realTime())
  assert.equal(await isFound(storeId), true)
})

test('a note that serves already is not written again: a busy store has no hot row', async () => {
  const storeId = await newStore()
  await write(storeId, 'first', realTime() - second)
  await Promise.all(Array.from({ length: 20 }, (_, index) => write(storeId, `other-${index}`, realTime())))
  assert.equal((await noteOf(storeId))?.version, 1)
})

test('a note is put off to what comes next, and is gone after a long quiet', async () => {
  const storeId = await newStore()
  await write(storeId, 'done', realTime() - minute)
  await finish(storeId)
  const steps: number[] = []
  for (let look = 0; look < 20 && (await noteOf(storeId)) !== undefined; look++) {
    await settle(sql, storeId, kind, rows)
    const wait = (await noteOf(storeId))?.inMilliseconds ?? 0
    if (wait > 0) steps.push(Math.round(wait / second))
    await pass(storeId, wait + 1)
  }
  assert.equal(await noteOf(storeId), undefined)
  assert.ok(steps.length <= 6 && steps[0] === 1, `looks after ${steps} seconds`)

  await write(storeId, 'again', realTime() + 3 * hour)
  await pass(storeId, 4 * hour)
  await settle(sql, storeId, kind, rows)
  await pass(storeId, 15 * minute)
  await settle(sql, storeId, kind, rows)
  about(await dueIn(storeId), 3 * hour)
  assert.equal((await noteOf(storeId))?.isQuiet, false)
})

test('a note is left alone while something waits that is due', async () => {
  const storeId = await newStore()
  await write(storeId, 'waiting', realTime() - minute)
  await settle(sql, storeId, kind, rows)
  assert.equal((await noteOf(storeId))?.version, 1)
})

test('where all that is due is leased, the next look is when a lease runs out', async () => {
  const storeId = await newStore()
  await write(storeId, 'leased', realTime() - minute)
  await sql`update promotion_usages set leased_until = ${realTime() + 500} where store_id = ${storeId}`
  await settle(sql, storeId, kind, rows)
  const wait = await dueIn(storeId)
  assert.ok(wait <= 500, `${wait}`)
})

test('what relied on a note, and is committed after a look found nothing, is found by the next look', async () => {
  const storeId = await newStore()
  await write(storeId, 'done', realTime() - minute)
  await finish(storeId)
  await sql.begin(async (transaction) => {
    await write(storeId, 'slow', realTime() - second, transaction)
    await settle(sql, storeId, kind, rows)
  })
  about(await dueIn(storeId), second)
  await pass(storeId, 2 * second)
  assert.equal(await isFound(storeId), true)
  await settle(sql, storeId, kind, rows)
  assert.equal(await isFound(storeId), true)
})

test('a note that has been put off for long is relied on no more', async () => {
  const storeId = await newStore()
  await write(storeId, 'done', realTime() - minute)
  await finish(storeId)
  await settle(sql, storeId, kind, rows)
  await pass(storeId, 2 * second)
  await settle(sql, storeId, kind, rows)
  const { version = 0 } = (await noteOf(storeId)) ?? {}
  await write(storeId, 'soon', realTime() + hour)
  assert.equal((await noteOf(storeId))?.version, version, 'relied on')
  await sql`update due_work set quiet_since = quiet_since - interval '6 minutes' where store_id = ${storeId}`
  await write(storeId, 'later', realTime() + hour)
  assert.deepEqual(
    { ...(await noteOf(storeId)), inMilliseconds: 0 },
    { inMilliseconds: 0, isQuiet: false, version: version + 1 },
  )
})

test('a look that was overtaken changes nothing', async () => {
  const storeId = await newStore()
  await write(storeId, 'done', realTime() - minute)
  await finish(storeId)
  await settle(sql, storeId, kind, rows)
  await pass(storeId, 20 * minute)
  const { version = 0 } = (await noteOf(storeId)) ?? {}
  let settled: Promise<void> | undefined
  await sql.begin(async (transaction) => {
    await write(storeId, 'new', realTime(), transaction)
    settled = settle(sql, storeId, kind, rows)
    await untilSomebodyWaits(sql)
  })
  await settled
  assert.equal(await isFound(storeId), true)
  assert.equal((await noteOf(storeId))?.version, version + 1)
})

test('where a clock stands still nothing is looked at before it is moved', async () => {
  const noon = realTime() - 24 * hour
  const storeId = await newStore({ mode: 'SANDBOX', stoppedAt: noon })
  await write(storeId, 'evening', noon + hour)
  assert.deepEqual((await noteOf(storeId))?.inMilliseconds, null)
  await sql`
    with ${clockMoved(sql, storeId)}
    update stores set clock_stopped_at = ${noon + 2 * hour} where store_id = ${storeId}`
  assert.equal(await isFound(storeId), true)
})

test('what is due by a clock that runs ahead is looked at in real time', async () => {
  const storeId = await newStore({ mode: 'SANDBOX' })
  await sql`update stores set clock_offset = ${24 * hour} where store_id = ${storeId}`
  await write(storeId, 'tomorrow', realTime() + 25 * hour)
  about(await dueIn(storeId), hour)
})

test('a clock that is moved has what is noted meanwhile looked at once more', async () => {
  const storeId = await newStore({ mode: 'SANDBOX' })
  await sql`with ${clockMoved(sql, storeId)} select`
  const [note] = await sql<{ wait: number }[]>`
    select extract(epoch from look_at - ${realTime()}::timestamptz)::float8 as wait
    from due_work where store_id = ${storeId} and kind = 'clock'`
  assert.ok(note !== undefined && note.wait <= 1)
})

test('the sweep notes what somebody wrote without a note', async () => {
  const storeId = await newStore()
  await write(storeId, 'noted', realTime() - minute)
  await sql`delete from due_work where store_id = ${storeId}`
  await noteAll(sql, { storeId, merchantId: 'merchant' }, [kind, 'webhooks', 'platform_days'])
  assert.equal(await isFound(storeId), true)
})

test('stores are found in pages', async () => {
  const found: string[] = []
  for (let page = await findWork(sql, '', 1); page.length > 0; page = await findWork(sql, found.at(-1) ?? '', 1))
    found.push(...page.map(({ storeId }) => storeId))
  assert.deepEqual(found, [...new Set(found)].toSorted())
  assert.ok(found.length > 1)
})

test('a clock that is moved waits for no note while it holds one that comes later in the order', async () => {
  const storeId = await newStore({ mode: 'SANDBOX', stoppedAt: realTime() })
  const note = (on: Queryable, ...kinds: readonly string[]) =>
    on`with noted as (${noteDue(
      on,
      storeId,
      kinds.map((each) => ({ kind: each, at: realTime() - hour })),
    )}) select`
  // In the table the later one comes first.
  for (const each of ['webhooks', 'payments']) await note(sql, each)
  await sql`update due_work set quiet_since = now() - interval '1 hour' where store_id = ${storeId}`
  let moved: Promise<unknown> | undefined
  await sql.begin(async (transaction) => {
    await note(transaction, 'payments')
    moved = sql`with ${clockMoved(sql, storeId)} select`.then(() => undefined)
    await untilSomebodyWaits(sql)
    await note(transaction, 'webhooks')
  })
  await moved
})

test('a look that puts notes off waits for none while it holds one that comes later in the order', async () => {
  const storeId = await newStore()
  const at = realTime() - hour
  const note = (on: Queryable, queue: string) =>
    on`with noted as (${noteDue(on, storeId, [{ kind: 'webhooks', queue, at }])}) select`
  // In the table the later one comes first, and both notes are relied on no more: who notes writes them anew.
  for (const queue of ['second', 'first']) await note(sql, queue)
  await sql`update due_work set quiet_since = now() - interval '1 hour' where store_id = ${storeId}`
  let looked: Promise<void> | undefined
  await sql.begin(async (transaction) => {
    await note(transaction, 'first')
    looked = settle(sql, storeId, 'webhooks')
    await untilSomebodyWaits(sql)
    await note(transaction, 'second')
  })
  await looked
  assert.deepEqual(
    [...(await sql`select queue from due_work where store_id = ${storeId} order by queue`)].map(({ queue }) => queue),
    ['first', 'second'],
  )
})

test('of many rows that are at rest or due much later, few are read to know when to look again', async () => {
  const storeId = await newStore()
  await write(storeId, 'later', realTime() + hour)
  await pass(storeId, hour + minute)
  await sql`create table resting (store_id text, id int, due_at timestamptz, leased_until timestamptz, primary key (store_id, id))`
  await sql`
    insert into resting select ${storeId}, n, case when n % 20 = 0 then now() + interval '30 days' end
    from generate_series(1, 20000) n`
  await sql`create index on resting (store_id, due_at, id) where due_at is not null`
  await sql`analyze resting`
  const read = await rowsRead(sql, 'resting', (transaction) => settle(transaction, storeId, kind, { table: 'resting' }))
  assert.ok(read < 20, `${read} rows were read`)
})
