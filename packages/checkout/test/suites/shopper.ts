import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setProfile } from '../../../server/src/checkout/sessions/profile.ts'
import { chargesOf } from '../../../server/test/support/checkout.ts'
import { phone } from '../support/browser.ts'
import {
  fillCard,
  lookAt,
  paymentOf,
  popupBy,
  type Stage,
  shopperOf,
  submit,
  succeeded,
  visitorOf,
  withoutIntervals,
} from '../support/stage.ts'

export const shopperSuite = (stage: Stage): void => {
  test('a second device takes over: one charge, and the first is told that the order is paid once it is looked at', async () => {
    const store = await stage.naru.newStore()
    await using computer = await withoutIntervals(stage)
    await using telephone = await shopperOf(stage, phone)
    const payment = paymentOf(store, { redirectUrl: `${stage.shop.url}/done` })
    await computer.ask('requestPayment', payment)
    await fillCard(computer.checkout)
    await telephone.ask('requestPayment', payment)
    await fillCard(telephone.page)
    await submit(telephone.page)
    await telephone.page.waitForURL(/\/done\?/)
    assert.equal(new URL(telephone.page.url()).searchParams.get('code'), null)
    await lookAt(computer.checkout.locator('body'))
    const { value } = await computer.outcome()
    assert.deepEqual([value?.code, value?.message], ['PaymentAlreadyPaid', '이미 결제된 주문입니다.'])
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('taking the window away while a key is issued and charged: the shop hears what became of both', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { payMethod: _, ...payment } = paymentOf(store)
    await shopper.ask('requestIssueBillingKeyAndPay', {
      ...payment,
      billingKeyAndPayMethod: 'CARD',
      productType: 'REAL',
    })
    await fillCard(shopper.checkout)
    const { arrived, letGo } = stage.line.holdNext()
    await submit(shopper.checkout)
    await arrived
    const closing = shopper.page.waitForRequest('**/checkout/v1/attempts/close')
    await shopper.page.evaluate(() => document.querySelector('iframe')?.remove())
    await closing
    letGo()
    const { value } = await shopper.outcome()
    assert.deepEqual([value?.code, value?.paymentId], [undefined, payment.paymentId])
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('closing the popup while the approval is under way: the shop hears what became of it', async () => {
    const { addChannel } = await import('../../../server/test/support/channels.ts')
    const store = await stage.naru.newStore()
    const channelKey = await addChannel(stage.naru, store.storeId, 'NICE_V2')
    await using shopper = await shopperOf(stage)
    const payment = paymentOf({ ...store, channelKey }, { windowType: { pc: 'POPUP' } })
    const popup = await popupBy(shopper, () => shopper.ask('requestPayment', payment))
    await fillCard(popup)
    const { arrived, letGo } = stage.line.holdNext()
    await submit(popup)
    // The PG has been asked: from here on leaving must not turn a charge into a failure.
    await arrived
    const closing = shopper.page.waitForRequest('**/checkout/v1/attempts/close')
    await popup.close()
    await closing
    letGo()
    succeeded(await shopper.outcome())
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('a message that somebody else’s page makes up ends nothing', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store))
    await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
    await shopper.page.evaluate(() => {
      const txId = new URL(document.querySelector('iframe')?.src ?? '').pathname.split('.')[1]
      window.postMessage({ naru: 'done', txId }, '*')
    })
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('a session that is closed while the shopper types charges nothing', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `closing-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
    await setProfile(stage.naru.database.sql, { storeId, profileKey, name: 'Closing', isForTest: true, entries })
    const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
    const typing = async (told: string, ends: (sessionId: string) => Promise<unknown>, others: object = {}) => {
      const { paymentId } = paymentOf(store)
      const body = { storeId, paymentId, profileKey, ...order, paymentMethod: 'CARD_KR' as const, ...others }
      const { url, sessionId } = await store.api.call('createPaymentSession', { body })
      await using visitor = await visitorOf(stage)
      const { page } = visitor
      await page.goto(url)
      await fillCard(page)
      await ends(sessionId)
      await submit(page)
      await page.getByRole('alert').filter({ hasText: told }).waitFor()
      assert.equal(await chargesOf(store, paymentId), 0)
    }
    await typing('상점에서 결제를 닫았습니다', (sessionId) =>
      store.api.call('closePaymentSession', { path: { sessionId } }),
    )
    await typing('결제 시간이 지났습니다', () => store.advance({ minutes: 2 }), { ttlSeconds: 60 })
  })
}
