import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { tables } from '../src/sandbox/reset.ts'
import { type Answer, type Api, typeOf } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { newContract, partnerBody } from './support/platform.ts'
import { gatewayOf } from './support/promotions.ts'
import { receiptItem } from './support/provoke.ts'
import { issued } from './support/provoke-billing-keys.ts'
import { requestFor } from './support/provoke-verifying.ts'
import { card, monthly, newPaymentId, order, receiptFor, virtualAccount } from './support/requests.ts'
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

/** A line to the PG on which the next call of any kind stands still. */
const lineOfAnyCall = () => {
  let next: (Passing & { readonly way: 'there' | 'back' }) | undefined
  const hold = (way: 'there' | 'back') => {
    next = { way, arrived: Promise.withResolvers<void>(), release: Promise.withResolvers<void>() }
    return next
  }
  const held = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    const passing = next
    next = undefined
    const wait = async () => {
      passing?.arrived.resolve()
      await passing?.release.promise
    }
    if (passing?.way === 'there') await wait()
    const result = await call()
    if (passing?.way === 'back') await wait()
    return result
  }
  const aroundGateway = (gateway: Gateway): Gateway =>
    new Proxy(gateway, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function' || name === 'cardCompanyOf') return member
        return (...given: readonly unknown[]) => held(async () => await Reflect.apply(member, target, given))
      },
    })
  return { hold, aroundGateway }
}

describe('a call to the PG that a reset overtakes', async () => {
  const line = lineOfAnyCall()
  const naru = await startNaru({ aroundGateway: line.aroundGateway })

  type Prepare = (store: TestStore) => Promise<() => Promise<Answer>>

  const calls: Readonly<Record<string, Prepare>> = {
    payInstantly: async ({ api, channelKey }) => {
      const path = { paymentId: newPaymentId() }
      return () => api.send('payInstantly', { path, body: order(channelKey) })
    },
    'payInstantly by virtual account': async ({ api, channelKey }) => {
      const path = { paymentId: newPaymentId() }
      return () => api.send('payInstantly', { path, body: order(channelKey, { method: virtualAccount() }) })
    },
    'payInstantly, whose result the PG keeps to itself': async ({ api, channelKey }) => {
      const path = { paymentId: newPaymentId() }
      return () => api.send('payInstantly', { path, body: order(channelKey), testCode: 'timeout' })
    },
    cancelPayment: async (store) => {
      const path = { paymentId: await paid(store) }
      return () => store.api.send('cancelPayment', { path, body: { reason: 'late' } })
    },
    capturePayment: async (store) => {
      const path = { paymentId: newPaymentId() }
      await store.api.call('payInstantly', { path, body: order(store.manualChannelKey) })
      return () => store.api.send('capturePayment', { path })
    },
    closeVirtualAccount: async (store) => {
      const path = { paymentId: await paid(store, { method: virtualAccount() }) }
      return () => store.api.send('closeVirtualAccount', { path })
    },
    registerStoreReceipt: async (store) => {
      const path = { paymentId: await paid(store, { isEscrow: true }) }
      return () => store.api.send('registerStoreReceipt', { path, body: { items: [receiptItem] } })
    },
    issueBillingKey: async ({ api, channelKey }) => {
      return () => api.send('issueBillingKey', { body: { channelKey, method: card() } })
    },
    deleteBillingKey: async (store) => {
      const path = { billingKey: await issued(store) }
      return () => store.api.send('deleteBillingKey', { path })
    },
    payWithBillingKey: async (store) => {
      const body = monthly(await issued(store))
      return () => store.api.send('payWithBillingKey', { path: { paymentId: newPaymentId() }, body })
    },
    issueCashReceipt: async ({ api, channelKey }) => {
      return () => api.send('issueCashReceipt', { body: receiptFor(channelKey, newPaymentId()) })
    },
    cancelCashReceiptByPaymentId: async ({ api, channelKey }) => {
      const path = { paymentId: newPaymentId() }
      await api.call('issueCashReceipt', { body: receiptFor(channelKey, path.paymentId) })
      return () => api.send('cancelCashReceiptByPaymentId', { path })
    },
    sendIdentityVerification: async ({ api, channelKey }) => {
      const { identityVerificationId, ...body } = requestFor(channelKey, newPaymentId('verification'))
      return () => api.send('sendIdentityVerification', { path: { identityVerificationId }, body })
    },
    confirmIdentityVerification: async ({ api, channelKey }) => {
      const { identityVerificationId, ...body } = requestFor(channelKey, newPaymentId('verification'))
      const path = { identityVerificationId }
      await api.call('sendIdentityVerification', { path, body })
      return () => api.send('confirmIdentityVerification', { path, body: { otp: '000000' } })
    },
  }

  // What is logged as an error fails the suite.
  for (const [name, prepare] of Object.entries(calls))
    for (const way of ['there', 'back'] as const)
      test(`${name} (${way}) is told so`, async () => {
        const store = await storeAt(naru, 'INICIS_V2')
        const call = await prepare(store)
        const passing = line.hold(way)
        const late = call()
        await Promise.race([passing.arrived.promise, late.then(({ text }) => assert.fail(text))])
        await store.api.call('resetSandboxStore')
        passing.release.resolve()
        const { status, text } = await late
        assert.equal(status, 400, text)
        assert.match(text, /"INVALID_REQUEST".*reset/)
        assert.deepEqual((await audit(naru.database.sql)).findings, [])
      })
})

