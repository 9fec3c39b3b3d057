import type { BrowserContextOptions } from 'playwright-core'
import { desktop, findBrowser, phone, startBrowser } from '../packages/checkout/test/support/browser.ts'
import { startShop } from '../packages/checkout/test/support/shop.ts'
import { consents } from '../packages/server/test/support/checkout.ts'
import type { LoadOptions, LoadResult } from './load.ts'
import {
  cardPayment,
  channelKey,
  median,
  medianRatio,
  milliseconds,
  paying,
  print,
  printRates,
  printRow,
  printTarget,
  rate,
  ratio,
  runLoad,
  type Server,
  storeId,
  withServer,
} from './support.ts'

const rounds = 4

/** Payments by what a shopper's browser says, beside payments through the API; and how soon the page can be used. */
export const benchCheckout = (seconds: number): Promise<void> =>
  withServer(
    async (server) => {
      print(
        'Checkout (POST /checkout/v1/attempts opens a window, POST /checkout/v1/submit takes the card and approves)',
      )
      await besideApi(server, seconds)
      await openings(server)
    },
    // Each shopper comes from an address of their own.
    { NARU_TRUSTED_PROXIES: '127.0.0.1' },
  )

/**
 * In turns, because machines are noisy. Like for like is one request that has an order approved: in a window that is open
 * already, and through the API. The API has nothing like the opening; a shopper from the opening on is measured as well.
 */
const besideApi = async (server: Server, seconds: number): Promise<void> => {
  await shopping(server, seconds)
  const [approvals, shoppers, api]: [LoadResult[], LoadResult[], LoadResult[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    shoppers.push(await shopping(server, seconds))
    api.push(await paying(server, cardPayment, 64, seconds))
    approvals.push(await approving(server, seconds))
  }
  const beside = ratesOf(api)
  printRates('the same through the API, 64 connections', beside)
  printBeside('approvals in open windows, 64 at once', approvals, beside)
  printBeside('opened and approved, 64 shoppers at once', shoppers, beside)
}

const printBeside = (name: string, ours: readonly LoadResult[], beside: readonly number[]): void => {
  const rates = ratesOf(ours)
  const times = `p50 ${milliseconds(median(ours.map(({ p50 }) => p50)))}, p99 ${milliseconds(median(ours.map(({ p99 }) => p99)))}`
  printRow(name, `${rate(median(rates))}   ${times}   (${rates.map(rate).join(', ')})`)
  printTarget('ratio', medianRatio(rates, beside), { bound: 'at least', limit: 0.5, show: ratio })
  const failures = ours.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
}

const ratesOf = (results: readonly LoadResult[]): readonly number[] => results.map(({ perSecond }) => perSecond)

export const checkoutOrder = {
  storeId,
  channelKey,
  paymentId: 'shopper-{n}',
  orderName: '나루 티셔츠 외 2건',
  totalAmount: 39_000,
  currency: 'KRW',
  payMethod: 'CARD',
  customer: { customerId: 'customer-1', fullName: '홍길동', phoneNumber: '010-1234-5678' },
}
export const checkoutCard = {
  number: '4242424242424242',
  expiryMonth: '12',
  expiryYear: '49',
  month: 0,
  usesPoints: false,
}

const shopper = ({ port }: Server, seconds: number): LoadOptions => ({
  port,
  connections: 64,
  seconds,
  method: 'POST',
  path: '/checkout/v1/attempts',
  headers: { 'content-type': 'text/plain', 'x-forwarded-for': '{address}' },
  body: JSON.stringify({ kind: 'PAYMENT', device: 'PC', request: checkoutOrder }),
  followedBy: {
    path: '/checkout/v1/submit',
    body: JSON.stringify({ token: '{token}', customer: {}, consents, card: checkoutCard }),
  },
})

const shopping = (server: Server, seconds: number): Promise<LoadResult> => runLoad(shopper(server, seconds))

/** More windows than can be approved in the time make no difference; fewer end it earlier. */
const windowsPerSecond = 1_000

const approving = (server: Server, seconds: number): Promise<LoadResult> =>
  runLoad({ ...shopper(server, seconds), ahead: seconds * windowsPerSecond })

const openingRounds = 10

/** From the shop's call to a form that can be filled in, in a browser that has seen none of it and in one that has. */
const openings = async ({ port }: Server): Promise<void> => {
  const path = await findBrowser()
  if (path === undefined) return printRow('opening', 'There is no Chromium to measure with.')
  const browser = await startBrowser(path)
  await using shop = await startShop(`http://127.0.0.1:${port}`)
  const open = async (options: BrowserContextOptions): Promise<readonly number[]> => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const times: number[] = []
    for (let round = 0; round < 2; round++) {
      await page.goto(shop.url)
      await page.waitForFunction(() => 'shop' in globalThis)
      const paymentId = `opened-${performance.now()}`
      const request = { ...checkoutOrder, paymentId, redirectUrl: `${shop.url}/done` }
      const frame = options.isMobile ? page : page.frameLocator('iframe')
      const since = performance.now()
      await page.evaluate((asked) => {
        Object.assign(globalThis, { asked })
        void Object(globalThis).shop.PortOne.requestPayment(asked)
      }, request)
      await frame.locator('[autocomplete=cc-number]').waitFor()
      times.push(performance.now() - since)
    }
    await context.close()
    return times
  }
  for (const [name, options] of [
    ['desktop, frame', desktop],
    ['phone, redirection', phone],
  ] as const) {
    await open(options)
    const rounds: (readonly number[])[] = []
    for (let round = 0; round < openingRounds; round++) rounds.push(await open(options))
    const of = (visit: number) => median(rounds.map((times) => times[visit] ?? 0))
    printTarget(`opened to usable, ${name}`, of(0), { bound: 'at most', limit: 1_000, show: milliseconds })
    printRow('the same at the second visit', milliseconds(of(1)))
  }
  await browser.close()
}
