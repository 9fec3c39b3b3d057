import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'

describe('a PG that charges in its own window', async () => {
  const naru = await startNaru({ trustedProxies: ['127.0.0.0/8'] })
  const second = await naru.another()
  const { open } = browserOf(naru)
  const elsewhere = browserOf(second, '198.51.100.9')
  const { sql } = naru.database
  const store = await naru.newStore()
  const credentials = { window: 'redirect', windowCharging: 'inside' }
  const channelWith = (others: { readonly manualConfirm?: boolean } = {}) =>
    addChannel(naru, store.storeId, 'EXIMBAY_V2', { credentials, ...others })
  const [channelKey, byHandKey] = [await channelWith(), await channelWith({ manualConfirm: true })]

  const paymentWith = (others: object = {}) => paymentOf({ ...store, channelKey }, others)

  const opened = async (others: object = {}, from = open) => {
    const payment = paymentWith(others)
    const { view, token, ...window } = await from(payment)
    const { url } = Object((await view()).pgWindow)
    const atPg = (fields: Record<string, string>) =>
      fetch(naru.url + url, {
        method: 'POST',
        body: new URLSearchParams({ card: '4242424242424242', ...fields }),
        redirect: 'manual',
      })
    return {
      ...window,
      view,
      payment,
      paymentId: payment.paymentId,
      atPg,
      pay: (fields: Record<string, string> = {}) => atPg({ step: 'agree', ...fields }),
      back: (from = naru.url) => fetch(`${from}/checkout/return/${token}`, { redirect: 'manual' }),
    }
  }
  const read = async (paymentId: string) => await store.portone.payment.getPayment({ paymentId })
  const failureOf = async (paymentId: string) => {
    const payment = await read(paymentId)
    return payment.status === 'FAILED' ? payment.failure.pgCode : payment.status
  }
  const charged = async (paymentId: string, of: TestStore = store) =>
    (await of.api.call('getSandboxLedger', { query: { paymentId } })).items.map(
      ({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0),
    )

  test('is asked when the browser is back, and the order is paid once', async () => {
    const { paymentId, pay, back, state } = await opened()
    await pay()
    assert.equal((await read(paymentId)).status, 'READY')
    await back()
    assert.equal('code' in (await state()), false)
    assert.equal((await read(paymentId)).status, 'PAID')
    assert.deepEqual(await charged(paymentId), [50_000])
    await store.webhooks.next('Transaction.Paid', { paymentId })
  })

  test('is asked about a shopper who never comes back', async () => {
    const { paymentId, pay, close } = await opened()
    await pay()
    await store.advance({ minutes: 5 })
    assert.equal((await read(paymentId)).status, 'PAID')
    assert.equal('code' in (await close()), false)
    assert.deepEqual(await charged(paymentId), [50_000])
  })

  test('is asked before a window that is closed fails', async () => {
    const { paymentId, pay, close } = await opened()
    await pay()
    assert.equal('code' in (await close()), false)
    assert.equal((await read(paymentId)).status, 'PAID')
  })

  test('pays an order whose window was left on our side first', async () => {
    const { paymentId, pay, close } = await opened()
    assert.equal((await close()).pgCode, 'PAY_PROCESS_CANCELED')
    await pay()
    await store.advance({ minutes: 5 })
    assert.equal((await read(paymentId)).status, 'PAID')
  })

  test('gives back what it charged for an order that another window has paid, and says so', async () => {
    const { payment, paymentId, pay, back, state, view } = await opened()
    const other = await open({ ...payment, channelKey: store.channelKey })
    await other.submit({ card: cardInPage() })
    assert.equal('code' in (await other.state()), false)
    await pay()
    await back()
    await store.advance({ minutes: 5 })
    assert.deepEqual((await charged(paymentId)).toSorted(), [0, 50_000])
    assert.equal((await read(paymentId)).status, 'PAID')
    const { code, message } = await state()
    assert.equal(code, 'PaymentAlreadyPaid')
    assert.match(String(message), /승인된 금액이 있으면 환불합니다/)
    assert.equal((await view()).isRefunded, true)
  })

  test('gives back one of two charges that were made in two windows at once', async () => {
    const one = await opened()
    const other = await opened(one.payment, elsewhere.open)
    await Promise.all([one.pay(), other.pay()])
    await Promise.all([one.back(), other.back(second.url)])
    await store.advance({ minutes: 5 })
    assert.deepEqual((await charged(one.paymentId)).toSorted(), [0, 50_000])
    assert.equal((await read(one.paymentId)).status, 'PAID')
    assert.equal([await one.state(), await other.state()].filter(({ code }) => code === undefined).length, 1)
  })

  for (const [name, differ] of Object.entries({
    'more than it was asked to': { pay: { outcome: 'amount-mismatch' }, order: undefined },
    'an order that was changed on its side': { pay: {}, order: 1 },
  }))
    test(`does not pay the order with ${name}: the charge is given back`, async () => {
      const { payment, paymentId, pay, back, state, view } = await opened()
      if (differ.order)
        await sql`
          update sandbox_windows set contents = jsonb_set(contents, '{order,amount}', ${String(differ.order)}::text::jsonb)
          where store_id = ${store.storeId} and state = 'OPEN'`
      await pay(differ.pay)
      await back()
      assert.equal((await state()).code, 'PORTONE_ERROR')
      assert.equal(await failureOf(paymentId), 'NARU_AMOUNT_MISMATCH')
      assert.deepEqual(await charged(paymentId), [0])
      const other = await open({ ...payment, channelKey: store.channelKey })
      await other.submit({ card: cardInPage() })
      const { code, message } = await state()
      assert.equal(code, 'PaymentAlreadyPaid')
      assert.match(String(message), /승인된 금액이 있으면 환불합니다/)
      assert.equal((await view()).isRefunded, true)
    })

  test('is believed once, however often the browser is back and whoever asks at that moment', async () => {
    const { paymentId, pay, back, state } = await opened()
    await pay()
    await Promise.all([back(), back(second.url), back(), store.advance({ minutes: 5 }), back(second.url)])
    assert.equal('code' in (await state()), false)
    assert.deepEqual(await charged(paymentId), [50_000])
    await store.webhooks.next('Transaction.Paid', { paymentId })
    const told = store.webhooks.received.filter(
      ({ type, data }) => type === 'Transaction.Paid' && data.paymentId === paymentId,
    )
    assert.equal(told.length, 1)
  })

  test('charges once whoever agrees twice at once there, and leaves at the same time', async () => {
    const { paymentId, pay, atPg, back } = await opened()
    await Promise.all([pay(), pay(), atPg({ step: 'leave' })])
    await back()
    await store.advance({ minutes: 5 })
    const [amount, ...more] = await charged(paymentId)
    assert.deepEqual(more, [])
    assert.equal((await read(paymentId)).status, amount === undefined ? 'FAILED' : 'PAID')
  })

  test('does not answer at the return: the page waits, and the order is paid when it does', async () => {
    const { paymentId, pay, back, state } = await opened({ bypass: { sandbox: { testCode: 'server-error' } } })
    await pay({ outcome: 'approve' })
    await back()
    assert.equal('code' in (await state()), false)
    assert.equal((await read(paymentId)).status, 'PAID')
  })

  test('declined: what was not paid there fails with its word, and can be tried again', async () => {
    const { payment, paymentId, pay, back, state } = await opened()
    await pay({ card: '4000000000000002' })
    await back()
    assert.equal((await state()).pgCode, 'SBX_DECLINED')
    assert.equal(await failureOf(paymentId), 'SBX_DECLINED')
    const again = await open({ ...payment, channelKey: store.channelKey })
    await again.submit({ card: cardInPage() })
    assert.equal((await read(paymentId)).status, 'PAID')
  })

  test('knows of nothing: a made-up return changes nothing, and nobody looks any more once it can charge no more', async () => {
    const { paymentId, pay, back, step } = await opened()
    await back()
    assert.equal(await step(), 'FORM')
    assert.equal((await read(paymentId)).status, 'READY')
    await store.advance({ minutes: 30 })
    assert.equal((await pay()).status, 303)
    assert.deepEqual(await charged(paymentId), [])
    const [row] = await sql<{ dueAt: number | null }[]>`
      select due_at as "dueAt" from payments where store_id = ${store.storeId} and payment_id = ${paymentId}`
    assert.equal(row?.dueAt, null)
    assert.equal((await read(paymentId)).status, 'READY')
  })

  test('opens no window where somebody is to be asked before the charge', async () => {
    const refused = await open(paymentWith({ confirmUrl: 'https://shop.example/confirm' }))
    assert.equal(refused.opened.code, 'RequestParseFailed')
    assert.match(String(refused.opened.message), /^confirmUrl: /)
    const byHand = await open(paymentWith({ channelKey: byHandKey }))
    assert.equal(byHand.opened.code, 'RequestParseFailed')
    assert.match(String(byHand.opened.message), /^channelKey: /)
  })
})
