import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriousIn } from '../support/axe.ts'
import { desktop, phone } from '../support/browser.ts'
import { agree, fillCard, paymentOf, popupBy, type Stage, shopperOf, submit, succeeded } from '../support/stage.ts'

export const openingSuite = (stage: Stage): void => {
  test('what cannot be opened rejects with a typed error that names the field, and opens nothing', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const cases: readonly (readonly [object, string, RegExp])[] = [
      [{ storeId: undefined }, 'BadRequest', /storeId/],
      [
        { ordername: '귤', orderName: undefined },
        'BadRequest',
        /^orderName must .* no field ordername\. Did you mean orderName\?$/,
      ],
      [{ chanelKey: 'key', channelKey: undefined }, 'BadRequest', /^channelKey must .* Did you mean channelKey\?$/],
      [{ totalAmount: '50000' }, 'BadRequest', /totalAmount/],
      [{ currency: 'CURRENCY_NOPE' }, 'BadRequest', /currency/],
      [{ card: { cardCompany: 'NOPE' } }, 'BadRequest', /card\.cardCompany/],
      [{ redirectUrl: 'javascript:alert(1)' }, 'BadRequest', /redirectUrl/],
      [{ noticeUrls: ['mailto:a@b.c'] }, 'BadRequest', /noticeUrls\[0\]/],
      [{ windowType: { pc: 'POPUP' } }, 'BadRequest', /windowType\.pc/],
      [{ channelGroupId: 'g' }, 'BadRequest', /channelKey/],
      [{ storeId: 'store-nope' }, 'StoreNotFound', /store-nope/],
      [{ channelKey: 'channel-nope' }, 'ChannelNotFound', /channel-nope/],
      [{ payMethod: 'MOBILE' }, 'BadRequest', /productType/],
    ]
    for (const [change, code, message] of cases) {
      await shopper.ask('requestPayment', paymentOf(store, change))
      const { error, isTyped, isPaymentError } = await shopper.outcome()
      assert.equal(error?.code, code, JSON.stringify(change))
      assert.match(error?.message ?? '', message)
      assert.equal(error?.__portOneErrorType, 'PaymentError')
      assert.ok(isTyped && isPaymentError)
    }
    assert.equal(await shopper.page.locator('iframe').count(), 0)
  })

  test('what JSON cannot hold rejects at once, in the words of the browser, and asks nobody', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const asked: string[] = []
    shopper.page.on('request', (request) => asked.push(request.url()))
    const refused = await shopper.page.evaluate(async (request) => {
      const { PortOne, settle } = Object(shop)
      const itself: { itself?: object } = {}
      itself.itself = itself
      const given = [{ taxFreeAmount: 0n }, { customData: itself }, { totalAmount: Number.NaN }]
      return await Promise.all(given.map((change) => settle(PortOne.requestPayment({ ...request, ...change }))))
    }, paymentOf(store))
    const messages = [/BigInt/, /circular/, /^totalAmount must be a number\.$/]
    for (const [index, { error, isPaymentError }] of refused.entries()) {
      assert.deepEqual([error?.code, isPaymentError], ['BadRequest', true])
      assert.match(error?.message ?? '', messages[index] ?? /^$/)
    }
    assert.deepEqual(asked, [])
  })

  test('a misspelt field is told in the console of the page, and the payment goes on', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const warned = shopper.page.waitForEvent('console', (message) => message.type() === 'warning')
    await shopper.ask('requestPayment', paymentOf(store, { taxfreeAmount: 10 }))
    assert.equal((await warned).text(), '[Naru] There is no field taxfreeAmount. Did you mean taxFreeAmount?')
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('what is refused is told in the console of the page, with the field and the remedy', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const warned = shopper.page.waitForEvent('console', (message) => message.type() === 'warning')
    await shopper.ask('requestPayment', paymentOf(store, { payMethod: 'MOBILE' }))
    assert.equal((await warned).text(), '[Naru] BadRequest: productType is required for MOBILE: give REAL or DIGITAL.')
    assert.equal((await shopper.outcome()).error?.detail, undefined)
  })

  test('an amount that was changed in the browser is refused where the merchant had announced it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await store.portone.payment.preRegisterPayment({ paymentId: payment.paymentId, totalAmount: 50_000 })
    await shopper.ask('requestPayment', { ...payment, totalAmount: 1 })
    assert.equal((await shopper.outcome()).error?.code, 'AmountNotEqualToPredefined')
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('the merchant’s server is asked right before the approval, and its no is the result', async () => {
    const store = await stage.naru.newStore({
      answer: ({ url }, response) => {
        const isNo = url === '/confirm/no'
        response.writeHead(isNo ? 409 : 200).end(isNo ? '{"errorMessage":"품절되었습니다"}' : undefined)
      },
    })
    await using shopper = await shopperOf(stage)
    const at = (path: string) => new URL(path, store.webhooks.url).href
    const sold = paymentOf(store, { confirmUrl: at('/confirm/no') })
    await shopper.ask('requestPayment', sold)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    const { value } = await shopper.outcome()
    assert.equal(value?.code, 'ConfirmProcessFailed')
    assert.equal(value?.message, '품절되었습니다')
    assert.deepEqual((await store.api.call('getSandboxLedger', { query: { paymentId: sold.paymentId } })).items, [])
    const there = paymentOf(store, { confirmUrl: at('/confirm/yes') })
    await shopper.ask('requestPayment', there)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('nothing of what is shown while the page loads goes on moving once it is there', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    // What has been taken out of a page is in none of its lists, and moves all the same.
    const begun = await shopper.page.evaluateHandle(() => {
      const { animate } = Element.prototype
      const animations: Animation[] = []
      Element.prototype.animate = function (...given) {
        const animation = animate.apply(this, given)
        animations.push(animation)
        return animation
      }
      return animations
    })
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    await shopper.page.getByRole('status').waitFor({ state: 'detached' })
    const states = await begun.evaluate((animations) => animations.map(({ playState }) => playState))
    assert.ok(states.length > 0)
    assert.deepEqual(
      states.filter((state) => state !== 'idle' && state !== 'finished'),
      [],
    )
  })

  test('in a popup, which the shopper may also just close', async () => {
    const store = await stage.naru.newStore()
    const { addChannel } = await import('../../../server/test/support/channels.ts')
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage)
    const asked = (others = {}) => paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' }, ...others })
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', asked()))
    await fillCard(popup)
    await submit(popup)
    succeeded(await shopper.outcome())
    const closed = await popupBy(shopper, () => shopper.ask('requestPayment', asked()))
    await closed.locator('[autocomplete=cc-number]').waitFor()
    await closed.close()
    assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
  })

  test('PayPal’s button is loaded into the shop’s page, updated, and pays', async () => {
    const store = await stage.naru.newStore()
    const { addChannel } = await import('../../../server/test/support/channels.ts')
    const channelKey = await addChannel(stage.naru, store.storeId, 'PAYPAL_V2')
    await using shopper = await shopperOf(stage)
    const { payMethod: _, ...payment } = paymentOf({ ...store, channelKey }, { uiType: 'PAYPAL_SPB', totalAmount: 1 })
    await shopper.page.evaluate(async (request) => {
      const { PortOne } = shop as unknown as { PortOne: Record<string, (...given: unknown[]) => Promise<void>> }
      const { promise, resolve } = Promise.withResolvers<{ value: Record<string, string> }>()
      shop.outcome = promise
      const onPaymentSuccess = (value: Record<string, string>) => resolve({ value })
      await PortOne.loadPaymentUI?.(request, { onPaymentSuccess, onPaymentFail: () => undefined })
      await PortOne.updateLoadPaymentUIRequest?.({ ...request, totalAmount: 2_000 })
    }, payment)
    const popup = await popupBy(shopper, () => shopper.page.getByRole('button', { name: /PayPal/ }).click())
    await agree(popup)
    await submit(popup)
    succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal('amount' in paid && paid.amount.total, 2_000)
  })

  test('PayPal’s button finds its container however its type is written, and says what it has not found', async () => {
    await using shopper = await shopperOf(stage)
    const load = (kind: string) =>
      shopper.page.evaluate(async (type) => {
        const { PortOne } = shop as unknown as { PortOne: Record<string, (...given: unknown[]) => Promise<void>> }
        const container = document.querySelector<HTMLElement>('.portone-ui-container')
        if (container) container.dataset.portoneUiType = type
        container?.replaceChildren()
        const request = {
          storeId: 's',
          channelKey: 'c',
          paymentId: 'p',
          orderName: 'o',
          totalAmount: 1,
          currency: 'USD',
        }
        const refused = await PortOne.loadPaymentUI?.({ ...request, uiType: 'PAYPAL_SPB' }, {}).catch(
          ({ message }) => message,
        )
        return refused ?? container?.textContent
      }, kind)
    for (const kind of ['paypal-spb', 'PAYPAL_SPB', 'PayPal_SPB']) assert.equal(await load(kind), 'PayPal', kind)
    assert.match((await load('paypal-rt')) ?? '', /data-portone-ui-type="PAYPAL_SPB"/)
  })

  test('only the shop’s page may show the checkout, and nobody else’s page may submit to it', async () => {
    const store = await stage.naru.newStore()
    const open = await fetch(`${stage.naru.url}/checkout/v1/attempts`, {
      method: 'POST',
      headers: { origin: 'https://shop.example' },
      body: JSON.stringify({ kind: 'PAYMENT', device: 'PC', request: paymentOf(store) }),
    })
    const { url, token } = await open.json()
    const page = await fetch(stage.naru.url + url)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /frame-ancestors https:\/\/shop\.example$/)
    assert.match(policy, /default-src 'none'/)
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
    const foreign = await fetch(`${stage.naru.url}/checkout/v1/submit`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: JSON.stringify({ token, customer: {} }),
    })
    assert.equal(foreign.status, 403)
    for (const wrong of ['x', `${token}x`, token.replace(/.$/, '')]) {
      const state = await fetch(`${stage.naru.url}/checkout/v1/attempts/state`, {
        method: 'POST',
        body: JSON.stringify({ token: wrong }),
      })
      assert.equal(state.status, 404)
    }
  })

  for (const [device, options, colorScheme] of [
    ['a desktop', desktop, 'light'],
    ['a phone', phone, 'dark'],
  ] as const)
    test(`axe finds nothing serious on ${device}, ${colorScheme}`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, { ...options, colorScheme, bypassCSP: true })
      await shopper.ask('requestPayment', paymentOf(store, { redirectUrl: `${stage.shop.url}/done` }))
      const page = device === 'a phone' ? shopper.page : shopper.checkout
      await page.locator('[autocomplete=cc-number]').waitFor()
      await agree(page)
      const frame = shopper.page.frames().find((one) => one.url().includes('/checkout/')) ?? shopper.page.mainFrame()
      assert.deepEqual(await seriousIn(frame), [])
      assert.match((await frame.locator('html').getAttribute('lang')) ?? '', /^(ko|en)$/)
      assert.deepEqual([await frame.locator('main').count(), await frame.locator('h1').count()], [1, 1])
    })
}
