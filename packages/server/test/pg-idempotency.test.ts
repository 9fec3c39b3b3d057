import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import type { EffectContext, Outcome } from '../src/gateways/port/terms.ts'
import { type IdempotencyRule, idempotencyRules } from '../src/gateways/sandbox/repetition.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { allAtOnce, countOf, inTurn } from './support/parallel.ts'
import { gatewayOf } from './support/promotions.ts'
import { card, monthly, newPaymentId, order, receiptFor } from './support/requests.ts'

/** The first call for each of these is lost: on its way to the PG, or on its way back. */
const [lostBefore, lostAfter] = ['보내지 못한 주문', '응답이 끊긴 주문']

/** A PG that treats repeated references by this rule, at the end of a line that loses calls. */
const poorLine = (idempotency: IdempotencyRule) => {
  const lost = new Set<string>()
  const loses = (name: string, what: string, { reference }: EffectContext) => {
    if (name !== what || lost.has(reference)) return false
    lost.add(reference)
    return true
  }
  const call = async <Value>(
    context: EffectContext,
    name: string,
    run: (context: EffectContext) => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> => {
    if (loses(name, lostBefore, context)) return { kind: 'unknown', reason: 'the request was never sent' }
    const outcome = await run({ ...context, channel: { ...context.channel, credentials: { idempotency } } })
    return loses(name, lostAfter, context) ? { kind: 'unknown', reason: 'the answer never came' } : outcome
  }
  return (gateway: Gateway): Gateway => ({
    ...gateway,
    authorize: (context, charge) => call(context, charge.orderName, (own) => gateway.authorize(own, charge)),
    chargeBillingKey: (context, charge) =>
      call(context, charge.orderName, (own) => gateway.chargeBillingKey(own, charge)),
    cancel: (context, target, request) =>
      call(context, reversed.test(request.reason) ? lostAfter : request.reason, (own) =>
        gateway.cancel(own, target, request),
      ),
    issueCashReceipt: (context, request) =>
      call(context, request.orderName, (own) => gateway.issueCashReceipt(own, request)),
  })
}

/** The reason that a charge of a wrong amount is given back for. */
const reversed = /NARU_AMOUNT_MISMATCH/

for (const rule of idempotencyRules)
  describe(`a PG whose idempotency is ${rule} charges and refunds once`, async () => {
    const naru = await startNaru({ aroundGateway: poorLine(rule) })
    const second = await naru.another()
    const { sql } = naru.database
    const issue = async ({ api, channelKey }: TestStore) =>
      (await api.call('issueBillingKey', { body: { channelKey, method: card() } })).billingKeyInfo.billingKey

    test('when one request comes many times at once, to two servers', async () => {
      const store = await naru.newStore()
      const at = inTurn([store.api, second.clientsOf(store.apiSecret).api])
      const path = { paymentId: newPaymentId() }
      const pay = (index: number) =>
        at(index).send('payInstantly', { path, body: order(store.channelKey), idempotencyKey: 'the-same-payment-1' })
      const answers = countOf(await allAtOnce(20, pay))
      assert.equal((answers['200'] ?? 0) + (answers.IDEMPOTENCY_OUTSTANDING_REQUEST ?? 0), 20)
      assert.equal((await pay(1)).status, 200)
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 0]])

      const cancel = (index: number) => {
        const body = { reason: 'changed my mind', amount: 4_000 }
        return at(index).send('cancelPayment', { path, body, idempotencyKey: 'the-same-refund-10' })
      }
      await allAtOnce(20, cancel)
      assert.equal((await cancel(1)).status, 200)
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 4_000]])
    })

    test('when the answer to a payment, or to its refund, gets lost', async () => {
      const store = await naru.newStore()
      const path = { paymentId: newPaymentId() }
      const body = order(store.channelKey, { orderName: lostAfter })
      const pay = () => store.api.send('payInstantly', { path, body, idempotencyKey: 'a-lost-payment-123' })
      assert.deepEqual([(await pay()).status, (await pay()).status], [200, 200])
      const refund = { path, body: { reason: lostAfter }, idempotencyKey: 'a-lost-refund-1234' }
      const cancel = () => store.api.send('cancelPayment', refund)
      assert.deepEqual([(await cancel()).status, (await cancel()).status], [200, 200])
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 10_000]])
    })

    test('when a refund never reaches it', async () => {
      const store = await naru.newStore()
      await store.api.call('stopSandboxClock')
      const path = { paymentId: await paid(store) }
      const unsent = store.api.send('cancelPayment', { path, body: { reason: lostBefore } })
      while (!('cancellations' in (await read(store, path.paymentId)))) {}
      const isAnswered = unsent.then(() => true)
      // More than once where the machine is so busy that the clock is moved before the call is known to have failed.
      do await store.advance({ minutes: 2 })
      while (!(await Promise.race([isAnswered, false])))
      assert.equal((await unsent).status, 502)
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 0]])
      await store.portone.payment.cancelPayment({ ...path, reason: 'again' })
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[10_000, 10_000]])
    })

    test('when the charge of a schedule is lost on the way there, or on the way back', async () => {
      const store = await naru.newStore()
      await store.api.call('stopSandboxClock')
      const billingKey = await issue(store)
      const timeToPay = new Date((await store.now()) + 60_000).toISOString()
      const ids: string[] = []
      for (const orderName of [lostBefore, lostAfter]) {
        const path = { paymentId: newPaymentId() }
        const payment = { ...monthly(billingKey), orderName }
        await store.api.call('createPaymentSchedule', { path, body: { payment, timeToPay } })
        ids.push(path.paymentId)
      }
      await store.advance({ hours: 3 })
      for (const id of ids) {
        assert.equal((await read(store, id)).status, 'PAID')
        assert.deepEqual(await gatewayOf(store, id), [[9_900, 0]])
      }
    })

    test('when it charged a wrong amount, and the answer to giving it back gets lost', async () => {
      const store = await naru.newStore()
      const path = { paymentId: newPaymentId() }
      const body = order(store.channelKey, { total: 990_010 })
      assert.equal((await store.api.send('payInstantly', { path, body })).status, 502)
      await store.advance({ hours: 1 })
      assert.equal((await read(store, path.paymentId)).status, 'FAILED')
      assert.deepEqual(await gatewayOf(store, path.paymentId), [[990_011, 990_011]])
    })

    const settledReceipts = async ({ storeId }: TestStore) =>
      (await sql`select from cash_receipts where store_id = ${storeId} and due_at is null`).count

    test('when a cash receipt is lost on the way there, or on the way back', async () => {
      const store = await naru.newStore()
      for (const orderName of [lostBefore, lostAfter]) {
        const paymentId = newPaymentId('bought-elsewhere')
        const issued = store.api.send('issueCashReceipt', {
          body: { ...receiptFor(store.channelKey, paymentId), orderName },
        })
        if (orderName === lostBefore) while ((await settledReceipts(store)) === 0) await store.advance({ minutes: 2 })
        const { status } = await issued
        assert.equal(status, orderName === lostBefore ? 502 : 200)
      }
      const [{ count }] = await sql<[{ count: number }]>`
        select count(*)::int as count from sandbox_cash_receipts where store_id = ${store.storeId}`
      assert.equal(count, 1)
    })

    test('and its books agree with ours', async () => {
      assert.deepEqual((await audit(sql)).findings, [])
    })
  })
