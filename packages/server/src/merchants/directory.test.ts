import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEncryption, newEncryptionKey } from '../kernel/encryption.ts'
import { Refusal } from '../kernel/refusal.ts'
import { storeAccess } from './access.ts'
import { storeDirectory } from './directory.ts'
import {
  addWebhookSecret,
  createChannel,
  createMerchant,
  createStore,
  deleteChannel,
  expireWebhookSecret,
  setWebhook,
} from './setup.ts'
import { SetupError } from './setup-error.ts'

const encryption = createEncryption(newEncryptionKey())
const credentials = { mid: 'shop', key: 'pg key' }

const start = async () => {
  const database = await createTestDatabase()
  const { sql } = database
  const merchantId = await createMerchant(sql, 'Merchant')
  const newStore = (name: string, isRepresentative = false) =>
    createStore(sql, { merchantId, name, mode: 'SANDBOX', isRepresentative })
  const storeId = await newStore('First', true)
  const newChannel = (channelKey: string) =>
    createChannel(sql, encryption, {
      storeId,
      channelKey,
      name: 'Channel',
      type: 'TEST',
      adapter: 'sandbox',
      pgProvider: 'TOSSPAYMENTS',
      pgMerchantId: 'mid',
      credentials,
    })
  const directory = storeDirectory(sql, encryption)
  const dispose = () => database[Symbol.asyncDispose]()
  return { sql, merchantId, storeId, newStore, newChannel, directory, [Symbol.asyncDispose]: dispose }
}

test('a store is read with its channels, decrypted, and its webhook settings', async () => {
  await using fixture = await start()
  const { sql, storeId, merchantId, directory } = fixture
  await fixture.newChannel('key')
  await setWebhook(sql, storeId, 'TEST', { url: 'http://localhost/hook' })
  const first = await addWebhookSecret(sql, encryption, storeId, 'TEST')
  const second = await addWebhookSecret(sql, encryption, storeId, 'TEST')
  const store = await directory.store(storeId)
  assert.equal(store?.merchantId, merchantId)
  assert.deepEqual(
    store?.channels.map(({ key, credentials }) => ({ key, credentials })),
    [{ key: 'key', credentials }],
  )
  const settings = store?.webhookSettings.TEST
  assert.equal(settings?.url, 'http://localhost/hook')
  assert.deepEqual(new Set(settings?.secrets), new Set([first.secret, second.secret]))
  assert.equal(store?.webhookSettings.LIVE, undefined)
})

test('a store inherits the webhook settings of the representative one, secrets included, unless it has its own', async () => {
  await using fixture = await start()
  const { sql, storeId, directory } = fixture
  const [heir, own, silent] = [
    await fixture.newStore('Heir'),
    await fixture.newStore('Own'),
    await fixture.newStore('Silent'),
  ]
  await setWebhook(sql, storeId, 'TEST', { url: 'http://localhost/first', version: '2024-01-01' })
  const { secret } = await addWebhookSecret(sql, encryption, storeId, 'TEST')
  await setWebhook(sql, own, 'TEST', { url: 'http://localhost/own' })
  await setWebhook(sql, silent, 'TEST', { url: null })
  const settingsOf = async (id: string) => (await directory.store(id))?.webhookSettings
  const inherited = await settingsOf(heir)
  assert.deepEqual(inherited, await settingsOf(storeId))
  assert.deepEqual(
    [inherited?.TEST?.url, inherited?.TEST?.version, inherited?.TEST?.secrets],
    ['http://localhost/first', '2024-01-01', [secret]],
  )
  assert.deepEqual((await settingsOf(own))?.TEST?.secrets, [])
  assert.equal((await settingsOf(own))?.TEST?.url, 'http://localhost/own')
  assert.equal((await settingsOf(silent))?.TEST?.url, undefined)
  // Each environment by itself.
  await setWebhook(sql, heir, 'LIVE', { url: 'http://localhost/live' })
  directory.forget(heir)
  const both = await settingsOf(heir)
  assert.deepEqual([both?.LIVE?.url, both?.TEST?.url], ['http://localhost/live', 'http://localhost/first'])
})

test('what is secret is not readable in the database', async () => {
  await using fixture = await start()
  await fixture.newChannel('key')
  const { secret } = await addWebhookSecret(fixture.sql, encryption, fixture.storeId, 'TEST')
  const rows = await fixture.sql<{ bytes: Buffer }[]>`
    select credentials as bytes from channels union all select secret from webhook_secrets`
  for (const { bytes } of rows) assert.ok(!bytes.includes('pg key') && !bytes.includes(secret))
})

