import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { startNaru } from './support/naru.ts'
import { newPartner } from './support/platform.ts'
import {
  externalCancel,
  externalOrder,
  orderOf,
  pay,
  refund,
  registerCancel,
  registerOrder,
} from './support/platform-transfers.ts'

describe('the audit of transfers', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const { sql } = naru.database
  const partnerId = await newPartner(store)
  const paymentId = await pay(store)
  const order = await registerOrder(store, orderOf(partnerId, paymentId))
  const cancellationId = await refund(store, paymentId, 4_000)
  const { externalCancellationDetail: _, ...ours } = externalCancel(order.id, { cancellationId })
  const cancel = await registerCancel(store, { ...ours, orderDetail: { orderAmount: 4_000 } })
  const paidAt = '2026-03-01T00:00:00Z'
  const settled = await registerOrder(
    store,
    externalOrder(partnerId, { externalPaymentDetail: { currency: 'KRW', paidAt } }),
  )
  const given = await registerOrder(
    store,
    externalOrder(await newPartner(store), { settlementStartDate: '2099-01-01', settlementDate: '2099-01-02' }),
  )
  const rulesBroken = async () => [...new Set((await audit(sql)).findings.map(({ rule }) => rule))].sort()

  test('finds nothing where nothing is wrong', async () => assert.deepEqual(await rulesBroken(), []))

  const faults = [
    [
      'an order of other amounts than it computes to',
      'transfer-is-the-computation',
      () => sql`
      update platform_transfers set platform_fee = platform_fee - 100, settlement = settlement + 100
      where transfer_id = ${given.id}`,
    ],
    [
      'cancellations of more than the order',
      'cancels-are-within-the-order',
      () => sql`
      update platform_transfers set platform_fee = 1001 where transfer_id = ${cancel.id}`,
    ],
    [
      'cancellations that are not counted',
      'cancels-are-within-the-order',
      () => sql`
      update platform_transfers set cancel_count = 2 where transfer_id = ${order.id}`,
    ],
    [
      'a payment that counts less than its transfers',
      'registered-is-the-sum',
      () => sql`
      update platform_payments set payment_amount = 9000 where payment_id = ${paymentId}`,
    ],
    [
      'a partner whose transfers are not counted',
      'registered-is-the-sum',
      () => sql`
      update platform_payments set partners = '{}' where payment_id = ${paymentId}`,
    ],
    [
      'a cancellation that counts less than its transfers',
      'registered-is-the-sum',
      () => sql`
      update platform_cancellations set payment_amount = 3000 where cancellation_id = ${cancellationId}`,
    ],
    [
      'a settlement that is not the sum of its transfers',
      'settlement-is-the-sum',
      () => sql`
      update platform_partner_settlements set settlement = settlement + 1
      where partner_settlement_id = (select partner_settlement_id from platform_transfers where transfer_id = ${settled.id})`,
    ],
    [
      'a date before the start',
      'settled-after-the-start',
      () => sql`
      update platform_transfers set settlement_start_date = '2099-01-03' where transfer_id = ${given.id}`,
    ],
    [
      'a transfer that waits for a day that nobody looks at',
      'waiting-is-awaited',
      () => sql`
      update platform_transfers set settlement_date = '2099-12-31' where transfer_id = ${given.id}`,
    ],
  ] as const
  for (const [name, rule, plant] of faults)
    test(`finds ${name}`, async () => {
      const kept = await Promise.all([
        sql`select * from platform_transfers`,
        sql`select * from platform_payments`,
        sql`select * from platform_cancellations`,
        sql`select * from platform_partner_settlements`,
      ])
      await plant()
      assert.deepEqual(await rulesBroken(), [rule])
      await restore(kept)
    })

  test('finds the transfers of a version that is gone, and whatever else is wrong', async () => {
    const kept = await sql`delete from platform_versions where kind = 'CONTRACT' returning *`
    await sql`update platform_payments set payment_amount = 9000 where payment_id = ${paymentId}`
    const { findings } = await audit(sql)
    await sql`insert into platform_versions ${sql([...kept])}`
    await sql`update platform_payments set payment_amount = 10000 where payment_id = ${paymentId}`
    const named = (id: string) =>
      findings.filter(({ rule, what }) => rule === 'transfer-is-the-computation' && what.includes(id))
    for (const { id } of [order, cancel, settled, given]) {
      assert.equal(named(id).length, 1, id)
      assert.match(named(id)[0]?.what ?? '', /is computed by version 1 of CONTRACT .*, which is not there/)
    }
    assert.deepEqual([...new Set(findings.map(({ rule }) => rule))].sort(), [
      'registered-is-the-sum',
      'transfer-is-the-computation',
    ])
    assert.deepEqual(await rulesBroken(), [])
  })

  test('finds a transfer whose details cannot be read', async () => {
    const [kept] = await sql`select detail from platform_transfers where transfer_id = ${given.id}`
    await sql`update platform_transfers set detail = '{}' where transfer_id = ${given.id}`
    const { findings } = await audit(sql)
    await sql`update platform_transfers set detail = ${sql.json(kept?.detail)} where transfer_id = ${given.id}`
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['transfer-is-the-computation'],
    )
    assert.match(findings[0]?.what ?? '', new RegExp(`transfer ${given.id} cannot be computed anew: `))
  })

  test('says how to mend an order of an earlier version, whose tax-free part is no part of what it settles', async () => {
    const setTaxFree = (id: string, amount: number) =>
      sql`update platform_transfers set settlement_tax_free = ${amount} where transfer_id = ${id}`
    await setTaxFree(order.id, -1)
    const found = (await audit(sql)).findings.map(({ what }) => what)
    assert.equal(found.length, 1)
    assert.match(
      found[0] ?? '',
      new RegExp(`tax-free part of the order transfer ${order.id} .*Delete it.* register it anew`),
    )
    await setTaxFree(order.id, 0)
    await setTaxFree(given.id, -1)
    assert.deepEqual(await rulesBroken(), [], 'one that has not started is computed anew when it starts')
    await setTaxFree(given.id, 0)
  })

  const restore = async ([transfers, payments, cancellations, settlements]: readonly (readonly object[])[]) => {
    const tables = [
      ['platform_transfers', transfers],
      ['platform_payments', payments],
      ['platform_cancellations', cancellations],
      ['platform_partner_settlements', settlements],
    ] as const
    for (const [table, rows] of tables) {
      await sql`delete from ${sql(table)}`
      for (const row of rows ?? []) {
        const { scheduled_start: _generated, ...own }: { readonly scheduled_start?: unknown } = row
        await sql`insert into ${sql(table)} ${sql({ ...own })}`
      }
    }
  }
})
