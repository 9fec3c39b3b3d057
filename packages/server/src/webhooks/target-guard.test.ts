import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLookup } from './lookup.ts'
import type { Resolve } from './resolve.ts'
import { createTargetGuard } from './target-guard.ts'

const refuses = (url: string, allowed: readonly string[] = []) =>
  createTargetGuard(allowed).refusal(new URL(url)) !== undefined

const resolvesTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** What the dialer would connect to, or the refusal. */
const lookup = (hostname: string, resolve: Resolve, allowed: readonly string[] = []) =>
  new Promise<unknown>((settle) => {
    createLookup(resolve, createTargetGuard(allowed).choose)(hostname, { all: true }, (error, addresses) =>
      settle(error === null ? addresses : error),
    )
  })

const forbidden = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://0x7f.1/',
  'http://127.0.0.1./',
  'http://0/',
  'http://0.0.0.0/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/',
  'http://192.0.0.1/',
  'http://198.18.0.1/',
  'http://203.0.113.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::127.0.0.1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[4000::1]/',
]

for (const url of forbidden) test(`${url} is refused`, () => assert.ok(refuses(url)))

const open = ['http://8.8.8.8/', 'https://1.1.1.1:8443/', 'http://172.32.0.1/', 'https://[2606:4700:4700::1111]/']

for (const url of open) test(`${url} is allowed`, () => assert.ok(!refuses(url)))

test('names are judged by what they resolve to, when they are dialled', async () => {
  assert.ok(!refuses('http://shop.example/'))
  assert.deepEqual(await lookup('shop.example', resolvesTo('8.8.8.8')), [{ address: '8.8.8.8', family: 4 }])
  const refusal = await lookup('rebound.example', resolvesTo('127.0.0.1', '::1'))
  assert.match(String(refusal), /rebound\.example resolves to 127\.0\.0\.1, ::1/)
})

test('of mixed addresses only the public ones are dialled', async () => {
  const addresses = await lookup('mixed.example', resolvesTo('10.0.0.1', '8.8.8.8', 'fe80::1%eth0'))
  assert.deepEqual(addresses, [{ address: '8.8.8.8', family: 4 }])
})

test('the allow-list opens names, addresses and ranges', async () => {
  assert.ok(!refuses('http://10.1.2.3/', ['10.0.0.0/8']))
  assert.ok(refuses('http://192.168.0.1/', ['10.0.0.0/8', 'fd00::/8']))
  assert.ok(!refuses('http://[fd00::1]/', ['10.0.0.0/8', 'fd00::/8']))
  assert.ok(!refuses('http://[::1]/', ['::1']))
  const loopback = [{ address: '127.0.0.1', family: 4 }]
  assert.deepEqual(await lookup('hooks.internal', resolvesTo('127.0.0.1'), ['Hooks.Internal.']), loopback)
  assert.deepEqual(await lookup('other.internal', resolvesTo('127.0.0.1'), ['127.0.0.1']), loopback)
  assert.ok((await lookup('other.internal', resolvesTo('127.0.0.1'), ['hooks.internal'])) instanceof Error)
})

test('an entry that is no target is refused when Naru starts', () => {
  for (const entry of ['http://hooks.internal', 'hooks.internal:8080', '10.0.0.0/33', '', '*.internal']) {
    assert.throws(() => createTargetGuard([entry]), /not a webhook target that can be allowed/)
  }
})
