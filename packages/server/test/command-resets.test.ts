import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Command } from 'commander'
import { addPayout } from '../src/cli/payout.ts'
import { addPlatform } from '../src/cli/platform.ts'
import { addPromotions } from '../src/cli/promotions.ts'
import { addReconciliation } from '../src/cli/reconciliation.ts'
import { dayOf } from '../src/kernel/days.ts'
import { newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'
import { breakableWire } from './support/wire.ts'

describe('a command whose sandbox store is reset meanwhile', async () => {
  const naru = await startNaru()
  const wire = await breakableWire(naru.database.url)
  after(() => wire[Symbol.asyncDispose]())
  process.env.DATABASE_URL = wire.url
  process.env.NARU_ENCRYPTION_KEY = naru.encryptionKey
  const { sql } = naru.database
  const store = await naru.newMerchant()
  await newAdmin(sql, store.storeId)
  const today = dayOf(await store.now())

  const run = async (words: readonly string[]) => {
    const program = new Command().exitOverride()
    for (const add of [addPayout, addPlatform, addPromotions, addReconciliation]) add(program)
    await program.parseAsync([...words, '--store', store.storeId], { from: 'user' })
  }
  const file = join(tmpdir(), `naru-${store.storeId}.csv`)
  after(() => rm(file, { force: true }))
  const { channelKey } = store
  const days = { from: today, until: today }
  const { csv } = await store.api.call('produceSandboxReconciliationFile', {
    body: { channelKey, kind: 'TRANSACTION', ...days },
  })
  await writeFile(file, csv)

  const tables = ['platform_entities', 'platform_account_transfers', 'promotions', 'reconciliation_files']
  const rows = async () =>
    (
      await Promise.all(tables.map((table) => sql`select to_jsonb(t)::text as row from ${sql(table)} t order by 1`))
    ).flat()

  /** Of each way to write one that does so in a world without anything, and where it stands still: at its writing or before it. */
  const commands: readonly (readonly [string, string])[] = [
    ['platform formula own ORDER_AMOUNT', 'store_in_epoch'],
    ['platform formula own ORDER_AMOUNT --test', 'store_in_epoch'],
    ['payout remit 71 --bank KOOKMIN --account 110123456 --holder 홍길동', 'store_in_epoch'],
    ['payout remit 71 --bank KOOKMIN --account 110123456 --holder 홍길동', 'asks_second_factor as asks'],
    [
      'promotion create Spring --card SHINHAN_CARD --percent 10000=10 --maximum 5000 --budget 100000 --end 2099-01-01T00:00:00Z',
      'expectation',
    ],
    [
      `reconciliation import-transactions ${file} --channel ${channelKey} --from ${today} --until ${today}`,
      'store_in_epoch',
    ],
  ]
  for (const [line, moment] of commands)
    test(`changes nothing, and says so: ${line.split(' ', 2).join(' ')}, at ${moment}`, async (context) => {
      context.after(() => wire.thaw())
      const words = line.split(' ')
      const before = await rows()
      const { late } = await wire.freezeAt([moment], () => run(words))
      await store.api.call('resetSandboxStore', {})
      wire.thaw()
      await assert.rejects(late, /reset/)
      assert.deepEqual(await rows(), before)
      // It is what would have been written.
      await run(words)
      assert.notDeepEqual(await rows(), before)
      await store.api.call('resetSandboxStore', {})
    })
})
