import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setProfile } from '../../../server/src/checkout/sessions/profile.ts'
import { fillCard, paymentOf, type Stage, submit } from '../support/stage.ts'

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
    const { url } = await store.api.call('createPaymentSession', {
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
    const page = await stage.browser.newPage({ locale: 'ko-KR' })
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
    await page.close()
  })
}
