import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { tables } from '../src/sandbox/reset.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { gatewayOf } from './support/promotions.ts'
import { order } from './support/requests.ts'
import { breakableWire } from './support/wire.ts'

type Passing = { readonly arrived: PromiseWithResolvers<void>; readonly release: PromiseWithResolvers<void> }

/** A line to the PG on which the first payment stands still, before it gets there or on its way back. */
const heldLine = () => {
  const held = new Map<string, Passing>()
  const hold = (orderName: string): Passing => {
    const passing = { arrived: Promise.withResolvers<void>(), release: Promise.withResolvers<void>() }
    held.set(orderName, passing)
    return passing
  }
  const pass = async (name: string) => {
    const passing = held.get(name)
    passing?.arrived.resolve()
    await passing?.release.promise
  }
  const aroundGateway = (gateway: Gateway): Gateway => ({
    ...gateway,
    authorize: async (context, charge) => {
      await pass(`${charge.orderName} there`)
      const outcome = await gateway.authorize(context, charge)
      await pass(`${charge.orderName} back`)
      return outcome
    },
  })
  return { hold, aroundGateway }
}

describe('a reset while something is under way', async () => {
  const line = heldLine()
  const naru = await startNaru({ aroundGateway: line.aroundGateway })
  const wire = await breakableWire(naru.database.url)
  const slow = await naru.another(wire.url)
  after(() => wire[Symbol.asyncDispose]())
  const { sql } = naru.database
  const path = { paymentId: 'order-1' }
  const reset = ({ api }: TestStore, idempotencyKey?: string) =>
    api.call('resetSandboxStore', { ...(idempotencyKey === undefined ? {} : { idempotencyKey }) })
  const isSound = async () => assert.deepEqual((await audit(sql)).findings, [])

  for (const way of ['there', 'back'])
    test(`a payment that waits for the PG (${way}) writes nothing over the payment that has its id afterwards`, async () => {
      const store = await naru.newStore()
      const passing = line.hold(`old ${way}`)
      const body = order(store.channelKey, { orderName: 'old', total: 3_000 })
      const old = store.api.send('payInstantly', { path, body })
      await passing.arrived.promise
      await reset(store)
      await store.api.call('payInstantly', { path, body: order(store.channelKey, { total: 5_000 }) })
      passing.release.resolve()
      assert.equal(typeOf(await old), 'INVALID_REQUEST')
      const payment = await store.api.call('getPayment', { path })
      assert.deepEqual([payment.status, payment.amount.total], ['PAID', 5_000])
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[5_000, 0]])
      assert.equal((await store.api.call('getSandboxLedger')).items.length, 1)
      await isSound()
    })

  test('a decision that is written late begins nothing after it', async () => {
    const store = await naru.newStore()
    const frozen = wire.freezeAt('ApprovalRequested')
    const late = slow.clientsOf(store.apiSecret).api.send('payInstantly', { path, body: order(store.channelKey) })
    await frozen
    await reset(store)
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
    assert.equal(typeOf(await store.api.send('getPayment', { path })), 'PAYMENT_NOT_FOUND')
    assert.deepEqual((await store.api.call('getSandboxLedger')).items, [])
    await isSound()
  })

  test('a refund that waits for the PG changes neither the payment nor the books', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store)
    const frozen = wire.freezeAt('CancellationSucceeded')
    const late = slow
      .clientsOf(store.apiSecret)
      .api.send('cancelPayment', { path: { paymentId }, body: { reason: 'late', amount: 1_000 } })
    await frozen
    await reset(store)
    await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey) })
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
    const payment = await store.api.call('getPayment', { path: { paymentId } })
    assert.deepEqual([payment.status, payment.amount.cancelled], ['PAID', 0])
    assert.deepEqual(await gatewayOf(store, paymentId), [[10_000, 0]])
    await isSound()
  })

  test('a request that is repeated after it is made anew, whichever credential made it; the reset itself is not', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const own = { path, body: order(store.channelKey), idempotencyKey: 'pay-once-of-the-store' }
    const other = { paymentId: 'order-2' }
    const body = { ...order(store.channelKey), storeId }
    const merchants = { path: other, body, idempotencyKey: 'pay-once-of-the-merchant' }
    const pay = async () => {
      assert.equal((await store.api.send('payInstantly', own)).status, 200)
      assert.equal((await naru.api.send('payInstantly', merchants)).status, 200)
    }
    await pay()
    await reset(store, 'reset-once-and-no-more')
    assert.equal(typeOf(await store.api.send('getPayment', { path })), 'PAYMENT_NOT_FOUND')
    await pay()
    await reset(store, 'reset-once-and-no-more')
    assert.equal((await store.api.call('getSandboxLedger')).items.length, 2)
  })

  test('forgets every table of a store but its configuration', async () => {
    // A platform is the merchant's: its rows name a store for its clock alone.
    const configuration = [
      'stores',
      'api_secrets',
      'admin_secrets',
      'channels',
      'channel_groups',
      'channel_group_members',
      'checkout_profiles',
    ]
    const kept = [...configuration, 'webhook_settings', 'webhook_secrets', 'idempotency_keys']
    const columns = await sql<{ name: string }[]>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'store_id' and table_name not like 'platform%'`
    const names = columns.map(({ name }) => name).filter((name) => !kept.includes(name))
    assert.deepEqual(names.sort(), tables.toSorted())
  })

  test('many payments and resets at once, on two servers: what is left agrees', async () => {
    const store = await naru.newStore()
    const clients = [store.api, slow.clientsOf(store.apiSecret).api]
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const api = clients[index % 2] ?? store.api
        if (index % 10 === 9) return await api.send('resetSandboxStore', {})
        const at = { paymentId: `order-${index % 5}` }
        return await api.send('payInstantly', { path: at, body: order(store.channelKey) })
      }),
    )
    for (const { status, text } of answers) assert(status < 500, text)
    await isSound()
  })
})
