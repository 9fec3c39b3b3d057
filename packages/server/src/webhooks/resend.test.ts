import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { PaymentWebhook, registerFormats } from '@naru/contract'
import { Webhook as PortOneWebhook } from '@portone/server-sdk'
import { Compile } from 'typebox/compile'
import { keptCounts } from '../db/kept.ts'
import { minute } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { loadDelivery } from './delivery.ts'
import { webhookDue } from './due.ts'
import { type ResendCommand, resendWebhook } from './resend.ts'
import {
  addStore,
  announcePaid,
  deliveriesOf,
  type Fixture,
  openFixture,
  runDue,
  secret,
  stopClock,
} from './testing/fixture.ts'
import { startReceiver } from './testing/receiver.ts'
import { paymentWebhook } from './view.ts'

registerFormats()

const noon = Date.UTC(2030, 5, 15, 12)

const resend = async (fixture: Fixture, command: Partial<ResendCommand> = {}) => {
  const result = await resendWebhook(fixture.parts, { storeId: 'store-1', paymentId: 'payment-1', ...command })
  return result instanceof Refusal ? result.body.type : result
}

const resent = async (fixture: Fixture, command: Partial<ResendCommand> = {}) => {
  const result = await resend(fixture, command)
  assert.ok(typeof result !== 'string', `refused: ${result}`)
  return result
}

test('a resend repeats the stored message under the same id, signed anew, and shows the attempt', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  await runDue(webhookDue(fixture.parts))

  const kept = { tables: ['payments', 'webhooks'], storeIds: ['store-1'], of: '{}', from: 0, until: noon }
  await keptCounts(fixture.parts.sql).keep(kept, Promise.resolve({ count: 7, resets: '0' }))
  const view = await resent(fixture, { webhookId })
  assert.equal(keptCounts(fixture.parts.sql).find(kept, 100), undefined, 'a list by webhooks is counted anew')
  assert.equal(view.id, webhookId)
  assert.equal(view.trigger, 'MANUAL')
  assert.equal(view.status, 'SUCCEEDED')
  assert.equal(view.currentExecutionCount, 1)
  assert.ok(Compile(PaymentWebhook).Check(view))
  const [first, second] = receiver.received
  assert.equal(second?.body, first?.body)
  assert.equal(second?.headers['webhook-id'], webhookId)
  await PortOneWebhook.verify(secret, second?.body ?? '', { ...second?.headers })
})

test('without an id the latest webhook of the payment is resent', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  const announce = (at: number, paymentId = 'payment-1') =>
    announcePaid(fixture.sql, 'store-1', [receiver.url], { at, paymentId })
  const [latest] = await announce(noon)
  await announce(noon - minute)
  await announce(noon + minute, 'payment-2')
  assert.equal((await resent(fixture)).id, latest)
})

test('a webhook that the payment does not have is not found', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  await addStore(fixture.sql, 'store-2')
  assert.equal(await resend(fixture), 'WEBHOOK_NOT_FOUND')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], { paymentId: 'payment-2' })
  assert.equal(await resend(fixture, { webhookId }), 'WEBHOOK_NOT_FOUND')
  assert.equal(await resend(fixture, { storeId: 'store-2', paymentId: 'payment-2', webhookId }), 'WEBHOOK_NOT_FOUND')
  assert.equal(receiver.received.length, 0)
})

test('of twenty resends at once ten are sent and ten refused', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver()
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])
  const results = await Promise.all(Array.from({ length: 20 }, () => resend(fixture, { webhookId })))
  const refused = results.filter((result) => result === 'MAX_WEBHOOK_RETRY_COUNT_REACHED')
  assert.deepEqual([receiver.received.length, refused.length], [10, 10])
})

test('a resend that fails is an answer, and leaves the schedule as it was', async () => {
  await using fixture = await openFixture()
  await using receiver = await startReceiver((_request, response) => response.writeHead(500).end())
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], {
    at: noon,
    trigger: 'VIRTUAL_ACCOUNT_DEPOSIT',
  })
  const dueAt = async () => (await loadDelivery(fixture.sql, 'store-1', webhookId ?? ''))?.dueAt
  await runDue(webhookDue(fixture.parts))
  const scheduled = await dueAt()
  assert.equal((await resent(fixture, { webhookId })).status, 'FAILED_NOT_OK_RESPONSE')
  assert.equal(await dueAt(), scheduled)

  await stopClock(fixture.sql, 'store-1', noon + minute)
  assert.equal(await runDue(webhookDue(fixture.parts)), 1)
  const [record] = await deliveriesOf(fixture.sql, 'payment-1')
  assert.ok(record !== undefined)
  const webhook = paymentWebhook(record)
  assert.equal(webhook.trigger, 'VIRTUAL_ACCOUNT_DEPOSIT')
  assert.equal(webhook.currentExecutionCount, 2)
})

test('a resend that the end of the server cuts off is recorded as that, and made again by the next', async () => {
  await using fixture = await openFixture()
  const held: ServerResponse[] = []
  await using receiver = await startReceiver((_request, response) =>
    held.length > 0 ? response.end() : held.push(response),
  )
  await addStore(fixture.sql, 'store-1')
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url])
  await fixture.sql`update webhooks set due_at = null where store_id = 'store-1'`
  const letGo = new AbortController()
  const parts = { ...fixture.parts, letGo: letGo.signal }
  const resending = resend({ ...fixture, parts }, { webhookId })
  await receiver.arrived(1)
  letGo.abort()
  const cutOff = await resending
  assert.ok(typeof cutOff === 'object')
  assert.deepEqual([cutOff.status, cutOff.trigger], ['FAILED_UNEXPECTED_ERROR', 'MANUAL'])

  assert.equal(await runDue(webhookDue(fixture.parts)), 1)
  const [record] = await deliveriesOf(fixture.sql, 'payment-1')
  assert.equal(record?.status, 'SUCCEEDED')
})

test('a resend that gets through ends the schedule', async () => {
  await using fixture = await openFixture()
  let isUp = false
  await using receiver = await startReceiver((_request, response) => response.writeHead(isUp ? 200 : 500).end())
  await addStore(fixture.sql, 'store-1')
  await stopClock(fixture.sql, 'store-1', noon)
  const [webhookId] = await announcePaid(fixture.sql, 'store-1', [receiver.url], { at: noon })
  await runDue(webhookDue(fixture.parts))
  isUp = true
  assert.equal((await resent(fixture, { webhookId })).status, 'SUCCEEDED')
  await stopClock(fixture.sql, 'store-1', noon + minute)
  assert.equal(await runDue(webhookDue(fixture.parts)), 0)
})
