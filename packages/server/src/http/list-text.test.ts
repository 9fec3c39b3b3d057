import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listText } from './list-text.ts'

test('a list is the JSON that it would be in one piece', async () => {
  const items = [{ id: 'a', none: undefined, at: [1, null] }, { id: '한' }]
  for (const body of [
    { items, page: { number: 0 } },
    { items: [], next: undefined },
    { totalCount: 0, items },
  ])
    assert.equal(await listText(body), JSON.stringify(body))
})

test('while a long list is written others get their turns', async () => {
  const item = { text: 'x'.repeat(300 * 1024) }
  const order: string[] = []
  setImmediate(() => order.push('another'))
  await listText({ items: [item, item, item] }).then(() => order.push('list'))
  assert.deepEqual(order, ['another', 'list'])
})

test('beyond 128 MiB it is given up', async () => {
  const item = { text: 'x'.repeat(1024 * 1024) }
  assert.equal(await listText({ items: Array.from({ length: 129 }, () => item) }), undefined)
})
