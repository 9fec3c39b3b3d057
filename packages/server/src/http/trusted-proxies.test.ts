import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ApiOptions, startApi } from './testing/api.ts'

/** Who asks, as the limits of the checkout see it. */
const seenBy = async (trustedProxies?: readonly string[]) => {
  const extend: ApiOptions['extend'] = (app) => app.get('/who', async ({ ip }) => ({ ip }))
  await using api = await startApi({ trustedProxies, extend })
  const headers = { 'x-forwarded-for': '198.51.100.9, 203.0.113.7' }
  return (await api.request('GET', '/who', { headers })).body.ip
}

test('a client that says that it is somebody else is not believed', async () => {
  assert.equal(await seenBy(), '127.0.0.1')
  assert.equal(await seenBy(['10.0.0.0/8']), '127.0.0.1')
})

test('of a proxy that is trusted, what it says itself is believed, and nothing that its client wrote before', async () => {
  assert.equal(await seenBy(['127.0.0.0/8']), '203.0.113.7')
})
