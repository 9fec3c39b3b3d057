import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { findRows } from './find-rows.ts'
import { pagedItems } from './page.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const makeSchedules = (storeId: string, rows: number) => sql`
  insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
  select ${storeId}, to_char(n, 'FM0000'), n::text, 'key', 'FAILED', true, now(), now(), now() from generate_series(1, ${rows}) n`

/** How many items a page has, and how many it says that there are. Its count goes beyond this many rows once nobody has the lock. */
const find = async (storeId: string, { free, lock }: { free: number; lock: number }) => {
  const rows = sql`
    select * from (select * from payment_schedules where store_id = ${storeId} order by schedule_id offset 0) in_order
    where case when schedule_id > to_char(${free}::integer, 'FM0000')
      then pg_advisory_xact_lock_shared(${lock})::text is not null else true end`
  const list = {
    storeIds: [storeId],
    table: 'payment_schedules',
    as: 's',
    id: 'schedule_id',
    columns: sql`s.schedule_id`,
    conditions: [],
    order: sql`s.schedule_id`,
    counted: { among: rows, conditions: [] },
  }
  const { items, totalCount } = await findRows(
    sql,
    list,
    { filter: { free }, from: 0, until: 0 },
    { number: 0, size: 3 },
  )
  return [items.length, totalCount]
}

const whileLocked = <Result>(lock: number, work: () => Promise<Result>) =>
  sql.begin(async (holder) => {
    await holder`select pg_advisory_xact_lock(${lock})`
    return await work()
  })

describe('a page whose count takes long', () => {
  test('does not wait for it, and tells as many as pages reach until it is there', async () => {
    await makeSchedules('many', 1_200)
    const findMany = () => find('many', { free: 1_100, lock: 1 })
    await whileLocked(1, async () => {
      assert.deepEqual(await findMany(), [3, pagedItems])
      assert.deepEqual(await findMany(), [3, pagedItems])
    })
    let [, total] = await findMany()
    while (total === pagedItems) [, total] = await findMany()
    assert.equal(total, 1_200)
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
})
