import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addChannel } from '../../../server/test/support/channels.ts'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import type { TestStore } from '../../../server/test/support/naru.ts'
import { phone } from '../support/browser.ts'
import { storeWithWindow } from '../support/own-window.ts'
import {
  fillCard,
  goBack,
  lookAt,
  type Outcome,
  ownClock,
  paymentOf,
  popupBy,
  type Shopper,
  type Stage,
  shopperOf,
  submit,
  succeeded,
  withoutIntervals,
} from '../support/stage.ts'

const statusOf = async (store: TestStore, paymentId: string) =>
  String((await store.portone.payment.getPayment({ paymentId })).status)

const left = ({ value }: Outcome): void => {
  assert.equal(value?.code, 'FAILURE_TYPE_PG')
  assert.equal(value?.pgCode, 'PAY_PROCESS_CANCELED')
  assert.ok(value?.txId && value.paymentId)
}

export const endingsSuite = (stage: Stage): void => {
  test('closing before anything was typed ends at once; after that it asks first', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.getByRole('button', { name: '닫기' }).click()
    left(await shopper.outcome())
    assert.equal(await statusOf(store, payment.paymentId), 'FAILED')
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await shopper.checkout.getByRole('button', { name: '닫기' }).click()
    const dialog = shopper.checkout.getByRole('dialog')
    await dialog.getByRole('button', { name: '계속' }).click()
    // Whoever uses a keyboard goes on where he was.
    await shopper.checkout.locator('button[aria-label=닫기]:focus').waitFor()
    await shopper.checkout.getByRole('button', { name: '닫기' }).click()
    await dialog.getByRole('button', { name: '나가기' }).click()
    left(await shopper.outcome())
    assert.equal(await shopper.page.evaluate(() => document.activeElement?.id), 'pay')
    assert.equal(await shopper.page.locator('[inert]').count(), 0)
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('Esc closes as the button does, and in the dialog only the dialog', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    const number = shopper.checkout.locator('[autocomplete=cc-number]')
    await shopper.ask('requestPayment', payment)
    await number.press('Escape')
    left(await shopper.outcome())
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await number.press('Escape')
    const dialog = shopper.checkout.getByRole('dialog')
    await dialog.getByRole('button', { name: '계속' }).press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await number.press('Escape')
    await dialog.getByRole('button', { name: '나가기' }).click()
    left(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('going back in a shop of one page takes the window away, and the shop hears of it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.page.evaluate(() => history.pushState({}, '', '#cart'))
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    await shopper.page.evaluate(() => history.back())
    left(await shopper.outcome())
    assert.equal(await shopper.page.locator('iframe').count(), 0)
  })

  test('reloading the shop’s page leaves the payment, and it can be paid afterwards', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    await shopper.page.reload()
    await store.webhooks.next('Transaction.Failed', { paymentId: payment.paymentId })
    await shopper.page.waitForFunction(() => 'shop' in globalThis)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a second request takes the first window’s place', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    const first = shopper.outcome()
    await shopper.page.evaluate(() => document.getElementById('pay')?.click())
    assert.equal((await first).value?.pgCode, 'NARU_WINDOW_REPLACED')
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('two tabs that pay one order charge it once, and the second says that it is paid', async () => {
    const store = await stage.naru.newStore()
    await using one = await withoutIntervals(stage)
    await using other = await shopperOf(stage)
    const payment = paymentOf(store)
    await one.ask('requestPayment', payment)
    await one.checkout.locator('[autocomplete=cc-number]').waitFor()
    await other.ask('requestPayment', payment)
    await fillCard(other.checkout)
    await fillCard(one.checkout)
    await Promise.all([submit(one.checkout), submit(other.checkout)])
    const outcomes = [await one.outcome(), await other.outcome()]
    assert.equal(outcomes.filter(({ value }) => value && !('code' in value)).length, 1)
    assert.equal(await chargesOf(store, payment.paymentId), 1)
    await one.ask('requestPayment', payment)
    const again = await one.outcome()
    assert.equal(again.error?.code, 'PaymentAlreadyPaid')
    assert.ok(again.isTyped && again.isPaymentError)
  })

  test('a tab whose payment or verification is opened again in another says so, and the shop hears nothing of a cancellation', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const identityVerificationId = `again-${process.pid}`
    const requests = [
      ['requestPayment', paymentOf(store), '[autocomplete=cc-number]', '다른 창에서 결제를 다시 열었습니다'],
      [
        'requestIdentityVerification',
        { storeId, channelKey, identityVerificationId },
        '[autocomplete=tel]',
        '다른 창에서 본인인증을 다시 열었습니다',
      ],
    ] as const
    for (const [name, request, field, words] of requests) {
      await using one = await withoutIntervals(stage)
      await using other = await shopperOf(stage)
      await one.ask(name, request)
      await one.checkout.locator(field).fill('4242')
      await other.ask(name, request)
      await other.checkout.locator(field).waitFor()
      await lookAt(one.checkout.locator('body'))
      await one.checkout.getByRole('alert').filter({ hasText: words }).waitFor()
      assert.equal(await one.checkout.locator(field).count(), 0)
      assert.deepEqual(await one.page.evaluate(() => Reflect.get(shop, 'results')), [])
      await submit(one.checkout)
      assert.equal((await one.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
    }
  })

  test('leaving while the approval is under way waits for it, and never turns a charge into a failure', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.page.evaluate(() => history.pushState({}, '', '#cart'))
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    const { arrived, letGo } = stage.line.holdNext()
    await submit(shopper.checkout)
    await arrived
    await shopper.checkout.getByText('결제를 처리하고 있습니다').waitFor()
    const closing = shopper.page.waitForRequest('**/checkout/v1/attempts/close')
    await goBack(shopper.page)
    await closing
    letGo()
    succeeded(await shopper.outcome())
    assert.equal(await statusOf(store, payment.paymentId), 'PAID')
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('an answer that is lost on the way is asked for until it is known', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    // The server gets the request, and the shopper's connection is gone before the answer.
    await shopper.page.route('**/checkout/v1/submit', async (route) => {
      await route.fetch()
      await route.abort('internetdisconnected')
    })
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a server that restarts or has too much to do is asked again: what is paid is never told to be unknown', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const refusals = [503, 500, 429]
    for (const path of ['attempts', 'view', 'attempts/state'])
      await shopper.page.route(`**/checkout/v1/${path}`, async (route) => {
        const status = refusals.pop()
        const [body, headers] = ['<h1>Busy</h1>', { 'access-control-allow-origin': '*' }]
        await (status === undefined ? route.fallback() : route.fulfill({ status, body, headers }))
      })
    // What the shop's page waits for, without the waiting.
    await shopper.page.evaluate(() => setInterval(() => dispatchEvent(new Event('online')), 50))
    await shopper.ask('requestPayment', paymentOf(store))
    await fillCard(shopper.checkout)
    refusals.push(503, 429, 502)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.deepEqual(refusals, [])
  })

  test('a shop whose own script takes the window away hears that it was left, and can be used again', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    for (const selector of ['iframe', 'dialog:has(> iframe)']) {
      await shopper.ask('requestPayment', paymentOf(store))
      await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
      await shopper.page.evaluate((which) => document.querySelector(which)?.remove(), selector)
      left(await shopper.outcome())
      assert.equal(await shopper.page.locator('[inert], iframe').count(), 0)
    }
  })

  test('a request that never arrived is told, and can be sent again', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await shopper.page.route('**/checkout/v1/submit', (route) => route.abort('internetdisconnected'), { times: 1 })
    await submit(shopper.checkout)
    await shopper.checkout.getByRole('alert').filter({ hasText: '요청되지 않았습니다' }).waitFor()
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a checkout whose time is over takes nothing any more, and says so', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await store.advance({ minutes: 31 })
    await submit(shopper.checkout)
    await shopper.checkout.getByRole('alert').filter({ hasText: '결제 시간이 지났습니다' }).waitFor()
    await submit(shopper.checkout)
    const { value } = await shopper.outcome()
    assert.equal(value?.pgCode, 'PAY_PROCESS_EXPIRED')
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('whose time is over is told so, and the shop hears it without a click, also while a code is waited for', async () => {
    await using shopper = await shopperOf(stage, ownClock())
    const { clock } = shopper.page
    await clock.install()
    for (const number of ['4242 4242 4242 4242', '4000 0025 0000 3155']) {
      const store = await stage.naru.newStore()
      await shopper.ask('requestPayment', paymentOf(store))
      await fillCard(shopper.checkout, number)
      if (number.endsWith('3155')) {
        await submit(shopper.checkout)
        await shopper.checkout.locator('[autocomplete=one-time-code]').waitFor()
      }
      await store.advance({ minutes: 31 })
      await clock.fastForward('31:00')
      await shopper.checkout.getByRole('alert').filter({ hasText: '결제 시간이 지났습니다' }).waitFor()
      await clock.fastForward('00:10')
      assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_EXPIRED')
    }
    const store = await storeWithWindow(stage, { window: 'script', windowReturn: 'GET' })
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.frameLocator('iframe').getByRole('button', { name: '결제하기' }).waitFor()
    await store.advance({ minutes: 31 })
    await clock.fastForward('31:00')
    await shopper.checkout.getByRole('alert').filter({ hasText: '결제 시간이 지났습니다' }).waitFor()
    await clock.fastForward('00:10')
    assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_EXPIRED')
  })

  test('a page in which nobody does anything learns that the clock of its store was moved past its end', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, ownClock())
    await shopper.page.clock.install()
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    await store.advance({ minutes: 31 })
    await shopper.page.clock.fastForward('00:05')
    await shopper.checkout.getByRole('alert').filter({ hasText: '결제 시간이 지났습니다' }).waitFor()
  })

  test('the shop waits three minutes for a result that nobody can give, and no longer', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, ownClock())
    const { page } = shopper
    await page.clock.install()
    const closings = '**/checkout/v1/attempts/close'
    for (const isBackInTime of [true, false]) {
      await page.evaluate(() => history.pushState({}, '', '#cart'))
      await shopper.ask('requestPayment', paymentOf(store))
      await fillCard(shopper.checkout)
      // As far as the browser knows, the server may have got it.
      await page.route('**/checkout/v1/submit', () => undefined)
      const sent = page.waitForRequest('**/checkout/v1/submit')
      await submit(shopper.checkout)
      await sent
      await page.route(closings, (route) => route.abort('internetdisconnected'))
      const [first] = await Promise.all([page.waitForEvent('requestfailed'), page.evaluate(() => history.back())])
      assert.match(first.url(), /attempts\/close$/)
      if (isBackInTime) {
        await Promise.all([page.waitForEvent('requestfailed'), page.clock.fastForward('02:30')])
        await page.unroute(closings)
        await page.clock.fastForward('00:09')
        left(await shopper.outcome())
      } else {
        await page.clock.fastForward('03:00')
        const { value } = await shopper.outcome()
        assert.equal(value?.code, 'PORTONE_ERROR')
        assert.ok(value?.txId && value.paymentId)
      }
      assert.equal(await page.locator('iframe').count(), 0)
    }
  })

  const closeIt = ({ checkout }: Shopper) => checkout.getByRole('button', { name: '닫기' }).click()
  const goBackFrom = ({ page }: Shopper) => page.evaluate(() => history.back())

  for (const [how, leave] of [
    ['closed', closeIt],
    ['left by going back', goBackFrom],
  ] as const)
    test(`a window in which nothing was sent, and that is ${how} without a connection, ends at once: the result is not known`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, ownClock())
      const payment = paymentOf(store)
      await shopper.page.clock.install()
      await shopper.page.evaluate(() => history.pushState({}, '', '#cart'))
      await shopper.ask('requestPayment', payment)
      await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
      await shopper.context.setOffline(true)
      // Nobody moves the clock: nothing is waited for.
      await leave(shopper)
      const { value } = await shopper.outcome()
      assert.deepEqual([value?.code, value?.pgCode, value?.paymentId], ['PORTONE_ERROR', undefined, payment.paymentId])
      assert.equal(await shopper.page.locator('iframe, [inert]').count(), 0)
      await shopper.context.setOffline(false)
      assert.equal(await statusOf(store, payment.paymentId), 'READY')
    })

  test('a popup in which nothing was sent, and that is closed without a connection, ends at once', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage, ownClock())
    const payment = paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' } })
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await popup.locator('[autocomplete=cc-number]').waitFor()
    await shopper.context.setOffline(true)
    await popup.getByRole('button', { name: '닫기' }).click()
    const { value } = await shopper.outcome()
    assert.deepEqual([value?.code, value?.pgCode], ['PORTONE_ERROR', undefined])
    await shopper.context.setOffline(false)
  })

  test('by redirection: the ids come back on success and on failure, and going back approves nothing twice', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, phone)
    const payment = paymentOf(store, { redirectUrl: `${stage.shop.url}/done?mine=1&txId=old&code=SUMMER#there` })
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.page)
    await submit(shopper.page)
    await shopper.page.waitForURL(/\/done\?/)
    const paid = new URL(shopper.page.url())
    assert.equal(paid.hash, '#there')
    const { txId, ...others } = Object.fromEntries(paid.searchParams)
    assert.deepEqual(others, { mine: '1', transactionType: 'PAYMENT', paymentId: payment.paymentId })
    assert.notEqual(txId, 'old')
    await goBack(shopper.page)
    // The shop's page comes out of the browser's cache, hears that it is paid, and sends the shopper on again.
    await shopper.page.waitForURL(/\/done\?.*txId/, { waitUntil: 'commit' })
    assert.equal(await chargesOf(store, payment.paymentId), 1)
    const declined = paymentOf(store, { redirectUrl: `${stage.shop.url}/done` })
    await shopper.page.goto(stage.shop.url)
    await shopper.page.waitForFunction(() => 'shop' in globalThis)
    await shopper.ask('requestPayment', declined)
    await fillCard(shopper.page, '4000000000000002')
    await submit(shopper.page)
    await shopper.page.waitForURL(/\/done\?/)
    assert.doesNotMatch(new URL(shopper.page.url()).search, /\+/)
    const failed = Object.fromEntries(new URL(shopper.page.url()).searchParams)
    assert.equal(failed.code, 'FAILURE_TYPE_PG')
    assert.equal(failed.pgCode, 'SBX_DECLINED')
    assert.ok(failed.txId && failed.paymentId === declined.paymentId)
  })

  test('the phone’s back button on the page itself gives the shop its result after all', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, phone)
    const payment = paymentOf(store, { redirectUrl: `${stage.shop.url}/done` })
    await shopper.ask('requestPayment', payment)
    await shopper.page.locator('[autocomplete=cc-number]').waitFor()
    await goBack(shopper.page)
    await shopper.page.waitForURL(`${stage.shop.url}/`, { waitUntil: 'commit' })
    left(await shopper.outcome())
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.page)
    await submit(shopper.page)
    await shopper.page.waitForURL(/\/done\?/)
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a window whose store was reset closes when the shopper leaves it, and says that it is unknown when it is sent in', async () => {
    for (const leaves of [true, false]) {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage)
      await shopper.ask('requestPayment', paymentOf(store))
      await fillCard(shopper.checkout)
      await store.api.call('resetSandboxStore')
      if (leaves) {
        await shopper.checkout.getByRole('button', { name: '닫기' }).click()
        await shopper.checkout.getByRole('button', { name: '나가기' }).click()
      } else {
        await submit(shopper.checkout)
        await shopper.checkout.getByText('주소가 잘못되었거나 이미 끝난 결제입니다.').waitFor()
        await shopper.checkout.getByRole('button', { name: '닫기' }).click()
      }
      assert.equal((await shopper.outcome()).value?.code, 'PORTONE_ERROR')
      assert.equal(await shopper.page.locator('iframe, [inert]').count(), 0)
    }
  })

  test('a window whose store is reset while it is approved ends by itself, in a frame, in a popup, and in the shop’s own page', async () => {
    for (const mode of ['IFRAME', 'POPUP', 'REDIRECTION'] as const) {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, ownClock())
      const { context, page } = shopper
      await context.clock.install()
      const windowType = { windowType: { pc: mode }, redirectUrl: `${stage.shop.url}/done` }
      const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
      const asked = () => shopper.ask('requestPayment', paymentOf({ ...store, channelKey }, windowType))
      const popup = mode === 'POPUP' ? await popupBy(shopper, asked) : undefined
      if (!popup) await asked()
      const checkout = popup ?? (mode === 'IFRAME' ? shopper.checkout : page)
      await fillCard(checkout)
      // The PG is asked; before it has answered, nobody knows of the payment any more.
      await context.route('**/checkout/v1/submit', async (route) => {
        await store.api.call('resetSandboxStore')
        await route.continue()
      })
      await submit(checkout)
      await checkout.getByText('주소가 잘못되었거나 이미 끝난 결제입니다.').waitFor()
      await context.clock.fastForward('00:10')
      if (mode === 'REDIRECTION') await page.waitForURL(`${stage.shop.url}/`, { waitUntil: 'commit' })
      assert.equal((await shopper.outcome()).value?.code, 'PORTONE_ERROR', mode)
      assert.equal(await page.locator('iframe, [inert]').count(), 0)
      assert.ok(!popup || popup.isClosed())
    }
  })

  test('a window that is left while the server cannot be reached closes at once, and the shop hears of it once it can', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store))
    await fillCard(shopper.checkout)
    const closing = '**/checkout/v1/attempts/close'
    await shopper.page.route(closing, (route) => route.abort('connectionreset'))
    await closeIt(shopper)
    await shopper.checkout.getByRole('button', { name: '나가기' }).click()
    await shopper.page.waitForFunction(() => document.querySelector('iframe, [inert]') === null)
    await shopper.page.unroute(closing)
    await shopper.page.evaluate(() => dispatchEvent(new Event('online')))
    assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
  })

  test('a page that took the place of the shop’s, and is left while the server cannot be reached, says that it closes, and leads back at once', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, phone)
    const { page } = shopper
    await shopper.ask('requestPayment', paymentOf(store, { redirectUrl: `${stage.shop.url}/done` }))
    await fillCard(page)
    const closing = '**/checkout/v1/attempts/close'
    await page.route(closing, (route) => route.abort('connectionreset'))
    const close = page.getByRole('button', { name: '닫기' })
    await close.click()
    await page.getByRole('button', { name: '나가기' }).click()
    await page.getByText('창을 닫고 있습니다').waitFor()
    await page.unroute(closing)
    await close.click()
    await page.waitForURL(`${stage.shop.url}/`, { waitUntil: 'commit' })
    left(await shopper.outcome())
  })
}
