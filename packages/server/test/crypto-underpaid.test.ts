import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
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

  test('lets the order be paid in another way once its time is over, and says so until then, and what is missing', async () => {
    const { store, paymentId, state } = await underpaid(50_000)
    const again = async (locale?: string) => (await open(paymentOf(store, { paymentId, locale }))).opened
    const asked = await again()
    assert.equal(asked.code, 'InvalidEntityState')
    assert.match(String(asked.message), /이미 보냈다면 다시 결제하지 말고.* 30분 뒤에 다른 수단으로/)
    assert.match(String(asked.detail), /waits for a transfer of coins until \d{4}-/)
    await store.advance({ seconds: 5 })
    assert.match(String((await again('EN_US')).message), /^Only 25 SBX have .* missing 25 SBX .* within 30 minutes\.$/)
    const { payMethod: _, ...storing } = paymentOf(store, { paymentId, billingKeyAndPayMethod: 'CARD' })
    const { opened } = await open(storing, 'ISSUE_BILLING_KEY_AND_PAY')
    assert.match(String(opened.message), /25 SBX만 입금된/)
    await store.advance({ minutes: 29 })
    assert.match(String((await again('EN_US')).message), /within 1 minute\.$/)
    await store.advance({ minutes: 2 })
    const { submit, state: after } = await open(paymentOf(store, { paymentId }))
    await submit({ card: cardInPage() })
    assert.equal('code' in (await after()), false)
    assert.equal((await state()).pgCode, 'SBX_AUTH_EXPIRED')
  })

  test('as a number for a till does', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store, { payMethod: 'CONVENIENCE_STORE' })
    await (await open(payment)).submit({})
    const { opened } = await open({ ...payment, payMethod: 'CARD' })
    assert.deepEqual(
      [opened.code, /발급된 번호로 결제하거나/.test(String(opened.message))],
      ['InvalidEntityState', true],
    )
  })
})
