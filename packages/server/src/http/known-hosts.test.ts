import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKnownHosts } from './known-hosts.ts'

test('addresses, names without a dot and the names that were given are known, others are not', () => {
  const isKnown = createKnownHosts(['Naru.example'])
  const known = [
    '127.0.0.1:8080',
    '[::1]:8080',
    '10.1.2.3',
    'localhost:8080',
    'naru',
    'shop.localhost',
    'naru.example:80',
  ]
  for (const host of [undefined, 'NARU.EXAMPLE', 'naru.example.', ...known]) assert.ok(isKnown(host), host)
  for (const host of ['evil.example', 'evil.example:8080', 'naru.example.evil.example', 'a b', '', '1.2.3.4.example'])
    assert.ok(!isKnown(host), host)
})
