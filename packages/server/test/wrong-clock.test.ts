import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startNaru } from './support/naru.ts'
import { readiness } from './support/readiness.ts'
import { order } from './support/requests.ts'

describe('a server whose clock is wrong', async () => {
  const clock = { ahead: 15 * 60_000 }
  const naru = await startNaru({ wallClock: () => Date.now() + clock.ahead })

  test('is not ready from its start, works for clocks that stand still, and recovers by itself', async () => {
    const { status, text } = await readiness(naru.url)
    assert.equal(status, 503)
    assert.match(text, /This machine's clock shows .*Z, that of the database .*Z: they are 900 s apart.*NTP/)
    const real = await naru.newStore()
    const still = await naru.newStore()
    await still.api.call('stopSandboxClock')
    for (const store of [real, still])
      await store.portone.payment.payInstantly({ ...order(store.channelKey), paymentId: store.storeId })
    // The webhook of the one is sent; that of the other waits, and comes when the clock is right.
    await still.webhooks.next('Transaction.Paid')
    await still.advance({ days: 1 })
    assert.deepEqual(real.webhooks.received, [])
    clock.ahead = 0
    await real.webhooks.next('Transaction.Paid')
    while ((await readiness(naru.url)).status !== 200);
  })
})
