import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { createLookup, createResolver, type Resolve } from './resolve.ts'

const address: LookupAddress = { address: '8.8.8.8', family: 4 }

test('a name is asked for once, however many wait for it, and again afterwards', () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const resolve: Resolve = (hostname, _options, callback) => {
    asked.push(hostname)
    answers.push(() => callback(null, [address]))
  }
  const resolver = createResolver(resolve)
  let settled = 0
  const ask = (hostname: string) => resolver(hostname, { all: true }, () => settled++)
  for (const hostname of ['slow.example', 'slow.example', 'other.example', 'slow.example']) ask(hostname)
  assert.deepEqual(asked, ['slow.example', 'other.example'])
  for (const answer of answers.splice(0)) answer()
  assert.equal(settled, 4)
  ask('slow.example')
  assert.deepEqual(asked, ['slow.example', 'other.example', 'slow.example'])
})

test('sockets get one address or all, as they ask, and errors as they come', () => {
  const given: unknown[] = []
  const found: Resolve = (_hostname, _options, callback) => callback(null, [address, address])
  const missing: Resolve = (_hostname, _options, callback) => callback(new Error('ENOTFOUND'), [])
  const take = (...values: unknown[]) => given.push(values)
  const all = (_hostname: string, addresses: readonly LookupAddress[]) => [...addresses]
  createLookup(found, all)('a.example', { all: true }, take)
  createLookup(found, all)('a.example', {}, take)
  createLookup(missing, all)('a.example', {}, take)
  createLookup(found, () => new Error('refused'))('a.example', {}, take)
  assert.deepEqual(given, [
    [null, [address, address]],
    [null, '8.8.8.8', 4],
    [new Error('ENOTFOUND'), []],
    [new Error('refused'), []],
  ])
})
