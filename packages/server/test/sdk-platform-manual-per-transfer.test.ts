import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { type AdminAnswer, adminOf, newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'
import { newPartner } from './support/platform.ts'

describe('manualSettlementPerTransfer, from registering to the bank, on two servers', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newMerchant()
  const secret = await newAdmin(sql, store.storeId)
  const [here, there] = [adminOf(naru.url, secret), adminOf(second.url, secret)]
  const { platform } = store.portone
  await store.api.call('stopSandboxClock')
  // The first transfer to this account is refused.
  const account = { bank: 'SHINHAN', currency: 'KRW', number: '990000000005', holder: '홍길동' } as const
  const partnerId = await newPartner(store, { account, type: { whtPayer: {} } })

  const setting = (manualSettlementPerTransfer: boolean) =>
    store.api.call('updatePlatformSetting', { query: { test: true }, body: { manualSettlementPerTransfer } })
  const register = (settlementDate: string, settlementAmount: number) =>
    platform.transfer.createPlatformManualTransfer({ test: true, partnerId, settlementAmount, settlementDate })
  const day = async (ahead: number) =>
    new Date((await store.now()) + 9 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10)
  const done = ({ status, body }: AdminAnswer) => {
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const payouts = async (bulkPayoutId: string) => {
    const { items } = await platform.payout.getPlatformPayouts({ test: true, filter: { criteria: { bulkPayoutId } } })
    return items.toSorted((one, other) => one.settlementAmount - other.settlementAmount)
  }
  const shown = async (bulkPayoutId: string) =>
    (await payouts(bulkPayoutId)).map(({ settlementAmount, amount, incomeTaxAmount, localIncomeTaxAmount, status }) => [
      settlementAmount,
      amount,
      incomeTaxAmount + localIncomeTaxAmount,
      status,
    ])

  test('what was decided at registration holds, whatever the setting is when it is settled, prepared and generated', async () => {
    const settlementDate = await day(1)
    await register(settlementDate, -100)
    await register(settlementDate, 900)
    await setting(true)
    for (let count = 0; count < 3; count++) await register(settlementDate, 333)
    await assert.rejects(register(settlementDate, -1))
    await setting(false)
    await register(settlementDate, 199)
    await store.advance({ days: 1 })
    const { items } = await platform.partnerSettlement.getPlatformPartnerSettlements({ test: true, filter: {} })
    assert.equal(items.length, 4)
    const prepared = done(
      await here('POST', '/bulk-payouts?test=true', { id: 'run', settlementDates: [settlementDate] }),
    )
    assert.deepEqual(
      Array.from(prepared.selected, (net: { settlementAmount: number }) => net.settlementAmount).toSorted(
        (one, other) => one - other,
      ),
      [333, 333, 333, 999],
    )
    await setting(true)
    const generate = '/bulk-payouts/run/generate?test=true'
    const answers = await Promise.all([here('POST', generate), there('POST', generate), here('POST', generate)])
    assert.ok(answers.some(({ status }) => status === 200))
    // 3 % of 333 is less than ten won; of what is paid together 20 are withheld.
    assert.deepEqual(await shown('run'), [
      [333, 333, 0, 'CONFIRMED'],
      [333, 333, 0, 'CONFIRMED'],
      [333, 333, 0, 'CONFIRMED'],
      [999, 979, 20, 'CONFIRMED'],
    ])
  })

  test('one of several payouts of a partner fails, and is retried by itself', async () => {
    const [one] = await payouts('run')
    assert.ok(one)
    const run = '/bulk-payouts/run'
    const only = { payoutIds: [one.id] }
    const statuses = async () => (await shown('run')).map(([, , , status]) => status).toSorted()
    done(await here('POST', `${run}/execute?test=true`, only))
    await store.advance({ minutes: 2 })
    assert.deepEqual(await statuses(), ['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'FAILED'])
    assert.equal(done(await there('POST', `${run}/retry?test=true`)).changed, 1)
    await store.advance({ minutes: 2 })
    assert.deepEqual(await statuses(), ['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'SUCCEEDED'])
  })

  test('a partner who is rejected is left out with every payout, and paid with every one once approved again', async () => {
    const decide = async (status: 'APPROVED' | 'REJECTED') =>
      done(await here('POST', '/partners/status?test=true', { partnerIds: [partnerId], status }))
    await decide('REJECTED')
    const refused = await here('POST', '/bulk-payouts/run/execute?test=true')
    assert.equal(refused.status, 400)
    assert.match(String(refused.body.message), new RegExp(`these are not: ${partnerId} \\(REJECTED\\)\\. `))
    await decide('APPROVED')
    assert.equal(done(await here('POST', '/bulk-payouts/run/execute?test=true')).changed, 3)
    await store.advance({ minutes: 2 })
    assert.deepEqual(
      (await shown('run')).map(([, amount, , status]) => [amount, status]),
      [
        [333, 'SUCCEEDED'],
        [333, 'SUCCEEDED'],
        [333, 'SUCCEEDED'],
        [979, 'SUCCEEDED'],
      ],
    )
    const [bank] = await sql<[{ left: number; times: number }]>`
      select sum(amount)::bigint as left, count(*) as times from sandbox_bank_entries where state = 'DONE'`
    assert.deepEqual({ ...bank }, { left: 3 * 333 + 979, times: 4 })
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
