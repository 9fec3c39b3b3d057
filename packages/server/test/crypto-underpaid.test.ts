import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId } from './support/requests.ts'

describe('a transfer of coins of which half arrives', async () => {
  const naru = await startNaru()
  const { open } = browserOf(naru)

  const underpaid = async (totalAmount: number) => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const { storeId, channelKey } = store
    const paymentId = newPaymentId()
    const order = { orderName: '귤', totalAmount, currency: 'KRW', payMethod: 'CRYPTO' }
    const opened = await open({ storeId, channelKey, paymentId, ...order })
    await opened.submit({ outcome: 'crypto-underpaid' })
    const waiting = async () => {
      const { amount, received, uri } = Object((await opened.view()).issued)
      assert.match(String(uri), new RegExp(`amount=${amount}$`))
      return [amount, received]
    }
    const status = async () => String((await store.portone.payment.getPayment({ paymentId })).status)
    return { ...opened, store, paymentId, waiting, status }
  }

  test('stays waiting, says what has arrived and what is missing, and is paid once the rest is there', async () => {
    const { store, paymentId, waiting, status, state } = await underpaid(50_001)
    assert.deepEqual(await waiting(), ['50.001', undefined])
    await store.advance({ seconds: 5 })
    assert.deepEqual(await waiting(), ['25.001', '25'])
    assert.equal(await status(), 'PAY_PENDING')
    await store.api.call('approveSandboxPayment', { path: { paymentId } })
    assert.equal(await status(), 'PAID')
    assert.equal('code' in (await state()), false)
  })

  test('fails where the rest does not arrive in time', async () => {
    const { store, status, view } = await underpaid(50_000)
    await store.advance({ minutes: 31 })
    assert.equal(await status(), 'FAILED')
    assert.equal((await view()).issued, undefined)
  })
})
