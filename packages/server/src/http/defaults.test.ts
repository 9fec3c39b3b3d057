import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, object, optional, string, withDefault } from '@naru/contract'
import { defaultsOf } from './defaults.ts'

const Line = object('Line', 'A line.', { discounts: withDefault(array(string('A discount.')), []) })
const Order = object('Order', 'An order.', {
  tags: withDefault(array(string('A tag.')), ['new']),
  lines: optional(array(Line)),
  first: optional(Line),
})

const completed = (value: unknown): unknown => {
  defaultsOf(Order)?.(value)
  return value
}

test('what is left out is filled in, at any depth', () => {
  assert.deepEqual(completed({ lines: [{}, { discounts: ['a'] }], first: {} }), {
    tags: ['new'],
    lines: [{ discounts: [] }, { discounts: ['a'] }],
    first: { discounts: [] },
  })
})

test('what may be absent stays absent', () => {
  assert.deepEqual(completed({}), { tags: ['new'] })
})

test('a value that does not fit the schema is left for the validation to refuse', () => {
  for (const value of [undefined, 'x', [], { tags: 'x', lines: {}, first: [] }])
    assert.deepEqual(completed(structuredClone(value)), value)
})

test('no request sees what another one did to its value', () => {
  const [one, other] = [completed({}), completed({})]
  assert(typeof one === 'object' && one !== null && 'tags' in one && Array.isArray(one.tags))
  one.tags.push('old')
  assert.deepEqual(other, { tags: ['new'] })
})

test('a schema without defaults costs nothing', () => {
  assert.equal(defaultsOf(object('Plain', 'Plain.', { name: string('A name.') })), undefined)
})
