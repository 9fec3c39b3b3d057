import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { fillCard, type Stage, submit, visitorOf } from '../support/stage.ts'

const example = join(import.meta.dirname, '../../../../examples/shop/server.mjs')

export const exampleSuite = (stage: Stage): void => {
  test('the shop of the examples sells its tangerines, and knows from its own server that they are paid', async () => {
    const store = await stage.naru.newStore()
    const env = {
      ...process.env,
      API_URL: stage.naru.url,
      SHOP_PORT: '0',
      STORE_ID: store.storeId,
      CHANNEL_KEY: store.channelKey,
      API_SECRET: store.apiSecret,
      WEBHOOK_SECRET: store.webhookSecrets[0],
    }
    const shop = spawn(process.execPath, [example], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = await once(shop.stdout, 'data')
      const [url = ''] = /http:\S+/.exec(String(line)) ?? []
      await using visitor = await visitorOf(stage)
      const { page } = visitor
      await page.goto(url)
      await page.getByRole('button', { name: '주문하기' }).click()
      const checkout = page.frameLocator('iframe')
      await fillCard(checkout)
      await submit(checkout)
      await page.getByText('결제가 완료되었습니다').waitFor()
      const paid = await store.portone.payment.getPayments({ filter: { storeId: store.storeId } })
      assert.equal(paid.items[0]?.status, 'PAID')
    } finally {
      shop.kill()
      await once(shop, 'exit')
    }
  })
}
