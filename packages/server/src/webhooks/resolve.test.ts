import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { randomToken } from '../kernel/ids.ts'
import { readHosts } from './hosts-file.ts'
import { createResolver, type Resolve, type ResolverOptions } from './resolve.ts'
import { readSearchList } from './search-list.ts'
import { startDnsServer, type Zone } from './testing/dns-server.ts'

const files: string[] = []
after(async () => {
  const { rm } = await import('node:fs/promises')
  for (const file of files) await rm(file)
})
const fileWith = async (content: string): Promise<string> => {
  const file = join(tmpdir(), randomToken(12))
  await writeFile(file, content)
  files.push(file)
  return file
}

const nobody: Resolve = () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }))

const resolving = async <Result>(
  zone: Zone,
  options: ResolverOptions,
  work: (resolve: Resolve, asked: readonly string[]) => Promise<Result>,
): Promise<Result> => {
  await using server = await startDnsServer(zone)
  const nowhere = { hosts: () => undefined, searchList: (name: string) => [name], system: nobody }
  return await work(createResolver({ ...nowhere, servers: [server.address], ...options }), server.asked)
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 })

test('a name has the addresses that DNS gives it', () =>
  resolving({ 'shop.example': ['192.0.2.1', '192.0.2.2'] }, {}, async (resolve) => {
    assert.deepEqual(await resolve('shop.example'), [v4('192.0.2.1'), v4('192.0.2.2')])
    await assert.rejects(resolve('nobody.example'), /^Error: The name nobody\.example has no address\.$/)
  }))

test('hundreds of dead names hold up neither another name nor the thread pool', () => {
  const names = Array.from({ length: 300 }, (_, index) => `dead-${index}.example`)
  const dead = Object.fromEntries(names.map((name) => [name, 'dead' as const]))
  const closed = new AbortController()
  const options = { timeLimit: 300_000, closed: closed.signal }
  return resolving({ 'shop.example': ['192.0.2.1'], ...dead }, options, async (resolve) => {
    const waiting = Promise.allSettled(names.map(resolve))
    assert.deepEqual(await resolve('shop.example'), [v4('192.0.2.1')])
    await stat('/')
    closed.abort()
    assert.ok((await waiting).every(({ status }) => status === 'rejected'))
  })
})

test('a name is asked for once, however many wait for it, and again afterwards', () =>
  resolving({ 'shop.example': ['192.0.2.1'] }, {}, async (resolve, asked) => {
    await Promise.all([resolve('shop.example'), resolve('shop.example'), resolve('shop.example')])
    assert.deepEqual(asked, ['shop.example'])
    await resolve('shop.example')
    assert.deepEqual(asked, ['shop.example', 'shop.example'])
  }))

test('the hosts file comes before DNS, and is read again once it has changed', async () => {
  const file = await fileWith(
    '192.0.2.7\tshop.example  alias # a comment\n::1 shop.example\n# 192.0.2.9 other.example\n',
  )
  await resolving(
    { 'shop.example': ['192.0.2.1'], 'other.example': ['192.0.2.2'] },
    { hosts: readHosts(file) },
    async (resolve) => {
      assert.deepEqual(await resolve('SHOP.example'), [v4('192.0.2.7'), { address: '::1', family: 6 }])
      assert.deepEqual(await resolve('alias'), [v4('192.0.2.7')])
      assert.deepEqual(await resolve('other.example'), [v4('192.0.2.2')])
      await writeFile(file, '192.0.2.77 shop.example\n')
      assert.deepEqual(await resolve('shop.example'), [v4('192.0.2.77')])
    },
  )
})

test('localhost and the names below it are this machine, without a hosts file too', async () => {
  const hosts = readHosts(join(tmpdir(), 'nothing-here'))
  await resolving({ 'shop.localhost': ['192.0.2.1'] }, { hosts }, async (resolve, asked) => {
    for (const name of ['localhost', 'shop.localhost', 'localhost.'])
      assert.deepEqual(await resolve(name), [v4('127.0.0.1'), { address: '::1', family: 6 }])
    assert.deepEqual(asked, [])
  })
})

test('a short name is looked for in the domains of resolv.conf', async () => {
  const file = await fileWith(
    'nameserver 192.0.2.53\nsearch shop.svc.cluster.local. svc.cluster.local\noptions ndots:2 edns0\n',
  )
  const zone: Zone = { 'hooks.svc.cluster.local': ['192.0.2.1'], 'api.shop.example': ['192.0.2.2'] }
  await resolving(zone, { searchList: readSearchList(file) }, async (resolve, asked) => {
    assert.deepEqual(await resolve('hooks'), [v4('192.0.2.1')])
    assert.deepEqual(asked, ['hooks.shop.svc.cluster.local', 'hooks.svc.cluster.local'])
    assert.deepEqual(await resolve('api.shop.example'), [v4('192.0.2.2')])
    assert.equal(asked.length, 3)
    await assert.rejects(resolve('hooks.'))
    assert.equal(asked.at(-1), 'hooks')
  })
})

test('what DNS does not know is asked of the system, one name at a time', () => {
  let underWay = 0
  let most = 0
  const system: Resolve = async (hostname) => {
    most = Math.max(most, ++underWay)
    await stat('/')
    underWay--
    return hostname === 'laptop.local' ? [v4('192.0.2.5')] : await nobody(hostname)
  }
  return resolving({ 'dead.example': 'dead' }, { system, timeLimit: 2_000 }, async (resolve) => {
    const names = ['laptop.local', 'a.example', 'b.example', 'c.example']
    const [laptop, ...others] = await Promise.allSettled(names.map(resolve))
    assert.deepEqual(laptop, { status: 'fulfilled', value: [v4('192.0.2.5')] })
    assert.ok(others.every(({ status }) => status === 'rejected'))
    assert.equal(most, 1)
  })
})

test('a system resolver that hangs is waited for no longer than the time limit, and a dead name never gets to it', () => {
  const asked: string[] = []
  const system: Resolve = (hostname) => {
    asked.push(hostname)
    return new Promise(() => {})
  }
  return resolving({ 'dead.example': 'dead' }, { system, timeLimit: 300 }, async (resolve) => {
    const late = /could not be resolved within 300 ms/
    await Promise.all(['dead.example', 'a.example', 'b.example'].map((name) => assert.rejects(resolve(name), late)))
    assert.equal(asked.length, 1)
    assert.notEqual(asked[0], 'dead.example')
  })
})

test('closing gives up what is under way', async () => {
  const closed = new AbortController()
  await resolving({ 'dead.example': 'dead' }, { closed: closed.signal }, async (resolve) => {
    const given = assert.rejects(resolve('dead.example'))
    closed.abort()
    await given
  })
})
