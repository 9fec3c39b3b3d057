import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable } from './table.ts'

const rows = [
  { id: '1', url: 'https://shop.example/webhooks/payments' },
  { id: '22', url: 'none' },
]

test('a table is as wide as what it shows', () => {
  assert.equal(formatTable(rows, 80), ['id  url', '1   https://shop.example/webhooks/payments', '22  none'].join('\n'))
})

test('in a narrow terminal each value has a line, and nothing is cut', () => {
  const lines = ['id   1', 'url  https://shop.example/webhooks/payments', '', 'id   22', 'url  none']
  for (const width of [41, 20, 5]) assert.equal(formatTable(rows, width), lines.join('\n'))
  assert.equal(formatTable(rows, 42), formatTable(rows, 80))
})

test('what would break a row or command the terminal is shown as an escape', () => {
  assert.equal(formatTable([{ name: 'a\nb' }, { name: '\u001b[31mred' }], 80), 'name\na\\u000ab\n\\u001b[31mred')
})
