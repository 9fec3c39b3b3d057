import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { gatewayOf } from './support/promotions.ts'

/** A line on which refunds stand still until they are let through. */
const heldLine = () => {
  const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const aroundGateway = (gateway: Gateway): Gateway => ({
    ...gateway,
    cancel: async (context, target, request) => {
      arrived.resolve()
      await release.promise
      return await gateway.cancel(context, target, request)
    },
  })
  return { arrived, release, aroundGateway }
}

describe('a chargeback that meets a refund under way', async () => {
  const line = heldLine()
  const naru = await startNaru({ aroundGateway: line.aroundGateway })

  test('is known as soon as the PG has refused the refund', async () => {
    const store: TestStore = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const path = { paymentId: await paid(store) }
    const refund = store.api.send('cancelPayment', { path, body: { reason: 'late', amount: 3_000 } })
    await line.arrived.promise
    for (const as of ['OPEN', 'LOST'] as const) await store.api.call('disputeSandboxPayment', { path, body: { as } })
    assert.equal((await read(store, path.paymentId)).status, 'PAID')
    line.release.resolve()
    assert.equal(typeOf(await refund), 'PG_PROVIDER')
    await store.advance({ seconds: 1 })
    const payment = await read(store, path.paymentId)
    assert.equal(payment.status, 'CANCELLED')
    assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 10_000]])
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
