import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId, order } from './support/requests.ts'

describe('a window of an order that was paid elsewhere meanwhile', async () => {
  const naru = await startNaru()
  const { open } = browserOf(naru)

  const paidAlready = { code: 'PaymentAlreadyPaid', message: '이미 결제된 주문입니다.' }
  const verifiedAlready = { code: 'IdentityVerificationAlreadyVerified', message: '이미 완료된 본인인증입니다.' }
  const toldBy = ({ code, message }: Readonly<Record<string, unknown>>) => ({ code, message })
  const shownBy = ({ step, state }: Readonly<Record<string, unknown>>) => {
    assert.equal(step, 'DONE')
    return toldBy(Object(Object(state).result))
  }

  test('says so when it is looked at, sent in or left, in place of a cancelled payment', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const { paymentId } = payment
    const stale = await Promise.all([open(payment), open(payment), open(payment)])
    const paying = await open({ ...payment, locale: 'EN_US' })
    await paying.submit({ card: cardInPage() })
    assert.equal('code' in (await paying.state()), false)
    const [looked, sent, left] = stale
    assert(looked && sent && left)
    assert.deepEqual(shownBy(await looked.view()), paidAlready)
    assert.deepEqual(shownBy(Object((await sent.submit({ card: cardInPage() })).view)), paidAlready)
    assert.deepEqual(toldBy(await left.close()), paidAlready)
    for (const { state } of stale) assert.deepEqual(toldBy(await state()), paidAlready)
    assert.equal('code' in (await paying.state()), false)
    assert.equal(await chargesOf(store, paymentId), 1)
  })

  test('says so of an order that the merchant’s server charged, and lets nobody pay it again', async () => {
    const store = await naru.newStore()
    for (const what of ['look', 'send', 'leave'] as const) {
      const payment = paymentOf(store)
      const { paymentId } = payment
      const { view, submit, close, state } = await open({ ...payment, locale: 'EN_US' })
      await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
      const inEnglish = { code: 'PaymentAlreadyPaid', message: 'This order has already been paid.' }
      if (what === 'look') assert.deepEqual(shownBy(await view()), inEnglish)
      if (what === 'send') assert.deepEqual(shownBy(Object((await submit({ card: cardInPage() })).view)), inEnglish)
      if (what === 'leave') assert.deepEqual(toldBy(await close()), inEnglish)
      assert.deepEqual(toldBy(await state()), inEnglish)
      assert.equal(await chargesOf(store, paymentId), 1)
    }
  })

  test('asks the merchant’s server nothing about an order that is paid, and hands out no token for it', async () => {
    const store = await naru.newStore()
    const confirmUrl = `${store.webhooks.url.replace('/webhook', '')}/confirm`
    const asking = paymentOf(store, { confirmUrl })
    const { paymentId } = asking
    const late = await open(asking)
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    assert.deepEqual(shownBy(Object((await late.submit({ card: cardInPage() })).view)), paidAlready)
    await store.webhooks.next('Transaction.Failed', { paymentId })
    assert.equal(
      store.webhooks.received.some(({ type }) => type === 'Transaction.Confirm'),
      false,
    )
  })

  test('says so where a method was to be stored with the payment', async () => {
    const store = await naru.newStore()
    const { payMethod: _, ...payment } = paymentOf(store, { billingKeyAndPayMethod: 'CARD' })
    const { paymentId } = payment
    const openToStore = () => open(payment, 'ISSUE_BILLING_KEY_AND_PAY')
    const [looked, sent, left] = [await openToStore(), await openToStore(), await openToStore()]
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    assert.deepEqual(shownBy(await looked.view()), paidAlready)
    assert.deepEqual(shownBy(Object((await sent.submit({ card: cardInPage() })).view)), paidAlready)
    assert.deepEqual(toldBy(await left.close()), paidAlready)
    assert.equal(await chargesOf(store, paymentId), 1)
  })

  test('says that it was opened again, in the language of the page, until the order is paid in the other', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const stale = [await open(payment), await open({ ...payment, locale: 'EN_US' })]
    const live = await open(payment)
    const words = ['새 결제창이 열려 이전 결제창을 닫았습니다', 'The payment was opened again in another window']
    for (const [index, { view, submit, state }] of stale.entries()) {
      assert.equal((await view()).step, 'REPLACED')
      assert.equal(Object((await submit({ card: cardInPage() })).view).step, 'REPLACED')
      const { pgCode, pgMessage } = await state()
      assert.deepEqual([pgCode, pgMessage], ['PAY_PROCESS_CANCELED', words[index]])
    }
    assert.equal(await chargesOf(store, payment.paymentId), 0)
    await live.submit({ card: cardInPage() })
    assert.deepEqual(shownBy(await (stale[0] ?? assert.fail()).view()), paidAlready)
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('takes no later window’s place where its request comes late, and does where another page asks', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const askedAt = (page: number, at: number) => open(payment, 'PAYMENT', 'PC', { page, askedAt: at })
    const first = await askedAt(1, 10)
    const second = await askedAt(1, 30)
    assert.equal(await first.step(), 'REPLACED')
    const late = await askedAt(1, 20)
    assert.equal(late.opened.code, 'RequestParseFailed')
    assert.equal(await second.step(), 'FORM')
    // As the script asks again where an answer was lost.
    const again = await askedAt(1, 30)
    assert.equal(await second.step(), 'REPLACED')
    const other = await askedAt(2, 5)
    assert.equal(await again.step(), 'REPLACED')
    const old = await open(payment)
    assert.equal(await other.step(), 'REPLACED')
    await old.submit({ card: cardInPage() })
    assert.equal(await chargesOf(store, payment.paymentId), 1)
  })

  test('of a verification takes no later window’s place where its request comes late', async () => {
    const { storeId, channelKey } = await naru.newStore()
    const request = { storeId, channelKey, identityVerificationId: newPaymentId() }
    const askedAt = (at: number) => open(request, 'IDENTITY_VERIFICATION', 'PC', { page: 1, askedAt: at })
    const live = await askedAt(30)
    assert.notEqual((await askedAt(20)).opened.code, undefined)
    assert.equal(await live.step(), 'FORM')
    await askedAt(40)
    assert.equal(await live.step(), 'REPLACED')
  })

  test('says that a verification was opened again, and verifies nobody', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    const identityVerificationId = newPaymentId()
    const openToVerify = () => open({ storeId, channelKey, identityVerificationId }, 'IDENTITY_VERIFICATION')
    const [stale, live] = [await openToVerify(), await openToVerify()]
    assert.equal((await stale.view()).step, 'REPLACED')
    const identity = { carrier: 'SKT', birth: '9001011' }
    const given = { identity, customer: { name: '김나루', phoneNumber: '01012345678' } }
    assert.equal(Object((await stale.prove(given)).view).step, 'REPLACED')
    const read = () => store.portone.identityVerification.getIdentityVerification({ identityVerificationId })
    assert.equal((await read()).status, 'READY')
    await live.prove(given)
    assert.equal('code' in (await live.state()), false)
    assert.equal((await read()).status, 'VERIFIED')
    assert.deepEqual(toldBy(await stale.state()), verifiedAlready)
  })

  test('says so of a person whom the merchant’s server has verified, when it is looked at, sent in or left', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey, portone } = store
    const given = { identity: { carrier: 'SKT', birth: '9001011' } }
    for (const what of ['look', 'send', 'leave'] as const) {
      const identityVerificationId = newPaymentId()
      const request = { storeId, channelKey, identityVerificationId }
      const { view, prove, close, state } = await open(request, 'IDENTITY_VERIFICATION')
      const contact = { phoneNumber: '01012345678', ipAddress: '203.0.113.7' }
      const customer = { name: '김나루', identityNumber: '9001011', ...contact }
      const sms = { channelKey, customer, operator: 'SKT', method: 'SMS' } as const
      await portone.identityVerification.sendIdentityVerification({ identityVerificationId, ...sms })
      await portone.identityVerification.confirmIdentityVerification({ identityVerificationId, otp: '000000' })
      if (what === 'look') assert.deepEqual(shownBy(await view()), verifiedAlready)
      const person = { name: '박나루', phoneNumber: '01087654321' }
      if (what === 'send')
        assert.deepEqual(shownBy(Object((await prove({ ...given, customer: person })).view)), verifiedAlready)
      if (what === 'leave') assert.deepEqual(toldBy(await close()), verifiedAlready)
      assert.deepEqual(toldBy(await state()), verifiedAlready)
      const verified = await portone.identityVerification.getIdentityVerification({ identityVerificationId })
      assert(verified.status === 'VERIFIED')
      assert.equal(verified.verifiedCustomer.name, '김나루')
    }
  })

  test('keeps what a card company said in it', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const declined = await open(payment)
    await declined.submit({ card: cardInPage('4000000000000002') })
    const { submit } = await open(payment)
    await submit({ card: cardInPage() })
    assert.equal((await declined.state()).code, 'FAILURE_TYPE_PG')
  })
})
