import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { commit } from '../src/aggregates/journal.ts'
import { audit } from '../src/audit/audit.ts'
import { digestOf } from '../src/kernel/digest.ts'
import { authenticateShopper, expireWindows } from '../src/payments/rules/checkout.ts'
import type { PaymentEvent } from '../src/payments/state/event.ts'
import type { Payment } from '../src/payments/state/payment.ts'
import { longestConsent } from '../src/payments/state/window.ts'
import { paymentAggregate } from '../src/payments/store.ts'
import { paymentOf as paymentStored, type StoredPayment, storedPayment } from '../src/payments/stored.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPromotion, spentOf } from './support/promotions.ts'

describe('what servers leave of windows when they die between two steps', async () => {
  const naru = await startNaru()
  await naru.another()
  const { open } = browserOf(naru)
  const { sql } = naru.database

  const failureOf = async (store: TestStore, paymentId: string) => {
    const payment = await store.portone.payment.getPayment({ paymentId })
    return payment.status === 'FAILED' ? payment.failure.pgCode : payment.status
  }

  /** Commits what a server had committed when it died. */
  const leave = async (
    { storeId }: TestStore,
    paymentId: string,
    at: number,
    eventsOf: (payment: Payment) => readonly PaymentEvent[],
  ) => {
    const [{ version, stored }] = await sql<[{ version: number; stored: StoredPayment }]>`
      select version, ${storedPayment(sql)} as stored from payments p where store_id = ${storeId} and payment_id = ${paymentId}`
    const before = { version, state: paymentStored(stored) }
    const events = eventsOf(before.state)
    assert.equal(events.length, 1)
    assert(await commit(sql, paymentAggregate, { storeId, id: paymentId, before, events, at, webhooks: [] }))
  }

  test('who died after asking the shop whether to approve leaves an attempt that fails by itself, and asks nobody again', async () => {
    const store = await naru.newStore()
    const confirmUrl = new URL('/confirm', store.webhooks.url).href
    const payment = paymentOf(store, { confirmUrl })
    const { paymentId } = payment
    const { view, step } = await open(payment)
    const now = await store.now()
    await leave(store, paymentId, now, (state) => {
      const authentication = {
        tokenDigest: digestOf('token'),
        authorization: 'proof',
        answerBy: now + longestConsent,
      }
      return authenticateShopper(state, state.attempts[0]?.transactionId ?? '', authentication, undefined)
    })
    assert.equal(await step(), 'SETTLING')
    await store.advance({ minutes: 2 })
    const seen = await view()
    assert.deepEqual([seen.step, Object(Object(seen.state).result).code], ['DONE', 'ConfirmProcessFailed'])
    await store.webhooks.next('Transaction.Failed', { paymentId })
    assert.equal(store.webhooks.received.filter(({ type }) => type === 'Transaction.Confirm').length, 0)
    const again = await open({ ...payment, confirmUrl: undefined })
    await again.submit({ card: cardInPage() })
    assert.equal('code' in (await again.state()), false)
    assert.equal(await chargesOf(store, paymentId), 1)
  })

  test('a shop that says yes after its time is over has nothing charged', async () => {
    const held = Promise.withResolvers<void>()
    const store = await naru.newStore({
      answer: async ({ url }, response) => {
        if (url === '/confirm') await held.promise
        response.writeHead(200).end()
      },
    })
    const confirmUrl = new URL('/confirm', store.webhooks.url).href
    const payment = paymentOf(store, { confirmUrl })
    const { submit, state } = await open(payment)
    const submitted = submit({ card: cardInPage() })
    await store.webhooks.next('Transaction.Confirm', { paymentId: payment.paymentId, path: '/confirm' })
    await store.advance({ minutes: 2 })
    assert.equal(await failureOf(store, payment.paymentId), 'NARU_CONFIRM_PROCESS_FAILED')
    held.resolve()
    await submitted
    assert.equal((await state()).code, 'ConfirmProcessFailed')
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  const discountPolicy = { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] }
  const promoted = async (store: TestStore) => {
    const wanted = { discountPolicy, totalBudget: 1_500, cardCompany: 'SHINHAN_CARD' as const }
    const promotionId = await newPromotion(store, wanted)
    return { promotionId, card: { cardCompany: 'SHINHAN_CARD' } }
  }

  test('who died when the window expired leaves a discount that goes back once, to somebody else', async () => {
    const store = await naru.newStore()
    const { promotionId, card } = await promoted(store)
    const { paymentId } = paymentOf(store)
    await open(paymentOf(store, { paymentId, promotionId, card }))
    await store.api.call('stopSandboxClock')
    const now = await store.now()
    await leave(store, paymentId, now, (state) => expireWindows(state, now + 30 * 60_000))
    assert.equal(await spentOf(store, promotionId), 1_000)
    await store.advance({ seconds: 1 })
    assert.equal(await spentOf(store, promotionId), 0)
    const other = paymentOf(store, { promotionId, card })
    const { submit } = await open(other)
    await submit({ card: cardInPage() })
    await store.advance({ hours: 2 })
    assert.equal(await spentOf(store, promotionId), 1_000)
    assert.equal(await failureOf(store, paymentId), 'READY')
    assert.equal(await failureOf(store, other.paymentId), 'PAID')
  })

  test('windows that an older version opened, and did not look at again, expire after its migration', async () => {
    const store = await naru.newStore()
    const { promotionId, card } = await promoted(store)
    const abandoned = paymentOf(store, { promotionId, card })
    const plain = paymentOf(store)
    const paid = paymentOf(store)
    await open(abandoned)
    await open(plain)
    await (await open(paid)).submit({ card: cardInPage() })
    const { storeId } = store
    const dueAt = async ({ paymentId }: { readonly paymentId: string }) => {
      const [row] = await sql<{ dueAt: number | null }[]>`
        select due_at as "dueAt" from payments where store_id = ${storeId} and payment_id = ${paymentId}`
      return row?.dueAt
    }
    const path = new URL('../src/db/migrations/0103_windows_that_hold_discounts.sql', import.meta.url)
    const migration = await readFile(path, 'utf8')
    /** On rows as they were before: each had its state, and nobody planned to look at a window. */
    const migrate = async () => {
      const rows = await sql<{ stored: StoredPayment }[]>`
        select ${storedPayment(sql)} as stored from payments p where store_id = ${storeId}`
      const states = rows.map(({ stored }) => JSON.stringify(paymentStored(stored)))
      await sql.begin(async (transaction) => {
        await transaction`create schema earlier`
        await transaction`
          create table earlier.payments as
          select p.payment_id, p.status, p.requested_at, p.due_at, given.state
          from payments p join (select state::jsonb from unnest(${states}::text[]) as state) given
            on p.store_id = ${storeId} and p.payment_id = given.state ->> 'paymentId'`
        await transaction`set local search_path to earlier`
        await transaction.unsafe(migration)
        await transaction`
          update public.payments p set due_at = e.due_at
          from earlier.payments e where p.store_id = ${storeId} and p.payment_id = e.payment_id`
        await transaction`drop schema earlier cascade`
      })
    }
    await sql`update payments set due_at = null where store_id = ${storeId}`
    await migrate()
    const planned = await dueAt(abandoned)
    assert.ok(planned)
    assert.deepEqual([await dueAt(plain), await dueAt(paid)], [null, null])
    await migrate()
    assert.equal(await dueAt(abandoned), planned)
    assert.equal(await spentOf(store, promotionId), 1_000)
    await store.advance({ hours: 1 })
    assert.equal(await spentOf(store, promotionId), 0)
    assert.equal(await failureOf(store, abandoned.paymentId), 'READY')
  })

  test('the books agree afterwards', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
