import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { untilSomebodyWaits } from '../../test/support/database.ts'
import type { Queryable } from '../db/connect.ts'
import { hour, minute, realTime } from '../kernel/clock.ts'
import { webhookDue } from '../webhooks/due.ts'
import { addStore, announcePaid, openFixture } from '../webhooks/testing/fixture.ts'
import type { DueSource } from './due.ts'
import { dueRowsSource } from './due-rows.ts'
import { noteDue } from './due-work.ts'

const fixture = await openFixture()
const { sql } = fixture
after(() => fixture[Symbol.asyncDispose]())

const dueAt = realTime() - hour
const until = realTime() + hour

/** Two rows of one store that are due. */
type TwoRows = {
  readonly source: Pick<DueSource, 'claim' | 'take' | 'giveBack' | 'endLeases'>
  readonly add: (storeId: string) => Promise<readonly string[]>
  readonly lock: (rival: Queryable, storeId: string, id: string) => PromiseLike<unknown>
}

const discounts: TwoRows = {
  source: dueRowsSource(sql, () => ({ table: 'promotion_usages', idColumn: 'transaction_id' }), {
    kind: 'promotion_usages',
    lease: minute,
  }),
  add: async (storeId) => {
    const ids = ['transaction-1', 'transaction-2']
    await sql`
      insert into promotions (store_id, promotion_id, version, state, effective_budget, created_at)
      values (${storeId}, 'promotion', 1, '{}', 1, now())`
    await sql`
      with noted as (${noteDue(sql, storeId, [{ kind: 'promotion_usages', at: dueAt }])})
      insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of, due_at)
      select ${storeId}, id, 'promotion', 'payment', 1, 1, ${dueAt}::timestamptz from unnest(${ids}::text[]) as id`
    return ids
  },
  lock: (rival, storeId, id) =>
    rival`select from promotion_usages where store_id = ${storeId} and transaction_id = ${id} for update`,
}

const webhooks: TwoRows = {
  source: webhookDue(fixture.parts),
  add: (storeId) => announcePaid(sql, storeId, ['https://one.example/', 'https://other.example/'], { at: dueAt }),
  lock: (rival, storeId, id) =>
    rival`select from webhooks where store_id = ${storeId} and webhook_id = ${id} for update`,
}

let stores = 0

/** Has somebody write the last row and then the first, while `act` does something with both. */
const crossing = async <Prepared, Result>(
  { add, lock }: TwoRows,
  prepare: (storeId: string) => Promise<Prepared>,
  act: (storeId: string, prepared: Prepared) => Promise<Result>,
): Promise<Result> => {
  const storeId = `store-${++stores}`
  await addStore(sql, storeId)
  const [first = '', last = ''] = await add(storeId)
  const prepared = await prepare(storeId)
  const { acting } = await sql.begin(async (rival) => {
    // So that the other one is undone.
    await rival`set local deadlock_timeout = '1h'`
    await lock(rival, storeId, last)
    const acting = act(storeId, prepared)
    await untilSomebodyWaits(sql)
    await lock(rival, storeId, first)
    return { acting }
  })
  return await acting
}

describe('what PostgreSQL undid because somebody wrote the same rows in another order is done again', () => {
  const { source } = discounts
  const take = (storeId: string) => source.take(storeId, dueAt, { until, evenLeased: false })
  const nothing = async () => {}

  test('a claim', async () => {
    const claimed = await crossing(discounts, nothing, (storeId) => source.claim(storeId, 10))
    assert.equal(claimed.length, 2)
  })

  test('a claim of deliveries', async () => {
    const claimed = await crossing(webhooks, nothing, (storeId) => webhooks.source.claim(storeId, 10))
    assert.equal(claimed.length, 2)
  })

  test('what a moving clock takes', async () => {
    assert.equal((await crossing(discounts, nothing, take)).length, 2)
  })

  test('what it gives back', async () => {
    const storeId = await crossing(discounts, take, async (storeId, items) => {
      await source.giveBack(items, until)
      return storeId
    })
    assert.equal((await take(storeId)).length, 2)
  })

  test('the end of the leases of the dead', async () => {
    const storeId = await crossing(discounts, take, async (storeId) => {
      await source.endLeases(storeId)
      return storeId
    })
    assert.equal((await take(storeId)).length, 2)
  })
})
