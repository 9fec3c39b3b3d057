import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maximumDeclines, maximumFromOneAddress } from '../src/payments/rules/limits.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { newPromotion, spentOf } from './support/promotions.ts'
import { card, newPaymentId, order } from './support/requests.ts'
import { scaled } from './support/scale.ts'

describe('a window that is opened from another address', async () => {
  const naru = await startNaru({ trustedProxies: ['127.0.0.0/8'] })
  const second = await naru.another()
  const shopper = browserOf(naru, '203.0.113.7')
  const other = browserOf(second, '198.51.100.9')
  const declined = '4000000000000002'

  const statusOf = async ({ portone }: TestStore, paymentId: string) =>
    (await portone.payment.getPayment({ paymentId })).status

  test('takes nobody’s place: whichever pays first wins, and the other learns that the order is paid', async () => {
    const store = await naru.newStore()
    for (const [first, last] of [
      ['shopper', 'other'],
      ['other', 'shopper'],
    ] as const) {
      const payment = paymentOf(store)
      const windows = { shopper: await shopper.open(payment), other: await other.open(payment) }
      assert.deepEqual([await windows.shopper.step(), await windows.other.step()], ['FORM', 'FORM'])
      assert.equal(await statusOf(store, payment.paymentId), 'READY')
      await windows[first].submit({ card: cardInPage() })
      assert.equal('code' in (await windows[first].state()), false)
      assert.equal(await statusOf(store, payment.paymentId), 'PAID')
      const { view } = await windows[last].submit({ card: cardInPage() })
      assert.equal(Object(Object(view).state).result.code, 'PaymentAlreadyPaid')
      assert.equal(await statusOf(store, payment.paymentId), 'PAID')
      assert.equal(await chargesOf(store, payment.paymentId), 1)
    }
  })

  test('says that nothing was charged in it where the PG is still deciding about the other, and then that the order is paid', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const payment = paymentOf(store)
    const losing = [
      await shopper.open(payment),
      await browserOf(naru, '203.0.113.8').open({ ...payment, locale: 'EN_US' }),
    ]
    await (await other.open(payment)).submit({ card: cardInPage(), outcome: 'pending-paid-10' })
    assert.equal(await statusOf(store, payment.paymentId), 'PAY_PENDING')
    for (const [index, { submit }] of losing.entries()) {
      const { view } = await submit({ card: cardInPage() })
      const { code, message } = Object(Object(Object(view).state).result)
      assert.equal(code, 'PORTONE_ERROR')
      assert.match(
        String(message),
        [/다른 창에서 결제가 진행 중.*청구된 금액은 없습니다/, /another window.*Nothing was charged/][index] ?? /^$/,
      )
      assert.doesNotMatch(String(message), /환불|refund/)
    }
    await store.advance({ seconds: 10 })
    assert.equal(await statusOf(store, payment.paymentId), 'PAID')
    for (const { state, view } of losing) {
      const { code, message } = await state()
      assert.equal(code, 'PaymentAlreadyPaid')
      assert.doesNotMatch(String(message), /환불|refund/)
      assert.equal((await view()).isRefunded, undefined)
    }
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('stores nothing, and says why, where the order is being paid in the other', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const { payMethod, ...payment } = paymentOf(store, { billingKeyAndPayMethod: 'CARD' })
    const losing = await shopper.open(payment, 'ISSUE_BILLING_KEY_AND_PAY')
    await (await other.open({ ...payment, payMethod })).submit({ card: cardInPage(), outcome: 'pending-paid-10' })
    await losing.submit({ card: cardInPage() })
    assert.match(String((await losing.state()).message), /다른 창에서 결제가 진행 중/)
    await store.advance({ seconds: 10 })
    assert.equal((await losing.state()).code, 'PaymentAlreadyPaid')
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('is charged or is not, and never both, when both are agreed to at once on two servers', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, {
      discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT', amount: 1_000 } }] },
      totalBudget: 1_000_000,
      cardCompany: 'SAMSUNG_CARD',
    })
    const orders = scaled(8, 60)
    await inParallel([...Array(orders).keys()], 4, async () => {
      const payment = paymentOf(store, { promotionId, card: { cardCompany: 'SAMSUNG_CARD' } })
      const windows = [await shopper.open(payment), await other.open(payment)]
      await Promise.all(windows.map(({ submit }) => submit({ card: cardInPage() })))
      const results = await Promise.all(windows.map(({ state }) => state()))
      assert.deepEqual(results.map(({ code }) => String(code)).toSorted(), ['PaymentAlreadyPaid', 'undefined'])
      assert.equal(await statusOf(store, payment.paymentId), 'PAID')
      assert.equal(await chargesOf(store, payment.paymentId), 1)
    })
    assert.equal(await spentOf(store, promotionId), orders * 1_000)
  })

  test('gives back the discount that it held for an order that was paid, though nobody looks at it again', async () => {
    const store = await naru.newStore()
    const promotionId = await newPromotion(store, {
      discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT', amount: 1_000 } }] },
      totalBudget: 10_000,
      cardCompany: 'SAMSUNG_CARD',
    })
    const payment = paymentOf(store, { promotionId, card: { cardCompany: 'SAMSUNG_CARD' } })
    const { submit } = await shopper.open(payment)
    await other.open(payment)
    assert.equal(await spentOf(store, promotionId), 2_000)
    await submit({ card: cardInPage() })
    await store.advance({ minutes: 31 })
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('has its own declines: they end the order for its address, an IPv6 network, and for nobody else', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const open = await shopper.open(payment)
    for (let count = 0; count < maximumDeclines; count++) {
      const { submit } = await browserOf(second, `2001:db8:1:2::${count}`).open(payment)
      await submit({ card: cardInPage(declined) })
    }
    const { opened } = await browserOf(naru, '2001:db8:1:2:ffff::1').open(payment)
    assert.deepEqual([opened.code, /declined 10 times/.test(String(opened.detail))], ['InvalidEntityState', true])
    assert.equal((await browserOf(naru, '2001:db8:1:3::1').open(payment)).opened.code, undefined)
    await open.submit({ card: cardInPage() })
    assert.equal('code' in (await open.state()), false)
  })

  test('uses up half of an order’s attempts at most, and declines where a method is stored count as well', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    for (let count = 0; count < maximumFromOneAddress; count++)
      assert.equal((await other.open(payment)).opened.code, undefined)
    const { opened } = await other.open(payment)
    assert.deepEqual([opened.code, /from this address/.test(String(opened.detail))], ['InvalidEntityState', true])
    const { payMethod: _, ...stored } = paymentOf(store, { billingKeyAndPayMethod: 'CARD', totalAmount: 990_001 })
    const openToStore = () => other.open(stored, 'ISSUE_BILLING_KEY_AND_PAY')
    const windows = [...Array(maximumDeclines + 1).keys()].map(openToStore)
    // The card is stored, and declined when it is charged.
    for (const window of windows) await (await window).submit({ card: cardInPage() })
    const path = { paymentId: stored.paymentId }
    assert.equal((await store.api.call('getPaymentTransactions', { path })).items.length, maximumDeclines)
    assert.equal((await openToStore()).opened.code, 'InvalidEntityState')
    assert.equal((await shopper.open(stored, 'ISSUE_BILLING_KEY_AND_PAY')).opened.code, undefined)
    const { submit, state } = await shopper.open(payment)
    await submit({ card: cardInPage() })
    assert.equal('code' in (await state()), false)
  })

  test('is no window of the merchant’s own server, whose attempts count for nobody', async () => {
    const store = await naru.newStore()
    const { paymentId } = paymentOf(store)
    const decline = order(store.channelKey, { method: card(declined) })
    for (let count = 0; count < maximumDeclines; count++)
      await assert.rejects(store.portone.payment.payInstantly({ paymentId, ...decline }))
    const { submit, state } = await shopper.open({ ...paymentOf(store), paymentId })
    await submit({ card: cardInPage() })
    assert.equal('code' in (await state()), false)
  })

  test('verifies whoever is first, and the other learns that it is done', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    const identity = { carrier: 'SKT', birth: '9001011' }
    const given = { identity, customer: { name: '김나루', phoneNumber: '01012345678' } }
    const verified = async (rounds: readonly number[]) =>
      await inParallel(rounds, 4, async () => {
        const request = { storeId, channelKey, identityVerificationId: newPaymentId() }
        const kind = 'IDENTITY_VERIFICATION'
        const windows = [await shopper.open(request, kind), await other.open(request, kind)]
        assert.deepEqual(await Promise.all(windows.map(({ step }) => step())), ['FORM', 'FORM'])
        await Promise.all(windows.map(({ prove }) => prove(given)))
        const codes = (await Promise.all(windows.map(({ state }) => state()))).map(({ code }) => String(code))
        assert.deepEqual(codes.toSorted(), ['IdentityVerificationAlreadyVerified', 'undefined'])
      })
    await verified([...Array(scaled(4, 40)).keys()])
  })
})
