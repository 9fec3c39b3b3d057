import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { countOf } from './support/parallel.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('capturing through the official SDK', async () => {
  const naru = await startNaru()

  /** A store whose payments are captured by hand. */
  const manualStore = async (): Promise<TestStore> => {
    const store = await naru.newStore()
    return { ...store, channelKey: store.manualChannelKey }
  }
  const capture = ({ portone }: TestStore, paymentId: string) => portone.payment.capturePayment({ paymentId })
  const capturedAt = async (paymentId: string) => {
    const rows = await naru.database.sql<{ capturedAt: number | null }[]>`
      select captured_at as "capturedAt" from sandbox_transactions t join payments p
        on t.store_id = p.store_id and t.reference = p.transaction_id
      where p.payment_id = ${paymentId}`
    return rows[0]?.capturedAt
  }

  test('an authorised payment is captured, once or twice; the status stays, refunded in part as well', async () => {
    const store = await manualStore()
    const paymentId = await paid(store)
    const refusing = { path: { paymentId }, testCode: 'capture-decline' }
    assert.equal(typeOf(await store.api.send('capturePayment', refusing)), 'PG_PROVIDER')
    assert.equal(await capturedAt(paymentId), null)
    assert.deepEqual(await capture(store, paymentId), {})
    const at = await capturedAt(paymentId)
    assert(at)
    await store.advance({ minutes: 1 })
    assert.deepEqual(await capture(store, paymentId), {})
    assert.equal(await capturedAt(paymentId), at)
    assert.equal((await read(store, paymentId)).status, 'PAID')
    const partly = await paid(store)
    await store.portone.payment.cancelPayment({ paymentId: partly, reason, amount: 1_000 })
    assert.deepEqual(await capture(store, partly), {})
    assert.equal((await read(store, partly)).status, 'PARTIAL_CANCELLED')
  })

  const unpaid: readonly (readonly [status: string, make: (store: TestStore) => Promise<string>])[] = [
    [
      'READY',
      async ({ api, channelKey }) => {
        const path = { paymentId: newPaymentId() }
        await api.call('authenticateSandboxPayment', { path, body: order(channelKey) })
        return path.paymentId
      },
    ],
    ['PAY_PENDING', (store) => paid(store, { customer: { id: 'sbx-pending-paid-86400' } })],
    ['VIRTUAL_ACCOUNT_ISSUED', (store) => paid(store, { method: virtualAccount() })],
    [
      'FAILED',
      async ({ api, channelKey }) => {
        const path = { paymentId: newPaymentId() }
        await api.send('payInstantly', { path, body: order(channelKey, { method: card('4000000000000002') }) })
        return path.paymentId
      },
    ],
    [
      'CANCELLED',
      async (store) => {
        const paymentId = await paid(store)
        await store.portone.payment.cancelPayment({ paymentId, reason })
        return paymentId
      },
    ],
  ]

  for (const [status, make] of unpaid)
    test(`what is ${status} is not there to be captured, however its channel captures`, async () => {
      const store = await naru.newStore()
      for (const channelKey of [store.channelKey, store.manualChannelKey]) {
        const paymentId = await make({ ...store, channelKey })
        assert.equal((await read(store, paymentId)).status, status)
        await refuses(capture(store, paymentId), 'PAYMENT_NOT_PAID')
      }
    })

  test('where the channel captures by itself, and for what is no card payment, there is nothing to do', async () => {
    const automatic = await naru.newStore()
    await refuses(capture(automatic, await paid(automatic)), 'INVALID_REQUEST')
    const store = await manualStore()
    const paymentId = await paid(store, { method: virtualAccount() })
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await refuses(capture(store, paymentId), 'PG_PROVIDER', 'SBX_CAPTURE_NOT_ALLOWED')
    // Nor is it asked for over and over where the PG's answer gets lost.
    const lost = await store.api.send('capturePayment', { path: { paymentId }, testCode: 'server-error' })
    assert.match(lost.text, /NARU_NOT_CAPTURED/)
    assert.deepEqual(await store.advance({ days: 1 }), [])
  })

  const refunded: Order = { amount: { total: 10_000, taxFree: 1_000 } }

  test('a refund while it is being captured: both sides agree, whichever comes first', async () => {
    const store = await manualStore()
    for (let round = 0; round < 10; round++) {
      const path = { paymentId: await paid(store, refunded) }
      const capturing = () => store.api.send('capturePayment', { path })
      const cancelling = () => store.api.send('cancelPayment', { path, body: { reason } })
      const both = round % 2 === 0 ? [capturing(), cancelling()] : [cancelling(), capturing()]
      const counted = countOf(await Promise.all(both))
      assert(counted['200'], JSON.stringify(counted))
      for (const type of Object.keys(counted)) assert(['200', 'PG_PROVIDER', 'PAYMENT_NOT_PAID'].includes(type), type)
      const payment = await read(store, path.paymentId)
      assert(payment.status === 'CANCELLED')
      assert.deepEqual([payment.amount.cancelled, payment.amount.cancelledTaxFree], [10_000, 1_000])
    }
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
