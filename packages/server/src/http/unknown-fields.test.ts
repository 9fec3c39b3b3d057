import assert from 'node:assert/strict'
import { test } from 'node:test'
import { misspelt } from './unknown-fields.ts'

const schema = { type: 'array', items: { type: 'object', properties: { reason: { type: 'string' } } } }

test('a misspelt field is hinted at behind others that are unknown, but not searched for behind a thousand', () => {
  const unknown = (count: number) => Array.from({ length: count }, () => ({ somethingElse: 1 }))
  const hint = 'There is no field [20].reasons. Did you mean [20].reason?'
  assert.equal(misspelt(schema, [...unknown(20), { reasons: 'r' }]), hint)
  assert.equal(misspelt(schema, [...unknown(1000), { reasons: 'r' }]), undefined)
})
