import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { FacetIndex } from './facet-index.ts'
import { matchingFacets } from './facets.ts'
import { alongFacets, findRows, type ListQuery } from './find-rows.ts'
import { countRows, firstRows, type Page } from './page.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const index: FacetIndex = {
  table: 'payment_schedules',
  as: 's',
  facet: `hashtextextended(s.status || '|' || s.is_test::text, 0)`,
  within: 'true',
  time: 's.time_to_pay',
}

const schedule = (storeId: string, id: string, status: string, isTest = true) => sql`
  insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
  values (${storeId}, ${id}, ${id}, 'key', ${status}, ${isTest}, now(), now(), now())`

const failed = { index, conditions: [sql`s.status = 'FAILED'`], isInOrder: true, isWindow: true }

describe('facets', () => {
  test('are found however new they are, and each once', async () => {
    const count = async (...storeIds: string[]) => (await matchingFacets(sql, storeIds, failed))?.matching.length
    assert.equal(await count('a'), 0)
    await schedule('a', '1', 'SUCCEEDED')
    await schedule('a', '2', 'FAILED')
    assert.equal(await count('a'), 1)
    await schedule('a', '3', 'FAILED')
    await schedule('a', '4', 'FAILED', false)
    await schedule('a', '5', 'REVOKED', false)
    await schedule('b', '1', 'FAILED')
    assert.equal(await count('a'), 2)
    assert.equal(await count('a', 'b'), 2)
    assert.equal(await count('c'), 0)
  })

  test('are found by each of the lists that are asked at once', async () => {
    const matching = (storeId: string, status: string) =>
      matchingFacets(sql, [storeId], { ...failed, conditions: [sql`s.status = ${status}`] })
    for (let n = 1; n <= 10; n++) {
      const storeId = `at-once-${n}`
      await schedule(storeId, '1', 'SUCCEEDED')
      await matching(storeId, 'SUCCEEDED')
      await schedule(storeId, '2', 'FAILED')
      const [old, anew] = await Promise.all([matching(storeId, 'SUCCEEDED'), matching(storeId, 'FAILED')])
      assert.deepEqual([old?.matching.length, anew?.matching.length], [1, 1])
    }
  })

  test('are not asked for where a list is of very many stores, each of which would be', async () => {
    const stores = Array.from({ length: 101 }, (_, index) => `store-${index}`)
    assert.equal(await matchingFacets(sql, stores, failed), undefined)
    assert.deepEqual((await matchingFacets(sql, stores.slice(1), failed))?.matching, [])
  })

  test('lead to the same rows as reading all of them', async () => {
    const statuses = ['SUCCEEDED', 'FAILED', 'REVOKED']
    for (let n = 0; n < 30; n++) await schedule('d', String(n), statuses[n % 3] ?? '', n % 2 === 0)
    const query = {
      storeIds: ['d', 'a'],
      table: 'payment_schedules',
      as: 's',
      id: 'schedule_id',
      columns: sql`s.store_id, s.schedule_id`,
    }
    const list = { ...query, conditions: [], order: sql`s.time_to_pay desc, s.schedule_id desc` }
    const conditions = [sql`s.status = any('{FAILED,REVOKED}')`, sql`s.is_test`]
    const find = async (list: ListQuery, page: Page) => {
      const asked = { filter: {}, from: 0, until: 0 }
      const { items, totalCount } = await findRows<{ store_id: string; schedule_id: string }>(sql, list, asked, page)
      return { found: items.map(({ store_id, schedule_id }) => [store_id, schedule_id]), totalCount }
    }
    for (const page of [
      { number: 0, size: 4 },
      { number: 1, size: 4 },
      { number: 9, size: 4 },
    ])
      for (const isInOrder of [true, false])
        assert.deepEqual(
          await find({ ...list, facets: { index, conditions, isInOrder, isWindow: true } }, page),
          await find({ ...list, conditions }, page),
        )
  })

  for (const isInOrder of [true, false])
    test(`lead to a row that comes to another one meanwhile, ${isInOrder ? 'in' : 'not in'} the order of the list`, async () => {
      const storeIds = [`moving-${isInOrder}`, `still-${isInOrder}`]
      const [moving = '', still = ''] = storeIds
      await schedule(moving, '1', 'STARTED')
      await schedule(still, '2', 'SUCCEEDED')
      await schedule(still, '3', 'FAILED')
      const query = {
        storeIds,
        table: 'payment_schedules',
        as: 's',
        id: 'schedule_id',
        columns: sql`s.schedule_id as id`,
      }
      const facets = { index, conditions: [sql`s.is_test`], isInOrder, isWindow: true }
      const along = () => alongFacets(sql, { ...query, conditions: [], order: sql`s.schedule_id`, facets }, 10)
      const move = (status: string) => sql`update payment_schedules set status = ${status} where store_id = ${moving}`
      await along()
      await move('SUCCEEDED')
      const list = await along()
      assert.ok(isInOrder ? list.along : list.among)
      // One that no row had, one that a row had before, and one that another store has.
      for (const status of ['REVOKED', 'STARTED', 'FAILED']) {
        await move(status)
        const found = await sql`${firstRows(sql, list, { limit: 10 })}`
        assert.deepEqual(
          found.map(({ id }) => id),
          ['1', '2', '3'],
        )
        const [counted] = await sql`${countRows(sql, list, 10)}`
        assert.equal(counted?.count, 3)
      }
    })

  test('of very many rows lead to their count, which is made anew once there are few', async () => {
    await sql`
      insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
      select 'e', 'schedule-' || n, n::text, 'key', 'FAILED', true, now(), now(), now() from generate_series(1, 900) n`
    const query = {
      storeIds: ['e'],
      table: 'payment_schedules',
      as: 's',
      id: 'schedule_id',
      columns: sql`s.schedule_id`,
      conditions: [],
    }
    const list = { ...query, order: sql`s.schedule_id`, facets: failed }
    const find = () => findRows(sql, list, { filter: {}, from: 0, until: 0 }, { number: 0, size: 3 })
    assert.equal((await find()).totalCount, 900)
    assert.equal((await find()).totalCount, 900)
    await sql`delete from payment_schedules where store_id = 'e' and payment_id::integer > 150`
    const { items, totalCount } = await find()
    assert.deepEqual([items.length, totalCount], [3, 150])
  })

  test('of very many rows lead to their count, unless the page shows that there are fewer', async () => {
    await sql`
      insert into payment_schedules (store_id, schedule_id, payment_id, billing_key, status, is_test, time_to_pay, created_at, status_time)
      select 'f', 'schedule-' || n, n::text, 'key', 'FAILED', true, now(), now(), now() from generate_series(1, 1500) n`
    const query = {
      storeIds: ['f'],
      table: 'payment_schedules',
      as: 's',
      id: 'schedule_id',
      columns: sql`s.schedule_id`,
      conditions: [],
      order: sql`s.schedule_id`,
      facets: failed,
    }
    const find = async (page: Page) => {
      const { items, totalCount } = await findRows(sql, query, { filter: {}, from: 0, until: 0 }, page)
      return [items.length, totalCount]
    }
    assert.deepEqual(await find({ number: 0, size: 3 }), [3, 1_500])
    await sql`delete from payment_schedules where store_id = 'f' and payment_id::integer > 5`
    assert.deepEqual(await find({ number: 1, size: 3 }), [2, 5])
    await sql`delete from payment_schedules where store_id = 'f'`
    assert.deepEqual(await find({ number: 0, size: 3 }), [0, 0])
  })

  test('are left aside on a page so far behind that all of them would be read up to there', async () => {
    const query = {
      storeIds: ['d'],
      table: 'payment_schedules',
      as: 's',
      id: 'schedule_id',
      columns: sql`1 as one`,
      conditions: [],
    }
    const list = {
      ...query,
      order: sql`s.schedule_id`,
      facets: { index, conditions: [sql`s.is_test`], isInOrder: true, isWindow: true },
    }
    assert.ok((await alongFacets(sql, list, 10)).along)
    assert.equal((await alongFacets(sql, list, 1_000_000)).along, undefined)
  })
})
