import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillCard, paymentOf, type Stage, shopperOf, submit, succeeded } from '../support/stage.ts'

export const cardSuite = (stage: Stage): void => {
  test('the unchanged npm package pays by card, and the result has the ids and no code', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    const result = succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal(paid.status, 'PAID')
    assert.deepEqual(result, {
      transactionType: 'PAYMENT',
      paymentId: payment.paymentId,
      txId: 'transactionId' in paid && paid.transactionId,
    })
    await store.webhooks.next('Transaction.Ready', { paymentId: payment.paymentId })
    await store.webhooks.next('Transaction.Paid', { paymentId: payment.paymentId })
    assert.equal(await shopper.page.locator('iframe').count(), 0)
  })

  test('a declined card resolves with a code, the PG’s own words, and the ids', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store)
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout, '4000000000000002')
    await submit(shopper.checkout)
    const { value } = await shopper.outcome()
    assert.equal(value?.code, 'FAILURE_TYPE_PG')
    assert.equal(value?.pgCode, 'SBX_DECLINED')
    assert.equal(value?.message, `[SBX_DECLINED] ${value?.pgMessage}`)
    assert.equal(value?.paymentId, payment.paymentId)
    assert.ok(value?.txId)
  })
}
