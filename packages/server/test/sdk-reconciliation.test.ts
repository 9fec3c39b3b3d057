import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sandboxReconciliationFaults as faults } from '@naru/contract'
import { addDays, dayOf } from '../src/kernel/days.ts'
import { renderFile } from '../src/reconciliation/file.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPaymentId, type Order, order, refundAccount, virtualAccount } from './support/requests.ts'

describe('reconciliation', async () => {
  const naru = await startNaru()
  const reason = 'changed my mind'

  const pay = async ({ portone, channelKey }: TestStore, wanted: Order = {}) => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
    return paymentId
  }

  /** A day's business: cards, a deposit, refunds in part and in full, an overcharge that was given back. */
  const trade = async (store: TestStore) => {
    const { payment } = store.portone
    for (let count = 0; count < 12; count++) await pay(store, { total: 10_000 + count })
    const partly = await pay(store, { amount: { total: 20_000, taxFree: 5_000 } })
    await payment.cancelPayment({ paymentId: partly, amount: 4_000, reason })
    await payment.cancelPayment({ paymentId: await pay(store), reason })
    const account = await pay(store, { method: virtualAccount(), total: 30_000 })
    await store.api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    await payment.cancelPayment({ paymentId: account, amount: 1_000, reason, refundAccount })
    await store.api.send('payInstantly', {
      path: { paymentId: newPaymentId() },
      body: order(store.channelKey, { total: 990_010 }),
    })
    await refuses(pay(store, { total: 990_001 }), 'PG_PROVIDER', 'SBX_DECLINED')
  }

  const today = async (store: TestStore) => dayOf(await store.now())

  const both = ['TRANSACTION', 'SETTLEMENT'] as const
  type Kind = (typeof both)[number]

  const daysOf = async (store: TestStore, kind: Kind) => {
    const day = await today(store)
    const until = dayOf(Date.parse(`${day}T00:00:00Z`) + 10 * 86_400_000)
    return { channelKey: store.channelKey, kind, from: day, until }
  }

  test('sound files agree with everything, and planted faults are found exactly', async () => {
    const store = await naru.newStore()
    await trade(store)
    for (const kind of both) {
      const days = await daysOf(store, kind)
      const sound = await store.api.call('produceSandboxReconciliationFile', { body: days })
      const taken = await store.api.call('importSandboxReconciliationFile', { body: { ...days, csv: sound.csv } })
      assert.equal(taken.isNew, true)
      const before = await store.api.call('getSandboxReconciliation', { query: days })
      assert.deepEqual(before.totals, {
        MATCHED: taken.rowCount,
        DIFFERS: 0,
        MISSING_HERE: 0,
        MISSING_AT_PG: 0,
        DUPLICATE: 0,
      })
      assert(taken.rowCount >= 19, `${taken.rowCount} rows`)

      const wanted = { ...days, faults: [...faults], seed: 20_261 }
      const { csv, planted } = await store.api.call('produceSandboxReconciliationFile', { body: wanted })
      const again = await store.api.call('importSandboxReconciliationFile', { body: { ...days, csv } })
      assert.equal(again.isNew, true)
      const { items } = await store.api.call('getSandboxReconciliation', { query: days })
      const wrong = items.filter(({ outcome }) => outcome !== 'MATCHED')
      assert.deepEqual(
        wrong.map(({ pgMovementId }) => pgMovementId).sort(),
        planted.map(({ pgMovementId }) => pgMovementId).sort(),
      )
      assert.equal(planted.length, kind === 'SETTLEMENT' ? 6 : 5)
    }
  })

  test('the same file again changes nothing; a part of it is refused; all of it and more takes its place', async () => {
    const store = await naru.newStore()
    await pay(store)
    const days = await daysOf(store, 'TRANSACTION')
    const { csv } = await store.api.call('produceSandboxReconciliationFile', { body: days })
    const send = (wanted: object = {}) =>
      store.api.send('importSandboxReconciliationFile', { body: { ...days, csv, ...wanted } })
    const take = () => store.api.call('importSandboxReconciliationFile', { body: { ...days, csv } })
    const twice = await Promise.all([take(), take()])
    assert.deepEqual(twice.map(({ isNew }) => isNew).sort(), [false, true])
    const part = await send({ until: days.from })
    assert.equal(typeOf(part), 'INVALID_REQUEST')
    const empty = `${csv.split('\n')[0]}\n`
    assert.equal((await send({ csv: empty })).status, 200)
    const { totals } = await store.api.call('getSandboxReconciliation', { query: days })
    assert.deepEqual([totals.MATCHED, totals.MISSING_AT_PG], [0, 1])
    assert.equal(typeOf(await send({ csv: 'nonsense' })), 'INVALID_REQUEST')
    assert.equal(typeOf(await send({ from: '2026-02-30' })), 'INVALID_REQUEST')
  })

  test('VAT by transaction: by method, refunds negative, filtered by contract and by what the PG says', async () => {
    const store = await naru.newStore()
    const { portone, api } = store
    await trade(store)
    const { channelKey: _, kind: __, ...dateRange } = await daysOf(store, 'TRANSACTION')
    const report = (filter: object = {}) =>
      portone.reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange, filter })
    const { summary, items = [], pgSpecifiers } = await report()
    const cards = 12 * 10_000 + 66 + 20_000 - 4_000
    assert.deepEqual(
      items.map(({ paymentMethod, totalAmount, taxFreeAmount }) => [paymentMethod, totalAmount, taxFreeAmount]),
      [
        ['CARD', cards, 5_000],
        ['VIRTUAL_ACCOUNT', 29_000, 0],
      ],
    )
    assert.equal(summary.totalAmount, cards + 29_000)
    assert.equal(summary.totalSupplyAmount + summary.totalVatAmount + summary.totalTaxFreeAmount, summary.totalAmount)
    assert.equal(pgSpecifiers?.length, 1)
    const totalOf = async (filter: object) => (await report(filter)).summary.totalAmount
    assert.equal(await totalOf({ pgSpecifiers: pgSpecifiers ?? [] }), summary.totalAmount)
    assert.equal(await totalOf({ pgSpecifiers: [{ pgMerchantId: 'another', pgProvider: 'KCP' }] }), 0)
    assert.equal(await totalOf({ reconciliationStatuses: ['NOT_COLLECTED'] }), summary.totalAmount)

    const days = await daysOf(store, 'TRANSACTION')
    const wanted = { ...days, faults: ['WRONG_AMOUNT', 'MISSING_AT_PG'] as const }
    const { csv } = await api.call('produceSandboxReconciliationFile', {
      body: { ...wanted, faults: [...wanted.faults] },
    })
    await api.call('importSandboxReconciliationFile', { body: { ...days, csv } })
    const statuses = ['MATCHED', 'NOT_MATCHED', 'INCOMPARABLE', 'NOT_COLLECTED'] as const
    const totals = await Promise.all(statuses.map((status) => totalOf({ reconciliationStatuses: [status] })))
    assert.equal(
      totals.reduce((sum, total) => sum + total, 0),
      summary.totalAmount,
    )
    assert.equal(totals[3], 0)
    assert.notEqual(totals[1], 0)
    assert.notEqual(totals[2], 0)
  })

  test('VAT by settlement: on the day of the transaction until the PG says another', async () => {
    const store = await naru.newStore()
    await pay(store, { total: 11_000 })
    const day = await today(store)
    const totalOn = async (from: string, until = from) => {
      const asked = { dateRange: { from, until } }
      const { summary } = await store.portone.reconciliation.getPaymentReconciliationSettlementVatReport(asked)
      return [summary.totalAmount, summary.totalVatAmount]
    }
    assert.deepEqual(await totalOn(day), [11_000, 1_000])
    const days = await daysOf(store, 'SETTLEMENT')
    const { csv } = await store.api.call('produceSandboxReconciliationFile', { body: days })
    await store.api.call('importSandboxReconciliationFile', { body: { ...days, csv } })
    assert.deepEqual(await totalOn(day), [0, 0])
    assert.deepEqual(await totalOn(days.from, days.until), [11_000, 1_000])
  })

  test('both reports read a PG’s row of its own channel alone, though another PG may give the same id', async () => {
    const store = await naru.newStore()
    const { portone, api, channelKey, manualChannelKey } = store
    const paid = await portone.payment.getPayment({ paymentId: await pay(store, { total: 11_000 }) })
    assert(paid.status === 'PAID')
    const day = await today(store)
    const later = addDays(day, 7)
    const dateRange = { from: day, until: day }
    const take = (key: string, kind: Kind, until: string, csv: string) =>
      api.call('importSandboxReconciliationFile', { body: { channelKey: key, kind, from: day, until, csv } })
    const common = { line: 2, type: 'APPROVAL', pgTransactionId: `${paid.pgTxId}`, currency: 'KRW' } as const
    const row = { ...common, pgMovementId: `${paid.pgTxId}`, transactionDate: day }
    const other = { ...row, amount: 5, settlement: { date: later, fee: 0, feeVat: 0 } }
    await take(manualChannelKey, 'TRANSACTION', day, renderFile('TRANSACTION', [other]))
    await take(manualChannelKey, 'SETTLEMENT', later, renderFile('SETTLEMENT', [other]))
    const transactions = async (status: 'NOT_MATCHED' | 'NOT_COLLECTED' | 'MATCHED') => {
      const asked = { dateRange, filter: { reconciliationStatuses: [status] } }
      return (await portone.reconciliation.getPaymentReconciliationTransactionVatReport(asked)).summary.totalAmount
    }
    const settled = async () =>
      (await portone.reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange })).summary.totalAmount
    assert.deepEqual([await transactions('NOT_MATCHED'), await transactions('NOT_COLLECTED')], [0, 11_000])
    assert.equal(await settled(), 11_000)
    const own = { ...row, amount: 11_000, settlement: { date: later, fee: 330, feeVat: 33 } }
    await take(channelKey, 'TRANSACTION', day, renderFile('TRANSACTION', [own]))
    await take(channelKey, 'SETTLEMENT', later, renderFile('SETTLEMENT', [own]))
    assert.equal(await transactions('MATCHED'), 11_000)
    assert.equal(await settled(), 0)
  })

  test('the first day and the last that can be written are ranges in which nothing moved', async () => {
    const { portone, api, channelKey } = await naru.newStore()
    for (const day of ['0001-01-01', '9999-12-31']) {
      const dateRange = { from: day, until: day }
      const { reconciliation } = portone
      assert.deepEqual((await reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange })).items, [])
      assert.deepEqual((await reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange })).items, [])
      for (const kind of ['TRANSACTION', 'SETTLEMENT'] as const)
        await api.call('getSandboxReconciliation', { query: { channelKey, kind, ...dateRange } })
    }
  })

  test('a range that is none, or too long, is refused', async () => {
    const { portone } = await naru.newStore()
    const { reconciliation } = portone
    for (const dateRange of [
      { from: '2026-03-02', until: '2026-03-01' },
      { from: '2026-01-01', until: '2026-06-01' },
      { from: '2026-02-30', until: '2026-03-01' },
    ]) {
      await refuses(reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange }), 'INVALID_REQUEST')
      await refuses(reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange }), 'INVALID_REQUEST')
    }
  })
})
