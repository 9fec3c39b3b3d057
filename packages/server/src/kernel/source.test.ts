import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceOf } from './source.ts'

test('limits count the addresses of one IPv6 network as one, and an IPv4 address however it is written', () => {
  assert.equal(sourceOf('2001:db8:1:2::5'), sourceOf('2001:DB8:1:2:ffff::6'))
  assert.notEqual(sourceOf('2001:db8:1:2::5'), sourceOf('2001:db8:1:3::5'))
  assert.equal(sourceOf('::ffff:50.0.0.1'), sourceOf('50.0.0.1'))
  assert.notEqual(sourceOf('50.0.0.1'), sourceOf('50.0.0.2'))
})
