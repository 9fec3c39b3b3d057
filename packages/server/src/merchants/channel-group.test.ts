import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEncryption, newEncryptionKey } from '../kernel/encryption.ts'
import { createSandboxChannel } from './bootstrap.ts'
import { storeDirectory } from './directory.ts'
import { createChannelGroup, createMerchant, createStore } from './setup.ts'
import { SetupError } from './setup-error.ts'

test('a channel group is made of channels of the store whose percentages sum to 100, or not at all', async () => {
  await using database = await createTestDatabase()
  const { sql } = database
  const encryption = createEncryption(newEncryptionKey())
  const merchantId = await createMerchant(sql, 'Shop')
  const storeId = await createStore(sql, { merchantId, name: 'Shop', mode: 'SANDBOX', isRepresentative: true })
  for (const key of ['one', 'two']) await createSandboxChannel(sql, encryption, storeId, key)
  const group = (members: Record<string, number>, isForTest = true) =>
    createChannelGroup(sql, {
      storeId,
      name: 'Half',
      isForTest,
      members: Object.entries(members).map(([channelKey, percentage]) => ({ channelKey, percentage })),
    })

  const id = await group({ one: 30, two: 70 })
  const [made] = (await storeDirectory(sql, encryption).store(storeId))?.channelGroups ?? []
  assert.equal(made?.id, id)
  assert.deepEqual(made?.members.map(({ percentage }) => percentage).sort(), [30, 70])

  for (const members of [{}, { one: 99 }, { one: 50, unknown: 50 }, { one: 150, two: -50 }, { one: 33.5, two: 66.5 }])
    await assert.rejects(group(members), SetupError)
  await assert.rejects(group({ one: 100 }, false), SetupError)
  const [count] = await sql<[{ groups: number }]>`select count(*) as groups from channel_groups`
  assert.equal(count.groups, 1)
})
