import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startNaru } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { newPaymentId, order } from './support/requests.ts'

describe('payments that are read at the same moment', async () => {
  const naru = await startNaru()

  test('each is itself, with its own webhooks, whether its state is kept or replayed', async () => {
    const store = await naru.newStore()
    const { api, portone } = store
    const short = await paid(store)
    const long = await paid(store)
    for (const amount of [1_000, 2_000, 3_000])
      await portone.payment.cancelPayment({ paymentId: long, amount, reason: 'changed my mind' })
    const failed = newPaymentId()
    const refused = await api.send('payInstantly', {
      path: { paymentId: failed },
      body: order(store.channelKey),
      testCode: 'decline',
    })
    assert.equal(refused.status, 502)
    /** Webhooks by their ids: they are delivered meanwhile. */
    const read = async (paymentId: string) => {
      const { text } = await api.send('getPayment', { path: { paymentId } })
      const { webhooks = [], ...payment } = JSON.parse(text)
      return { ...payment, webhooks: webhooks.map(({ id }: { readonly id: string }) => id) }
    }
    const ids = [short, long, 'nobody', failed, long, short]
    const alone = []
    for (const id of ids) alone.push(await read(id))
    const together = await Promise.all(ids.map(read))
    assert.deepEqual(together, alone)
    const [one, many, none, declined] = together
    assert.deepEqual(
      [one.status, many.status, none.type, declined.status],
      ['PAID', 'PARTIAL_CANCELLED', 'PAYMENT_NOT_FOUND', 'FAILED'],
    )
    assert.deepEqual([one.id, many.id, many.amount.cancelled], [short, long, 6_000])
    assert.equal(many.webhooks.length, one.webhooks.length + 3)
  })
})
