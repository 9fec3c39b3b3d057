import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import { phone } from '../support/browser.ts'
import { storeWithWindow } from '../support/own-window.ts'
import { goBack, paymentOf, type Stage, shopperOf, succeeded } from '../support/stage.ts'

const left = 'PAY_PROCESS_CANCELED'

/** The back button while a PG's own window is shown: it leads to the shop, however the window was opened. */
export const pgWindowHistorySuite = (stage: Stage): void => {
  for (const window of ['redirect', 'form', 'script'] as const) {
    test(`a PG’s window that opens by ${window} in a frame adds no step to the history: going back leaves it`, async () => {
      const store = await storeWithWindow(stage, { window, windowReturn: 'POST' })
      await using shopper = await shopperOf(stage)
      const { page } = shopper
      const pg = window === 'script' ? shopper.checkout.frameLocator('iframe') : shopper.checkout
      const pay = pg.getByRole('button', { name: '결제하기' })
      const payment = paymentOf(store)
      await page.evaluate(() => history.pushState({}, '', '#cart'))
      const steps = await page.evaluate(() => history.length)
      await shopper.ask('requestPayment', payment)
      await pay.waitFor()
      assert.equal(await page.evaluate(() => history.length), steps)
      await goBack(page)
      assert.equal((await shopper.outcome()).value?.pgCode, left)
      assert.deepEqual([await page.locator('iframe').count(), new URL(page.url()).hash], [0, ''])
      await page.evaluate(() => history.forward())
      await page.waitForURL(/#cart$/)
      assert.equal(await page.locator('iframe').count(), 0)
      await shopper.ask('requestPayment', payment)
      await pay.click()
      succeeded(await shopper.outcome())
      assert.equal(await chargesOf(store, payment.paymentId), 1)
    })

    if (window !== 'script')
      test(`going back from a PG’s window that took the page’s place by ${window} leads to the shop`, async () => {
        const store = await storeWithWindow(stage, { window, windowReturn: 'POST' })
        await using shopper = await shopperOf(stage, phone)
        const { page } = shopper
        const [shopUrl, steps] = [page.url(), await page.evaluate(() => history.length)]
        await shopper.ask('requestPayment', paymentOf(store, { redirectUrl: `${stage.shop.url}/done` }))
        await page.getByRole('button', { name: '결제하기' }).waitFor()
        assert.equal(await page.evaluate(() => history.length), steps + 1)
        await goBack(page)
        assert.equal(page.url(), shopUrl)
        assert.equal((await shopper.outcome()).value?.pgCode, left)
      })
  }

  test('a PG that answers the form by sending the browser on, to whatever address, is followed', async () => {
    const store = await storeWithWindow(stage, { window: 'form', windowReturn: 'GET' })
    await using shopper = await shopperOf(stage)
    const location = `${stage.shop.url}/other`
    await shopper.page.route('**/sandbox-pg/windows/**', (route) =>
      route.fulfill({ status: 302, headers: { location } }),
    )
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.page.waitForEvent('framenavigated', (frame) => frame.url() === location)
  })

  test('the address of a form leads to the checkout’s page once the window is left', async () => {
    const store = await storeWithWindow(stage, { window: 'form', windowReturn: 'GET' })
    await using shopper = await shopperOf(stage)
    const asked = shopper.page.waitForRequest('**/checkout/form/**')
    await shopper.ask('requestPayment', paymentOf(store))
    const url = (await asked).url()
    await shopper.page.getByRole('button', { name: '닫기 · Close' }).click()
    assert.equal((await shopper.outcome()).value?.pgCode, left)
    const answer = await fetch(url, { redirect: 'manual' })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, new URL(url).pathname.replace('/form', '')])
  })
}
