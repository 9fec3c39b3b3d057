import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { addChannel } from '../../../server/test/support/channels.ts'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import {
  askIn,
  fillCard,
  goShopping,
  ownClock,
  paymentOf,
  popupBy,
  type Stage,
  shopperOf,
  submit,
  succeeded,
  visitorOf,
} from '../support/stage.ts'

/** A shop has one window at a time, and a window that shop. */
export const oneWindowSuite = (stage: Stage): void => {
  test('a double click that makes two orders opens one window, and the other order is not waiting behind it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const [first, second] = [paymentOf(store), paymentOf(store)]
    const outcomes = shopper.page.evaluate(
      async ([one, other]) => {
        const { PortOne, settle } = shop as unknown as {
          PortOne: { requestPayment(request: unknown): Promise<unknown> }
          settle(promise: Promise<unknown>): Promise<{ value?: { code?: string; pgCode?: string } }>
        }
        return await Promise.all([settle(PortOne.requestPayment(one)), settle(PortOne.requestPayment(other))])
      },
      [first, second] as const,
    )
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    const [replaced, paid] = await outcomes
    assert.deepEqual([replaced?.value?.code, replaced?.value?.pgCode], ['PORTONE_ERROR', 'NARU_WINDOW_REPLACED'])
    assert.equal(paid?.value?.code, undefined)
    assert.equal(await shopper.page.locator('iframe').count(), 0)
    assert.equal(await shopper.page.locator('[inert]').count(), 0)
    const charges = await Promise.all([first, second].map(({ paymentId }) => chargesOf(store, paymentId)))
    assert.deepEqual(charges, [0, 1])
  })

  test('where the popup is blocked the page takes the place of the shop’s, and brings the shopper back with the result', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage)
    await shopper.page.evaluate(() => {
      window.open = () => null
    })
    const redirectUrl = `${stage.shop.url}/done`
    const payment = paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' }, redirectUrl })
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.page)
    await submit(shopper.page)
    await shopper.page.waitForURL(/\/done\?/)
    const result = new URL(shopper.page.url()).searchParams
    assert.deepEqual([result.get('code'), result.get('paymentId')], [null, payment.paymentId])
  })

  test('an app that throws where a popup opens counts as one that blocks it', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'INICIS_V2')
    await using shopper = await shopperOf(stage)
    await shopper.page.evaluate(() => {
      window.open = () => {
        throw new Error('No popups here.')
      }
    })
    await shopper.ask('requestPayment', paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' } }))
    const { error, isPaymentError } = await shopper.outcome()
    assert.deepEqual([error?.code, isPaymentError], ['BadRequest', true])
    assert.match(error?.message ?? '', /blocked the popup/)
  })

  test('a shop’s page with scripts of old, which change what all arrays and elements can do, pays as any other', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.page.evaluate(() => {
      // As Prototype.js, which thousands of shops still have.
      const toJSON = function (this: unknown[]) {
        return `[${this.map((item) => JSON.stringify(item)).join(', ')}]`
      }
      const remove = function (this: Element) {
        if (!this.parentNode) throw new TypeError("Cannot read properties of null (reading 'removeChild')")
        return this.parentNode.removeChild(this)
      }
      Object.assign(Array.prototype, { toJSON })
      Object.assign(Object.prototype, { toJSON: () => 'an object' })
      Object.assign(HTMLElement.prototype, { remove })
    })
    const payment = paymentOf(store, { noticeUrls: [store.webhooks.url] })
    const { paymentId } = payment
    for (const isPaid of [false, true]) {
      await shopper.page.evaluate((request) => {
        const { PortOne, settle } = Object(shop)
        shop.outcome = settle(PortOne.requestPayment({ ...request, customData: { sizes: [1, 2], on: new Date(0) } }))
      }, payment)
      await fillCard(shopper.checkout)
      if (isPaid) await submit(shopper.checkout)
      else {
        await shopper.checkout.getByRole('button', { name: '닫기' }).click()
        await shopper.checkout.getByRole('button', { name: '나가기' }).click()
      }
      const { value } = await shopper.outcome()
      assert.equal(value?.pgCode, isPaid ? undefined : 'PAY_PROCESS_CANCELED')
      assert.equal(await shopper.page.locator('iframe, dialog, [inert]').count(), 0)
    }
    assert.equal(await chargesOf(store, paymentId), 1)
    const paid = await store.portone.payment.getPayment({ paymentId })
    assert.equal('customData' in paid && paid.customData, '{"sizes":[1,2],"on":"1970-01-01T00:00:00.000Z"}')
  })

  test('a popup closes with the page that opened it, where nobody would hear of its result any more', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage)
    const payment = paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' } })
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await fillCard(popup)
    const closed = popup.waitForEvent('close')
    await shopper.page.reload()
    await closed
    // And the order can be paid afterwards.
    const again = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await fillCard(again)
    await submit(again)
    succeeded(await shopper.outcome())
  })

  const closeAt = async (address: string): Promise<void> => {
    const token = new URL(address).pathname.split('/').at(-1)
    const url = `${stage.naru.url}/checkout/v1/attempts/close`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ token }) })
    assert.equal(answer.status, 200)
  }
  const departures: Readonly<Record<string, (shop: Page) => Promise<unknown>>> = {
    'is closed': (shop) => shop.close(),
    'shows another site': (shop) => shop.goto(stage.shop.url.replace('127.0.0.1', 'localhost')),
  }
  for (const [what, depart] of Object.entries(departures))
    test(`a popup whose shop’s tab ${what} says that the payment was cancelled, and closes by itself`, async () => {
      const store = await stage.naru.newStore()
      const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
      await using visitor = await visitorOf(stage, ownClock())
      const shop = await visitor.context.newPage()
      await goShopping(stage, shop)
      // Where sites have processes of their own, a page that is left can tell the server, but not close its popup.
      await shop.evaluate(() => addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true))
      await visitor.context.clock.install()
      const payment = paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' } })
      const popup = await popupBy(visitor, () => askIn(shop, 'requestPayment', payment))
      await fillCard(popup)
      await depart(shop)
      await closeAt(popup.url())
      await popup.clock.fastForward('00:06')
      await popup.getByText('결제를 취소했습니다').waitFor()
      const closed = popup.waitForEvent('close')
      await popup.clock.fastForward('00:11').catch(() => undefined)
      await closed
      assert.equal(await chargesOf(store, payment.paymentId), 0)
    })
}
