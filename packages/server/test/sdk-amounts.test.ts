import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Currency } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { refuses } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'
const largest = Number.MAX_SAFE_INTEGER

/** What is asked for, and the parts that the payment shows: tax-free, VAT, supply. */
const examples: readonly (readonly [asked: Order['amount'] & {}, parts: readonly number[], currency?: Currency])[] = [
  [{ total: 1_000 }, [0, 91, 909]],
  [{ total: 50_000 }, [0, 4_545, 45_455]],
  [{ total: 22_000, taxFree: 0 }, [0, 2_000, 20_000]],
  [{ total: 11_000, taxFree: 11_000 }, [11_000, 0, 0]],
  [{ total: 55_000, taxFree: 33_000 }, [33_000, 2_000, 20_000]],
  [{ total: 10_000, taxFree: 500 }, [500, 864, 8_636]],
  [{ total: 10_000, taxFree: 0, vat: 0 }, [0, 0, 10_000]],
  [{ total: 5 }, [0, 0, 5]],
  [{ total: 150 }, [0, 14, 136], 'USD'],
  [{ total: 1_000 }, [0, 91, 909], 'JPY'],
  // Three digits, four, and none at all: the number is kept as it is, and the rule stays an eleventh.
  [{ total: 1_500 }, [0, 136, 1_364], 'KWD'],
  [{ total: 12_345 }, [0, 1_122, 11_223], 'CLF'],
  [{ total: 11 }, [0, 1, 10], 'XAU'],
  // All of it may be parts, and nothing be left as supply.
  [{ total: 1_000, taxFree: 900, vat: 100 }, [900, 100, 0]],
  [{ total: largest }, [0, 818_836_295_885_545, largest - 818_836_295_885_545]],
  [{ total: largest, taxFree: largest }, [largest, 0, 0]],
]

