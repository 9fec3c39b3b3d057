import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GetPlatformTransferSummariesBody } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPartner, newPlatformId } from './support/platform.ts'
import {
  externalCancel,
  externalOrder,
  orderOf,
  pay,
  refund,
  registerCancel,
  registerOrder,
} from './support/platform-transfers.ts'
import { order as paymentOrder, virtualAccount } from './support/requests.ts'

const onTest = { test: true }

describe('an order whose payment is not paid when its settlement starts', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  const market = async () => {
    const store = await naru.newMerchant()
    const partnerId = await newPartner(store)
    const today = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)
    const statusOf = async (id: string) =>
      (await store.api.call('getPlatformTransfer', { path: { id }, query: onTest })).status
    const settlements = async () =>
      (await store.api.call('getPlatformPartnerSettlements', { query: onTest, body: { filter: {} } })).items
    return { store, partnerId, today, statusOf, settlements }
  }

  const openAccount = async ({ api, channelKey }: TestStore, validHours = 24 * 60) => {
    const paymentId = newPlatformId('account')
    const body = paymentOrder(channelKey, { method: virtualAccount({ validHours }) })
    await api.call('payInstantly', { path: { paymentId }, body })
    return paymentId
  }

  const list = async ({ api }: TestStore, filter: NonNullable<GetPlatformTransferSummariesBody['filter']>) =>
    (await api.call('getPlatformTransferSummaries', { query: onTest, body: { filter } })).transferSummaries

  const rulesBroken = async () => (await audit(sql)).findings.map(({ rule, what }) => `${rule}: ${what}`)

  test('stays SCHEDULED past its settlement date, holds nobody up, and is settled once it is paid', async () => {
    const { store, partnerId, today, statusOf, settlements } = await market()
    const paymentId = await openAccount(store)
    const waiting = await registerOrder(store, orderOf(partnerId, paymentId, { settlementStartDate: today }))
    const other = await registerOrder(store, externalOrder(partnerId, { settlementStartDate: today }))
    assert.deepEqual([waiting.status, other.status], ['SCHEDULED', 'IN_PROCESS'])
    await store.advance({ days: 5 })
    assert.deepEqual([await statusOf(waiting.id), await statusOf(other.id)], ['SCHEDULED', 'SETTLED'])
    const [settled] = await settlements()
    assert(settled?.type === 'ORDER')
    assert.equal(settled.amount.order, 10_000)
    for (const statuses of [['SCHEDULED'], ['SCHEDULED', 'IN_PROCESS']] as const)
      for (const filter of [{ statuses: [...statuses] }, { statuses: [...statuses], keyword: { partnerId } }])
        assert.deepEqual(
          (await list(store, filter)).map(({ id }) => id),
          [waiting.id],
        )
    assert.deepEqual(await rulesBroken(), [])

    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.advance({ days: 1 })
    const taken = await store.api.call('getPlatformTransfer', { path: { id: waiting.id }, query: onTest })
    // From the day on which it was paid: under a date that is over nobody would see it.
    const next = new Date(Date.parse(today) + 6 * 86_400_000).toISOString().slice(0, 10)
    assert.deepEqual([taken.status, taken.settlementDate], ['SETTLED', next])
    assert.equal((await settlements()).length, 2)
    assert.deepEqual(await rulesBroken(), [])
    const days = await sql`select from platform_days where store_id = ${store.storeId} and due_at is null`
    assert.equal(days.count, 0)
  })

  test('is settled by the day of payment also where something was given back before it was taken up', async () => {
    const { store, partnerId, today, settlements } = await market()
    const refundAccount = { bank: 'SHINHAN', number: '110123456789', holderName: '홍길동' } as const
    const ids: string[] = []
    for (const amount of [undefined, 3_000]) {
      const paymentId = await openAccount(store)
      ids.push((await registerOrder(store, orderOf(partnerId, paymentId, { settlementStartDate: today }))).id)
      await store.advance({ days: 5 })
      await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
      const body = { reason: 'return', refundAccount, ...(amount === undefined ? {} : { amount }) }
      if (amount !== undefined) await store.api.call('cancelPayment', { path: { paymentId }, body })
      await store.advance({ days: 3 })
    }
    const dates = await Promise.all(
      ids.map(
        async (id) => (await store.api.call('getPlatformTransfer', { path: { id }, query: onTest })).settlementDate,
      ),
    )
    const dayIn = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10)
    assert.deepEqual(dates, [dayIn(6), dayIn(14)])
    assert.equal((await settlements()).length, 2)
    assert.deepEqual(await rulesBroken(), [])
  })

  test('is never settled where the payment fails, and can be deleted', async () => {
    const { store, partnerId, today, statusOf, settlements } = await market()
    const paymentId = await openAccount(store, 24)
    const tomorrow = new Date(Date.parse(today) + 3 * 86_400_000).toISOString().slice(0, 10)
    const { id } = await registerOrder(store, orderOf(partnerId, paymentId, { settlementStartDate: tomorrow }))
    await store.advance({ days: 90 })
    assert.equal(await statusOf(id), 'SCHEDULED')
    assert.deepEqual(await settlements(), [])
    assert.deepEqual(await rulesBroken(), [])
    await store.api.call('deletePlatformTransfer', { path: { id }, query: onTest })
  })

  test('waits too where the payment was given back in full, until its cancellation is registered', async () => {
    const { store, partnerId, today, statusOf, settlements } = await market()
    const tomorrow = new Date(Date.parse(today) + 2 * 86_400_000).toISOString().slice(0, 10)
    const start = { settlementStartDate: tomorrow }
    const [paymentId, kept] = [await pay(store), await pay(store)]
    const order = await registerOrder(store, orderOf(partnerId, paymentId, start))
    const partly = await registerOrder(store, orderOf(partnerId, kept, start))
    const cancellationId = await refund(store, paymentId)
    await refund(store, kept, 4_000)
    await store.advance({ days: 10 })
    assert.deepEqual([await statusOf(order.id), await statusOf(partly.id)], ['SCHEDULED', 'SETTLED'])
    const { externalCancellationDetail: _, ...ours } = externalCancel(order.id, { cancellationId })
    const cancel = await registerCancel(store, ours)
    assert.equal(cancel.status, 'SCHEDULED')
    await store.advance({ days: 1 })
    assert.deepEqual([await statusOf(order.id), await statusOf(cancel.id)], ['SETTLED', 'SETTLED'])
    assert.deepEqual(
      (await settlements()).map(({ type }) => type),
      ['ORDER_CANCEL', 'ORDER'],
    )
    assert.deepEqual(await rulesBroken(), [])
  })

  test('waits too where it is registered after all of the payment was given back, on whichever day', async () => {
    const { store, partnerId, today, statusOf, settlements } = await market()
    const paymentId = await pay(store)
    const cancellationId = await refund(store, paymentId)
    const atOnce = await registerOrder(store, orderOf(partnerId, paymentId))
    assert.equal(atOnce.status, 'SCHEDULED')
    const other = await pay(store)
    await refund(store, other)
    await store.advance({ days: 3 })
    const later = await registerOrder(store, orderOf(partnerId, other, { settlementStartDate: today }))
    await store.advance({ days: 3 })
    assert.deepEqual([await statusOf(atOnce.id), await statusOf(later.id)], ['SCHEDULED', 'SCHEDULED'])
    assert.deepEqual(await settlements(), [])
    const { externalCancellationDetail: _, ...ours } = externalCancel(atOnce.id, { cancellationId })
    const cancel = await registerCancel(store, ours)
    await store.advance({ days: 1 })
    assert.deepEqual([await statusOf(atOnce.id), await statusOf(cancel.id)], ['SETTLED', 'SETTLED'])
    assert.deepEqual(await rulesBroken(), [])
  })

  test('is never paid out without what takes it back: one payout has both', async () => {
    const { store, partnerId, today, settlements } = await market()
    const start = new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10)
    const order = await registerOrder(store, externalOrder(partnerId, { settlementStartDate: start }))
    const cancel = await registerCancel(store, externalCancel(order.id))
    assert.deepEqual([cancel.status, cancel.settlementDate], ['SCHEDULED', order.settlementDate])
    await store.advance({ days: 40 })
    assert.deepEqual((await settlements()).map(({ type, settlementDate }) => [type, settlementDate]).sort(), [
      ['ORDER', order.settlementDate],
      ['ORDER_CANCEL', order.settlementDate],
    ])
  })

  test('waits too where less was paid in the end than was registered', async () => {
    const { store, partnerId, today, statusOf } = await market()
    const paymentId = await openAccount(store)
    const { id } = await registerOrder(store, orderOf(partnerId, paymentId, { settlementStartDate: today }))
    const body = { ...paymentOrder(store.channelKey), amount: { total: 5_000 } }
    await store.api.call('payInstantly', { path: { paymentId }, body })
    await store.advance({ days: 5 })
    assert.equal(await statusOf(id), 'SCHEDULED')
  })

  test('is found by an audit where an earlier version has settled it', async () => {
    const { store, partnerId, today } = await market()
    const paymentId = await openAccount(store, 24)
    const { id } = await registerOrder(store, orderOf(partnerId, paymentId, { settlementStartDate: today }))
    await sql`update platform_transfers set status = 'IN_PROCESS', settlement_date = '2098-12-31' where transfer_id = ${id}`
    await sql`update platform_days set day = '2098-12-31' where store_id = ${store.storeId}
      and day = (select max(day) from platform_days where store_id = ${store.storeId})`
    const found = (await audit(sql)).findings.filter((finding) => finding.paymentId === paymentId)
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['settled-is-paid'],
    )
    assert.match(found[0]?.what ?? '', /VIRTUAL_ACCOUNT_ISSUED.*Delete the transfer/)
  })
})
