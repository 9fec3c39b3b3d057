import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Command } from 'commander'
import { createTestDatabase } from '../../test/support/database.ts'
import { findProfileOf } from '../checkout/sessions/profile.ts'
import { createEncryption } from '../kernel/encryption.ts'
import { createChannel, createMerchant, createStore } from '../merchants/setup.ts'
import { addCheckout } from './checkout.ts'

describe('naru checkout', async () => {
  const database = await createTestDatabase()
  after(() => database[Symbol.asyncDispose]())
  const { sql } = database
  process.env.DATABASE_URL = database.url
  process.env.NARU_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  const merchantId = await createMerchant(sql, 'Shop')
  const store = await createStore(sql, { merchantId, name: 'Shop', mode: 'SANDBOX', isRepresentative: true })
  const facts = {
    name: 'Card',
    type: 'TEST',
    adapter: 'sandbox',
    pgProvider: 'TOSSPAYMENTS',
    pgMerchantId: 'x',
  } as const
  const channelKey = await createChannel(sql, createEncryption(randomBytes(32)), { storeId: store, ...facts })

  const naru = async (...words: string[]) => {
    const program = new Command().exitOverride()
    addCheckout(program)
    await program.parseAsync(['checkout', ...words, '--store', store], { from: 'user' })
  }
  const entries = async () => (await findProfileOf(sql, store, 'shop'))?.entries

  test('a profile is set, given other entries and deleted; what cannot be offered is refused by name', async (t) => {
    await naru('profile', 'set', 'shop', `CARD_KR=${channelKey}`, `KAKAO_PAY=${channelKey}`)
    assert.deepEqual(await entries(), [
      { paymentMethod: 'CARD_KR', channelKey },
      { paymentMethod: 'KAKAO_PAY', channelKey },
    ])
    const file = join(tmpdir(), `naru-profile-${process.pid}.json`)
    t.after(() => rm(file, { force: true }))
    const conditions = [{ paymentMethod: 'CARD_KR', channelKey, currencies: ['KRW'], minAmount: 1_000 }]
    await writeFile(file, JSON.stringify(conditions))
    await naru('profile', 'set', 'shop', '--file', file)
    assert.deepEqual(await entries(), conditions)
    await assert.rejects(naru('profile', 'set', 'shop'), /at least one payment method/)
    await assert.rejects(naru('profile', 'set', 'shop', 'CASH=x'), /paymentMethod/)
    await assert.rejects(naru('profile', 'set', 'shop', 'CARD_KR=no-such-channel'), /TEST channel of the store/)
    await assert.rejects(naru('profile', 'set', 'shop', `CARD_KR=${channelKey}`, '--live'), /LIVE channel/)
    assert.deepEqual(await entries(), conditions)
    await naru('profile', 'list')
    await naru('profile', 'delete', 'shop')
    assert.equal(await entries(), undefined)
    await assert.rejects(naru('profile', 'delete', 'shop'), /no checkout profile shop/)
  })

  test('a setting that is not named stays as it is', async () => {
    const setting = async () => {
      const [row] =
        await sql`select requires_confirm_url as asks, webhook_first as waits from stores where store_id = ${store}`
      return { ...row }
    }
    await naru('setting', '--require-confirm-url', 'on')
    await naru('setting', '--webhook-first', 'on')
    assert.deepEqual(await setting(), { asks: true, waits: true })
    await naru('setting', '--require-confirm-url', 'off')
    assert.deepEqual(await setting(), { asks: false, waits: true })
    await naru('setting')
    assert.deepEqual(await setting(), { asks: false, waits: true })
  })
})