describe('amounts through the official SDK', async () => {
  const naru = await startNaru()

  for (const [amount, [taxFree, vat, supply], currency = 'KRW'] of examples)
    test(`${JSON.stringify(amount)} ${currency} is ${taxFree} tax-free, ${vat} VAT and ${supply} supply`, async () => {
      const store = await naru.newStore()
      const payment = await read(store, await paid(store, { amount, currency }))
      const { total } = amount
      const nothing = { discount: 0, cancelled: 0, cancelledTaxFree: 0 }
      assert.deepEqual(payment.amount, { total, taxFree, vat, supply, paid: total, ...nothing })
      assert.equal(payment.currency, currency)
    })

  const pay = ({ portone, channelKey }: TestStore, paymentId: string, wanted: Order) =>
    portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })

  test('amounts that cannot be are refused, and leave neither a transaction nor a webhook', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    for (const amount of [
      { total: 1_000, taxFree: 1_001 },
      { total: 1_000, vat: 1_001 },
      { total: 1_000, taxFree: 900, vat: 101 },
      { total: largest, taxFree: largest, vat: 1 },
      { total: largest, taxFree: largest, vat: largest },
    ])
      await refuses(pay(store, paymentId, { amount }), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
    for (const amount of [
      { total: 0 },
      { total: -1 },
      { total: 1.5 },
      { total: largest + 1 },
      { total: 1_000, taxFree: -1 },
      { total: 1_000, vat: -1 },
      { total: 1_000, vat: 0.5 },
    ])
      await refuses(pay(store, paymentId, { amount }), 'INVALID_REQUEST')
    for (const currency of ['krw', 'CURRENCY_KRW', 'XYZ']) {
      const body = { ...order(store.channelKey), currency }
      await refuses(store.portone.payment.payInstantly({ paymentId, ...body }), 'INVALID_REQUEST')
    }
    await refuses(store.portone.payment.getPayment({ paymentId }), 'PAYMENT_NOT_FOUND')
    await pay(store, paymentId, {})
    await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.deepEqual(
      store.webhooks.received.map(({ type }) => type),
      ['Transaction.Paid'],
    )
    const { items } = await store.portone.payment.getPaymentTransactions({ paymentId })
    assert.equal(items.length, 1)
  })

  test('what is to be paid is shown in every status, and does not shrink with what is cancelled', async () => {
    const store = await naru.newStore()
    const ready = newPaymentId()
    await store.api.call('authenticateSandboxPayment', { path: { paymentId: ready }, body: order(store.channelKey) })
    const failed = newPaymentId()
    await pay(store, failed, { method: card('4000000000000002') }).catch(() => undefined)
    const partly = await paid(store)
    await store.portone.payment.cancelPayment({ paymentId: partly, reason, amount: 4_000 })
    const cancelled = await paid(store)
    await store.portone.payment.cancelPayment({ paymentId: cancelled, reason })
    const all = [
      ready,
      failed,
      await paid(store, { customer: { id: 'sbx-pending-paid-86400' } }),
      await paid(store, { method: virtualAccount() }),
      await paid(store),
      partly,
      cancelled,
    ]
    const shown: unknown[] = []
    for (const paymentId of all) {
      const { status, amount } = await read(store, paymentId)
      shown.push([status, amount.paid, amount.cancelled])
    }
    assert.deepEqual(shown, [
      ['READY', 10_000, 0],
      ['FAILED', 10_000, 0],
      ['PAY_PENDING', 10_000, 0],
      ['VIRTUAL_ACCOUNT_ISSUED', 10_000, 0],
      ['PAID', 10_000, 0],
      ['PARTIAL_CANCELLED', 10_000, 4_000],
      ['CANCELLED', 10_000, 10_000],
    ])
  })

  test('the largest amount is refunded to the last unit, and a charge of another amount given back', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = await paid(store, { total: largest })
    const cancel = (body: object) => payment.cancelPayment({ paymentId, reason, ...body })
    await cancel({ amount: 1 })
    await refuses(cancel({ amount: largest }), 'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT')
    await refuses(
      cancel({ amount: largest, taxFreeAmount: largest, vatAmount: largest }),
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
    )
    await refuses(cancel({ amount: largest + 1 }), 'INVALID_REQUEST')
    const { cancellation } = await cancel({ currentCancellableAmount: largest - 1 })
    assert(cancellation.status === 'SUCCEEDED')
    assert.deepEqual([cancellation.totalAmount, cancellation.vatAmount], [largest - 1, 818_836_295_885_545])
    const wrong = pay(store, newPaymentId(), { total: largest, customer: { id: 'sbx-amount-mismatch' } })
    await refuses(wrong, 'PG_PROVIDER', 'NARU_AMOUNT_MISMATCH')
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })

  for (const [currency, total, part, vats] of [
    ['USD', 150, 50, [5, 9]],
    ['JPY', 1_000, 333, [30, 61]],
    ['KWD', 1_500, 500, [45, 91]],
    ['CLF', 12_345, 1, [0, 1_122]],
  ] as const)
    test(`${part} of ${total} ${currency} are refunded in its minor unit, and the rest takes the rest of the VAT`, async () => {
      const store = await naru.newStore()
      const { payment } = store.portone
      const paymentId = await paid(store, { currency, total })
      const seen: number[] = []
      for (const body of [{ amount: part }, {}]) {
        const { cancellation } = await payment.cancelPayment({ paymentId, reason, ...body })
        assert(cancellation.status === 'SUCCEEDED')
        seen.push(cancellation.vatAmount)
      }
      assert.deepEqual(seen, vats)
      const { status, amount } = await read(store, paymentId)
      assert.deepEqual([status, amount.cancelled], ['CANCELLED', total])
    })

  test('of an order that is paid this is told before that its amounts do not add up', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store)
    await refuses(pay(store, paymentId, { amount: { total: 10, taxFree: 11 } }), 'ALREADY_PAID')
  })

  test('the price of the products need not be the total, as PortOne checks it nowhere', async () => {
    const store = await naru.newStore()
    const products = [{ id: 'book', name: 'A book', amount: 1, quantity: 3 }]
    const payment = await read(store, await paid(store, { products }))
    assert.deepEqual([payment.amount.total, payment.products], [10_000, products])
  })
})
