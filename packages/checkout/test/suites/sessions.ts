import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setProfile } from '../../../server/src/checkout/sessions/profile.ts'
import { browserOf } from '../../../server/test/support/checkout.ts'
import { order as requestOf } from '../../../server/test/support/requests.ts'
import { desktop } from '../support/browser.ts'
import {
  fillCard,
  goBack,
  lookAt,
  paymentOf,
  type Stage,
  submit,
  visitorOf,
  withoutIntervals,
} from '../support/stage.ts'

export const sessionsSuite = (stage: Stage): void => {
  test('a payment session is paid on pages of ours alone, and shows afterwards that it is paid', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `profile-${storeId}`
    const entries = [
      { paymentMethod: 'CARD_KR', channelKey },
      { paymentMethod: 'KAKAO_PAY', channelKey },
    ] as const
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Profile', isForTest: true, entries })
    const { paymentId } = paymentOf(store)
    const { url, sessionId } = await store.api.call('createPaymentSession', {
      body: {
        storeId,
        paymentId,
        profileKey,
        country: 'KR',
        currency: 'KRW',
        totalAmount: 50_000,
        orderName: '귤',
        agreements: [{ name: '교환·환불 규정', url: 'https://shop.example/terms' }],
        redirectUrl: `${stage.shop.url}/done`,
      },
    })
    await using visitor = await visitorOf(stage)
    const { page } = visitor
    await page.goto(`${stage.shop.url}/other`)
    await page.goto(url)
    await page.getByRole('button', { name: '닫기' }).click()
    await page.waitForURL(/\/other$/, { waitUntil: 'commit' })
    await page.goto(url)
    const button = page.locator('button[type=submit]:visible')
    await page.getByRole('radio', { name: '카드' }).check()
    assert.ok(await button.isDisabled())
    await page.getByRole('checkbox', { name: /교환·환불 규정.*동의/ }).check()
    await button.click()
    await fillCard(page)
    await submit(page)
    await page.waitForURL(/\/done\?/)
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
    await page.goto(url)
    await page.getByText('완료되었습니다').waitFor()
    assert.equal(await button.count(), 0)
    await store.api.call('closePaymentSession', { path: { sessionId } })
    await page.reload()
    await page.getByText('완료되었습니다').waitFor()
    await page.getByRole('link', { name: '쇼핑몰로 돌아가기' }).click()
    await page.waitForURL(/\/done\?/)
    const { paymentId: told, code } = Object.fromEntries(new URL(page.url()).searchParams)
    assert.deepEqual([told, code], [paymentId, undefined])
  })

  test('a session that the shop closes, or whose order it refunds, says so in the language of the shopper, with a way to the shop', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `over-${storeId}`
    const entries = [
      { paymentMethod: 'CARD_KR', channelKey },
      { paymentMethod: 'KAKAO_PAY', channelKey },
    ] as const
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Over', isForTest: true, entries })
    for (const [locale, words] of [
      [
        'ko-KR',
        {
          card: '카드',
          closed: '상점에서 결제를 닫았습니다',
          refund: '일부 금액이 환불되었습니다',
          left: /환불 후 금액\s*30,000원/,
          all: '전액 환불되었습니다',
          shop: '쇼핑몰로 돌아가기',
        },
      ],
      [
        'en-US',
        {
          card: 'Card',
          closed: 'The shop closed this payment',
          refund: 'Part of your payment was refunded',
          left: /After refund\s*₩30,000/,
          all: 'Your payment was refunded in full',
          shop: 'Return to the shop',
        },
      ],
    ] as const) {
      await using visitor = await visitorOf(stage, { ...desktop, locale })
      const { page } = visitor
      const newSession = async () => {
        const { paymentId } = paymentOf(store)
        const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
        const body = { storeId, paymentId, profileKey, ...order, redirectUrl: `${stage.shop.url}/done` }
        return { paymentId, ...(await store.api.call('createPaymentSession', { body })) }
      }
      const way = page.getByRole('link', { name: words.shop })
      const closed = await newSession()
      await page.goto(closed.url)
      await page.getByRole('radio', { name: words.card }).check()
      await store.api.call('closePaymentSession', { path: closed })
      await submit(page)
      await page.getByRole('alert').filter({ hasText: words.closed }).waitFor()
      await way.click()
      await page.waitForURL(/\/done\?.*pgCode=PAY_PROCESS_CLOSED/)

      const { url, paymentId } = await newSession()
      await store.portone.payment.payInstantly({ paymentId, ...requestOf(channelKey, { total: 50_000 }) })
      for (const [amount, title] of [
        [20_000, words.refund],
        [30_000, words.all],
      ] as const) {
        await store.portone.payment.cancelPayment({ paymentId, reason: 'r', amount })
        await page.goto(url)
        await page.getByRole('status').filter({ hasText: title }).waitFor()
        if (amount === 20_000) assert.match(await page.locator('.order').innerText(), words.left)
      }
      await way.waitFor()
    }
  })

  test('other tabs of a session learn that it is paid, or over, and send nobody back with a cancelled payment', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `tabs-${storeId}`
    const entries = [
      { paymentMethod: 'CARD_KR', channelKey },
      { paymentMethod: 'KAKAO_PAY', channelKey },
    ] as const
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Tabs', isForTest: true, entries })
    const newSession = async () => {
      const { paymentId } = paymentOf(store)
      const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
      const body = { storeId, paymentId, profileKey, ...order, redirectUrl: `${stage.shop.url}/done` }
      return (await store.api.call('createPaymentSession', { body })).url
    }
    const url = await newSession()
    await using one = await withoutIntervals(stage)
    const sheet = one.page
    const [form, paying] = [await one.context.newPage(), await one.context.newPage()]
    for (const tab of [sheet, form, paying]) {
      await tab.goto(url)
      await tab.getByRole('radio', { name: '카드' }).check()
    }
    for (const tab of [form, paying]) {
      await submit(tab)
      await fillCard(tab)
    }
    await submit(paying)
    await paying.waitForURL(/\/done\?/)
    await lookAt(form.locator('body'))
    await form.waitForURL(/\/done\?/)
    assert.equal(new URL(form.url()).searchParams.get('code'), 'PaymentAlreadyPaid')
    await submit(sheet)
    await sheet.getByText('완료되었습니다').waitFor()
    await paying.goto(await newSession())
    await paying.getByRole('radio', { name: '카드' }).check()
    await store.advance({ days: 2 })
    await lookAt(paying.locator('body'))
    await paying.getByText('결제 시간이 지났습니다').waitFor()
    await paying.getByRole('link', { name: '쇼핑몰로 돌아가기' }).click()
    await paying.waitForURL(/\/done\?.*pgCode=PAY_PROCESS_EXPIRED/)
  })

  test('a window whose session the shop closes, or replaces by one with another amount, says so, and goes back to the shop', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `closed-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Closed', isForTest: true, entries })
    const { paymentId } = paymentOf(store)
    const newSession = (totalAmount: number) => {
      const order = { country: 'KR', currency: 'KRW', totalAmount, orderName: '귤' } as const
      const body = { storeId, paymentId, profileKey, ...order, redirectUrl: `${stage.shop.url}/done` }
      return store.api.call('createPaymentSession', { body: { ...body, paymentMethod: 'CARD_KR' } })
    }
    const close = (sessionId: string) => store.api.call('closePaymentSession', { path: { sessionId } })
    for (const [locale, title, end] of [
      ['ko-KR', '상점에서 결제를 닫았습니다', close],
      ['en-US', 'The shop closed this payment', () => newSession(40_000)],
    ] as const) {
      await using visitor = await visitorOf(stage, { ...desktop, locale })
      const { page } = visitor
      const { url, sessionId } = await newSession(50_000)
      await page.goto(url)
      await fillCard(page)
      await end(sessionId)
      await lookAt(page.locator('body'))
      await page.getByRole('alert').filter({ hasText: title }).waitFor()
      await submit(page)
      await page.waitForURL(/\/done\?/)
      const { code, pgCode } = Object.fromEntries(new URL(page.url()).searchParams)
      assert.deepEqual([code, pgCode], ['FAILURE_TYPE_PG', 'PAY_PROCESS_CLOSED'])
    }
  })

  test('a session whose order waits for coins says when it can be paid in another way, and then is', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `waiting-${storeId}`
    const entries = [
      { paymentMethod: 'CARD_KR' as const, channelKey },
      { paymentMethod: 'TOSS_PAY' as const, channelKey },
    ]
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Waiting', isForTest: true, entries })
    await store.api.call('stopSandboxClock')
    const { open } = browserOf(stage.naru)
    const byCoins = paymentOf(store, { payMethod: 'CRYPTO' })
    await (await open(byCoins)).submit({})
    const { paymentId, totalAmount } = byCoins
    const order = { country: 'KR', currency: 'KRW', totalAmount, orderName: '귤' } as const
    const { url } = await store.api.call('createPaymentSession', { body: { storeId, paymentId, profileKey, ...order } })
    await using visitor = await visitorOf(stage)
    const { page } = visitor
    await page.goto(url)
    await page.getByRole('radio', { name: '카드' }).check()
    await submit(page)
    await page.getByRole('alert').filter({ hasText: '30분 뒤에 다른 수단으로 결제할 수 있습니다' }).waitFor()
    await store.advance({ minutes: 31 })
    await submit(page)
    await fillCard(page)
    await submit(page)
    await page.getByText('완료되었습니다').waitFor()
  })

  test('a session whose way to pay is chosen begins with it, and going back leads out of it', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `direct-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Direct', isForTest: true, entries })
    const { paymentId } = paymentOf(store)
    const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
    const asked = { storeId, paymentId, profileKey, ...order, paymentMethod: 'CARD_KR' } as const
    const { url } = await store.api.call('createPaymentSession', { body: asked })
    await using visitor = await visitorOf(stage)
    const { page } = visitor
    await page.goto(`${stage.shop.url}/other`)
    await page.goto(url)
    await page.locator('[autocomplete=cc-number]').waitFor()
    await goBack(page)
    await page.waitForURL(/\/other$/, { waitUntil: 'commit' })
    await page.goto(url)
    await fillCard(page)
    await submit(page)
    await page.getByText('완료되었습니다').waitFor()
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
  })

  test('the picture and the products of the order are shown, no other pictures, and a button in whatever colour', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `picture-${storeId}`
    const entries = [
      { paymentMethod: 'CARD_KR' as const, channelKey },
      { paymentMethod: 'TOSS_PAY' as const, channelKey },
    ]
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Picture', isForTest: true, entries })
    const orderImageUrl = 'https://pictures.example/orange.svg'
    const { paymentId } = paymentOf(store)
    const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤', orderImageUrl } as const
    const products = [{ name: '감귤 5kg', unitPrice: 20_000, quantity: 2 }]
    const body = { storeId, paymentId, profileKey, ...order, products, colors: { primary: 'transparent' } }
    const { url } = await store.api.call('createPaymentSession', { body })
    await using visitor = await visitorOf(stage)
    const { page } = visitor
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    await page.route(orderImageUrl, (route) => route.fulfill({ contentType: 'image/svg+xml', body: svg }))
    const answer = await page.goto(url)
    await page.getByRole('radio', { name: '카드' }).waitFor()
    await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 0)
    const placeOf = () => page.locator('.total').boundingBox()
    const place = await placeOf()
    for (const broken of [{ status: 404 }, { contentType: 'image/svg+xml', body: 'no picture' }]) {
      await page.unroute(orderImageUrl)
      await page.route(orderImageUrl, (route) => route.fulfill(broken))
      await page.reload()
      await page.locator('.order-image svg').waitFor()
      assert.equal(await page.locator('img').count(), 0)
      assert.deepEqual(await placeOf(), place)
    }
    assert.match((await page.getByRole('listitem').innerText()).replaceAll(/\s+/g, ' '), /^감귤 5kg × 2 40,000원$/)
    await page.getByRole('radio', { name: '카드' }).check()
    // The page paints when the browser tells it of another scheme, which is after the command has been answered.
    const isPainted = (colors: string) =>
      page.waitForFunction((expected) => {
        const button = document.querySelector('button[type=submit]')
        if (button === null) return false
        const { color, backgroundColor, borderTopColor } = getComputedStyle(button)
        return [color, backgroundColor, borderTopColor].join(' / ') === expected
      }, colors)
    await isPainted('rgb(0, 0, 0) / rgb(255, 255, 255) / rgb(22, 25, 31)')
    await page.emulateMedia({ colorScheme: 'dark' })
    await isPainted('rgb(255, 255, 255) / rgb(24, 28, 35) / rgb(240, 242, 246)')
    await page.emulateMedia({ colorScheme: null })
    assert.match(
      answer?.headers()['content-security-policy'] ?? '',
      /img-src 'self' data: https:\/\/pictures\.example;/,
    )
  })
}
