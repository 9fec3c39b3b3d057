import assert from 'node:assert/strict'
import { test } from 'node:test'
import { desktop } from '../support/browser.ts'
import { fillCard, paymentOf, type Stage, shopperOf, submit, succeeded } from '../support/stage.ts'

/** Each way in which a shop is pointed at us, in a page that is written so. */
const ways = {
  '/module': 'our module is imported before the first call',
  '/import-map': 'an import map gives our module for the vendor’s',
  '/set-url': 'the package itself is told where the script is',
  '/untouched': 'a test answers for the vendor’s server',
} as const

const vendor = 'https://cdn.portone.io/v2/browser-sdk.js'

export const pointingSuite = (stage: Stage): void => {
  for (const [path, how] of Object.entries(ways))
    test(`pointed at us: ${how}`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, desktop, path)
      const asked: string[] = []
      await shopper.context.route('https://cdn.portone.io/**', async (route) => {
        asked.push(route.request().url())
        const url = `${stage.naru.url}/v2/browser-sdk.js`
        if (path === '/untouched') await route.fulfill({ response: await route.fetch({ url }) })
        else await route.abort()
      })
      await shopper.ask('requestPayment', paymentOf(store))
      await fillCard(shopper.checkout)
      await submit(shopper.checkout)
      succeeded(await shopper.outcome())
      assert.deepEqual(asked, path === '/untouched' ? [vendor] : [])
    })
}
