import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop } from '../support/browser.ts'
import { byRedirect, storeWithWindow } from '../support/own-window.ts'
import {
  agree,
  fillCard,
  isInert,
  paymentOf,
  type Shopper,
  type Stage,
  shopperOf,
  submit,
  succeeded,
} from '../support/stage.ts'

/** A shop that sells in a layer of its own: its button is in an element that is shown in this way, and the rest in another place. */
const sellIn = (page: Page, how: 'a modal dialog' | 'a popover' | 'fullscreen'): Promise<void> =>
  page.evaluate(async (way) => {
    const pay = document.getElementById('pay')
    const sheet = document.createElement(way === 'a modal dialog' ? 'dialog' : 'div')
    sheet.id = 'sheet'
    sheet.style.cssText = 'box-sizing: border-box; width: 100vw; height: 100vh; max-width: none; background: wheat'
    sheet.append('주문서', pay ?? '')
    document.body.append(sheet)
    // As libraries of dialogs do.
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && sheet.remove())
    document.addEventListener('click', ({ target }) => sheet.contains(target as Node) || sheet.remove())
    if (sheet instanceof HTMLDialogElement) return sheet.showModal()
    sheet.popover = 'auto'
    if (way === 'a popover') return sheet.showPopover()
    sheet.removeAttribute('popover')
    await sheet.requestFullscreen()
  }, how)

/** The shop is as it was, and the shopper where he was. */
const isBack = async ({ page }: Shopper): Promise<void> => {
  await page.waitForFunction(() => document.querySelector('iframe') === null)
  const now = await page.evaluate(() => [
    document.querySelector('#sheet:is(:modal, :popover-open, :fullscreen)') !== null,
    document.activeElement?.id,
  ])
  assert.deepEqual(now, [true, 'pay'])
}

/** As a shopper does it, who sees only what is on top. */
const payByHand = async ({ page, checkout, outcome }: Shopper): Promise<void> => {
  await checkout.locator('[autocomplete=cc-number]').click()
  await page.keyboard.type('4242424242424242')
  await page.keyboard.press('Tab')
  await page.keyboard.type('1230')
  await agree(checkout)
  await page.keyboard.press('Tab')
  await submit(checkout)
  succeeded(await outcome())
}

/**
 * What lies below may change its colour, and nothing of it is seen. By where they are, elements that are inert are not found. Seen
 * again where it is the checkout that changed, as it does while it comes up.
 */
const isOnTopOf = async (page: Page, selector: string): Promise<void> => {
  const middle = { x: 600, y: 300, width: 80, height: 300 }
  for (let color = 0; color < 100; color++) {
    const seen = await page.screenshot({ clip: middle })
    await page.locator(selector).evaluate((element: HTMLElement, hue) => {
      element.style.background = `hsl(${hue}deg 80% 40%)`
    }, color * 50)
    if (seen.equals(await page.screenshot({ clip: middle }))) return
  }
  assert.fail(`${selector} is on top`)
}

/** Where the frame is, and whether a click in its middle reaches it. */
const frameIn = (page: Page) =>
  page.evaluate(() => {
    const frame = document.querySelector('iframe')
    const { x, y, width, height } = frame?.getBoundingClientRect() ?? new DOMRect()
    const isOnTop = document.elementFromPoint(width / 2, height / 2) === frame
    return { box: [x, y, width, height], isOnTop, scrollY: Math.round(scrollY) }
  })

