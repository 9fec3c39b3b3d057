import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { clientAddress } from './client-address.ts'

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
