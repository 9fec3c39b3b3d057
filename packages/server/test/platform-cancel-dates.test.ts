import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adminOf, newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'
import { newContract, newPartner } from './support/platform.ts'
import { externalCancel, externalOrder, registerCancel, registerOrder } from './support/platform-transfers.ts'

describe('the settlement date of a cancellation', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  await store.api.call('stopSandboxClock')
  const admin = adminOf(naru.url, await newAdmin(naru.database.sql, store.storeId))
  const settlementCycle = { lagDays: 1, datePolicy: 'HOLIDAY_AFTER', method: { daily: {} } } as const
  const partnerId = await newPartner(store, { defaultContractId: await newContract(store, { settlementCycle }) })
  const day = async (ahead: number) =>
    new Date((await store.now()) + 9 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10)
  const dateOf = async (id: string) =>
    (await store.api.call('getPlatformTransfer', { path: { id }, query: { test: true } })).settlementDate

  test('is that of an order which is settled later than its cycle says, unless the request names one', async () => {
    const settlementDate = await day(90)
    const order = await registerOrder(store, externalOrder(partnerId, { settlementDate }))
    assert.equal(order.status, 'IN_PROCESS')
    const part = { orderDetail: { orderAmount: 1_000 } }
    assert.equal((await registerCancel(store, externalCancel(order.id, part))).settlementDate, settlementDate)
    const named = await day(2)
    const given = { ...part, settlementDate: named }
    assert.equal((await registerCancel(store, externalCancel(order.id, given))).settlementDate, named)
    const later = await day(200)
    const afterwards = { ...part, settlementStartDate: later }
    assert.ok((await registerCancel(store, externalCancel(order.id, afterwards))).settlementDate > later)
  })

  test('stays so where the calendar is corrected before it starts', async () => {
    const settlementDate = await day(90)
    const order = await registerOrder(store, externalOrder(partnerId, { settlementDate }))
    const startsLater = { settlementStartDate: await day(40), orderDetail: { orderAmount: 1_000 } }
    const cancel = await registerCancel(store, externalCancel(order.id, startsLater))
    assert.deepEqual([cancel.status, cancel.settlementDate], ['SCHEDULED', settlementDate])
    const free = await registerOrder(store, externalOrder(partnerId, { settlementStartDate: await day(40) }))
    const takenBack = await registerCancel(store, externalCancel(free.id))
    assert.equal(takenBack.settlementDate, free.settlementDate)
    const closed = await admin('PUT', `/holidays/${free.settlementDate}`, { name: 'Closed', isClosed: true })
    assert.equal(closed.status, 200, JSON.stringify(closed.body))
    const moved = await dateOf(free.id)
    assert.ok(moved > free.settlementDate)
    assert.equal(await dateOf(takenBack.id), moved)
    assert.equal(await dateOf(cancel.id), settlementDate)
    await store.advance({ days: 41 })
    assert.equal(await dateOf(cancel.id), settlementDate)
  })
})
