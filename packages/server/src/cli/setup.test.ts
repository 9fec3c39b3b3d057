import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { Command } from 'commander'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEncryption, readEncryptionKey } from '../kernel/encryption.ts'
import { createMerchant, createStore } from '../merchants/setup.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { selectStores } from '../merchants/store-rows.ts'
import { market } from '../platform/testing/market.ts'
import { addSetup } from './setup.ts'

describe('setting up by the command line', async () => {
  const database = await createTestDatabase()
  after(() => database[Symbol.asyncDispose]())
  const { sql } = database
  const key = randomBytes(32).toString('base64')
  process.env.DATABASE_URL = database.url
  process.env.NARU_ENCRYPTION_KEY = key
  const merchantId = await createMerchant(sql, 'Bookshop')
  const storeId = await createStore(sql, { merchantId, name: 'Bookshop', mode: 'SANDBOX', isRepresentative: true })

  const naru = async (...words: string[]) => {
    const program = new Command().exitOverride()
    addSetup(program)
    await program.parseAsync([...words, '--store', storeId], { from: 'user' })
  }

  test('an API secret is good for ever, or until the instant that was said', async () => {
    await naru('secret', 'create', 'for ever')
    await naru('secret', 'create', 'for a while', '--expires', '2999-01-31T09:00:00+09:00')
    const secrets = await sql<{ name: string; expires_at: number | null }[]>`
      select name, expires_at from api_secrets order by created_at`
    assert.deepEqual(
      secrets.map(({ name, expires_at }) => [name, expires_at]),
      [
        ['for ever', null],
        ['for a while', Date.parse('2999-01-31T00:00:00Z')],
      ],
    )
    for (const instant of ['tomorrow', '2999-02-31T00:00:00Z', '2999-01-31', '2020-01-31T00:00:00Z'])
      await assert.rejects(naru('secret', 'create', 'never', '--expires', instant), SetupError)
    assert.equal((await sql`select from api_secrets`).count, 2)
    await naru('secret', 'list')
  })

  test('an expiry that the store’s clock has passed is refused, since the secret would never be good', async () => {
    await sql`update stores set clock_stopped_at = '2500-01-01' where store_id = ${storeId}`
    const create = naru('secret', 'create', 'never', '--expires', '2499-12-31T00:00:00Z')
    await assert.rejects(create, /For this secret it is 2500-01-01T00:00:00.000Z already/)
    await sql`update stores set clock_stopped_at = null where store_id = ${storeId}`
  })

  test('a store of a merchant that does not exist is refused, with what to do', async () => {
    const program = new Command().exitOverride()
    addSetup(program)
    const words = ['store', 'create', 'Orphan', '--merchant', 'merchant-nobody']
    await assert.rejects(program.parseAsync(words, { from: 'user' }), {
      constructor: SetupError,
      message: 'There is no merchant merchant-nobody. See: naru store list',
    })
    assert.equal((await sql`select from stores where name = 'Orphan'`).count, 0)
  })

  test('what a sandbox has rehearsed never becomes real: its merchant gets a live store without books only', async () => {
    const place = await market(sql, 'rehearsed')
    const create = (name: string) => {
      const program = new Command().exitOverride()
      addSetup(program)
      const words = ['store', 'create', name, '--live', '--merchant', place.merchantId, '--json']
      return program.parseAsync(words, { from: 'user' })
    }
    await place.partner('partner')
    await place.transfer({ type: 'MANUAL' })
    await assert.rejects(create('Too early'), /has rehearsed live partner settlement.*Leave --merchant out/)
    await sql`delete from platform_transfers where merchant_id = ${place.merchantId}`
    await create('First')
    // From now on the books are real, and no obstacle.
    await place.transfer({ type: 'MANUAL' })
    await create('Second')
    const stores = await sql<{ name: string }[]>`
      select name from stores where merchant_id = ${place.merchantId} and mode = 'LIVE' order by name`
    assert.deepEqual(
      stores.map(({ name }) => name),
      ['First', 'Second'],
    )
  })

  test('webhooks go to a web address or nowhere', async () => {
    await naru('store', 'webhook', 'https://shop.example/webhook')
    await naru('store', 'webhook', 'none', '--environment', 'LIVE')
    for (const url of ['shop.example/webhook', 'ftp://shop.example', 'https://user:password@shop.example'])
      await assert.rejects(naru('store', 'webhook', url), SetupError)
    const settings = await sql`select environment, url from webhook_settings order by environment`
    assert.deepEqual(
      settings.map((row) => [row.environment, row.url]),
      [
        ['LIVE', null],
        ['TEST', 'https://shop.example/webhook'],
      ],
    )
  })

  test('the webhooks of a live store cannot be sent to an address that they are never delivered to', async () => {
    const live = await createStore(sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
    const program = new Command().exitOverride()
    addSetup(program)
    const set = (url: string) => program.parseAsync(['store', 'webhook', url, '--store', live], { from: 'user' })
    await assert.rejects(set('http://10.0.0.1/webhook'), /not an address of the public internet/)
    await set('https://shop.example/webhook')
  })

  test('a channel plays a PG that the API knows in its second version', async () => {
    await naru('channel', 'create', 'Kcp', '--key', 'kcp', '--pg-provider', 'KCP_V2')
    for (const provider of ['KCP', 'kcp_v2', 'STRIPE'])
      await assert.rejects(naru('channel', 'create', 'Kcp', '--pg-provider', provider), SetupError)
    await naru('channel', 'delete', 'kcp')
  })

  test('a sandbox channel says what its PG makes of repeated references', async () => {
    await naru('channel', 'create', 'Plain', '--key', 'plain')
    await naru('channel', 'create', 'Forgetful', '--key', 'forgetful', '--idempotency', 'none')
    await assert.rejects(naru('channel', 'create', 'Wrong', '--idempotency', 'sometimes'))
    const encryption = createEncryption(readEncryptionKey(key) ?? Buffer.alloc(0))
    const [store] = await selectStores(sql, encryption, { storeId })
    assert.deepEqual(
      store?.channels.map((channel) => [channel.key, channel.credentials]),
      [
        ['plain', { idempotency: 'stripe' }],
        ['forgetful', { idempotency: 'none' }],
      ],
    )
  })
})
