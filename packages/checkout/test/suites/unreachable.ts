import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { addChannel } from '../../../server/test/support/channels.ts'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import { seriousIn } from '../support/axe.ts'
import { desktop } from '../support/browser.ts'
import {
  fillCard,
  isInert,
  ownClock,
  paymentOf,
  popupBy,
  type Shopper,
  type Stage,
  shopperOf,
  submit,
  succeeded,
  visitorOf,
} from '../support/stage.ts'

/** The page itself, whose address ends in a token. */
const page = '**/checkout/*.*'
const pageScript = '**/checkout/assets/*.js'
const opening = '**/checkout/v1/attempts'
const view = '**/checkout/v1/view'
const state = '**/checkout/v1/attempts/state'
const closing = '**/checkout/v1/attempts/close'

const hang = () => undefined

/** The server has opened the window, and its page is to come. */
const isFramed = ({ page: shopPage }: Shopper): Promise<void> =>
  shopPage.locator('iframe').waitFor({ state: 'attached' })

const isUsable = async ({ page: shopPage }: Shopper): Promise<void> => {
  await shopPage.waitForFunction(() => document.querySelector('iframe, [inert]') === null)
  assert.equal(await shopPage.evaluate(() => document.activeElement?.id), 'pay')
}

const wasLeft = async (shopper: Shopper): Promise<void> => {
  const { value } = await shopper.outcome()
  assert.equal(value?.pgCode, 'PAY_PROCESS_CANCELED')
}

const wasNotLoaded = async (shopper: Shopper): Promise<void> => {
  const { value } = await shopper.outcome()
  assert.deepEqual([value?.code, value?.pgCode], ['PORTONE_ERROR', 'NARU_WINDOW_NOT_LOADED'])
  assert.match(value?.message ?? '', /불러오지 못했습니다/)
}

