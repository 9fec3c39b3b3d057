import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { order } from './support/requests.ts'

describe('a payment whose events are gone from the journal, as after a restore in part', async () => {
  const naru = await startNaru({ expects: (line) => /the journal has \d of \d events of payment/.test(line) })
  const { sql } = naru.database

  /** A store with a payment that lacks its latest event, or all of them, and one that lacks nothing. */
  const damagedStore = async (lost: 'latest' | 'all') => {
    const store = await naru.newStore()
    const [paymentId, whole] = [await paid(store), await paid(store)]
    await sql`
      delete from journal j where store_id = ${store.storeId} and stream_id = ${paymentId} and (${lost === 'all'} or version = (
        select version from payments p where p.store_id = j.store_id and p.payment_id = j.stream_id
      ))`
    return { store, paymentId, whole }
  }

  const statuses = async ({ api, channelKey }: TestStore, paymentId: string) => {
    const path = { paymentId }
    const answers = [
      await api.send('getPayment', { path }),
      await api.send('getPayments', { body: {} }),
      await api.send('payInstantly', { path, body: order(channelKey) }),
      await api.send('cancelPayment', { path, body: { reason: 'changed my mind' } }),
    ]
    return answers.map(({ status }) => status)
  }

  for (const lost of ['latest', 'all'] as const)
    test(`without ${lost} of them it is neither shown, nor paid again, nor refunded; others are`, async () => {
      const { store, paymentId, whole } = await damagedStore(lost)
      assert.deepEqual(await statuses(store, paymentId), [500, 500, 500, 500])
      const charges = await sql`select from sandbox_transactions where store_id = ${store.storeId}`
      assert.equal(charges.length, 2)
      assert.equal((await store.portone.payment.getPayment({ paymentId: whole })).status, 'PAID')
      await store.portone.payment.cancelPayment({ paymentId: whole, reason: 'changed my mind' })
    })
})
