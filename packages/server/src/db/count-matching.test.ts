import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Fragment } from 'postgres'
import { createTestDatabase } from '../../test/support/database.ts'
import { findRows } from './find-rows.ts'
import { type Page, pagedItems } from './page.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const makeSchedules = (storeId: string, rows: number) => sql`
  insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
  select ${storeId}, to_char(n, 'FM0000'), n::text, 'key', 'FAILED', true, now(), now(), now() from generate_series(1, ${rows}) n`

/** How many items a page of a store has, and how many it says that there are, counted among these rows. */
const pageOf = async (
  storeId: string,
  among: Fragment,
  { filter, page }: { readonly filter: object; readonly page: Page },
): Promise<number[]> => {
  const list = {
    storeIds: [storeId],
    table: 'payment_schedules',
    as: 's',
    id: 'schedule_id',
    columns: sql`s.schedule_id`,
    conditions: [],
    order: sql`s.schedule_id`,
    counted: { among, conditions: [] },
  }
  const { items, totalCount } = await findRows(sql, list, { filter, from: 0, until: 0 }, page)
  return [items.length, totalCount]
}

/** The first page, whose count goes beyond this many rows once nobody has the lock. */
const find = async (storeId: string, { free, lock }: { free: number; lock: number }): Promise<number[]> => {
  const rows = sql`
    select * from (select * from payment_schedules where store_id = ${storeId} order by schedule_id offset 0) in_order
    where case when schedule_id > to_char(${free}::integer, 'FM0000')
      then pg_advisory_xact_lock_shared(${lock})::text is not null else true end`
  return pageOf(storeId, rows, { filter: { free }, page: { number: 0, size: 3 } })
}

const whileLocked = async <Result>(lock: number, work: () => Promise<Result>): Promise<Result> => {
  const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = sql.begin(async (holder) => {
    await holder`select pg_advisory_xact_lock(${lock})`
    locked.resolve()
    await done.promise
  })
  await locked.promise
  try {
    return await work()
  } finally {
    done.resolve()
    await holding
  }
}

/** On a slow machine a count may take its time. */
const exactly = async (list: () => Promise<number[]>, total: number) => {
  let found = await list()
  while (found[1] === pagedItems) found = await list()
  assert.deepEqual(found, [3, total])
}

describe('a page whose count takes long', () => {
  test('does not wait for it, and tells as many as pages reach until it is there', async () => {
    await makeSchedules('many', 1_200)
    const findMany = () => find('many', { free: 1_100, lock: 1 })
    await whileLocked(1, async () => {
      assert.deepEqual(await findMany(), [3, pagedItems])
      assert.deepEqual(await findMany(), [3, pagedItems])
    })
    await exactly(findMany, 1_200)
  })

  test('is told exactly of a thousand all the same, also behind the count of another list of the store', async () => {
    await makeSchedules('few', 1_000)
    const ofAnother = await whileLocked(2, async () => {
      const another = find('few', { free: 100, lock: 2 })
      assert.deepEqual(await find('few', { free: 1_000, lock: 2 }), [3, 1_000])
      return { another }
    })
    assert.deepEqual(await ofAnother.another, [3, 1_000])
  })

  test('goes on without it, and until then no other one of the store is begun', async () => {
    await makeSchedules('one', 1_200)
    await whileLocked(3, async () => {
      assert.deepEqual(await find('one', { free: 1_100, lock: 3 }), [3, pagedItems])
      assert.deepEqual(await find('one', { free: 1_200, lock: 3 }), [3, pagedItems])
      await makeSchedules('two', 1_200)
      await exactly(() => find('two', { free: 1_200, lock: 3 }), 1_200)
    })
    await exactly(() => find('one', { free: 1_200, lock: 3 }), 1_200)
  })

  test('leaves others theirs, however many go on on the server', async () => {
    const slow = ['a', 'b', 'c', 'd']
    await makeSchedules('quick', 1_200)
    for (const storeId of slow) await makeSchedules(storeId, 1_200)
    const findSlow = (storeId: string) => find(storeId, { free: 1_100, lock: 5 })
    await whileLocked(5, async () => {
      assert.deepEqual(
        await Promise.all(slow.map(findSlow)),
        slow.map(() => [3, pagedItems]),
      )
      await exactly(() => find('quick', { free: 1_200, lock: 5 }), 1_200)
      await makeSchedules('late', 1_200)
      assert.deepEqual(await findSlow('late'), [3, pagedItems])
    })
    for (const storeId of slow) await exactly(() => findSlow(storeId), 1_200)
  })
})

describe('a total that is kept', () => {
  test('is not less than what its page shows, nor more than what an empty page lies behind', async () => {
    await makeSchedules('grows', 700)
    const rows = sql`select * from payment_schedules where store_id = 'grows'`
    const page = (number: number, size: number) => pageOf('grows', rows, { filter: {}, page: { number, size } })
    assert.deepEqual(await page(0, 10), [10, 700])
    // As another server writes and resets, of which this one knows nothing.
    await sql`
      insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
      select store_id, 'more-' || schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time
      from payment_schedules where store_id = 'grows'`
    assert.deepEqual(await page(0, 1_000), [1_000, 1_000])
    await sql`delete from payment_schedules where store_id = 'grows' and payment_id::integer > 150`
    assert.deepEqual(await page(6, 100), [0, 600])
  })
})

test('a count under way when another server resets is not told afterwards', async () => {
  await sql`insert into merchants (merchant_id, name, created_at) values ('counting', 'Merchant', now())`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, created_at) values ('counting', 'counting', 'Store', 'SANDBOX', now())`
  await makeSchedules('counting', 1_200)
  const findAll = () => find('counting', { free: 1_100, lock: 6 })
  const isCounting = async () =>
    (await sql`select from pg_locks where locktype = 'advisory' and objid = 6 and not granted`).count === 1
  const both = await whileLocked(6, async () => {
    const before = findAll()
    while (!(await isCounting()));
    await sql`delete from payment_schedules where store_id = 'counting' and payment_id::integer > 1100`
    await sql`update stores set epoch = epoch + 1 where store_id = 'counting'`
    return [before, findAll()]
  })
  const [, after] = await Promise.all(both)
  // As many as pages reach, where the machine was too slow for it.
  assert.notDeepEqual(after, [3, 1_200])
  await exactly(findAll, 1_100)
})

test('a count is not that of before a reset, which another server made', async () => {
  await sql`insert into merchants (merchant_id, name, created_at) values ('merchant', 'Merchant', now())`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, created_at) values ('reset', 'merchant', 'Store', 'SANDBOX', now())`
  await makeSchedules('reset', 1_200)
  const findAll = () => find('reset', { free: 1_200, lock: 4 })
  await exactly(findAll, 1_200)
  await sql`delete from payment_schedules where store_id = 'reset' and payment_id::integer > 1100`
  await sql`update stores set epoch = epoch + 1 where store_id = 'reset'`
  await exactly(findAll, 1_100)
})
