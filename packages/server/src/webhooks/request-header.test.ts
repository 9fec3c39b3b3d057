import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedHeaders } from './attempt.ts'
import { keptHeader, sentHeader } from './request-header.ts'
import { secret } from './testing/fixture.ts'

const contentType = 'application/x-www-form-urlencoded'
const row = { webhookId: '0190f3a2-7c00-7000-8000-000000000001', contentType }

const sent = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

for (const secrets of [[], [secret], [secret, secret]])
  test(`with ${secrets.length} secrets, what was sent is shown as it was, and what the row has is not kept twice`, () => {
    const headers = signedHeaders({ version: '1.2.3' }, secrets, row.webhookId, 0, { contentType, body: 'a=b' })
    const kept = keptHeader(headers)
    assert.equal(sentHeader(kept, row), sent(headers))
    assert.ok(!kept.includes(contentType) && !kept.includes(row.webhookId))
  })

test('headers that an earlier version kept are shown as they are', () => {
  const kept = 'content-type: application/json\nuser-agent: Naru/0.1.0\nwebhook-id: other\nwebhook-timestamp: 1'
  assert.equal(sentHeader(kept, row), kept)
})
