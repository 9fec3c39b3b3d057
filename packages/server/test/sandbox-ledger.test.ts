import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNaru } from './support/naru.ts'
import { order } from './support/requests.ts'

const naru = await startNaru()

test("the PG's books name the payment of each entry, whether or not it is asked for", async () => {
  const store = await naru.newStore()
  const pay = (paymentId: string, total?: number) =>
    store.api.send('payInstantly', {
      path: { paymentId },
      body: order(store.channelKey, total === undefined ? {} : { total }),
    })
  await pay('twice', 990_001)
  await pay('twice')
  await pay('once')
  const ofAll = (await store.api.call('getSandboxLedger')).items
  assert.deepEqual(ofAll.map(({ paymentId }) => paymentId).toSorted(), ['once', 'twice', 'twice'])
  for (const paymentId of ['once', 'twice']) {
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
    const references = (entries: typeof items) => entries.map(({ reference }) => reference).toSorted()
    assert.ok(items.every((entry) => entry.paymentId === paymentId))
    assert.deepEqual(references(items), references(ofAll.filter((entry) => entry.paymentId === paymentId)))
  }
})
