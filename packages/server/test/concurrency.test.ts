import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Answer } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, countOf, inParallel, inTurn } from './support/parallel.ts'
import { newPaymentId, order, refundAccount, virtualAccount } from './support/requests.ts'
import { scaled } from './support/scale.ts'

const reason = 'changed my mind'

/** Numbers that look random and are the same on every run. */
const numbers = (seed: number) => {
  let state = seed
  return (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return 1 + Math.floor((state / 2 ** 32) * limit)
  }
}

const print = (what: string, figures: object) => process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`)

describe('many at once', async () => {
  const naru = await startNaru()
  const second = await naru.another()

  const both = {
    'one server': (store: TestStore) => inTurn([store.api]),
    'two servers': (store: TestStore) => inTurn([store.api, second.clientsOf(store.apiSecret).api]),
  } as const

  for (const [servers, turnsOf] of Object.entries(both)) {
    test(`cancels of random amounts never refund more than was paid, on ${servers}`, async () => {
      const store = await naru.newStore()
      const apiOf = turnsOf(store)
      const random = numbers(20_260)
      const [payments, cancels, paid] = [servers === 'one server' ? scaled(16, 200) : scaled(12, 30), 64, 10_000]
      const total = { accepted: 0, refused: 0, refunded: 0, paid: 0 }
      const ids = Array.from({ length: payments }, () => newPaymentId())
      await inParallel(ids, 3, async (paymentId) => {
        await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey, { total: paid }) })
        const answers = await allAtOnce(cancels, (index) =>
          apiOf(index).send('cancelPayment', {
            path: { paymentId },
            body: { reason, amount: random(4_000), skipWebhook: true },
          }),
        )
        const refundedBy = ({ text }: Answer): number => JSON.parse(text).cancellation.totalAmount
        const accepted = answers.filter(({ status }) => status === 200)
        const refunded = accepted.reduce((sum, answer) => sum + refundedBy(answer), 0)
        const refusals = Object.keys(countOf(answers.filter(({ status }) => status !== 200)))
        const allowed = ['CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT', 'PAYMENT_ALREADY_CANCELLED']
        // VAT rounding can refuse a small refund near the end, too.
        allowed.push('CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT')
        assert.deepEqual(
          refusals.filter((type) => !allowed.includes(type)),
          [],
        )
        const payment = await store.api.call('getPayment', { path: { paymentId } })
        const [entry] = (await store.api.call('getSandboxLedger', { query: { paymentId } })).items
        assert.deepEqual([payment.amount.cancelled, entry?.cancelledAmount], [refunded, refunded])
        assert(refunded <= paid)
        assert.equal(entry?.cancellations.filter(({ state }) => state === 'SUCCEEDED').length, accepted.length)
        total.accepted += accepted.length
        total.refused += cancels - accepted.length
        total.refunded += refunded
        total.paid += paid
      })
      print(`${payments} payments, ${cancels} cancels each at once, on ${servers}`, total)
    })

    test(`identical requests with one Idempotency-Key have one effect, on ${servers}`, async () => {
      const store = await naru.newStore()
      const apiOf = turnsOf(store)
      const paymentId = newPaymentId()
      await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey) })
      const cancel = {
        path: { paymentId },
        body: { reason, amount: 100 },
        idempotencyKey: newPaymentId('same-key-for-all'),
      }
      const answers = await allAtOnce(50, (index) => apiOf(index).send('cancelPayment', cancel))
      const done = answers.filter(({ status }) => status === 200)
      assert(done.length >= 1)
      assert.equal(new Set(done.map(({ text }) => text)).size, 1)
      const { IDEMPOTENCY_OUTSTANDING_REQUEST: outstanding = 0 } = countOf(answers)
      assert.equal(done.length + outstanding, 50)
      const payment = await store.api.call('getPayment', { path: { paymentId } })
      assert.equal(payment.amount.cancelled, 100)
      print(`50 identical cancels, on ${servers}`, countOf(answers))
    })

    test(`of many payments under one id, one is paid, on ${servers}`, async () => {
      const store = await naru.newStore()
      const apiOf = turnsOf(store)
      for (let round = 0; round < 10; round++) {
        const paymentId = newPaymentId()
        const answers = await allAtOnce(20, (index) =>
          apiOf(index).send('payInstantly', { path: { paymentId }, body: order(store.channelKey) }),
        )
        assert.deepEqual(countOf(answers), { '200': 1, ALREADY_PAID: 19 })
        const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
        assert.deepEqual(
          items.map(({ state, amount }) => [state, amount]),
          [['APPROVED', 10_000]],
        )
      }
      print(`10 × 20 payments under one id, on ${servers}`, { paid: 10 })
    })

    test(`a deposit and a close at once: one of them wins, and both sides agree, on ${servers}`, async () => {
      const store = await naru.newStore()
      const apiOf = turnsOf(store)
      const figures = { deposited: 0, closed: 0 }
      for (let round = 0; round < 20; round++) {
        const paymentId = newPaymentId()
        const body = order(store.channelKey, { method: virtualAccount() })
        await store.api.call('payInstantly', { path: { paymentId }, body })
        const path = { paymentId }
        const deposit = () => apiOf(0).send('depositSandboxPayment', { path, body: {} })
        const close = () => apiOf(1).send('closeVirtualAccount', { path })
        const [deposited, closed] =
          round % 2 === 0
            ? await Promise.all([deposit(), close()])
            : await Promise.all([close(), deposit()]).then(([c, d]) => [d, c] as const)
        const [entry] = (await store.api.call('getSandboxLedger', { query: { paymentId } })).items
        const payment = await store.api.call('getPayment', { path })
        const isPaid = deposited.status === 200
        assert.deepEqual(
          [payment.status, entry?.state, closed.status === 200],
          isPaid ? ['PAID', 'DEPOSITED', false] : ['FAILED', 'CLOSED', true],
          `${deposited.text} ${closed.text}`,
        )
        if (isPaid) await store.api.call('cancelPayment', { path, body: { reason, refundAccount } })
        figures[isPaid ? 'deposited' : 'closed'] += 1
      }
      print(`20 × deposit and close at once, on ${servers}`, figures)
    })
  }
})
