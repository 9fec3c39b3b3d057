import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { hour, realTime } from '../kernel/clock.ts'
import { webhookDue } from '../webhooks/due.ts'
import { addStore, announcePaid, openFixture } from '../webhooks/testing/fixture.ts'
import { dueRowsSource } from './due-rows.ts'
import { noteDue } from './due-work.ts'
import { firstDue } from './first-due.ts'

const fixture = await openFixture()
const { sql } = fixture
after(() => fixture[Symbol.asyncDispose]())

const webhooks = webhookDue(fixture.parts)
const usages = dueRowsSource(sql, () => ({ table: 'promotion_usages', idColumn: 'transaction_id' }), {
  kind: 'promotion_usages',
  lease: hour,
})

const holdDiscount = async (storeId: string, at: number) => {
  await sql`
    insert into promotions (store_id, promotion_id, version, state, effective_budget, created_at)
    values (${storeId}, 'promotion', 1, '{}', 1, now())`
  await sql`
    with noted as (${noteDue(sql, storeId, [{ kind: 'promotion_usages', at }])})
    insert into promotion_usages (store_id, transaction_id, promotion_id, payment_id, held_amount, as_of, due_at)
    values (${storeId}, 'transaction', 'promotion', 'payment', 1, 1, ${at})`
}

test('one statement finds which kind a clock has to run next, and when', async () => {
  const now = realTime()
  await addStore(sql, 'store-1')
  const kindBy = async (until: number, sources = [webhooks, usages]) => {
    const first = await firstDue(sql, sources, 'store-1', until)
    return first === undefined ? undefined : [first.source.kind, first.dueAt]
  }
  assert.equal(await kindBy(now + 9 * hour), undefined)
  await announcePaid(sql, 'store-1', ['https://later.example/'], { at: now + 3 * hour })
  await holdDiscount('store-1', now + 2 * hour)
  assert.equal(await kindBy(now + hour), undefined)
  assert.deepEqual(await kindBy(now + 9 * hour), ['promotion_usages', now + 2 * hour])
  // What another target waits for is found too, and of one instant what comes first among the sources.
  await announcePaid(sql, 'store-1', ['https://sooner.example/'], { at: now + 2 * hour })
  assert.deepEqual(await kindBy(now + 9 * hour), ['webhooks', now + 2 * hour])
  assert.deepEqual(await kindBy(now + 9 * hour, [usages, webhooks]), ['promotion_usages', now + 2 * hour])
  assert.deepEqual(await kindBy(now + 9 * hour, [webhooks]), ['webhooks', now + 2 * hour])
})
