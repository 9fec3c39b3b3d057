import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { clientAddress, sourceOf } from './client-address.ts'

/** A proxy's connection. */
const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: '10.0.0.1' })
const addressOf = (ip: string) => clientAddress({ ip, socket })

test('a port that a proxy appends is no part of the address, and what is no address is the proxy’s own', () => {
  for (const [told, address] of [
    ['50.0.0.1', '50.0.0.1'],
    ['50.0.0.1:1699', '50.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:1699', '2001:db8::1'],
    ['unknown', '10.0.0.1'],
    ['unknown699', '10.0.0.1'],
    ['1.2.3.4.5:80', '10.0.0.1'],
    ['', '10.0.0.1'],
  ] as const)
    assert.equal(addressOf(told), address, told)
})

test('limits count the addresses of one IPv6 network as one, and an IPv4 address however it is written', () => {
  assert.equal(sourceOf('2001:db8:1:2::5'), sourceOf('2001:DB8:1:2:ffff::6'))
  assert.notEqual(sourceOf('2001:db8:1:2::5'), sourceOf('2001:db8:1:3::5'))
  assert.equal(sourceOf('::ffff:50.0.0.1'), sourceOf('50.0.0.1'))
  assert.notEqual(sourceOf('50.0.0.1'), sourceOf('50.0.0.2'))
})
