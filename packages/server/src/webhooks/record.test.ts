import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from '../db/connect.ts'
import { minute } from '../kernel/clock.ts'
import { type Delivery, loadDelivery } from './delivery.ts'
import { type DeliveryAttempt, recordAttempt } from './record.ts'
import { addStore, announcePaid, openFixture } from './testing/fixture.ts'

const noon = Date.UTC(2030, 5, 15, 12)

const answered = (code: '200' | '500'): DeliveryAttempt => ({
  triggeredAt: noon,
  requestedAt: noon,
  finishedAt: noon + 1,
  requestHeader: 'webhook-id: 1',
  result: {
    status: code === '200' ? 'SUCCEEDED' : 'FAILED_NOT_OK_RESPONSE',
    response: { code, header: 'x-name: "홍길동"\\', body: `{"a":\t'${code}'}` },
    wasWaitedFor: false,
  },
})

const announced = async (sql: Sql, storeId: string, count: number): Promise<readonly Delivery[]> => {
  const urls = Array.from({ length: count }, (_, index) => `http://127.0.0.1/${index}`)
  const ids = await announcePaid(sql, storeId, urls, { at: noon })
  const deliveries = await Promise.all(ids.map((id) => loadDelivery(sql, storeId, id)))
  return deliveries.filter((delivery) => delivery !== undefined)
}

const succeed = (sql: Sql, delivery: Delivery) =>
  recordAttempt(sql, { delivery, attempt: answered('200'), nextDueAt: undefined })

test('attempts that end together are recorded by one statement, each with its own answer and next time', async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  await addStore(sql, 'store-1')
  const deliveries = await announced(sql, 'store-1', 12)
  await Promise.all(
    deliveries.map((delivery, index) =>
      index % 2 === 0
        ? succeed(sql, delivery)
        : recordAttempt(sql, { delivery, attempt: answered('500'), nextDueAt: noon + index * minute }),
    ),
  )
  const [statements] = await sql`select count(distinct xmin::text)::int as count from webhooks`
  assert.equal(statements?.count, 1)
  for (const [index, { webhookId }] of deliveries.entries()) {
    const [row] = await sql`
      select status, execution_count, response_code, response_header, response_body, due_at from webhooks
      where webhook_id = ${webhookId}`
    const code = index % 2 === 0 ? '200' : '500'
    assert.deepEqual(row, {
      status: code === '200' ? 'SUCCEEDED' : 'FAILED_NOT_OK_RESPONSE',
      execution_count: 1,
      response_code: code,
      response_header: 'x-name: "홍길동"\\',
      response_body: `{"a":\t'${code}'}`,
      due_at: code === '200' ? null : noon + index * minute,
    })
  }
})

test('one attempt that PostgreSQL refuses to record spoils no other', async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  await addStore(sql, 'store-1')
  const [refused, ...others] = await announced(sql, 'store-1', 4)
  assert.ok(refused !== undefined)
  await sql.unsafe(
    `alter table webhooks add constraint spoiled check (execution_count = 0 or webhook_id <> '${refused.webhookId}')`,
  )
  const recorded = [refused, ...others].map((delivery) => succeed(sql, delivery))
  const results = await Promise.allSettled(recorded)
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  )
  const [row] = await sql`select count(*)::int as count from webhooks where status = 'SUCCEEDED'`
  assert.equal(row?.count, 3)
})

test('an attempt whose row is locked holds up none of another store, nor one of its own that comes later', async () => {
  await using fixture = await openFixture()
  const { sql } = fixture
  await addStore(sql, 'store-1')
  await addStore(sql, 'store-2')
  const [locked, later] = await announced(sql, 'store-1', 2)
  const [other] = await announced(sql, 'store-2', 1)
  assert.ok(locked !== undefined && later !== undefined && other !== undefined)
  let waiting: Promise<void> | undefined
  await sql.begin(async (transaction) => {
    await transaction`select from webhooks where webhook_id = ${locked.webhookId} for update`
    waiting = succeed(sql, locked)
    await succeed(sql, other)
    await succeed(sql, later)
    const rows = await sql`select webhook_id as id from webhooks where status is not null order by store_id`
    assert.deepEqual([...rows], [{ id: later.webhookId }, { id: other.webhookId }])
  })
  await waiting
  assert.equal((await loadDelivery(sql, 'store-1', locked.webhookId))?.dueAt, null)
})
