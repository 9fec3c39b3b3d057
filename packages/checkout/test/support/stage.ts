import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import type { TestNaru, TestStore } from '../../../server/test/support/naru.ts'
import { desktop, watch } from './browser.ts'
import type { Shop } from './shop.ts'

/** What the suites play on. */
export type Stage = {
  readonly browser: Browser
  readonly naru: TestNaru
  readonly shop: Shop
  /** What pages did that none should. */
  readonly problems: string[]
}

export type Outcome = {
  readonly value?: Readonly<Record<string, string>>
  readonly error?: Readonly<Record<string, string>>
  readonly isTyped?: boolean
  readonly isPaymentError?: boolean
}

/** A shopper with a browser of their own on the shop's page. */
export type Shopper = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  /** The checkout in its frame. */
  readonly checkout: FrameLocator
  /** Clicks the shop's button, which calls this function of the npm package. */
  ask(name: string, request: object): Promise<void>
  /** What the function's promise came to. */
  outcome(): Promise<Outcome>
}

declare global {
  // The shop's page has it; the function below runs there.
  var shop: { asked: unknown; outcome: Promise<Outcome> }
}

export const shopperOf = async (
  stage: Stage,
  options: BrowserContextOptions = desktop,
  path = '/',
): Promise<Shopper> => {
  const context = await stage.browser.newContext({ locale: 'ko-KR', ...options })
  context.setDefaultTimeout(240_000)
  watch(context, stage.problems)
  const page = await context.newPage()
  await page.goto(stage.shop.url + path)
  await page.waitForFunction(() => 'shop' in globalThis)
  return {
    context,
    page,
    checkout: page.frameLocator('iframe'),
    ask: async (name, request) => {
      await page.evaluate(
        (asked) => {
          shop.asked = asked
        },
        [name, request],
      )
      await page.click('#pay')
    },
    outcome: () => page.evaluate(() => shop.outcome),
    [Symbol.asyncDispose]: () => context.close(),
  }
}

let payments = 0

/** A request for a payment by card, as a shop writes it. */
export const paymentOf = ({ storeId, channelKey }: Pick<TestStore, 'storeId' | 'channelKey'>, others: object = {}) => ({
  storeId,
  channelKey,
  paymentId: `browser-${process.pid}-${payments++}`,
  orderName: '맛있는 귤 한 상자',
  totalAmount: 50_000,
  currency: 'CURRENCY_KRW',
  payMethod: 'CARD',
  ...others,
})

type Fields = Pick<FrameLocator | Page, 'locator' | 'getByRole'>

export const fillCard = async (page: Fields, number = '4242 4242 4242 4242'): Promise<void> => {
  await page.locator('[autocomplete=cc-number]').fill(number)
  await page.locator('[autocomplete=cc-exp]').fill('12/30')
  await agree(page)
}

export const agree = async (page: Fields): Promise<void> => {
  await page
    .getByRole('checkbox', { name: /동의|Agree/ })
    .first()
    .waitFor()
  for (const box of await page.getByRole('checkbox', { name: /동의|Agree/ }).all()) await box.check()
}

export const submit = (page: Fields): Promise<void> => page.locator('button[type=submit]:visible').click()

export const succeeded = ({ value }: Outcome): Readonly<Record<string, string>> => {
  assert(value, 'the promise was rejected')
  assert.equal('code' in value, false, `it failed: ${JSON.stringify(value)}`)
  return value
}