test('a ciphertext moved to another store is refused', async () => {
  await using fixture = await start()
  await fixture.newChannel('key')
  const other = await fixture.newStore('Other')
  await fixture.sql`
    insert into channels (store_id, channel_id, channel_key, name, type, adapter, pg_provider, pg_merchant_id, credentials, created_at)
    select ${other}, channel_id, channel_key, name, type, adapter, pg_provider, pg_merchant_id, credentials, created_at
    from channels`
  await assert.rejects(fixture.directory.store(other), /Cannot decrypt/)
})

test('changes are seen at once after forget, and what was read before is remembered until then', async () => {
  await using fixture = await start()
  const { directory, storeId } = fixture
  assert.equal((await directory.store(storeId))?.channels.length, 0)
  await fixture.newChannel('key')
  assert.equal((await directory.store(storeId))?.channels.length, 0)
  directory.forget(storeId)
  assert.equal((await directory.store(storeId))?.channels.length, 1)
})

test('a store that does not exist is looked for again', async () => {
  await using fixture = await start()
  assert.equal(await fixture.directory.store('later'), undefined)
  await createStore(fixture.sql, {
    merchantId: fixture.merchantId,
    storeId: 'later',
    name: 'Later',
    mode: 'LIVE',
    isRepresentative: false,
  })
  assert.equal((await fixture.directory.store('later'))?.name, 'Later')
})

test('a deleted channel serves its payments and no new ones', async () => {
  await using fixture = await start()
  await fixture.newChannel('key')
  await deleteChannel(fixture.sql, fixture.storeId, 'key')
  const store = await fixture.directory.store(fixture.storeId)
  assert.deepEqual([store?.channels.length, store?.formerChannels[0]?.key], [0, 'key'])
  await assert.rejects(deleteChannel(fixture.sql, fixture.storeId, 'key'), SetupError)
})

test('a store has two webhook secrets at most, also when many are added at once', async () => {
  await using fixture = await start()
  const add = () => addWebhookSecret(fixture.sql, encryption, fixture.storeId, 'TEST')
  const added = await Promise.allSettled(Array.from({ length: 8 }, add))
  const secrets = added.filter(({ status }) => status === 'fulfilled')
  assert.ok(secrets.length === 1 || secrets.length === 2)
  await add().catch(() => undefined)
  await assert.rejects(add(), SetupError)
  const [row] = await fixture.sql<{ secret_id: string }[]>`select secret_id from webhook_secrets limit 1`
  await expireWebhookSecret(fixture.sql, row?.secret_id ?? '')
  await add()
})

test('ids that no URL can address or no terminal can show are refused', async () => {
  await using fixture = await start()
  for (const key of ['', '.', '..', 'a\nb', 'a\u0000b', 'x'.repeat(256)]) {
    await assert.rejects(fixture.newChannel(key), SetupError)
  }
  await fixture.newChannel('taken')
  await assert.rejects(fixture.newChannel('taken'), /already/)
})

test('403: a credential reaches its own stores only, and one of a store its own store only', async () => {
  await using fixture = await start()
  const { merchantId, storeId, sql } = fixture
  const sub = await fixture.newStore('Sub')
  const foreignMerchant = await createMerchant(sql, 'Foreign')
  const foreign = await createStore(sql, {
    merchantId: foreignMerchant,
    name: 'Foreign',
    mode: 'SANDBOX',
    isRepresentative: true,
  })
  const access = storeAccess(fixture.directory)
  const merchant = { merchantId, secretId: 's', storeId, scope: 'MERCHANT' } as const
  const single = { ...merchant, storeId: sub, scope: 'STORE' } as const
  const resolved = async (...given: Parameters<typeof access.resolveStore>) => {
    const store = await access.resolveStore(...given)
    return store instanceof Refusal ? store.body.type : store.storeId
  }
  const reached = async (...given: Parameters<typeof access.reachableStores>) => {
    const stores = await access.reachableStores(...given)
    return stores instanceof Refusal ? stores.body.type : stores.map((store) => store.storeId)
  }
  assert.equal(await resolved(merchant, undefined), storeId)
  assert.equal(await resolved(merchant, sub), sub)
  assert.equal(await resolved(merchant, foreign), 'FORBIDDEN')
  assert.equal(await resolved(merchant, 'nobody'), 'FORBIDDEN')
  assert.equal(await resolved(single, undefined), sub)
  assert.equal(await resolved(single, storeId), 'FORBIDDEN')
  assert.deepEqual(await reached(merchant, undefined), [storeId, sub])
  assert.deepEqual(await reached(merchant, sub), [sub])
  assert.deepEqual(await reached(merchant, foreign), 'FORBIDDEN')
  assert.deepEqual(await reached(single, undefined), [sub])
  assert.deepEqual(await reached(single, storeId), 'FORBIDDEN')
})
