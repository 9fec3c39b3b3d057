import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { WebhookSettings } from '../merchants/store.ts'
import type { Announcement } from './message.ts'
import { insertWebhooks, planWebhooks } from './outbox.ts'
import { addStore, deliveriesOf } from './testing/fixture.ts'

const settings: WebhookSettings = {
  url: 'https://shop.example/hooks?key=1',
  version: '2024-04-25',
  contentType: 'application/json',
  secrets: [],
}
const paid: Announcement = {
  type: 'Transaction.Paid',
  storeId: 'store-1',
  paymentId: 'payment-1',
  transactionId: 'transaction-1',
  environment: 'TEST',
  at: Date.UTC(2026, 0, 31, 9),
  paymentStatus: 'PAID',
}

const plan = (chosen: WebhookSettings | undefined, announcement: Announcement) => {
  let count = 0
  return planWebhooks(chosen, announcement, () => `webhook-${++count}`)
}

const urlsOf = (chosen: WebhookSettings | undefined, noticeUrls?: readonly string[]) =>
  plan(chosen, { ...paid, noticeUrls }).map(({ url }) => url)

test('an announcement goes to the store, due at the instant it happened', () => {
  const [row, ...more] = plan(settings, paid)
  assert.equal(more.length, 0)
  assert.equal(row?.url, settings.url)
  assert.equal(row?.target, 'https://shop.example')
  assert.equal(row?.createdAt, paid.at)
  assert.equal(row?.dueAt, paid.at)
  assert.equal(JSON.parse(row?.body ?? '').data.paymentId, 'payment-1')
})

test("the request's own URLs take the place of the store's, each with a delivery of its own", () => {
  const urls = ['https://a.example/1', 'https://b.example/2']
  assert.deepEqual(urlsOf(settings, urls), urls)
  assert.deepEqual(urlsOf(undefined, urls), urls)
  const ids = plan(settings, { ...paid, noticeUrls: urls }).map(({ webhookId }) => webhookId)
  assert.deepEqual(ids, ['webhook-1', 'webhook-2'])
})

test('an empty list of URLs is no list, and a URL given twice is one', () => {
  assert.deepEqual(urlsOf(settings, []), [settings.url])
  assert.deepEqual(urlsOf(settings, ['https://a.example/', 'https://a.example/']), ['https://a.example/'])
})

test('without a URL there is no delivery', () => {
  assert.deepEqual(urlsOf(undefined), [])
  assert.deepEqual(urlsOf({ ...settings, url: undefined }), [])
  assert.deepEqual(urlsOf({ ...settings, url: '' }), [])
})

test('what the webhook version cannot say, and the question before an approval, are not delivered', () => {
  const { storeId, environment, at } = paid
  const issued: Announcement = { type: 'BillingKey.Issued', storeId, environment, at, billingKey: 'b' }
  assert.equal(plan(settings, issued).length, 1)
  assert.equal(plan({ ...settings, version: '2024-01-01' }, issued).length, 0)
  assert.equal(plan(settings, { ...paid, type: 'Transaction.Confirm', totalAmount: 1 }).length, 0)
})

test('a URL that is none, or has an endless host, does not stop the payment', () => {
  const [invalid, endless] = plan(settings, { ...paid, noticeUrls: ['nonsense', `http://${'a.'.repeat(5000)}b/`] })
  assert.equal(invalid?.target, 'invalid')
  assert.equal(endless?.target.length, 255)
})

test('deliveries are inserted within a larger statement, if its condition holds', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  await addStore(sql, 'store-1')
  const rows = plan(settings, { ...paid, noticeUrls: ['https://a.example/"\\', "https://b.example/'"] })
  const insertIf = (count: number, planned: typeof rows) => sql`
    with snapshot as (select from generate_series(1, ${count}::integer)),
    announced as (${insertWebhooks(sql, 'store-1', planned, sql`exists (select from snapshot)`)})
    select from snapshot`

  await insertIf(0, rows)
  assert.equal((await deliveriesOf(sql, 'payment-1')).length, 0)
  await insertIf(1, [])
  assert.equal((await deliveriesOf(sql, 'payment-1')).length, 0)
  await insertIf(1, rows)
  const records = await deliveriesOf(sql, 'payment-1')
  assert.deepEqual(
    records.map(({ url, body, paymentStatus, status }) => ({ url, body, paymentStatus, status })),
    rows.map(({ url, body }) => ({ url, body, paymentStatus: 'PAID', status: null })),
  )
  const [times] = await sql`select created_at, due_at, transaction_id, environment, type from webhooks limit 1`
  assert.deepEqual(
    { ...times },
    {
      created_at: paid.at,
      due_at: paid.at,
      transaction_id: 'transaction-1',
      environment: 'TEST',
      type: 'Transaction.Paid',
    },
  )
})