/** The server, or the way to it, fails while the window is over the shop's page: no shopper is locked out of the shop. */
export const unreachableSuite = (stage: Stage): void => {
  const troubles: readonly (readonly [string, string, (route: Route) => unknown])[] = [
    ['that is answered 503', page, (route) => route.fulfill({ status: 503, body: '<h1>Busy</h1>' })],
    [
      'that a portal answers',
      page,
      (route) => route.fulfill({ body: '<h1>Welcome to our Wi-Fi</h1><input autofocus>' }),
    ],
    ['that is cut off', page, (route) => route.abort('connectionreset')],
    ['that hangs', page, hang],
    ['whose script is cut off', pageScript, (route) => route.abort('connectionreset')],
  ]

  test('a server that stands still while a window is opened is given up after half a minute, and leaves nothing open', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, ownClock())
    const { clock } = shopper.page
    await clock.install()
    const held = Promise.withResolvers<Route>()
    await shopper.page.route(opening, (route) => held.resolve(route), { times: 1 })
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await shopper.page.getByRole('status').getByText('불러오는 중입니다').waitFor()
    assert.equal(await isInert(shopper.page.locator('#pay')), true)
    const route = await held.promise
    await clock.fastForward('00:30')
    const { error, isPaymentError } = await shopper.outcome()
    assert.deepEqual([error?.code, error?.paymentId, isPaymentError], ['Unavailable', payment.paymentId, true])
    await isUsable(shopper)
    const closed = shopper.page.waitForResponse(closing)
    await route.continue()
    await (await closed).finished()
    assert.equal((await store.portone.payment.getPayment({ paymentId: payment.paymentId })).status, 'FAILED')
    assert.equal(await shopper.page.locator('iframe').count(), 0)
  })

  for (const [how, leave] of [
    ['a button', (page: Page) => page.getByRole('button', { name: '닫기' }).click()],
    ['Esc', (page: Page) => page.keyboard.press('Escape')],
  ] as const)
    test(`a window that the server has not opened yet can be closed by ${how}`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage)
      await shopper.page.route(opening, hang)
      await shopper.ask('requestPayment', paymentOf(store))
      await leave(shopper.page)
      const { error } = await shopper.outcome()
      assert.deepEqual([error?.code, error?.pgCode], ['FAILURE_TYPE_PG', 'PAY_PROCESS_CANCELED'])
      await isUsable(shopper)
    })

  test('a request for a window that reaches the server after the next one opens nothing in its place', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const held = Promise.withResolvers<Route>()
    await shopper.page.route(opening, (route) => held.resolve(route), { times: 1 })
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    const late = await held.promise
    await shopper.page.keyboard.press('Escape')
    await shopper.outcome()
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    const answered = shopper.page.waitForResponse(opening)
    await late.continue()
    assert.equal((await answered).status(), 400)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('an empty popup says that it is loading, and who closes it is waited for no longer', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage)
    await shopper.page.route(opening, hang)
    const popupOpens = shopper.context.waitForEvent('page')
    const asked = { windowType: { pc: 'POPUP' }, locale: 'EN_US' }
    await shopper.ask('requestPayment', paymentOf({ ...store, channelKey }, asked))
    const popup = await popupOpens
    await popup.getByRole('status').getByText('Loading').waitFor()
    await popup.close()
    const { error } = await shopper.outcome()
    assert.deepEqual([error?.pgCode, error?.pgMessage], ['PAY_PROCESS_CANCELED', 'The shopper cancelled'])
    const common = { storeId: store.storeId, channelKey, windowType: { pc: 'POPUP' } }
    for (const [call, words, others] of [
      ['requestIssueBillingKey', '사용자가 결제 수단 등록을 취소했습니다', { billingKeyMethod: 'CARD' }],
      ['requestIdentityVerification', '사용자가 본인인증을 취소했습니다', { identityVerificationId: 'nobody' }],
    ] as const) {
      await (await popupBy(shopper, () => shopper.ask(call, { ...common, ...others }))).close()
      assert.equal((await shopper.outcome()).error?.pgMessage, words)
    }
  })

  test('a page that does not come can be closed, by a button and by Esc', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    for (const [name, address, play] of troubles)
      for (const how of ['button', 'Esc']) {
        await shopper.page.route(address, play)
        await shopper.ask('requestPayment', paymentOf(store))
        await isFramed(shopper)
        const button = shopper.page.getByRole('button', { name: '닫기' })
        await button.waitFor()
        if (how === 'button') await button.click()
        else await shopper.page.keyboard.press('Escape')
        await isUsable(shopper).catch((cause) => assert.fail(`${name}, ${how}: ${cause}`))
        await wasLeft(shopper)
        await shopper.page.unroute(address)
      }
  })

  test('a page that does not come is loaded anew once, and closes by itself if that is no help', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, { ...desktop })
    const { clock } = shopper.page
    await clock.install()
    await shopper.page.route(page, hang, { times: 1 })
    const asked = shopper.page.waitForRequest(page)
    await shopper.ask('requestPayment', paymentOf(store))
    await asked
    await clock.fastForward('00:15')
    await fillCard(shopper.checkout)
    assert.equal(await shopper.page.getByRole('button', { name: '닫기' }).count(), 0)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    await shopper.page.route(page, hang)
    const first = shopper.page.waitForRequest(page)
    await shopper.ask('requestPayment', paymentOf(store))
    await first
    const second = shopper.page.waitForRequest(page)
    await clock.fastForward('00:15')
    await second
    const warned = shopper.page.waitForEvent('console', (message) => /did not load.*blocker/.test(message.text()))
    await clock.fastForward('00:30')
    await wasNotLoaded(shopper)
    await warned
    await isUsable(shopper)
  })

  test('where no server answers either, the shop is usable at once, and hears within seconds that nothing is known', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, { ...desktop })
    const { clock, keyboard } = shopper.page
    await clock.install()
    await shopper.page.route(page, hang)
    await shopper.page.route(closing, hang)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await isFramed(shopper)
    const asked = shopper.page.waitForRequest(closing)
    await keyboard.press('Escape')
    await isUsable(shopper)
    await asked
    await clock.fastForward('00:15')
    const { value } = await shopper.outcome()
    assert.equal(value?.code, 'PORTONE_ERROR')
    assert.equal(value?.paymentId, payment.paymentId)
    assert.ok(value?.txId)
  })

  test('a page whose order does not come asks again after a while, and can be closed meanwhile', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, { ...desktop })
    const { clock } = shopper.page
    await clock.install()
    await shopper.page.route(view, hang)
    const first = shopper.page.waitForRequest(view)
    await shopper.ask('requestPayment', paymentOf(store))
    await first
    await shopper.checkout.getByRole('button', { name: /닫기/ }).click()
    await isUsable(shopper)
    await wasLeft(shopper)
    await shopper.page.unroute(view)
    await shopper.page.route(view, hang, { times: 1 })
    const again = shopper.page.waitForRequest(view)
    await shopper.ask('requestPayment', paymentOf(store))
    await again
    await clock.fastForward('00:10')
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('a page whose order never comes closes after half a minute, and nobody is said to have left it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, ownClock())
    const { clock } = shopper.page
    await clock.install()
    await shopper.page.route(view, hang)
    const asked = shopper.page.waitForRequest(view)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await asked
    await clock.fastForward('00:30')
    await wasNotLoaded(shopper)
    await isUsable(shopper)
    const failed = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal('failure' in failed && failed.failure.pgCode, 'NARU_WINDOW_NOT_LOADED')
  })

  test('who has paid can close the window while the shop’s page cannot learn that, and the shop hears of it later', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store))
    await fillCard(shopper.checkout)
    await shopper.page.route(state, (route) => route.abort('connectionreset'))
    await submit(shopper.checkout)
    await shopper.checkout.getByText('쇼핑몰로 이동하고 있습니다').waitFor()
    await shopper.checkout.getByRole('button', { name: '닫기' }).click()
    await isUsable(shopper)
    await shopper.page.unroute(state)
    await shopper.page.evaluate(() => dispatchEvent(new Event('online')))
    succeeded(await shopper.outcome())
  })

  test('an address that fails says so in the shopper’s language, can be tried again, and leads back to the shop', async () => {
    const { naru, shop } = stage
    await using shopper = await visitorOf(stage)
    const { page: visited } = shopper
    await visited.goto(`${naru.url}/checkout/return/%ZZ`)
    await visited.getByRole('heading', { name: '결제 정보를 찾을 수 없습니다' }).waitFor()
    assert.deepEqual(await seriousIn(visited), [])
    const broken = `${naru.url}/checkout/return/broken`
    await visited.route(broken, async (route) => {
      const unknown = await route.fetch({ url: `${naru.url}/checkout/return/%ZZ` })
      const html = (await unknown.text()).replace('"UNKNOWN"', `"FAILED" data-shop="${shop.url}/"`)
      await route.fulfill({ response: unknown, status: 500, body: html })
    })
    await visited.goto(broken)
    await visited.getByRole('heading', { name: '지금은 페이지를 표시할 수 없습니다' }).waitFor()
    assert.deepEqual(await seriousIn(visited), [])
    assert.equal(await visited.getByRole('link', { name: '쇼핑몰로 돌아가기' }).getAttribute('href'), `${shop.url}/`)
    await visited.unroute(broken)
    await visited.getByRole('button', { name: '다시 시도' }).click()
    await visited.getByText('주소가 잘못되었거나 이미 끝난 결제입니다.').waitFor()
    assert.equal(visited.url(), `${naru.url}/checkout/broken`)
  })
}
