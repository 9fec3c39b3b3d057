import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { setProfile } from '../../../server/src/checkout/sessions/profile.ts'
import { letsScriptsIn, seriousIn } from '../support/axe.ts'
import { type AskedFor, openedAt, storeWithWindow } from '../support/own-window.ts'
import { paymentOf, type Stage, visitorOf } from '../support/stage.ts'

/** Pages that a shopper comes to beside the form: the sandbox PG's own windows, and the order sheet of a session. */
export const accessibilityOfWindowsSuite = (stage: Stage): void => {
  /** What axe finds serious; each page says whose it is, in one heading. */
  const looker = (page: Page, found: string[]) => async (where: string) => {
    for (const violation of await seriousIn(page)) found.push(`${where}: ${violation}`)
    const [mains, titles] = [await page.locator('main').count(), await page.locator('h1').count()]
    if (mains !== 1 || titles !== 1) found.push(`${where}: ${mains} main, ${titles} h1`)
  }

  test('axe finds nothing serious in the sandbox PG’s windows, when a code is asked for, and on the way back', async () => {
    const store = await storeWithWindow(stage, { window: 'redirect', windowReturn: 'POST' })
    await using visitor = await visitorOf(stage, letsScriptsIn)
    const { page } = visitor
    const found: string[] = []
    const look = looker(page, found)
    const goTo = async (asked: AskedFor) => {
      const { windowId } = await openedAt(stage, asked)
      await page.goto(`${stage.naru.url}/sandbox-pg/windows/${windowId}`)
    }
    for (const payMethod of ['CARD', 'VIRTUAL_ACCOUNT', 'TRANSFER', 'MOBILE', 'EASY_PAY'])
      for (const locale of ['KO_KR', 'EN_US']) {
        await goTo({ kind: 'PAYMENT', request: paymentOf(store, { payMethod, productType: 'REAL', locale }) })
        await look(`${payMethod} ${locale}`)
      }
    const { storeId, channelKey } = store
    await goTo({ kind: 'ISSUE_BILLING_KEY', request: { storeId, channelKey, billingKeyMethod: 'CARD' } })
    await look('storing a card')
    const identityVerificationId = `axe-window-${process.pid}`
    await goTo({ kind: 'IDENTITY_VERIFICATION', request: { storeId, channelKey, identityVerificationId } })
    await look('identity')
    await page.getByRole('button', { name: '인증하기' }).click()
    await page.locator('[autocomplete=one-time-code]').fill('111111')
    await look('a code')
    await page.getByRole('button', { name: '인증하기' }).click()
    await page.getByRole('alert').waitFor()
    await look('a wrong code')
    // The page that sends the browser back is there for a moment only, unless its script does not run: then a button stays.
    const left = await openedAt(stage, { kind: 'PAYMENT', request: paymentOf(store) })
    const over = await (await left.atPg({ step: 'leave' })).text()
    await page.goto('about:blank')
    await page.setContent(over.replace(/<script.*<\/script>/s, ''))
    await page.getByText('PG의 창이 끝났습니다').waitFor()
    await look('on the way back')
    assert.deepEqual(found, [])
  })

  test('axe finds nothing serious in the order sheet of a session, to choose in, chosen, and paid', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `axe-${storeId}`
    const entries = (['CARD_KR', 'KAKAO_PAY', 'TOSS_PAY'] as const).map((paymentMethod) => ({
      paymentMethod,
      channelKey,
    }))
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Axe', isForTest: true, entries })
    await using visitor = await visitorOf(stage, letsScriptsIn)
    const { page } = visitor
    const found: string[] = []
    const look = looker(page, found)
    const newSession = async (country: 'KR' | 'US', paymentId: string) => {
      const { url } = await store.api.call('createPaymentSession', {
        body: {
          storeId,
          paymentId,
          profileKey,
          country,
          currency: 'KRW',
          totalAmount: 50_000,
          orderName: '제주 감귤 5kg',
          agreements: [{ name: '교환·환불 규정', url: 'https://shop.example/terms' }],
        },
      })
      return url
    }
    for (const country of ['KR', 'US'] as const) {
      await page.goto(await newSession(country, paymentOf(store).paymentId))
      await page.getByRole('radio').first().waitFor()
      await look(`to choose in, ${country}`)
    }
    const { paymentId } = paymentOf(store)
    await page.goto(await newSession('KR', paymentId))
    await page.getByRole('radio').first().check()
    await page.getByRole('checkbox').check()
    await look('chosen')
    await store.portone.payment.payInstantly({
      paymentId,
      channelKey,
      orderName: '제주 감귤 5kg',
      amount: { total: 50_000 },
      currency: 'KRW',
      method: { card: { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } } },
    })
    await page.reload()
    await page.getByText('완료되었습니다').waitFor()
    await look('paid')
    assert.deepEqual(found, [])
  })
}
