import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core'
import type { TestNaru, TestStore } from '../../../server/test/support/naru.ts'
import type { Approvals } from './approvals.ts'
import { desktop, watch } from './browser.ts'
import type { Shop } from './shop.ts'

/** What the suites play on. */
export type Stage = {
  readonly browser: Browser
  readonly naru: TestNaru
  readonly shop: Shop
  readonly line: Approvals
  /** What pages did that none should. */
  readonly problems: string[]
  /** Browsers that shoppers have left: opening one takes as long as paying. */
  readonly idle: Map<BrowserContextOptions, Page[]>
}

/** The stage as it is before anybody comes. */
export const emptyStage = (built: Omit<Stage, 'problems' | 'idle'>): Stage => ({
  ...built,
  problems: [],
  idle: new Map(),
})

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
  const visitor = await visitorOf(stage, options)
  const { context, page } = visitor
  await goShopping(stage, page, path)
  return {
    context,
    page,
    checkout: page.frameLocator('iframe'),
    ask: (name, request) => askIn(page, name, request),
    outcome: () => page.evaluate(() => shop.outcome),
    [Symbol.asyncDispose]: () => visitor[Symbol.asyncDispose](),
  }
}

export const goShopping = async ({ shop }: Pick<Stage, 'shop'>, page: Page, path = '/'): Promise<void> => {
  // Its scripts have run once it has loaded.
  await page.goto(shop.url + path)
}

/** Clicks the button of the shop in this page, which calls this function of the npm package. */
export const askIn = async (page: Page, name: string, request: object): Promise<void> => {
  await page.evaluate(
    (asked) => {
      shop.asked = asked
    },
    [name, request],
  )
  await page.click('#pay')
}

/** A browser whose clock is moved, which nobody after it gets. */
export const ownClock = (): BrowserContextOptions => ({ ...desktop })

/** A browser without a page yet, for what begins on a page of ours. */
export const visitorOf = async (
  stage: Stage,
  options: BrowserContextOptions = desktop,
): Promise<AsyncDisposable & Pick<Shopper, 'context' | 'page'>> => {
  const page = stage.idle.get(options)?.pop() ?? (await newPage(stage, options))
  return { page, context: page.context(), [Symbol.asyncDispose]: () => leave(stage, options, page) }
}

/** The window that is opened by what the shopper does. */
export const popupBy = async ({ context }: Pick<Shopper, 'context'>, act: () => Promise<void>): Promise<Page> => {
  const [popup] = await Promise.all([context.waitForEvent('page'), act()])
  return popup
}

/** A browser whose pages are told nothing but what they ask for when they are looked at: nothing in them happens again and again. */
export const withoutIntervals = async (stage: Stage): Promise<Shopper> => {
  const options = { ...desktop }
  const { page, context } = await visitorOf(stage, options)
  await context.addInitScript(() => {
    Object.assign(globalThis, { setInterval: () => 0 })
  })
  stage.idle.set(options, [page])
  return await shopperOf(stage, options)
}

/** The shopper comes back to a page, from another tab. */
export const lookAt = (body: Locator): Promise<void> =>
  body.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange'))
  })

/** Whether it takes no focus, as what lies behind a modal dialog. */
export const isInert = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element: HTMLElement) => {
    const { activeElement } = document
    element.focus()
    return document.activeElement === activeElement
  })

/** What comes out of the cache of the back button fires no load event, which Playwright's own way back waits for. */
export const goBack = async (page: Page): Promise<void> => {
  const gone = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame())
  await page.evaluate(() => history.back())
  await gone
}

const newPage = async (stage: Stage, options: BrowserContextOptions): Promise<Page> => {
  const context = await stage.browser.newContext({ locale: 'ko-KR', ...options })
  context.setDefaultTimeout(240_000)
  watch(context, stage.problems)
  const page = await context.newPage()
  await hideBars(page)
  return page
}

/** Without its tabs and its address, which the browser would draw anew, and arrange anew, with every step of loading. */
const hideBars = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page)
  const { windowId } = await session.send('Browser.getWindowForTarget')
  await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'fullscreen' } })
  await session.detach()
}

/** Leaves the browser to the next shopper, as on a shared computer: only what a test has built around it goes. */
const leave = async ({ idle }: Stage, options: BrowserContextOptions, page: Page): Promise<void> => {
  const context = page.context()
  await Promise.all([context.unrouteAll(), page.unrouteAll()])
  context.removeAllListeners('request')
  for (const other of context.pages()) if (other !== page) await other.close()
  await page.goto('about:blank')
  idle.set(options, [...(idle.get(options) ?? []), page])
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

export const agree = (page: Fields): Promise<void> =>
  page.getByRole('button', { name: /모두 동의|Agreed? to all/ }).click()

export const submit = (page: Fields): Promise<void> => page.locator('button[type=submit]:visible').click()

export const succeeded = ({ value }: Outcome): Readonly<Record<string, string>> => {
  assert(value, 'the promise was rejected')
  assert.equal('code' in value, false, `it failed: ${JSON.stringify(value)}`)
  return value
}
