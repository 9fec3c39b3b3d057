import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Latest } from './latest.ts'

test('what was not asked for longest is forgotten', () => {
  const latest = new Latest<number>(2)
  latest.set('a', 1)
  latest.set('b', 2)
  assert.equal(latest.get('a'), 1)
  latest.set('c', 3)
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => latest.get(key)),
    [1, undefined, 3],
  )
  latest.set('a', 4)
  latest.delete('c')
  assert.deepEqual([...latest.entries()], [['a', 4]])
})