export const topLayerSuite = (stage: Stage): void => {
  for (const how of ['a modal dialog', 'a popover', 'fullscreen'] as const)
    test(`over ${how} of the shop the checkout can be paid in and left, and the shop is then as it was`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage)
      const { page, checkout } = shopper
      await sellIn(page, how)
      await shopper.ask('requestPayment', paymentOf(store))
      await checkout.locator('[autocomplete=cc-number]').waitFor()
      await isOnTopOf(page, '#sheet')
      await payByHand(shopper)
      await isBack(shopper)
      await shopper.ask('requestPayment', paymentOf(store))
      await checkout.locator('[autocomplete=cc-number]').press('Escape')
      assert.equal((await shopper.outcome()).value?.pgCode, 'PAY_PROCESS_CANCELED')
      await isBack(shopper)
    })

  test('over a modal dialog of the shop, what is loading and a PG’s own window can be closed, by a button and by Esc', async () => {
    const store = await storeWithWindow(stage, byRedirect)
    await using shopper = await shopperOf(stage)
    const { page } = shopper
    await sellIn(page, 'a modal dialog')
    for (const isOpened of [false, true])
      for (const key of ['Enter', 'Escape']) {
        if (!isOpened) await page.route('**/checkout/v1/attempts', () => undefined)
        await shopper.ask('requestPayment', paymentOf(store))
        if (isOpened) await shopper.checkout.getByRole('button', { name: '결제하기' }).waitFor()
        await page.getByRole('button', { name: '닫기 · Close' }).press(key)
        const { value, error } = await shopper.outcome()
        assert.equal(value?.pgCode ?? error?.pgCode, 'PAY_PROCESS_CANCELED')
        await isBack(shopper)
        await page.unroute('**/checkout/v1/attempts')
      }
  })

  test('what the shop opens, or hides from screen readers, while the checkout is open stays below it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { page } = shopper
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    for (const kind of ['dialog', 'popover']) {
      await page.evaluate((name) => {
        const spinner = document.createElement(name === 'dialog' ? 'dialog' : 'div')
        spinner.className = name
        spinner.append('잠시만 기다려 주세요')
        spinner.style.cssText = 'width: 100vw; height: 100vh; max-width: none; background: wheat'
        document.body.append(spinner)
        if (spinner instanceof HTMLDialogElement) return spinner.showModal()
        spinner.popover = 'manual'
        spinner.showPopover()
      }, kind)
      await page.waitForFunction(() => document.elementFromPoint(640, 450)?.localName === 'iframe')
      await isOnTopOf(page, `.${kind}`)
    }
    await page.evaluate(() => {
      for (const element of document.body.children) {
        element.setAttribute('inert', '')
        element.setAttribute('aria-hidden', 'true')
      }
    })
    assert.equal(await page.getByRole('dialog', { name: '결제 · Checkout' }).count(), 1)
    await payByHand(shopper)
  })

  for (const width of [360, 1_280])
    test(`at the bottom of a long page ${width} px wide, whatever its style sheets say, the frame is the whole window`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, { viewport: { width, height: 740 } })
      const { page } = shopper
      await page.addStyleTag({
        content: `body { height: 4000px; transform: translateZ(0); contain: layout; filter: blur(0); pointer-events: none }
          #pay { pointer-events: auto; margin-top: 3800px }
          iframe { max-width: 100%; height: auto !important; transform: scale(.5) !important; opacity: 0 }
          dialog, div { display: none !important; margin: 200px; max-width: 50%; opacity: 0; transform: scale(0) !important }
          ::backdrop { background: black !important }`,
      })
      await shopper.ask('requestPayment', paymentOf(store))
      const before = await page.evaluate(() => Math.round(scrollY))
      assert.ok(before > 2_000)
      await fillCard(shopper.checkout)
      assert.deepEqual(await frameIn(page), { box: [0, 0, width, 740], isOnTop: true, scrollY: before })
      await submit(shopper.checkout)
      succeeded(await shopper.outcome())
      assert.equal((await frameIn(page)).scrollY, before)
    })

  test('a browser that knows no modal dialogs shows the frame over a shop that is inert', async () => {
    const store = await stage.naru.newStore()
    const options = { ...desktop }
    await using shopper = await shopperOf(stage, options)
    await shopper.page.addInitScript(() => Reflect.deleteProperty(HTMLDialogElement.prototype, 'showModal'))
    await shopper.page.reload()
    await shopper.page.waitForFunction(() => 'shop' in globalThis)
    await shopper.ask('requestPayment', paymentOf(store))
    await fillCard(shopper.checkout)
    assert.equal(await isInert(shopper.page.locator('#pay')), true)
    assert.equal((await frameIn(shopper.page)).isOnTop, true)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal(await shopper.page.locator('[inert]').count(), 0)
  })
}
