import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestDatabase, untilSomebodyWaits } from '../../../test/support/database.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { market } from '../testing/market.ts'
import { countingRows } from '../testing/rows-handled.ts'
import { deleteSettlements } from './delete.ts'
import { setSettlementStatus } from './set-status.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
const { sql } = database

const typeOf = (outcome: object): string | undefined => (outcome instanceof Refusal ? outcome.body.type : undefined)

test('settlements go with their transfers, all of them or none', async () => {
  const place = await market(sql, 'deletes')
  const [first, second] = [
    await place.transfer({ settlement: 1 }),
    await place.transfer({ settlement: 2, partner: 'b' }),
  ]
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  assert.equal(
    typeOf(await deleteSettlements(sql, place.request(), [...ids, 'none'])),
    'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND',
  )
  assert.equal((await place.settlements()).length, 2)
  assert.deepEqual(await deleteSettlements(sql, place.request(), [...ids, ...ids]), {})
  assert.deepEqual(await place.settlements(), [])
  const deleted = await sql<{ id: string }[]>`
    select transfer_id as id from platform_transfers where merchant_id = 'deletes' and deleted_at is not null order by 1`
  assert.deepEqual(
    deleted.map(({ id }) => id),
    [first, second],
  )
})

const count = 200

test('hundreds of settlements, of which statistics know nothing, are not compared each with each', async () => {
  const place = await market(sql, 'settlements')
  await place.addLike(await place.transfer(), count - 1, 'partner_id')
  assert.equal(await place.settle(), count)
  const ids = (await place.settlements()).map(({ id }) => id)
  await using counting = countingRows(database.url)
  const handled = await counting.handledBy(async (reader) =>
    assert.deepEqual(await deleteSettlements(reader, place.request(), ids), {}),
  )
  assert.ok(handled < 100 * count, `${handled} rows for ${count} settlements`)
  assert.deepEqual(await place.settlements(), [])
  assert.deepEqual(await place.transferStatuses(), [])
})

test('nor are hundreds of orders and their cancellations', async () => {
  const place = await market(sql, 'hundreds')
  await sql`analyze`
  for (let number = 0; number < count; number++) await place.transfer({ partner: `partner-${number}` })
  for (let number = 0; number < count; number++)
    await place.transfer({ partner: `partner-${number}`, type: 'ORDER_CANCEL' })
  await place.settle()
  await sql`
    update platform_transfers set payment_type = 'PORT_ONE', payment_id = 'payment-' || partner_id, search = '{product:tea}',
      cancel_count = (type = 'ORDER')::integer, cancelled_order_amount = case type when 'ORDER' then 10000 else 0 end
    where merchant_id = 'hundreds'`
  await sql`
    update platform_transfers c set original_transfer_id = o.transfer_id from platform_transfers o
    where c.merchant_id = 'hundreds' and c.type = 'ORDER_CANCEL' and o.merchant_id = 'hundreds' and o.type = 'ORDER'
      and o.partner_id = c.partner_id`
  await sql`
    insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
    select merchant_id, is_for_test, 'product:tea', created_at, transfer_id from platform_transfers
    where merchant_id = 'hundreds'`
  await sql`
    insert into platform_payments (merchant_id, is_for_test, payment_store_id, payment_type, payment_id, payment_amount,
      tax_free_amount, payment_amount_cap, tax_free_amount_cap, partners)
    select merchant_id, is_for_test, payment_store_id, payment_type, payment_id, 10000, 0, 30000, 0,
      jsonb_build_object(partner_id, 1)
    from platform_transfers where merchant_id = 'hundreds' and type = 'ORDER'`
  await sql`
    insert into platform_cancellations (merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id,
      payment_amount, tax_free_amount, payment_amount_cap, tax_free_amount_cap)
    select merchant_id, is_for_test, payment_store_id, payment_id, cancellation_id, 10000, 0, 10000, 0
    from platform_transfers where merchant_id = 'hundreds' and type = 'ORDER_CANCEL'`
  const settlements = await sql<{ id: string; type: string }[]>`
    select partner_settlement_id as id, type from platform_partner_settlements where merchant_id = 'hundreds'`
  const idsOf = (type: string) => settlements.filter((one) => one.type === type).map(({ id }) => id)
  await using counting = countingRows(database.url)
  const refused: unknown[] = []
  const read = [
    await counting.handledBy(async (reader) =>
      refused.push(await deleteSettlements(reader, place.request(), idsOf('ORDER'))),
    ),
    await counting.handledBy((reader) => deleteSettlements(reader, place.request(), idsOf('ORDER_CANCEL'))),
  ]
  assert.ok(refused[0] instanceof Refusal)
  const [restored] = await sql`
    select sum(cancel_count) as cancels, sum(cancelled_order_amount)::bigint as amount, count(*) as orders
    from platform_transfers where merchant_id = 'hundreds' and deleted_at is null`
  assert.deepEqual({ ...restored }, { cancels: 0, amount: 0, orders: count })
  read.push(await counting.handledBy((reader) => deleteSettlements(reader, place.request(), idsOf('ORDER'))))
  assert.deepEqual([await place.settlements(), await place.transferStatuses()], [[], []])
  const [left] = await sql`
    select (select count(*) from platform_transfer_entries where merchant_id = 'hundreds') as entries,
      (select sum(payment_amount)::bigint from platform_payments where merchant_id = 'hundreds') as payments,
      (select sum(payment_amount)::bigint from platform_cancellations where merchant_id = 'hundreds') as cancellations`
  assert.deepEqual({ ...left }, { entries: 0, payments: 0, cancellations: 0 })
  assert.ok(Math.max(...read) < 100 * count, `${read.join(', ')} rows for ${count} orders and cancellations`)
})

