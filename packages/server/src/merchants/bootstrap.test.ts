import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEncryption, newEncryptionKey } from '../kernel/encryption.ts'
import { bootstrap } from './bootstrap.ts'
import { credentialDirectory } from './credentials.ts'
import { storeDirectory } from './directory.ts'
import { createMerchant, createSecret, createStore, revokeSecret } from './setup.ts'
import { SetupError } from './setup-error.ts'

const encryption = createEncryption(newEncryptionKey())

const start = async () => {
  const database = await createTestDatabase()
  const { sql } = database
  return {
    sql,
    /** What a new process finds. */
    storeOf: (storeId: string) => storeDirectory(sql, encryption).store(storeId),
    credentialOf: (secret: string) => credentialDirectory(sql).bySecret(secret),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('the first start makes a sandbox store with everything to use it', async () => {
  await using fixture = await start()
  const made = await bootstrap(fixture.sql, encryption, {})
  const store = await fixture.storeOf(made.storeId)
  assert.deepEqual([store?.mode, store?.isRepresentative, store?.channels.length], ['SANDBOX', true, 1])
  assert.deepEqual([store?.channels[0]?.key, store?.channels[0]?.type], [made.channelKey, 'TEST'])
  assert.deepEqual(store?.webhookSettings.TEST?.secrets, [made.webhookSecret])
  const credential = await fixture.credentialOf(made.apiSecret ?? '')
  assert.deepEqual([credential?.storeId, credential?.scope], [made.storeId, 'MERCHANT'])
})

test('later starts change nothing', async () => {
  await using fixture = await start()
  const first = await bootstrap(fixture.sql, encryption, {})
  const second = await bootstrap(fixture.sql, encryption, {})
  assert.deepEqual([second.storeId, second.channelKey], [first.storeId, first.channelKey])
  assert.equal(second.apiSecret, undefined)
  const [row] =
    await fixture.sql`select (select count(*) from stores) as stores, (select count(*) from channels) as channels`
  assert.deepEqual({ ...row }, { stores: 1, channels: 1 })
})

test('what the environment names is so, from the first start and from a later one', async () => {
  await using fixture = await start()
  for (const round of ['a', 'b', 'b']) {
    const choices = {
      storeId: 'my-store',
      apiSecret: `api-secret-of-round-${round}`,
      channelKey: `channel-${round}`,
      webhookSecret: `whsec_${Buffer.from(`secret of round ${round}`).toString('base64')}`,
      webhookUrl: `http://localhost/${round}`,
    }
    const made = await bootstrap(fixture.sql, encryption, choices)
    const { webhookUrl, ...credentials } = choices
    assert.deepEqual(made, { ...credentials, isRepresentative: true })
    const store = await fixture.storeOf('my-store')
    assert.ok(store?.channels.some(({ key }) => key === choices.channelKey))
    assert.deepEqual(store?.webhookSettings.TEST?.secrets, [choices.webhookSecret])
    assert.equal(store?.webhookSettings.TEST?.url, webhookUrl)
    assert.equal((await fixture.credentialOf(choices.apiSecret))?.storeId, 'my-store')
  }
})

test('an API secret that the environment no longer names stops working', async () => {
  await using fixture = await start()
  await bootstrap(fixture.sql, encryption, { apiSecret: 'the first api secret' })
  await bootstrap(fixture.sql, encryption, { apiSecret: 'the second api secret' })
  assert.equal(await fixture.credentialOf('the first api secret'), undefined)
  await bootstrap(fixture.sql, encryption, { apiSecret: 'the first api secret' })
  assert.notEqual(await fixture.credentialOf('the first api secret'), undefined)
})

test('a secret that is good for another merchant is not taken, since it would act for that one', async () => {
  await using fixture = await start()
  const apiSecret = 'the secret of the first merchant'
  const first = await bootstrap(fixture.sql, encryption, { storeId: 'store-1', apiSecret })
  const merchantId = await createMerchant(fixture.sql, 'Another')
  await createStore(fixture.sql, {
    merchantId,
    storeId: 'store-2',
    name: 'Another',
    mode: 'SANDBOX',
    isRepresentative: true,
  })
  const again = () => bootstrap(fixture.sql, encryption, { storeId: 'store-2', apiSecret })
  await assert.rejects(again, (error) => error instanceof SetupError && error.message.includes(merchantId))
  const [secret] = await fixture.sql<{ id: string }[]>`select secret_id as id from api_secrets`
  await revokeSecret(fixture.sql, secret?.id ?? '')
  await again()
  assert.equal((await fixture.credentialOf(apiSecret))?.storeId, 'store-2')
  assert.equal(first.storeId, 'store-1')
})

test('a secret of one other store alone is not taken, since it would act for that one', async () => {
  await using fixture = await start()
  await bootstrap(fixture.sql, encryption, { storeId: 'store-1' })
  const [{ merchantId }] = await fixture.sql<[{ merchantId: string }]>`select merchant_id as "merchantId" from stores`
  await createStore(fixture.sql, {
    merchantId,
    storeId: 'store-2',
    name: 'Another',
    mode: 'SANDBOX',
    isRepresentative: false,
  })
  const apiSecret = 'the secret of the second store'
  await createSecret(fixture.sql, { merchantId, storeId: 'store-2', name: 'Second', secret: apiSecret })
  const choices = { storeId: 'store-1', apiSecret }
  await assert.rejects(
    bootstrap(fixture.sql, encryption, choices),
    /is a secret of store-2, and not of the store store-1/,
  )
  await bootstrap(fixture.sql, encryption, { ...choices, storeId: 'store-2' })
  assert.equal((await fixture.credentialOf(apiSecret))?.scope, 'STORE')
  await fixture.sql`update api_secrets set revoked_at = now()`
  await assert.rejects(bootstrap(fixture.sql, encryption, choices), SetupError)
})

test('known secrets stay with the merchant they were made for, when the environment names the store of another', async () => {
  await using fixture = await start()
  const known = { apiSecret: 'prepared-api-secret', webhookSecret: 'whsec_cHJlcGFyZWQ=' }
  const first = await bootstrap(fixture.sql, encryption, {}, known)
  const merchantId = await createMerchant(fixture.sql, 'Another')
  await createStore(fixture.sql, { merchantId, storeId: 'theirs', name: 'T', mode: 'SANDBOX', isRepresentative: true })
  const shown = new Map<string, Set<string | undefined>>()
  let file = known
  for (const storeId of ['theirs', first.storeId, 'theirs', first.storeId, 'theirs']) {
    const { apiSecret = '', webhookSecret } = await bootstrap(fixture.sql, encryption, { storeId }, file)
    file = { apiSecret, webhookSecret }
    assert.equal((await fixture.credentialOf(apiSecret))?.storeId, storeId)
    shown.set(storeId, (shown.get(storeId) ?? new Set()).add(apiSecret))
  }
  assert.notEqual(file.webhookSecret, known.webhookSecret)
  // However often it is switched, each is shown one, and the one that the first merchant had before stays good.
  assert.deepEqual(
    [...shown.values()].map(({ size }) => size),
    [1, 1],
  )
  assert.equal((await fixture.credentialOf(known.apiSecret))?.storeId, first.storeId)
  assert.equal((await fixture.sql`select from api_secrets`).count, 3)
})

test('a withdrawn secret that would open a live store does not come back because the environment still names it', async () => {
  await using fixture = await start()
  const choices = { apiSecret: 'the secret of the merchant' }
  await bootstrap(fixture.sql, encryption, choices)
  const [{ merchantId }] = await fixture.sql<[{ merchantId: string }]>`select merchant_id as "merchantId" from stores`
  await fixture.sql`update api_secrets set expires_at = now()`
  await bootstrap(fixture.sql, encryption, choices)
  assert.notEqual(await fixture.credentialOf(choices.apiSecret), undefined, 'a sandbox gets it back')
  await createStore(fixture.sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
  await fixture.sql`update api_secrets set expires_at = now() + interval '1 hour'`
  await bootstrap(fixture.sql, encryption, choices)
  assert.equal(
    (await fixture.sql`select from api_secrets where expires_at is not null`).count,
    1,
    'it keeps its expiry',
  )
  for (const column of ['expires_at', 'revoked_at']) {
    await fixture.sql`update api_secrets set ${fixture.sql(column)} = now()`
    await assert.rejects(bootstrap(fixture.sql, encryption, choices), /was revoked or has expired/)
  }
})

test('a secret that another merchant revoked does not open a live store of this one', async () => {
  await using fixture = await start()
  const apiSecret = 'the secret of the first merchant'
  await bootstrap(fixture.sql, encryption, { apiSecret })
  const merchantId = await createMerchant(fixture.sql, 'Another')
  await createStore(fixture.sql, { merchantId, storeId: 'theirs', name: 'T', mode: 'SANDBOX', isRepresentative: true })
  await createStore(fixture.sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
  await fixture.sql`update api_secrets set revoked_at = now()`
  await assert.rejects(
    bootstrap(fixture.sql, encryption, { storeId: 'theirs', apiSecret }),
    /was revoked or has expired/,
  )
})

test('a secret that is revoked opens no store of another merchant who has the same one', async () => {
  await using fixture = await start()
  const { apiSecret = '' } = await bootstrap(fixture.sql, encryption, {})
  const merchantId = await createMerchant(fixture.sql, 'Another')
  await createStore(fixture.sql, { merchantId, name: 'Another', mode: 'SANDBOX', isRepresentative: true })
  await createSecret(fixture.sql, { merchantId, name: 'The same', secret: apiSecret })
  const credential = await fixture.credentialOf(apiSecret)
  await revokeSecret(fixture.sql, credential?.secretId ?? '')
  assert.equal(await fixture.credentialOf(apiSecret), undefined)
})

test('whether requests that name no store are about the one that is shown', async () => {
  await using fixture = await start()
  const shown = async (storeId: string) => (await bootstrap(fixture.sql, encryption, { storeId })).isRepresentative
  assert.deepEqual([await shown('store-1'), await shown('store-2'), await shown('store-1')], [true, false, true])
})

test('of servers that start at once one makes the store', async () => {
  await using fixture = await start()
  const made = await Promise.all(Array.from({ length: 6 }, () => bootstrap(fixture.sql, encryption, {})))
  assert.equal(new Set(made.map(({ storeId }) => storeId)).size, 1)
  assert.equal(made.filter(({ apiSecret }) => apiSecret !== undefined).length, 1)
})

test('secrets that are known beforehand are used by the first start, and known to every later one', async () => {
  await using room = await start()
  const known = { apiSecret: 'prepared-api-secret', webhookSecret: 'whsec_cHJlcGFyZWQ=' }
  for (const round of [1, 2]) {
    const { apiSecret, webhookSecret } = await bootstrap(room.sql, encryption, {}, known)
    assert.deepEqual({ apiSecret, webhookSecret }, known, `start ${round}`)
  }
  assert.notEqual(await room.credentialOf(known.apiSecret), undefined)
  // Their file was lost: the API secret is a new one, the webhook secret is read from the database.
  const lost = await bootstrap(
    room.sql,
    encryption,
    {},
    { ...known, apiSecret: 'another-api-secret', webhookSecret: 'x' },
  )
  assert.deepEqual([lost.apiSecret, lost.webhookSecret], ['another-api-secret', known.webhookSecret])
})

test('an API secret that was revoked does not become good again by a file that holds it', async () => {
  await using room = await start()
  const known = { apiSecret: 'prepared-api-secret', webhookSecret: 'whsec_cHJlcGFyZWQ=' }
  await bootstrap(room.sql, encryption, {}, known)
  await room.sql`update api_secrets set revoked_at = now()`
  const { apiSecret } = await bootstrap(room.sql, encryption, {}, known)
  assert.notEqual(apiSecret, known.apiSecret)
  assert.equal(await room.credentialOf(known.apiSecret), undefined)
})
