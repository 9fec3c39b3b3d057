import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { second } from '../src/kernel/clock.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'

type Call = 'issueBillingKey' | 'chargeBillingKey'

describe('what servers leave of cards that are stored with a payment when they die while a PG is asked', async () => {
  const dying = new Map<Call, { readonly reached: () => void; readonly buried: Promise<void> }>()
  /** The PG does what it is asked, and whoever asked hears nothing of it. */
  const dieAfter = async <Answer>(call: Call, answer: Promise<Answer>): Promise<Answer> => {
    const death = dying.get(call)
    dying.delete(call)
    const given = await answer
    death?.reached()
    await death?.buried
    return given
  }
  const naru = await startNaru({
    aroundGateway: (gateway) => ({
      ...gateway,
      issueBillingKey: (...asked) => dieAfter('issueBillingKey', gateway.issueBillingKey(...asked)),
      chargeBillingKey: (...asked) => dieAfter('chargeBillingKey', gateway.chargeBillingKey(...asked)),
    }),
  })
  const { open } = browserOf(naru)

  /** A shopper submits a card, and the server that asks the PG is as dead until `bury`, after which it goes on. */
  const dieDuring = async (store: TestStore, call: Call, submission: object = {}) => {
    const { payMethod: _, ...payment } = paymentOf(store, { billingKeyAndPayMethod: 'CARD' })
    const window = await open(payment, 'ISSUE_BILLING_KEY_AND_PAY')
    const reached = Promise.withResolvers<void>()
    const buried = Promise.withResolvers<void>()
    dying.set(call, { reached: reached.resolve, buried: buried.promise })
    const submitted = window.submit({ card: cardInPage(), ...submission })
    await reached.promise
    const bury = async () => {
      buried.resolve()
      await submitted
    }
    return { window, paymentId: payment.paymentId, bury }
  }

  const told = async ({ view }: Awaited<ReturnType<typeof open>>) => {
    const { step, state } = await view()
    const { code, billingKey } = Object(Object(state).result)
    return { step, code, billingKey: String(billingKey) }
  }
  const statusOf = async ({ api }: TestStore, billingKey: string) =>
    (await api.call('getBillingKeyInfo', { path: { billingKey } })).status
  const stopped = async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    return store
  }
  /** As long as a payment without a key takes. */
  const firstLook = { seconds: 16 }

  for (const call of ['issueBillingKey', 'chargeBillingKey'] as const)
    test(`${call}: the payment is made once, and the window learns it at the first look`, async () => {
      const store = await stopped()
      const { window, paymentId, bury } = await dieDuring(store, call)
      assert.equal((await told(window)).step, 'SETTLING')
      await store.advance(firstLook)
      const { step, code, billingKey } = await told(window)
      assert.deepEqual([step, code], ['DONE', undefined])
      const payment = await store.portone.payment.getPayment({ paymentId })
      assert(payment.status === 'PAID')
      assert.equal(payment.billingKey, billingKey)
      assert.equal(await statusOf(store, billingKey), 'ISSUED')
      await bury()
      assert.equal((await window.state()).code, undefined)
      await store.advance({ hours: 1 })
      assert.equal(await chargesOf(store, paymentId), 1)
      assert.equal(await statusOf(store, billingKey), 'ISSUED')
    })

  test('a charge that is refused then is a payment that failed, and the key is deleted', async () => {
    const store = await stopped()
    const { window, paymentId, bury } = await dieDuring(store, 'issueBillingKey', { outcome: 'bk-fail-later' })
    await store.advance(firstLook)
    const { step, code, billingKey } = await told(window)
    assert.deepEqual([step, code], ['DONE', 'FAILURE_TYPE_PG'])
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'FAILED')
    assert.equal(await statusOf(store, billingKey), 'DELETED')
    await bury()
    assert.equal((await window.state()).code, 'FAILURE_TYPE_PG')
  })

  test('a card that the PG does not store is a payment that failed, whether its server died or not', async () => {
    const store = await stopped()
    const outcome = 'decline'
    const { window, paymentId, bury } = await dieDuring(store, 'issueBillingKey', { outcome })
    await store.advance(firstLook)
    assert.equal((await told(window)).code, 'FAILURE_TYPE_PG')
    const failureIn = async (id: string) => {
      const payment = await store.portone.payment.getPayment({ paymentId: id })
      assert(payment.status === 'FAILED')
      return payment.failure.pgCode
    }
    const code = await failureIn(paymentId)
    await bury()
    const { payMethod: _, ...payment } = paymentOf(store, { billingKeyAndPayMethod: 'CARD' })
    const alive = await open(payment, 'ISSUE_BILLING_KEY_AND_PAY')
    await alive.submit({ card: cardInPage(), outcome })
    assert.equal((await alive.state()).code, 'FAILURE_TYPE_PG')
    assert.equal(await failureIn(payment.paymentId), code)
    await store.webhooks.next('Transaction.Failed', { paymentId: payment.paymentId })
  })

  test('a server that comes back after an hour charges nothing, and the payment says so', async () => {
    const store = await stopped()
    const { window, paymentId, bury } = await dieDuring(store, 'issueBillingKey')
    const { sql } = naru.database
    const { storeId } = store
    // No server looks at what is due until then.
    await sql`update billing_keys set due_at = null where store_id = ${storeId}`
    await store.advance({ hours: 2 })
    await sql`update billing_keys set due_at = to_timestamp(${((await store.now()) - second) / 1000}) where store_id = ${storeId}`
    await store.advance({ seconds: 1 })
    const { step, code, billingKey } = await told(window)
    assert.deepEqual([step, code], ['DONE', 'PORTONE_ERROR'])
    const payment = await store.portone.payment.getPayment({ paymentId })
    assert(payment.status === 'FAILED')
    assert.equal(payment.failure.pgCode, 'NARU_NOT_EXECUTED')
    assert.equal(await statusOf(store, billingKey), 'DELETED')
    assert.equal(await chargesOf(store, paymentId), 0)
    await bury()
    assert.equal(await chargesOf(store, paymentId), 0)
  })

  test('the books agree afterwards', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
