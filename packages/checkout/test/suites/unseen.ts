import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addChannel } from '../../../server/test/support/channels.ts'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import { desktop } from '../support/browser.ts'
import { storeWithWindow } from '../support/own-window.ts'
import {
  fillCard,
  lookAt,
  ownClock,
  paymentOf,
  popupBy,
  type Stage,
  shopperOf,
  submit,
  succeeded,
} from '../support/stage.ts'

/** A shop whose page isolates itself (`Cross-Origin-Opener-Policy`), and so takes every popup of ours for closed at once. */
export const unseenSuite = (stage: Stage): void => {
  const storeWithPopups = async () => {
    const store = await stage.naru.newStore()
    return { ...store, channelKey: await addChannel(stage.naru, store.storeId, 'NICE_V2') }
  }
  const inPopup = { windowType: { pc: 'POPUP' } }

  test('a popup that an isolated page does not see pays, and closes; the console names the header', async () => {
    const store = await storeWithPopups()
    await using shopper = await shopperOf(stage, desktop, '/isolated')
    const warned = shopper.page.waitForEvent('console', (message) => message.type() === 'warning')
    const payment = paymentOf(store, inPopup)
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await fillCard(popup)
    // Asked at least once, while the shopper still types.
    assert.match((await warned).text(), /Cross-Origin-Opener-Policy.*same-origin-allow-popups/)
    const closed = popup.waitForEvent('close')
    await submit(popup)
    succeeded(await shopper.outcome())
    await closed
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a popup that an isolated page does not see may be loaded anew; who closes it has left', async () => {
    const store = await storeWithPopups()
    await using shopper = await shopperOf(stage, desktop, '/isolated')
    const warned = shopper.page.waitForEvent('console', (message) => message.type() === 'warning')
    const payment = paymentOf(store, inPopup)
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await fillCard(popup)
    await warned
    await popup.reload()
    await fillCard(popup)
    await popup.close()
    const { value } = await shopper.outcome()
    assert.deepEqual([value?.code, value?.pgCode], ['FAILURE_TYPE_PG', 'PAY_PROCESS_CANCELED'])
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('a popup that an isolated page does not see closes once that page is left, which cannot close it', async () => {
    const store = await storeWithPopups()
    await using shopper = await shopperOf(stage, desktop, '/isolated')
    const { paymentId, ...payment } = paymentOf(store, inPopup)
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', { ...payment, paymentId }))
    await fillCard(popup)
    const closed = popup.waitForEvent('close')
    await shopper.page.reload()
    await store.webhooks.next('Transaction.Failed', { paymentId })
    await lookAt(popup.locator('body'))
    await closed
  })

  test('a PG’s own window in a popup that an isolated page does not see pays', async () => {
    const store = await storeWithWindow(stage, { window: 'redirect', windowReturn: 'POST' })
    await using shopper = await shopperOf(stage, desktop, '/isolated')
    const payment = paymentOf(store, inPopup)
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await popup.getByRole('button', { name: '결제하기' }).click()
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  for (const isPaid of [true, false])
    test(`a PG’s page that isolates itself in a popup is not taken for closed while the shopper is there, who ${isPaid ? 'pays' : 'closes it'}`, async () => {
      const store = await storeWithWindow(stage, { window: 'redirect', windowReturn: 'GET' })
      await using shopper = await shopperOf(stage, ownClock())
      const { clock } = shopper.page
      const payment = paymentOf(store, inPopup)
      await shopper.context.route('**/sandbox-pg/windows/**', async (route) => {
        if (route.request().method() !== 'GET') return await route.continue()
        const response = await route.fetch()
        const { 'content-security-policy': _, ...headers } = response.headers()
        await route.fulfill({ response, headers: { ...headers, 'cross-origin-opener-policy': 'same-origin' } })
      })
      await clock.install()
      // Playwright has every page believe that it is in front.
      const isInFront = (is: boolean) =>
        shopper.page.evaluate((answer) => {
          document.hasFocus = () => answer
        }, is)
      await isInFront(false)
      const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
      const pay = popup.getByRole('button', { name: '결제하기' })
      await pay.waitFor()
      await clock.runFor('00:01')
      const closed = popup.waitForEvent('close')
      if (isPaid) await pay.click()
      else await popup.close()
      await closed
      await isInFront(true)
      await clock.runFor('00:01')
      const outcome = await shopper.outcome()
      if (isPaid) succeeded(outcome)
      else assert.equal(outcome.value?.pgCode, 'PAY_PROCESS_CANCELED')
      assert.equal(await chargesOf(store, payment.paymentId), isPaid ? 1 : 0)
    })

  test('a PG’s own window in such a popup, of which nobody sees that it is closed, ends with its time', async () => {
    const store = await storeWithWindow(stage, { window: 'redirect', windowReturn: 'POST' })
    await using shopper = await shopperOf(stage, ownClock(), '/isolated')
    const { clock } = shopper.page
    await clock.install()
    const warned = shopper.page.waitForEvent('console', (message) => message.type() === 'warning')
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', paymentOf(store, inPopup)))
    await popup.getByRole('button', { name: '결제하기' }).waitFor()
    await warned
    await popup.close()
    await store.advance({ minutes: 31 })
    await clock.fastForward('30:11')
    assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_EXPIRED')
  })
}