test('a transfer that is changed meanwhile goes too', async () => {
  const place = await market(sql, 'changed')
  const changed = await place.transfer({ partner: 'a' })
  await place.transfer({ partner: 'b' })
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  const deletion = await sql.begin(async (transaction) => {
    await transaction`update platform_transfers set memo = 'changed' where transfer_id = ${changed}`
    const waiting = deleteSettlements(sql, place.request(), ids)
    await untilSomebodyWaits(transaction)
    return { waiting }
  })
  assert.deepEqual(await deletion.waiting, {})
  assert.deepEqual([await place.settlements(), await place.transferStatuses()], [[], []])
})

test('a settlement that is being paid stays', async () => {
  const place = await market(sql, 'stays')
  await place.transfer()
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  await sql`
    update platform_partner_settlements set status = 'CONFIRMED', payout_id = 'po', is_open = false
    where merchant_id = 'stays'`
  assert.equal(typeOf(await deleteSettlements(sql, place.request(), ids)), 'PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS')
})

test('an order with a cancellation goes only with it', async () => {
  const place = await market(sql, 'cancels')
  const order = await place.transfer({ settlement: 10 })
  const cancel = await place.transfer({ settlement: 4, type: 'ORDER_CANCEL', date: '2026-03-01' })
  await sql`update platform_transfers set original_transfer_id = ${order} where transfer_id = ${cancel}`
  await sql`
    update platform_transfers set cancel_count = 1, cancelled_order_amount = 10000 where transfer_id = ${order}`
  await place.settle()
  const [ofCancel = '', ofOrder = ''] = (await place.settlements()).map(({ id }) => id)
  assert.equal(
    typeOf(await deleteSettlements(sql, place.request(), [ofOrder])),
    'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST',
  )
  assert.deepEqual(await deleteSettlements(sql, place.request(), [ofCancel]), {})
  const [left] = await sql`
    select cancel_count, cancelled_order_amount from platform_transfers where transfer_id = ${order}`
  assert.deepEqual({ ...left }, { cancel_count: 0, cancelled_order_amount: 0 })
  assert.deepEqual(await deleteSettlements(sql, place.request(), [ofOrder]), {})
})

test('an order and its cancellation can go together', async () => {
  const place = await market(sql, 'together')
  const order = await place.transfer({ settlement: 10 })
  const cancel = await place.transfer({ settlement: 4, type: 'ORDER_CANCEL' })
  await sql`update platform_transfers set original_transfer_id = ${order} where transfer_id = ${cancel}`
  await sql`
    update platform_transfers set cancel_count = 1, cancelled_order_amount = 10000 where transfer_id = ${order}`
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  assert.deepEqual(await deleteSettlements(sql, place.request(), ids), {})
})

test('what was registered of a payment can be registered anew', async () => {
  const place = await market(sql, 'caps')
  await sql`
    insert into platform_payments (merchant_id, is_for_test, payment_store_id, payment_type, payment_id, payment_amount,
      tax_free_amount, partners)
    values ('caps', false, 'caps-store', 'EXTERNAL', 'payment', 30000, 0, '{"partner": 2, "other": 1}')`
  await place.transfer()
  await place.transfer({ partner: 'other' })
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  await deleteSettlements(sql, place.request(), ids)
  const [payment] = await sql`select payment_amount, partners from platform_payments where merchant_id = 'caps'`
  assert.deepEqual({ ...payment }, { payment_amount: 10_000, partners: { partner: 1 } })
})

test('a settlement run beside a deletion: every transfer is either deleted, or in a settlement that has its amount', async () => {
  for (let round = 0; round < 10; round++) {
    const place = await market(sql, `beside-${round}`)
    await place.transfer({ settlement: 1 })
    await place.settle()
    const ids = (await place.settlements()).map(({ id }) => id)
    await place.transfer({ settlement: 10 })
    await place.transfer({ settlement: 100 })
    await Promise.all([place.settle(), place.settle(), deleteSettlements(sql, place.request(), ids)])
    const settlements = await place.settlements()
    const total = (field: 'settlement' | 'count') => settlements.reduce((sum, one) => sum + one[field], 0)
    assert.deepEqual({ settlement: total('settlement'), count: total('count') }, await place.settledSum())
    assert.equal((await place.transferStatuses()).includes('IN_PROCESS'), false)
  }
})

test('by hand a settlement is withheld, left out, and made payable again', async () => {
  const place = await market(sql, 'by-hand')
  await place.transfer()
  await place.settle()
  const ids = (await place.settlements()).map(({ id }) => id)
  const set = async (status: 'PAYOUT_PREPARED' | 'PAYOUT_WITHHELD' | 'PAYOUT_EXCLUDED') =>
    setSettlementStatus(sql, place.request(), ids, status, { memo: 'asked for by the partner', actor: 'admin' })
  assert.equal(typeOf(await set('PAYOUT_PREPARED')), 'INVALID_REQUEST')
  const unknown = Array.from({ length: 12 }, (_, index) => `none-${index}`)
  const refused = await setSettlementStatus(sql, place.request(), unknown, 'PAYOUT_WITHHELD', { actor: 'admin' })
  assert.ok(refused instanceof Refusal)
  assert.match(refused.body.message ?? '', /none-0, .*none-9, … \(12 in all\)\. Nothing was changed/)
  for (const status of ['PAYOUT_WITHHELD', 'PAYOUT_EXCLUDED', 'PAYOUT_PREPARED'] as const) {
    assert.deepEqual(await set(status), { changed: 1 })
    assert.equal((await place.settlements())[0]?.status, status)
  }
  // What comes later is not what the person decided about.
  await place.transfer()
  await place.settle()
  assert.equal((await place.settlements()).length, 2)
})
