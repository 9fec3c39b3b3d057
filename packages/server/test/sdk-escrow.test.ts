import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SandboxEscrowStatus } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { type Order, virtualAccount } from './support/requests.ts'

const logistics = { company: 'CJ', invoiceNumber: '1234-5678', sentAt: '2026-01-02T12:04:05+09:00' } as const

describe('escrow, through the official SDK', async () => {
  const naru = await startNaru()

  const isSound = async () => assert.deepEqual((await audit(naru.database.sql)).findings, [])

  const escrowOf = async (store: TestStore, paymentId: string) => {
    const payment = await read(store, paymentId)
    return 'escrow' in payment ? payment.escrow : undefined
  }

  test('registered, changed and confirmed, in this order only', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = await paid(store, { isEscrow: true })
    assert.deepEqual(await escrowOf(store, paymentId), { status: 'BEFORE_REGISTERED' })
    await refuses(payment.modifyEscrowLogistics({ paymentId, logistics }), 'INVALID_REQUEST')
    await refuses(payment.confirmEscrow({ paymentId }), 'INVALID_REQUEST')
    const applied = await payment.applyEscrowLogistics({ paymentId, logistics })
    assert.equal(applied.invoiceNumber, logistics.invoiceNumber)
    await refuses(payment.applyEscrowLogistics({ paymentId, logistics }), 'INVALID_REQUEST')
    const shipped = { company: 'CJ', invoiceNumber: '1234-5678', sentAt: '2026-01-02T03:04:05.000Z' }
    const { appliedAt } = applied
    assert.deepEqual(await escrowOf(store, paymentId), { status: 'REGISTERED', ...shipped, appliedAt })
    const changed = { ...logistics, invoiceNumber: '9' }
    await payment.modifyEscrowLogistics({ paymentId, logistics: changed })
    await payment.confirmEscrow({ paymentId, fromStore: true })
    const confirmed = { status: 'CONFIRMED', isAutomaticallyConfirmed: false, appliedAt }
    assert.deepEqual(await escrowOf(store, paymentId), { ...shipped, invoiceNumber: '9', ...confirmed })
    await refuses(payment.confirmEscrow({ paymentId }), 'INVALID_REQUEST')
    const found = await payment.getPayments({ filter: { escrowStatus: 'CONFIRMED', storeId: store.storeId } })
    assert.deepEqual(
      found.items.map((item) => 'id' in item && item.id),
      [paymentId],
    )
    await isSound()
  })

  test('cancelled after shipping it reads CANCELLED, before it BEFORE_REGISTERED', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const [shipped, unshipped] = [await paid(store, { isEscrow: true }), await paid(store, { isEscrow: true })]
    await payment.applyEscrowLogistics({ paymentId: shipped, logistics })
    for (const paymentId of [shipped, unshipped]) await payment.cancelPayment({ paymentId, reason: 'changed my mind' })
    assert.equal((await escrowOf(store, shipped))?.status, 'CANCELLED')
    assert.equal((await escrowOf(store, unshipped))?.status, 'BEFORE_REGISTERED')
    await refuses(payment.confirmEscrow({ paymentId: shipped }), 'PAYMENT_NOT_PAID')
  })

  const shipped = async (store: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = await paid(store, { isEscrow: true, ...wanted })
    await store.portone.payment.applyEscrowLogistics({ paymentId, logistics })
    return paymentId
  }
  const say = ({ api }: TestStore, paymentId: string, status: SandboxEscrowStatus, isAutomatically?: boolean) =>
    api.send('progressSandboxEscrow', {
      path: { paymentId },
      body: { status, ...(isAutomatically === undefined ? {} : { isAutomaticallyConfirmed: isAutomatically }) },
    })

  for (const [said, isAutomaticallyConfirmed] of [
    [['DELIVERED'], undefined],
    [['DELIVERED', 'CONFIRMED'], true],
    [['CONFIRMED'], undefined],
    [['REJECTED'], undefined],
    [['DELIVERED', 'REJECTED', 'REJECT_CONFIRMED'], undefined],
  ] as const)
    test(`the PG's word ${said.join(', ')}${isAutomaticallyConfirmed ? ' by itself' : ''} is shown and found`, async () => {
      const store = await naru.newStore()
      const { payment } = store.portone
      const paymentId = await shipped(store)
      for (const status of said) {
        const isAutomatic = status === 'CONFIRMED' ? isAutomaticallyConfirmed : undefined
        assert.equal((await say(store, paymentId, status, isAutomatic)).status, 200)
        const escrow = await escrowOf(store, paymentId)
        assert.equal(escrow?.status, status)
        if (escrow?.status === 'CONFIRMED')
          assert.equal(escrow.isAutomaticallyConfirmed, isAutomaticallyConfirmed ?? false)
        assert('invoiceNumber' in escrow && escrow.invoiceNumber === logistics.invoiceNumber)
        const found = await payment.getPayments({ filter: { escrowStatus: status, storeId: store.storeId } })
        assert.deepEqual(
          found.items.map((item) => 'id' in item && item.id),
          [paymentId],
        )
      }
      const { items: books } = await store.api.call('getSandboxLedger', { query: { paymentId } })
      assert.equal(books[0]?.escrow, said.at(-1))
      await payment.cancelPayment({ paymentId, reason: 'returned', amount: 1 })
      assert.equal((await escrowOf(store, paymentId))?.status, said.at(-1), 'a refund in part changes nothing')
      await payment.cancelPayment({ paymentId, reason: 'returned' })
      const { items } = await payment.getPayments({ filter: { escrowStatus: 'CANCELLED', storeId: store.storeId } })
      assert.equal(items.length, 1)
      await isSound()
    })

  test('goods paid for by transfer are delivered too, and a buyer confirms what was delivered', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { isEscrow: true, method: virtualAccount() })
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.portone.payment.applyEscrowLogistics({ paymentId, logistics })
    await say(store, paymentId, 'DELIVERED')
    assert.equal((await escrowOf(store, paymentId))?.status, 'DELIVERED')
    await store.portone.payment.confirmEscrow({ paymentId })
    assert.equal((await escrowOf(store, paymentId))?.status, 'CONFIRMED')
    await isSound()
  })

  test('a word that cannot follow is refused, and what it rules out too', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const unshipped = await paid(store, { isEscrow: true })
    assert.match((await say(store, unshipped, 'DELIVERED')).text, /SBX_ESCROW_NOT_ALLOWED/)
    assert.equal(typeOf(await say(store, 'nobody', 'DELIVERED')), 'PAYMENT_NOT_FOUND')
    const paymentId = await shipped(store)
    assert.match((await say(store, paymentId, 'REJECT_CONFIRMED')).text, /SBX_ESCROW_NOT_ALLOWED/)
    assert.equal(typeOf(await say(store, paymentId, 'DELIVERED', true)), 'INVALID_REQUEST')
    await say(store, paymentId, 'DELIVERED')
    assert.equal(typeOf(await say(store, paymentId, 'DELIVERED')), 'PG_PROVIDER')
    await refuses(payment.modifyEscrowLogistics({ paymentId, logistics }), 'INVALID_REQUEST')
    await say(store, paymentId, 'REJECTED')
    await refuses(payment.confirmEscrow({ paymentId }), 'INVALID_REQUEST')
    await payment.cancelPayment({ paymentId, reason: 'returned' })
    assert.equal(typeOf(await say(store, paymentId, 'REJECT_CONFIRMED')), 'PG_PROVIDER')
  })

  test('what the buyer does at the moment in which the merchant confirms: one of the two', async () => {
    const store = await naru.newStore()
    for (let round = 0; round < 5; round++) {
      const paymentId = await shipped(store)
      const confirming = store.portone.payment.confirmEscrow({ paymentId })
      const [confirmed, rejected] = await Promise.allSettled([confirming, say(store, paymentId, 'REJECTED')])
      const isRejected = rejected.status === 'fulfilled' && rejected.value.status === 200
      assert.notEqual(confirmed.status === 'fulfilled', isRejected)
      assert.equal((await escrowOf(store, paymentId))?.status, isRejected ? 'REJECTED' : 'CONFIRMED')
    }
    await isSound()
  })

  test('a word whose announcement is lost is asked for once the PG refuses what it rules out; said twice it is one', async () => {
    const store = await naru.newStore()
    const paymentId = await shipped(store, { customer: { id: 'sbx-notify-none' } })
    await say(store, paymentId, 'DELIVERED')
    assert.equal((await escrowOf(store, paymentId))?.status, 'REGISTERED')
    const modify = store.portone.payment.modifyEscrowLogistics({ paymentId, logistics })
    await refuses(modify, 'PG_PROVIDER', 'SBX_ESCROW_NOT_ALLOWED')
    assert.equal((await escrowOf(store, paymentId))?.status, 'DELIVERED')
    const twice = await shipped(store, { customer: { id: 'sbx-notify-dup' } })
    await say(store, twice, 'DELIVERED')
    const [{ events } = { events: 0 }] = await naru.database.sql<{ events: number }[]>`
      select count(*)::int as events from journal where stream_id = ${twice} and type = 'EscrowProgressed'`
    assert.equal(events, 1)
  })

  test('what the PG refuses changes nothing; a lost answer is asked for again; a retry is one shipment', async () => {
    const store = await naru.newStore()
    const refused = await paid(store, { isEscrow: true, customer: { id: 'sbx-escrow-fail' } })
    const apply = store.portone.payment.applyEscrowLogistics({ paymentId: refused, logistics })
    await refuses(apply, 'PG_PROVIDER', 'SBX_ESCROW_REFUSED')
    assert.deepEqual(await escrowOf(store, refused), { status: 'BEFORE_REGISTERED' })
    const doubtful = await paid(store, { isEscrow: true, customer: { id: 'sbx-escrow-doubt' } })
    const again = () =>
      store.api.call('applyEscrowLogistics', {
        path: { paymentId: doubtful },
        body: { logistics },
        idempotencyKey: 'ship-it-once-please',
      })
    // Whichever comes second is told that the first is still running.
    const outcomes = await Promise.allSettled([again(), again()])
    const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    assert(answers.length > 0)
    for (const answer of [...answers, await again()]) assert.deepEqual(answer, answers[0])
    const [books] = await naru.database.sql<{ count: number }[]>`
      select count(*)::integer as count from sandbox_fulfilments where store_id = ${store.storeId}`
    assert.equal(books?.count, 1)
    await isSound()
  })

  test('absurd shipments and payments without escrow are refused', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const plain = await paid(store)
    await refuses(payment.applyEscrowLogistics({ paymentId: plain, logistics }), 'INVALID_REQUEST')
    const paymentId = await paid(store, { isEscrow: true })
    for (const wrong of [
      { invoiceNumber: ' ' },
      { invoiceNumber: '9'.repeat(201) },
      { receivedAt: '2025-01-01T00:00:00Z' },
    ])
      await refuses(
        payment.applyEscrowLogistics({ paymentId, logistics: { ...logistics, ...wrong } }),
        'INVALID_REQUEST',
      )
    await refuses(payment.applyEscrowLogistics({ paymentId: 'nobody', logistics }), 'PAYMENT_NOT_FOUND')
    const waiting = await paid(store, { isEscrow: true, method: virtualAccount() })
    await refuses(payment.applyEscrowLogistics({ paymentId: waiting, logistics }), 'PAYMENT_NOT_PAID')
    await refuses(payment.confirmEscrow({ paymentId, storeId: naru.storeId }), 'FORBIDDEN')
  })

  test('goods of an order that was refunded in part are still shipped; what is not needed may be left out', async () => {
    const store = await naru.newStore()
    const paymentId = await paid(store, { isEscrow: true })
    await store.portone.payment.cancelPayment({ paymentId, reason: 'one item', amount: 1_000 })
    const applied = await store.portone.payment.applyEscrowLogistics({ paymentId, logistics })
    const at = '2026-01-02T03:04:05.000Z'
    assert.equal(applied.sentAt, at, 'in UTC, as several SDKs read nothing else')
    const modified = await store.portone.payment.modifyEscrowLogistics({ paymentId, logistics })
    assert.deepEqual([modified.invoiceNumber, modified.sentAt], [logistics.invoiceNumber, at])
    assert.equal((await escrowOf(store, paymentId))?.status, 'REGISTERED')
    // Without a body, since all of its fields may be left out.
    assert.equal((await store.api.send('confirmEscrow', { path: { paymentId } })).status, 200)
    assert.equal((await escrowOf(store, paymentId))?.status, 'CONFIRMED')
    await isSound()
  })
})
