import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphqlId, graphqlIds } from './platform.ts'

test('the GraphQL id of a partner is the one that PortOne answers', () => {
  assert.equal(graphqlId('PARTNER', 'partnerA'), 'NDpwYXJ0bmVyQQ==')
  assert.deepEqual(graphqlIds('CONTRACT', ['c', '계약']), ['NTpj', Buffer.from('5:계약').toString('base64')])
})