describe('a window in which the shopper has agreed, and whose store is reset then', async () => {
  const line = lineOfAnyCall()
  const naru = await startNaru({ aroundGateway: line.aroundGateway })

  // What is logged as an error fails the suite.
  for (const way of ['there', 'back'] as const)
    test(`is gone (${way}), and leaves the order that is paid under the same id alone`, async () => {
      const store = await storeAt(naru, 'INICIS_V2')
      const payment = paymentOf(store)
      const { token, submit } = await browserOf(naru).open(payment)
      const passing = line.hold(way)
      const late = submit({ card: cardInPage() })
      await passing.arrived.promise
      const waiting = browserOf(naru).send('attempts/state', { token })
      await store.api.call('resetSandboxStore')
      const again = await browserOf(naru).open(payment)
      await again.submit({ card: cardInPage() })
      passing.release.resolve()
      assert.equal((await late).code, 'TransactionNotFound')
      assert.equal((await waiting).status, 404)
      assert.equal((await again.state()).code, undefined)
      assert.equal(await chargesOf(store, payment.paymentId), 1)
      assert.deepEqual((await audit(naru.database.sql)).findings, [])
    })
})

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
    const { late } = await wire.freezeAt(['ApprovalRequested', store.storeId], () =>
      slow.clientsOf(store.apiSecret).api.send('payInstantly', { path, body: order(store.channelKey) }),
    )
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
    const body = { reason: 'late', amount: 1_000 }
    const { late } = await wire.freezeAt(['CancellationSucceeded', store.storeId], () =>
      slow.clientsOf(store.apiSecret).api.send('cancelPayment', { path: { paymentId }, body }),
    )
    await reset(store)
    await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey) })
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
    const payment = await store.api.call('getPayment', { path: { paymentId } })
    assert.deepEqual([payment.status, payment.amount.cancelled], ['PAID', 0])
    assert.deepEqual(await gatewayOf(store, paymentId), [[10_000, 0]])
    await isSound()
  })

  const moves = {
    advanced: ({ api }: TestStore) => api.send('advanceSandboxClock', { body: { days: 1 } }),
    stopped: ({ api }: TestStore) => api.send('stopSandboxClock'),
    started: ({ api }: TestStore) => api.send('startSandboxClock'),
  }
  for (const [how, move] of Object.entries(moves))
    test(`a clock that is ${how} late stays as it is afterwards`, async () => {
      const store = await naru.newStore()
      const { late } = await wire.freezeAt(['update stores', store.storeId], () =>
        move({ ...store, ...slow.clientsOf(store.apiSecret) }),
      )
      await reset(store)
      const before = await store.api.call('stopSandboxClock')
      wire.thaw()
      const refused = await late
      assert.equal(typeOf(refused), 'INVALID_REQUEST')
      assert.match(JSON.stringify(refused), /The store was reset while/)
      assert.deepEqual(await store.api.call('getSandboxClock'), before)
    })

  test('a script that is laid down late is not there afterwards', async () => {
    const store = await naru.newStore()
    const body = { match: { operation: 'APPROVE' as const }, steps: ['decline'] }
    const { late } = await wire.freezeAt(['update stores', store.storeId], () =>
      slow.clientsOf(store.apiSecret).api.send('createSandboxScript', { body }),
    )
    await reset(store)
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
    assert.deepEqual((await store.api.call('listSandboxScripts')).items, [])
    assert.equal((await store.api.send('payInstantly', { path, body: order(store.channelKey) })).status, 200)
  })

  test('a PG’s file that is imported late is not there afterwards', async () => {
    const store = await naru.newStore()
    const day = new Date(await store.now()).toISOString().slice(0, 10)
    const days = { channelKey: store.channelKey, kind: 'TRANSACTION', from: day, until: day } as const
    const { csv } = await store.api.call('produceSandboxReconciliationFile', { body: days })
    const body = { ...days, csv }
    const { late } = await wire.freezeAt(['store_in_epoch', store.storeId], () =>
      slow.clientsOf(store.apiSecret).api.send('importSandboxReconciliationFile', { body }),
    )
    await reset(store)
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
    assert.equal((await store.api.call('importSandboxReconciliationFile', { body })).isNew, true)
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
    // A platform is the merchant's: its rows name a store for its clock alone. Notes of due work may be of such a row.
    const configuration = [
      'stores',
      'api_secrets',
      'admin_secrets',
      'channels',
      'channel_groups',
      'channel_group_members',
      'checkout_profiles',
    ]
    const kept = [...configuration, 'webhook_settings', 'webhook_secrets', 'idempotency_keys', 'due_work']
    const columns = await sql<{ name: string }[]>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'store_id' and table_name not like 'platform%'
        and not (select relispartition from pg_class where oid = table_name::regclass)`
    const names = columns.map(({ name }) => name).filter((name) => !kept.includes(name))
    assert.deepEqual(names.sort(), tables.toSorted())
  })

  test('many requests and resets at once, on two servers: none fails for it, and what is left agrees', async () => {
    const store = await naru.newStore()
    const { channelKey } = store
    const clients = [store.api, slow.clientsOf(store.apiSecret).api]
    const identity = requestFor(channelKey, 'verification')
    const ways: readonly ((api: Api, paymentId: string) => Promise<Answer>)[] = [
      (api, paymentId) => api.send('payInstantly', { path: { paymentId }, body: order(channelKey) }),
      (api, paymentId) => api.send('cancelPayment', { path: { paymentId }, body: { reason: 'late', amount: 1_000 } }),
      (api) => api.send('issueBillingKey', { body: { channelKey, method: card() } }),
      (api, paymentId) => api.send('issueCashReceipt', { body: receiptFor(channelKey, `receipt-${paymentId}`) }),
      (api, paymentId) =>
        api.send('sendIdentityVerification', { path: { identityVerificationId: paymentId }, body: identity }),
      (api, paymentId) =>
        api.send('payInstantly', {
          path: { paymentId: `account-${paymentId}` },
          body: order(channelKey, { method: virtualAccount() }),
        }),
      (api, paymentId) => api.send('depositSandboxPayment', { path: { paymentId: `account-${paymentId}` } }),
      (api) => api.send('advanceSandboxClock', { body: { hours: 1 } }),
      (api) => api.send('createSandboxScript', { body: { match: { operation: 'CANCEL' }, steps: ['approve'] } }),
      (api) => api.send('resetSandboxStore', {}),
    ]
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const api = clients[index % 2] ?? store.api
        return await ways[Math.floor(index / 2) % ways.length]?.(api, `order-${index % 5}`)
      }),
    )
    // What is logged as an error fails the suite. A call that the clock overtook by an hour was not carried out, and says so.
    const isFine = ({ status, text }: Answer) => status < 500 || text.includes('"NARU_NOT_EXECUTED"')
    for (const answer of answers) assert(answer === undefined || isFine(answer), answer?.text)
    await isSound()
  })

  test('transfers and resets at once, on two servers: none waits for another in a circle', async () => {
    const store = await naru.newMerchant()
    const apis = [store.api, slow.clientsOf(store.apiSecret).api]
    const now = await store.now()
    const dayIn = (days: number) => new Date(now + (9 + days * 24) * 3_600_000).toISOString().slice(0, 10)
    let left = 8
    let posted = 0
    const post = async (api: Api) => {
      while (left > 0) {
        const body = { partnerId: 'seller', settlementAmount: 1_000, settlementDate: dayIn((posted++ % 5) - 2) }
        const { status, text } = await api.send('createPlatformManualTransfer', { body })
        // Those that come after a reset find no partner, and those that are overtaken by one are refused.
        assert([200, 404].includes(status) || text.includes('The store was reset'), text)
      }
    }
    const reset = async () => {
      while (left > 0) {
        const contractId = await newContract(store, { test: false })
        await store.api.call('createPlatformPartner', { body: partnerBody(contractId, { id: 'seller' }) })
        const before = posted
        while (posted < before + 40) await store.api.call('getSandboxClock')
        await apis[left % 2]?.call('resetSandboxStore')
        left -= 1
      }
    }
    await Promise.all([reset(), ...Array.from({ length: 8 }, (_, index) => post(apis[index % 2] ?? store.api))])
    await isSound()
  })
})
