import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook as PortOneWebhook } from '@portone/server-sdk'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { realTime } from '../kernel/clock.ts'
import { randomToken } from '../kernel/ids.ts'
import { defaultFormat, writeMessage } from './message.ts'
import { signatureHeaders } from './signature.ts'

const newSecret = () => `whsec_${Buffer.from(randomToken(), 'base64url').toString('base64')}`

test('the signature is the one that PortOne documents for its example', () => {
  const body =
    '{"type":"Transaction.Paid","timestamp":"2024-04-25T10:00:00.000Z","data":' +
    '{"storeId":"store-ae356798-3d20-4969-b739-14c6b0e1a667","paymentId":"example-payment-id",' +
    '"transactionId":"55451513-9763-4a7a-bb43-78a4c65be843"}}'
  const secrets = ['whsec_pzQGE83cSIRKM4/WH5QY+g==']
  assert.deepEqual(signatureHeaders(secrets, 'dummy-webhook-id', 1_714_039_200_999, body), {
    'webhook-id': 'dummy-webhook-id',
    'webhook-timestamp': '1714039200',
    'webhook-signature': 'v1,fSgV4XpMNtUFBr0+Vc39xLSeTC0pz74dbRO3C8GiQdo=',
  })
})

test('while a secret is being replaced, receivers with either one accept the message', async () => {
  const secrets = [newSecret(), newSecret()]
  const headers = signatureHeaders(secrets, 'webhook-1', realTime(), '{}')
  assert.match(headers['webhook-signature'] ?? '', /^v1,[^ ]+ v1,[^ ]+$/)
  for (const secret of secrets) {
    new Webhook(secret).verify('{}', headers)
    await PortOneWebhook.verify(secret, '{}', headers)
  }
  assert.throws(() => new Webhook(newSecret()).verify('{}', headers))
})

test('without a secret nothing looks signed', () => {
  assert.deepEqual(Object.keys(signatureHeaders([], 'webhook-1', 0, '{}')), ['webhook-id', 'webhook-timestamp'])
})

test('any text in an id survives signing, sending and verifying', async () => {
  const secret = newSecret()
  const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('\0', '"', '\\', '\ud800', '\n'), fc.string()) })
  const ids = fc.record(
    { storeId: anyText, paymentId: anyText, transactionId: anyText, cancellationId: anyText },
    { noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(ids, async (data) => {
      const message = writeMessage(
        { ...data, type: 'Transaction.Cancelled', environment: 'TEST', at: 0 },
        defaultFormat,
      )
      assert.ok(message !== undefined)
      const headers = signatureHeaders([secret], 'webhook-1', realTime(), message.body)
      const overTheWire = Buffer.from(message.body).toString()
      const verified = await PortOneWebhook.verify(secret, overTheWire, headers)
      assert.deepEqual('data' in verified ? verified.data : undefined, data)
      assert.deepEqual(new Webhook(secret).verify(overTheWire, headers), verified)
    }),
  )
})
