import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import { phone } from '../support/browser.ts'
import { agree, fillCard, paymentOf, type Stage, shopperOf, submit, succeeded } from '../support/stage.ts'

/** Waits until nothing covers the middle of it: what lies under the fixed bar is not seen. */
const seen = async (element: Locator): Promise<void> => {
  await element.waitFor()
  await element.evaluate((node) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      const { left, top, width, height } = node.getBoundingClientRect()
      const over = document.elementFromPoint(left + width / 2, top + height / 2)
      if (over && (node.contains(over) || over.contains(node))) resolve()
      else requestAnimationFrame(look)
    }
    look()
    return promise
  })
}

type Shown = FrameLocator | Page

/** The field has the focus, is marked, and names the message beside it. */
const told = async (page: Shown, field: string, message: RegExp): Promise<void> => {
  const input = page.locator(`[name=${field}][aria-invalid=true]:focus`)
  await seen(input)
  const alert = page.locator(`#${await input.getAttribute('aria-describedby')}[role=alert]`)
  assert.match((await alert.textContent()) ?? '', message)
  await seen(alert)
}

/** What a shopper mistypes, and has to be helped with. */
export const mendingSuite = (stage: Stage): void => {
  test('why the button cannot be pressed is said by it, and leads to what has to be agreed to', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, phone)
    await shopper.ask('requestPayment', paymentOf(store, { redirectUrl: `${stage.shop.url}/done` }))
    const missing = shopper.page.getByRole('button', { name: '필수 약관에 동의해 주세요' })
    await seen(missing)
    assert.ok(await shopper.page.locator('button[type=submit]:visible').isDisabled())
    await missing.click()
    await seen(shopper.page.locator('input[type=checkbox]:focus'))
    await shopper.page.locator('[autocomplete=cc-number]').press('Enter')
    const alert = shopper.page.getByRole('alert').filter({ hasText: /^필수 약관에 동의해 주세요: .+, / })
    await seen(alert)
    await seen(shopper.page.locator('input[type=checkbox]:focus'))
    await agree(shopper.page)
    await alert.waitFor({ state: 'detached' })
    assert.ok(await shopper.page.locator('button[type=submit]:visible').isEnabled())
  })

  test('a digit is corrected where it is, and what a keyboard composes is taken once it is whole', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store))
    const { checkout, page } = shopper
    const correct = async (
      field: Locator,
      place: number,
      keys: readonly string[],
    ): Promise<[string, number | null]> => {
      await field.evaluate((input: HTMLInputElement, at) => input.setSelectionRange(at, at), place)
      for (const key of keys) await field.press(key)
      return await field.evaluate((input: HTMLInputElement) => [input.value, input.selectionStart])
    }
    const number = checkout.locator('[autocomplete=cc-number]')
    await number.fill('4242424242424249')
    assert.deepEqual(await correct(number, 2, ['Backspace']), ['4424 2424 2424 249', 1])
    assert.deepEqual(await correct(number, 1, ['2', '1']), ['4214 2424 2424 2424 9', 3])
    const expiry = checkout.locator('[autocomplete=cc-exp]')
    await expiry.fill('2030-12')
    assert.deepEqual(await correct(expiry, 3, ['Backspace']), ['1/30', 1])
    assert.deepEqual(await correct(expiry, 0, ['Delete', '0', '9']), ['09/30', 2])
    const birth = checkout.locator('[name=birth]')
    await birth.focus()
    const keyboard = await shopper.context.newCDPSession(page)
    await keyboard.send('Input.imeSetComposition', { text: '９００', selectionStart: 3, selectionEnd: 3 })
    assert.equal(await birth.inputValue(), '９００')
    await keyboard.send('Input.insertText', { text: '９００１０１' })
    assert.equal(await birth.inputValue(), '900101')
  })

  for (const [name, options] of [['phone', phone] as const, ['desktop', undefined] as const])
    test(`on a ${name}: each wrong field of a card is shown with its own words, and nothing is sent to the PG`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage, options)
      const payment = paymentOf(store, { redirectUrl: `${stage.shop.url}/done` })
      await shopper.ask('requestPayment', payment)
      const page = options ? shopper.page : shopper.checkout
      const field = (named: string) => page.locator(`[name=${named}]`)
      await fillCard(page, '4242 4242 4242 4241')
      await submit(page)
      await told(page, 'cardNumber', /카드 번호/)
      await field('cardNumber').fill('4242 4242 4242 4242')
      await page.locator('#root [role=alert]').waitFor({ state: 'detached' })
      for (const [named, wrong, right, message] of [
        ['birth', '999999', '900101', /생년월일/],
        ['birth', '12', '', /생년월일/],
        ['password', '1', '12', /앞 2자리/],
        ['expiry', '13/30', '12/30', /MM\/YY/],
        // Only the server's clock knows.
        ['expiry', '01/20', '12/30', /지난/],
      ] as const) {
        await field(named).fill(wrong)
        await submit(page)
        await told(page, named, message)
        await field(named).fill(right)
      }
      const { items } = await store.api.call('getSandboxLedger', { query: { paymentId: payment.paymentId } })
      assert.deepEqual(items, [])
      await shopper.page.route('**/checkout/v1/submit', (route) => route.abort('internetdisconnected'), { times: 1 })
      await submit(page)
      await seen(page.getByRole('alert').filter({ hasText: '요청되지 않았습니다' }))
      await submit(page)
      if (options) await shopper.page.waitForURL(/\/done\?/)
      else succeeded(await shopper.outcome())
      const [kept] = await stage.naru.database.sql<{ consents: { language: string; consents: object[] } }[]>`
        select consents from checkout_attempts where store_id = ${store.storeId}`
      assert.equal(kept?.consents.language, 'ko')
      assert.equal(kept.consents.consents.length, 3)
    })

  test('the fields of other ways to pay are told by their own words too', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { checkout: page } = shopper
    const field = (named: string) => page.locator(`[name=${named}]`)
    await shopper.ask('requestPayment', paymentOf(store, { payMethod: 'TRANSFER' }))
    await agree(page)
    await submit(page)
    await told(page, 'bank', /선택/)
    await field('bank').selectOption('SHINHAN')
    await field('accountNumber').fill('1')
    await field('name').fill('  ')
    await submit(page)
    await told(page, 'accountNumber', /계좌번호/)
    await field('accountNumber').fill('110123456789')
    await submit(page)
    await told(page, 'name', /필수/)
    await page.getByRole('button', { name: '닫기' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '나가기' }).click()
    await shopper.outcome()
    await shopper.ask('requestPayment', paymentOf(store, { payMethod: 'MOBILE', productType: 'REAL' }))
    await field('carrier').selectOption('SKT')
    await field('name').fill('김나루')
    await field('birthSeven').fill('9913011')
    await field('phoneNumber').fill('123')
    await agree(page)
    await submit(page)
    await told(page, 'birthSeven', /생년월일/)
    await field('birthSeven').fill('9001011')
    await submit(page)
    await told(page, 'phoneNumber', /휴대폰 번호/)
    // Only the server knows which numbers bills are sent to.
    await field('phoneNumber').fill('0212345678')
    await submit(page)
    await told(page, 'phoneNumber', /휴대폰 번호/)
  })
}
