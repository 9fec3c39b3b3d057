import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import type { TestStore } from '../../../server/test/support/naru.ts'
import { order } from '../../../server/test/support/requests.ts'
import { phone } from '../support/browser.ts'
import { byRedirect, type Manner, openedAt, storeWithWindow } from '../support/own-window.ts'
import {
  agree,
  goBack,
  ownClock,
  paymentOf,
  popupBy,
  type Stage,
  shopperOf,
  submit,
  succeeded,
} from '../support/stage.ts'

const manners: readonly Manner[] = [
  { window: 'redirect', windowReturn: 'GET' },
  { window: 'redirect', windowReturn: 'POST' },
  { window: 'form', windowReturn: 'GET' },
  { window: 'script', windowReturn: 'GET' },
  { window: 'script', windowReturn: 'POST' },
  { window: 'redirect', windowReturn: 'POST', windowCharging: 'inside' },
]

export const pgWindowSuite = (stage: Stage): void => {
  const storeWith = (manner: Manner) => storeWithWindow(stage, manner)
  const paymentAt = async (store: TestStore) => {
    const payment = paymentOf(store)
    return { payment, ...(await openedAt(stage, { kind: 'PAYMENT', request: payment })) }
  }

  for (const manner of manners)
    test(`a PG's own window that opens by ${manner.window} and returns by ${manner.windowReturn}${manner.windowCharging ? ', and charges inside,' : ''} pays once`, async () => {
      const store = await storeWith(manner)
      await using shopper = await shopperOf(stage)
      const payment = paymentOf(store)
      await shopper.ask('requestPayment', payment)
      const pg = manner.window === 'script' ? shopper.checkout.frameLocator('iframe') : shopper.checkout
      await pg.getByRole('button', { name: '결제하기' }).click()
      succeeded(await shopper.outcome())
      assert.equal(await chargesOf(store, payment.paymentId), 1)
      await shopper.ask('requestPayment', paymentOf(store))
      await pg.getByRole('button', { name: '취소' }).click()
      assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
    })

  for (const { window, pgPage } of [
    { window: 'redirect', pgPage: 'hangs' },
    { window: 'form', pgPage: 'stays empty' },
    { window: 'script', pgPage: 'stays empty' },
  ] as const)
    test(`a PG’s page that ${pgPage} in the frame (${window}) can be closed: the shop is usable, and its server says what came of it`, async () => {
      const store = await storeWith({ window, windowReturn: 'GET' })
      await using shopper = await shopperOf(stage)
      for (const how of ['button', 'Esc']) {
        const payment = paymentOf(store)
        const pgUrl = '**/sandbox-pg/windows/**'
        await shopper.page.route(pgUrl, (route) => pgPage === 'hangs' || route.fulfill({ body: '' }))
        const asked = shopper.page.waitForRequest(pgUrl)
        await shopper.ask('requestPayment', payment)
        await asked
        const button = shopper.page.getByRole('button', { name: '닫기 · Close' })
        await button.waitFor()
        if (how === 'button') await button.click()
        else await button.press('Escape')
        await shopper.page.waitForFunction(() => document.querySelector('iframe, [inert]') === null)
        assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
        assert.equal(await chargesOf(store, payment.paymentId), 0)
        await shopper.page.unroute(pgUrl)
      }
    })

  test('who has paid in a PG’s window that charges by itself, and closes the empty frame after it, has paid', async () => {
    const store = await storeWith({ window: 'redirect', windowReturn: 'GET', windowCharging: 'inside' })
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    const pgUrl = '**/sandbox-pg/windows/**'
    await shopper.page.route(pgUrl, (route) => route.fulfill({ body: '' }))
    const asked = shopper.page.waitForRequest(pgUrl)
    await shopper.ask('requestPayment', payment)
    const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
    await fetch((await asked).url(), { method: 'POST', body, redirect: 'manual' })
    await shopper.page.getByRole('button', { name: '닫기 · Close' }).click()
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  for (const how of ['is looked at again', 'is looked at for some seconds'] as const)
    test(`a PG’s window that is completed in another browser closes once the shop’s page ${how}`, async () => {
      const store = await storeWith(byRedirect)
      await using shopper = await shopperOf(stage, ownClock())
      await shopper.page.clock.install()
      const payment = paymentOf(store)
      const asked = shopper.page.waitForRequest('**/sandbox-pg/windows/**')
      await shopper.ask('requestPayment', payment)
      const url = (await asked).url()
      await shopper.checkout.getByRole('button', { name: '결제하기' }).waitFor()
      const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
      const agreed = await fetch(url, { method: 'POST', body, redirect: 'manual' })
      await fetch(agreed.headers.get('location') ?? '', { redirect: 'manual' })
      const answered = shopper.page.waitForResponse('**/checkout/v1/attempts/state')
      if (how === 'is looked at again') await shopper.page.evaluate(() => dispatchEvent(new Event('focus')))
      else await shopper.page.clock.fastForward('00:05')
      await (await answered).finished()
      await shopper.page.evaluate(() => undefined)
      await shopper.page.clock.runFor('00:03')
      succeeded(await shopper.outcome())
      assert.equal(await shopper.page.locator('iframe, [inert]').count(), 0)
      assert.equal(await chargesOf(store, payment.paymentId), 1)
    })

  test('a popup whose PG’s page is stuck closes once the payment is completed elsewhere, also behind it, and where the browser forgets who sent a message', async () => {
    const store = await storeWith(byRedirect)
    await using shopper = await shopperOf(stage, ownClock())
    await hide(shopper.page)
    await forgetSenders(shopper.page)
    await shopper.page.clock.install()
    const payment = paymentOf(store, { windowType: { pc: 'POPUP' } })
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await popup.getByRole('button', { name: '결제하기' }).waitFor()
    const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
    const agreed = await fetch(popup.url(), { method: 'POST', body, redirect: 'manual' })
    await fetch(agreed.headers.get('location') ?? '', { redirect: 'manual' })
    const answered = shopper.page.waitForResponse('**/checkout/v1/attempts/state')
    await shopper.page.clock.fastForward('00:05')
    await (await answered).finished()
    const closed = popup.waitForEvent('close')
    await shopper.page.evaluate(() => undefined)
    await shopper.page.clock.runFor('00:03')
    succeeded(await shopper.outcome())
    await closed
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  for (const pc of ['POPUP', 'IFRAME'])
    test(`a PG’s window (${pc}) closes once its order is paid elsewhere, and nothing can be charged in it any more`, async () => {
      const store = await storeWith({ window: 'redirect', windowReturn: 'GET', windowCharging: 'inside' })
      await using shopper = await shopperOf(stage, ownClock())
      await shopper.page.clock.install()
      const payment = paymentOf(store, { windowType: { pc } })
      const opening = () => shopper.ask('requestPayment', payment)
      const popup = pc === 'POPUP' ? await popupBy(shopper, opening) : undefined
      if (!popup) await opening()
      await (popup ?? shopper.checkout).getByRole('button', { name: '결제하기' }).waitFor()
      const { paymentId } = payment
      await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
      const answered = shopper.page.waitForResponse('**/checkout/v1/attempts/state')
      const closed = popup?.waitForEvent('close')
      await shopper.page.clock.fastForward('00:05')
      await (await answered).finished()
      await shopper.page.evaluate(() => undefined)
      await shopper.page.clock.runFor('00:03')
      assert.equal((await shopper.outcome()).value?.code, 'PaymentAlreadyPaid')
      await closed
      assert.equal(await shopper.page.locator('iframe, [inert]').count(), 0)
      assert.equal(await chargesOf(store, paymentId), 1)
    })

  test('a window in which a PG’s page stands ends once the server has forgotten it, and is not said to be cancelled', async () => {
    const store = await storeWith(byRedirect)
    await using shopper = await shopperOf(stage, ownClock())
    await shopper.page.clock.install()
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.getByRole('button', { name: '결제하기' }).waitFor()
    await store.api.call('resetSandboxStore')
    await shopper.page.clock.fastForward('00:05')
    const { value } = await shopper.outcome()
    assert.deepEqual([value?.code, value?.pgCode], ['PORTONE_ERROR', undefined])
    assert.equal(await shopper.page.locator('iframe, [inert]').count(), 0)
  })

  test('a popup that comes back from a PG to a server that has forgotten it ends as well', async () => {
    const store = await storeWith(byRedirect)
    await using shopper = await shopperOf(stage, ownClock())
    await shopper.page.clock.install()
    const popup = await popupBy(shopper, () =>
      shopper.ask('requestPayment', paymentOf(store, { windowType: { pc: 'POPUP' } })),
    )
    await popup.getByRole('button', { name: '결제하기' }).waitFor()
    await store.api.call('resetSandboxStore')
    await popup.getByRole('button', { name: '결제하기' }).click()
    await popup.getByRole('alert').waitFor()
    const closed = popup.waitForEvent('close')
    await shopper.page.clock.fastForward('00:05')
    const { value } = await shopper.outcome()
    assert.deepEqual([value?.code, value?.pgCode], ['PORTONE_ERROR', undefined])
    await closed
  })

  test('the way out over a PG’s page covers nothing of it, and goes once our page is back', async () => {
    const store = await storeWith({ window: 'redirect', windowReturn: 'GET' })
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store, { payMethod: 'VIRTUAL_ACCOUNT' }))
    const pay = shopper.checkout.getByRole('button', { name: '결제하기' })
    await pay.waitFor()
    const button = shopper.page.getByRole('button', { name: '닫기 · Close' })
    const [frame, way] = [await shopper.page.locator('iframe').boundingBox(), await button.boundingBox()]
    assert.ok(frame && way && way.y + way.height <= frame.y)
    await pay.click()
    await shopper.checkout.getByRole('button', { name: '확인' }).waitFor()
    await button.waitFor({ state: 'detached' })
    await shopper.checkout.getByRole('button', { name: '확인' }).click()
    succeeded(await shopper.outcome())
  })

  test('on a phone, and back to the shop’s address; going back into the PG’s window charges nothing twice', async () => {
    const store = await storeWith({ window: 'redirect', windowReturn: 'POST' })
    await using shopper = await shopperOf(stage, phone)
    const payment = paymentOf(store, { redirectUrl: `${stage.shop.url}/done` })
    await shopper.ask('requestPayment', payment)
    await shopper.page.getByRole('button', { name: '결제하기' }).click()
    await shopper.page.waitForURL(/\/done\?/)
    const result = Object.fromEntries(new URL(shopper.page.url()).searchParams)
    assert.deepEqual([result.paymentId, result.code], [payment.paymentId, undefined])
    await goBack(shopper.page)
    await shopper.page.waitForURL(/\/done\?/, { waitUntil: 'commit' })
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a transfer on a phone goes through the bank’s app, and a refusal there charges nothing', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, phone)
    const pay = async (button: string) => {
      const payment = paymentOf(store, { payMethod: 'TRANSFER', redirectUrl: `${stage.shop.url}/done` })
      await shopper.page.goto(stage.shop.url)
      await shopper.page.waitForFunction(() => 'shop' in globalThis)
      await shopper.ask('requestPayment', payment)
      await shopper.page.getByLabel('은행').selectOption('SHINHAN')
      await shopper.page.getByLabel('계좌번호').fill('110123456789')
      await shopper.page.locator('[autocomplete=name]').fill('김나루')
      await agree(shopper.page)
      await submit(shopper.page)
      await shopper.page.getByRole('heading', { name: '은행 앱' }).waitFor()
      await shopper.page.getByRole('button', { name: button }).click()
      await shopper.page.waitForURL(/\/done\?/)
      return payment.paymentId
    }
    const paid = await pay('앱에서 승인')
    assert.equal((await store.portone.payment.getPayment({ paymentId: paid })).status, 'PAID')
    const left = await pay('취소')
    assert.equal((await store.portone.payment.getPayment({ paymentId: left })).status, 'FAILED')
    assert.equal(await chargesOf(store, left), 0)
  })

  test('a made-up return counts for nothing, whatever it says and however it comes', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    for (const method of ['GET', 'POST'] as const)
      for (const fields of [{}, { sbxWindow: opened.windowId, sbxResult: 'OK' }, { sbxWindow: 'nonsense' }]) {
        const answer = await opened.returnWith(fields, method)
        assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/checkout/${opened.token}`])
      }
    assert.equal(await opened.step(), 'FORM')
    assert.equal(await chargesOf(store, opened.payment.paymentId), 0)
    const wrong = await fetch(`${stage.naru.url}/checkout/return/${opened.token.slice(0, -1)}`)
    assert.equal(wrong.status, 404)
  })

  test('somebody else’s agreement does not pay this order, and pays its own afterwards', async () => {
    const store = await storeWith(byRedirect)
    const [mine, theirs] = [await paymentAt(store), await paymentAt(store)]
    await theirs.agreeAtPg()
    await mine.returnWith({ sbxWindow: theirs.windowId, sbxResult: 'OK' })
    assert.equal(await mine.step(), 'FORM')
    assert.equal(await chargesOf(store, mine.payment.paymentId), 0)
    await theirs.returnWith({ sbxWindow: theirs.windowId, sbxResult: 'OK' })
    assert.equal(await chargesOf(store, theirs.payment.paymentId), 1)
  })

  test('a return that is replayed, at once and afterwards, is one charge, and says the same each time', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    const back = new URL(await opened.agreeAtPg())
    assert.equal(back.origin, stage.naru.url)
    const fields = Object.fromEntries(back.searchParams)
    const methods = ['GET', 'POST', 'GET', 'POST'] as const
    await Promise.all(methods.map((method) => opened.returnWith(fields, method)))
    const result = await opened.state()
    assert.equal('code' in result, false)
    await opened.returnWith(fields)
    assert.deepEqual(await opened.state(), result)
    assert.equal(await chargesOf(store, opened.payment.paymentId), 1)
  })

  test('who never comes back is never charged, and the order can be paid in another window', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    await opened.agreeAtPg()
    assert.equal(await chargesOf(store, opened.payment.paymentId), 0)
    assert.equal((await opened.close()).pgCode, 'PAY_PROCESS_CANCELED')
    await opened.returnWith({ sbxWindow: opened.windowId })
    assert.equal((await opened.state()).pgCode, 'PAY_PROCESS_CANCELED')
    assert.equal(await chargesOf(store, opened.payment.paymentId), 0)
  })

  test('who comes back too late is not charged', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    await opened.agreeAtPg()
    await store.advance({ minutes: 31 })
    await opened.returnWith({ sbxWindow: opened.windowId })
    assert.equal(await opened.step(), 'EXPIRED')
    assert.equal((await opened.close()).pgCode, 'PAY_PROCESS_EXPIRED')
    assert.equal(await chargesOf(store, opened.payment.paymentId), 0)
  })

  test('a card that is typed into our page’s address is not taken where the PG asks for it', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    const card = { number: '4242424242424242', expiryMonth: '12', expiryYear: '40', month: 0, usesPoints: false }
    await opened.post('submit', { token: opened.token, customer: {}, card })
    assert.equal(await opened.step(), 'FORM')
    assert.equal(await chargesOf(store, opened.payment.paymentId), 0)
  })

  test('confirmed by hand, the return gives the merchant a token and charges nothing', async () => {
    const store = await storeWithWindow(stage, { ...byRedirect, manualConfirm: true })
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.getByRole('button', { name: '결제하기' }).click()
    const { paymentToken = '' } = succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 0)
    await store.portone.payment.confirmPayment({ paymentId: payment.paymentId, paymentToken })
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('the PG’s window is of another origin than ours, and reads nothing of it', async () => {
    const store = await storeWith(byRedirect)
    const opened = await paymentAt(store)
    const page = await fetch(`${stage.naru.url}/sandbox-pg/windows/${opened.windowId}`)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^sandbox allow-forms allow-scripts;/)
    assert.doesNotMatch(policy, /same-origin/)
  })

  test('the PG’s window is shown in no frame but ours and the shop’s', async () => {
    const store = await storeWith(byRedirect)
    const policyAt = async (device: 'PC' | 'MOBILE', headers: Readonly<Record<string, string>>) => {
      const request = paymentOf(store, { redirectUrl: 'https://shop.example/done' })
      const answer = await fetch(`${stage.naru.url}/checkout/v1/attempts`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ kind: 'PAYMENT', device, request }),
      })
      const { token } = Object(await answer.json())
      const body = JSON.stringify({ token })
      const view = await fetch(`${stage.naru.url}/checkout/v1/view`, { method: 'POST', body })
      const { pgWindow } = Object(await view.json())
      const page = await fetch(stage.naru.url + pgWindow.url)
      return /frame-ancestors (.*)$/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
    }
    const shop = { origin: 'https://shop.example' }
    assert.equal(await policyAt('PC', shop), `${stage.naru.url} https://shop.example`)
    assert.equal(await policyAt('MOBILE', shop), stage.naru.url)
    // A shop's page that is a file, which only test stores may be, cannot be named.
    assert.equal(await policyAt('PC', {}), '*')
  })
}

/** A page that a popup covers entirely may count as hidden. Playwright shows all. */
const hide = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
  })

/**
 * Chromium may say of a message from a page whose place has been taken meanwhile that nobody sent it: one in a hundred, on a busy
 * machine. Here all are so.
 */
const forgetSenders = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const forget = (event: MessageEvent) => {
      if (event.source === null) return
      event.stopImmediatePropagation()
      const { data, origin } = event
      dispatchEvent(new MessageEvent('message', { data, origin }))
    }
    addEventListener('message', forget, true)
  })
