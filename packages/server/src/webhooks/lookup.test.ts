import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { createLookup } from './lookup.ts'
import type { Resolve } from './resolve.ts'

const address: LookupAddress = { address: '8.8.8.8', family: 4 }

test('sockets get one address or all, as they ask, and errors as they come', async () => {
  const found: Resolve = async () => [address, address]
  const missing: Resolve = () => Promise.reject(new Error('ENOTFOUND'))
  const all = (_hostname: string, addresses: readonly LookupAddress[]) => [...addresses]
  const given = (resolve: Resolve, choose: typeof all | (() => Error), options = {}) =>
    new Promise((settle) => {
      createLookup(resolve, choose)('a.example', options, (...values) => settle(values))
    })
  assert.deepEqual(await given(found, all, { all: true }), [null, [address, address]])
  assert.deepEqual(await given(found, all), [null, '8.8.8.8', 4])
  assert.deepEqual(await given(missing, all), [new Error('ENOTFOUND'), []])
  assert.deepEqual(await given(found, () => new Error('refused')), [new Error('refused'), []])
})
