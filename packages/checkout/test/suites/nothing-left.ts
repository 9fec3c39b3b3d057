import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { setProfile } from '../../../server/src/checkout/sessions/profile.ts'
import { phone } from '../support/browser.ts'
import { fillCard, goBack, paymentOf, type Stage, shopperOf, submit, visitorOf } from '../support/stage.ts'

const customer = { fullName: '김나루', phoneNumber: '01012345678', email: 'naru@example.com' }
const cardNumber = '4000 0000 0000 0002'

/** Somebody pays on a computer that others use after them. */
export const nothingLeftSuite = (stage: Stage): void => {
  const endings = {
    paid: async (page: Page) => {
      await fillCard(page)
      await submit(page)
    },
    declined: async (page: Page) => {
      await fillCard(page, cardNumber)
      await submit(page)
    },
    left: async (page: Page) => {
      await fillCard(page)
      await page.getByRole('button', { name: '닫기' }).click()
      await page.getByRole('button', { name: '나가기' }).click()
    },
  }

  for (const [ending, play] of Object.entries(endings))
    test(`${ending}: nothing of one shopper is left for the next at the same computer`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, phone)
      const { page, context } = shopper
      const addresses: string[] = []
      context.on('request', (request) => addresses.push(request.url()))
      await shopper.ask('requestPayment', paymentOf(store, { customer, redirectUrl: `${stage.shop.url}/done` }))
      await page.locator('[autocomplete=cc-number]').waitFor()
      const address = page.url()
      await play(page)
      await page.waitForURL(/\/done\?/)
      for (const url of addresses) assert.doesNotMatch(url, /4242|4000%20|0002|김나루|%EA%B9%80|01012345678/)
      // The next one goes back, and then to the address itself, which is in the history.
      await goBack(page)
      await page.waitForURL(ending === 'paid' ? /\/done\?/ : `${stage.shop.url}/`, { waitUntil: 'commit' })
      const answer = await page.goto(address, { waitUntil: 'commit' })
      assert.equal(answer?.headers()['cache-control'], 'no-store')
      await page.waitForURL(/\/done\?/)
      await nothingKept(context, address)
    })

  for (const keeps of [false, true])
    test(`who leaves a form half-way leaves an empty one${keeps ? ', where the browser keeps our page, too' : ''}`, async () => {
      const store = await stage.naru.newStore()
      await using visitor = await visitorOf(stage)
      const { page } = visitor
      // Not every browser takes `no-store` for a reason to keep a page out of the cache of its back button.
      if (keeps)
        await page.route('**/checkout/*.*', async (route) => {
          const response = await route.fetch()
          const { 'cache-control': _, ...headers } = response.headers()
          await route.fulfill({ response, headers })
        })
      await page.goto(`${stage.shop.url}/other`)
      await page.goto(await sessionOf(stage, store))
      const number = page.locator('[autocomplete=cc-number]')
      await fillCard(page)
      await page.getByLabel('생년월일').fill('900101')
      await goBack(page)
      await page.waitForURL(/\/other$/, { waitUntil: 'commit' })
      await page.evaluate(() => history.forward())
      await number.waitFor()
      const inputs = await page.locator('input:not([type=checkbox], [type=hidden])').all()
      for (const input of inputs) assert.equal(await input.inputValue(), '')
      // What browsers remember for other forms is what they are told it is; the rest they are asked to forget.
      const kinds = await Promise.all(inputs.map((input) => input.getAttribute('autocomplete')))
      assert.deepEqual(kinds, ['cc-number', 'cc-exp', 'off', 'off'])
    })
}

const sessionOf = async (stage: Stage, store: Awaited<ReturnType<Stage['naru']['newStore']>>): Promise<string> => {
  const { storeId, channelKey } = store
  const profileKey = `shared-${storeId}`
  const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
  await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Shared', isForTest: true, entries })
  const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
  const { paymentId } = paymentOf(store)
  const body = { storeId, paymentId, profileKey, ...order, paymentMethod: 'CARD_KR' } as const
  return (await store.api.call('createPaymentSession', { body })).url
}

/** In every place where a browser keeps something of ours. */
const nothingKept = async (context: BrowserContext, address: string): Promise<void> => {
  const page = await context.newPage()
  // A page of our origin, without the checkout's own script.
  await page.goto(new URL('/healthz', address).href)
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: 'databases' in indexedDB ? await indexedDB.databases() : [],
    caches: 'caches' in globalThis ? await caches.keys() : [],
    workers: 'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    state: history.state,
    name: window.name,
  }))
  assert.deepEqual(kept, { local: {}, session: {}, databases: [], caches: [], workers: 0, state: null, name: '' })
  assert.deepEqual(await context.cookies(), [])
  await page.close()
}
