import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Queryable } from '../src/db/connect.ts'
import type { Json } from '../src/http/testing/api.ts'
import { createEncryption } from '../src/kernel/encryption.ts'
import { Refusal } from '../src/kernel/refusal.ts'
import { createAdminSecret } from '../src/merchants/admin-secrets.ts'
import { sandboxStore } from '../src/merchants/testing/store.ts'
import { approve, enrolApprover } from '../src/platform/payouts/approval.ts'
import { adminOf, newAdmin } from './support/admin.ts'
import { untilSomebodyWaits } from './support/database.ts'
import { startNaru, type TestNaru } from './support/naru.ts'
import { newContract, newPartner } from './support/platform.ts'
import { externalOrder, registerOrder } from './support/platform-transfers.ts'

const merchantOf = async ({ database, storeId }: TestNaru): Promise<string> => {
  const [{ merchantId }] = await database.sql<[{ merchantId: string }]>`
    select merchant_id as "merchantId" from stores where store_id = ${storeId}`
  return merchantId
}

describe('paying partners', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const merchantId = await merchantOf(naru)
  const { secret } = await createAdminSecret(sql, { merchantId, storeId: naru.storeId, name: 'test' })
  const call = adminOf(naru.url, secret)
  const today = new Date().toISOString().slice(0, 10)

  const settled = async (partnerId: string, settlement: number) => {
    // Inserted as settled, because how orders become transfers is another test's subject.
    await sql`
      insert into platform_transfers (merchant_id, is_for_test, transfer_id, store_id, type, status, partner_id,
        partner_version, setting_version, currency, settlement_date, settlement, settlement_tax_free, created_at)
      values (${merchantId}, false, ${`trs-${partnerId}`}, ${naru.storeId}, 'MANUAL', 'IN_PROCESS', ${partnerId}, 1, 0,
        'KRW', ${today}, ${settlement}, 0, now())`
    await sql`
      insert into platform_days (merchant_id, is_for_test, store_id, day, due_at)
      values (${merchantId}, false, ${naru.storeId}, ${today}, now()) on conflict do nothing`
  }

  test('a query parameter that an operation does not have is refused: a misspelt one would mean what is live', async () => {
    const { status, body } = await call('GET', '/owed?tset=true')
    assert.equal(status, 400)
    assert.match(
      String(body.message),
      /^The query parameter "tset" must not be given: there is no such parameter\. This operation has .*test/,
    )
    assert.equal((await call('GET', '/owed?test=true')).status, 200)
  })

  test('a field that an operation does not have is refused, and one that is null: either would mean all payouts', async () => {
    const bodies = [
      ['/bulk-payouts', { settlementDates: [today], partnerIDs: ['one'] }, /partnerIDs/],
      ['/bulk-payouts', { settlementDates: [today], partners: ['one'] }, /partners/],
      ['/bulk-payouts/run/execute', { payoutIds: null }, /payoutIds must not be null: leave it out/],
      ['/bulk-payouts/run/generate', { payoutIds: ['one'] }, /payoutIds must not be given/],
      ['/bulk-payouts/run/discard', { partnerSettlementIds: ['one'] }, /partnerSettlementIds must not be given/],
    ] as const
    for (const [path, body, message] of bodies) {
      const refused = await call('POST', path, body)
      assert.equal(refused.status, 400, path)
      assert.match(String(refused.body.message), message)
    }
  })

  const until = async (isSo: () => Promise<boolean>) => {
    const over = AbortSignal.timeout(240_000)
    while (!(await isSo())) over.throwIfAborted()
  }

  const createPartner = async (id: string) => {
    const { partner, policy } = naru.portone.platform
    await policy.createPlatformContract({
      id: 'contract',
      name: 'Contract',
      platformFee: { fixedRate: 10_000 },
      settlementCycle: { lagDays: 1, datePolicy: 'CALENDAR_DAY', method: { daily: {} } },
      platformFeeVatPayer: 'PARTNER',
      subtractPaymentVatAmount: false,
    })
    await partner.createPlatformPartner({
      id,
      name: 'Seller',
      contact: { name: 'Seller', email: 'seller@example.com' },
      account: { bank: 'SHINHAN', currency: 'KRW', number: '110123456789', holder: '홍길동' },
      defaultContractId: 'contract',
      type: { whtPayer: {} },
      tags: [],
    })
  }

  test('an API secret lets no money go, and an admin secret opens nothing else', async () => {
    const refused = await call(
      'POST',
      '/bulk-payouts',
      { settlementDates: [today] },
      { authorization: `PortOne ${naru.apiSecret}` },
    )
    assert.equal(refused.status, 401)
    const document = await fetch(`${naru.url}/admin/openapi.json`)
    const { paths }: Json = await document.json()
    assert.ok('/admin/platform/bulk-payouts' in paths)
  })

  test('from what was settled to what the bank has in its books', async () => {
    await createPartner('seller')
    await settled('seller', 1_000_000)
    await until(async () => (await sql`select from platform_partner_settlements`).count === 1)
    const prepared = await call('POST', '/bulk-payouts', { id: 'run', settlementDates: [today] })
    assert.equal(prepared.status, 200, JSON.stringify(prepared.body))
    assert.equal(prepared.body.selected[0].settlementAmount, 1_000_000)
    assert.equal(prepared.body.selected[0].accountStatus, 'VERIFIED')
    const generated = await call('POST', '/bulk-payouts/run/generate')
    assert.equal(generated.body.bulkPayout.payoutStats.amount.confirmed, 967_000)
    const repeated = await call('POST', '/bulk-payouts/run/generate')
    assert.equal(repeated.status, 400)
    assert.match(
      repeated.body.message,
      /run is PREPARED and has payouts: 1\. This can be done only while it is PREPARING and before/,
    )
    const refused = await call('POST', '/bulk-payouts/run/execute')
    assert.deepEqual([refused.status, refused.body.type], [403, 'FORBIDDEN'])
    await sql`update stores set asks_second_factor = false where store_id = ${naru.storeId}`
    // Two at once order it once.
    const both = await Promise.all([
      call('POST', '/bulk-payouts/run/execute'),
      call('POST', '/bulk-payouts/run/execute'),
    ])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 400])
    await until(async () => (await call('GET', '/bulk-payouts/run')).body.status === 'COMPLETED')
    const booked = await sql`select amount, state from sandbox_bank_entries`
    assert.deepEqual(
      booked.map((entry) => ({ ...entry })),
      [{ amount: 967_000, state: 'DONE' }],
    )
    const balance = await call('GET', '/balance')
    assert.equal(balance.body.balance, 999_033_000)
  })

  test('no more leaves the account at once than is in it', async () => {
    const wanted = { bank: 'SHINHAN', accountNumber: '110123456789', accountHolder: '홍길동', amount: 400_000_000 }
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/remittances', wanted)))
    // One that is on its way to the bank while another is decided counts twice for that moment.
    const accepted = answers.filter(({ status }) => status === 200)
    assert.ok(accepted.length === 1 || accepted.length === 2, `${accepted.length} were accepted`)
    const remitted = () => sql<{ status: string }[]>`
      select status from platform_account_transfers where withdrawal_type = 'REMIT'`
    await until(async () => (await remitted()).every(({ status }) => ['SUCCEEDED', 'FAILED'].includes(status)))
    assert.deepEqual(
      (await remitted()).map(({ status }) => status),
      accepted.map(() => 'SUCCEEDED'),
    )
  })

  test('one partner with absurd amounts keeps nobody from being paid', async () => {
    const [absurd, usual] = [await newPartner(naru, { test: false }), await newPartner(naru, { test: false })]
    await sql`
      insert into platform_transfers (merchant_id, is_for_test, transfer_id, store_id, type, status, partner_id,
        partner_version, setting_version, currency, settlement_date, settlement, settlement_tax_free, created_at)
      select ${merchantId}, false, 'trs-absurd-' || number, ${naru.storeId}, 'MANUAL', 'IN_PROCESS', ${absurd}, 1, 0, 'KRW',
        ${today}, 1000000000000, 0, now() from generate_series(1, 9100) as number`
    await settled(usual, 1_000)
    await sql`
      update platform_days set due_at = now() where merchant_id = ${merchantId} and store_id = ${naru.storeId} and day = ${today}`
    const waiting = () => sql`
      select from platform_transfers where merchant_id = ${merchantId} and status in ('IN_PROCESS', 'ASSIGNED')`
    await until(async () => (await waiting()).count === 0)
    const balance = await call('GET', '/balance')
    assert.deepEqual([balance.status, balance.body.owed], [200, Number.MAX_SAFE_INTEGER])
    const prepared = await call('POST', '/bulk-payouts', { id: 'beside', settlementDates: [today] })
    assert.equal(prepared.status, 200, JSON.stringify(prepared.body))
    const selected: Json[] = prepared.body.selected
    assert.equal(selected.find(({ partnerId }) => partnerId === usual)?.settlementAmount, 1_000)
    assert.ok(selected.every(({ settlementAmount }) => settlementAmount <= 8_000_000_000_000_000))
    assert.equal((await call('POST', '/bulk-payouts/beside/generate')).status, 200)
    const tooMuch = await call('POST', '/bulk-payouts/beside/execute')
    assert.deepEqual([tooMuch.status, tooMuch.body.type], [400, 'INVALID_REQUEST'])
    assert.equal((await call('POST', '/bulk-payouts/beside/cancel')).status, 200)
  })

  test('a schedule must be on the grid, outside of maintenance, in the future', async () => {
    const at = async (scheduledAt: string) =>
      (await call('POST', '/bulk-payouts/run/execute', { scheduledAt })).body.message
    assert.match(await at('2020-01-01T00:00:00Z'), /in the future/)
    assert.match(await at('2099-01-01T03:05:00Z'), /full ten minutes/)
    assert.match(await at('2099-01-01T14:00:00Z'), /22:50/)
  })

  test('a request changes at most 10,000 settlements, and a refusal of many names the first ones', async () => {
    const setting = (length: number) => {
      const partnerSettlementIds = Array.from({ length }, (_, index) => `pst-${index}`)
      return call('POST', '/partner-settlements/status', { partnerSettlementIds, status: 'PAYOUT_WITHHELD' })
    }
    const [most, tooMany] = [await setting(10_000), await setting(10_001)]
    assert.deepEqual([most.status, tooMany.status], [400, 400])
    assert.match(
      most.body.message,
      /^There are no partner settlements pst-0, .*pst-9, … \(10000 in all\)\. Nothing was changed/,
    )
    assert.match(tooMany.body.message, /partnerSettlementIds.*10,?000/)
  })

  test('the calendar of bank holidays can be corrected', async () => {
    const listed = await call('GET', '/holidays?year=2026')
    assert.equal(listed.body.isAnnounced, true)
    assert.ok(listed.body.items.some(({ date }: { date: string }) => date === '2026-09-25'))
    assert.equal((await call('PUT', '/holidays/2026-12-24', { name: '임시공휴일', isClosed: true })).status, 200)
    const added = (await call('GET', '/holidays?year=2026')).body.items.find(
      ({ date }: { date: string }) => date === '2026-12-24',
    )
    assert.equal(added.origin, 'MERCHANT')
    assert.equal((await call('DELETE', '/holidays/2026-12-24')).status, 200)
    for (const beyond of ['0001-01-01', '1969-12-31', '9990-01-01', '9999-12-31']) {
      const { status, body } = await call('PUT', `/holidays/${beyond}`, { name: '임시공휴일', isClosed: true })
      assert.equal(status, 400)
      assert.match(String(body.message), /^date must be between 1970-01-01 and 9989-12-31/)
    }
    assert.equal((await call('DELETE', '/holidays/2026-12-24')).status, 400)
  })
})

describe('the calendar', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const store = await naru.newMerchant()
  const admin = adminOf(naru.url, await newAdmin(sql, store.storeId))

  test('dates transfers anew that have not started, and no others', async () => {
    const partnerId = await newPartner(store, {
      defaultContractId: await newContract(store, {
        settlementCycle: { lagDays: 1, datePolicy: 'HOLIDAY_AFTER', method: { daily: {} } },
      }),
    })
    const register = async (wanted: Parameters<typeof externalOrder>[1]) =>
      (await registerOrder(store, externalOrder(partnerId, wanted))).id
    const start = { settlementStartDate: '2098-12-02' }
    const byCycle = await register(start)
    const given = await register({ ...start, settlementDate: '2098-12-03' })
    const started = await register({})
    const dateOf = async (id: string) =>
      (await store.api.call('getPlatformTransfer', { path: { id }, query: { test: true } })).settlementDate
    assert.equal(await dateOf(byCycle), '2098-12-03')
    const today = await dateOf(started)
    const closed = { name: '임시공휴일', isClosed: true }
    assert.deepEqual((await admin('PUT', '/holidays/2098-12-03', closed)).body, { redated: 1 })
    assert.deepEqual((await admin('PUT', `/holidays/${today}`, closed)).body, { redated: 0 })
    assert.deepEqual(await Promise.all([byCycle, given, started].map(dateOf)), ['2098-12-04', '2098-12-03', today])
    const armed = await sql`select from platform_days where day = '2098-12-04'`
    assert.equal(armed.count, 1, 'the new date is waited for')
    assert.deepEqual((await admin('DELETE', '/holidays/2098-12-03')).body, { redated: 1 })
    assert.equal(await dateOf(byCycle), '2098-12-03')
  })

  test('dates transfers that somebody else writes in another order, after PostgreSQL has undone one of the two', async () => {
    const partnerId = await newPartner(store, {
      defaultContractId: await newContract(store, {
        settlementCycle: { lagDays: 1, datePolicy: 'HOLIDAY_AFTER', method: { daily: {} } },
      }),
    })
    const later = async () =>
      (await registerOrder(store, externalOrder(partnerId, { settlementStartDate: '2098-11-03' }))).id
    const ids = [await later(), await later()]
    const lock = (rival: Queryable, id: string | undefined) =>
      rival`select from platform_transfers where transfer_id = ${id ?? ''} for update`
    const { correcting } = await sql.begin(async (rival) => {
      // So that the other one is undone.
      await rival`set local deadlock_timeout = '1h'`
      await lock(rival, ids[1])
      const correcting = admin('PUT', '/holidays/2098-11-04', { name: '임시공휴일', isClosed: true })
      await untilSomebodyWaits(sql)
      await lock(rival, ids[0])
      return { correcting }
    })
    assert.deepEqual(await correcting, { status: 200, body: { redated: 2 } })
  })
})

describe('the second factor', async () => {
  const naru = await startNaru()
  const merchantId = await merchantOf(naru)
  const { sql } = naru.database
  const encryption = createEncryption(new Uint8Array(32))
  const store = sandboxStore({ merchantId, storeId: naru.storeId })
  const ask = (code: string, approverId: string) =>
    approve(sql, encryption, { merchantId, isForTest: false, store }, { approverId, code })
  const codeOf = (secret: string, shift = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: Date.now() + shift })

  test('a code is good once, also for two at once, and five wrong ones lock its owner out', async () => {
    const { approverId, secret } = await enrolApprover(sql, encryption, { merchantId, name: 'Kim' })
    const code = codeOf(secret)
    const both = await Promise.all([ask(code, approverId), ask(code, approverId)])
    assert.equal(both.filter((one) => one === approverId).length, 1)
    assert.ok((await ask(code, approverId)) instanceof Refusal)
    assert.ok((await ask(codeOf(secret, -5 * 60_000), approverId)) instanceof Refusal)
    for (let wrong = 0; wrong < 5; wrong++) await ask('abcdef', approverId)
    const locked = await ask(codeOf(secret, 30_000), approverId)
    assert.ok(locked instanceof Refusal && locked.body.message?.includes('Too many'))
    assert.ok((await ask(code, 'nobody')) instanceof Refusal)
  })

  const remitted = { bank: 'SHINHAN', accountNumber: '110-1', accountHolder: 'Market', amount: 5 }
  const { secret: adminSecret } = await createAdminSecret(sql, { merchantId, storeId: naru.storeId, name: 'test' })
  const admin = adminOf(naru.url, adminSecret)
  const serverEncryption = createEncryption(Buffer.from(naru.encryptionKey, 'base64'))
  const enrol = () => enrolApprover(sql, serverEncryption, { merchantId, name: 'Lee' })
  const remitWith = (secondFactor: object, idempotencyKey?: string) =>
    admin('POST', '/remittances', { ...remitted, secondFactor }, idempotencyKey === undefined ? {} : { idempotencyKey })
  const withdrawals = async () =>
    (await sql`select from platform_account_transfers where withdrawal_type = 'REMIT'`).count

  test('a code is six ASCII digits: anything else is refused by its form, and is no wrong try', async () => {
    const { approverId, secret } = await enrol()
    for (const code of ['１２３４５６', 'é12345', '١٢٣٤٥٦', '12345', '1234567', '12 3456', '123  456', '123456\n', ''])
      for (let times = 0; times < 2; times++) {
        const { status, body } = await remitWith({ approverId, code })
        assert.equal(status, 400, `${code} ${JSON.stringify(body)}`)
        assert.match(String(body.message), /^secondFactor\.code must be the six digits/)
      }
    const asShown = codeOf(secret).replace(/^(...)/, '$1 ')
    assert.equal((await remitWith({ approverId, code: asShown })).status, 200)
  })

  test('sent again with the key and the next code, a request gets its first answer; a refused code keeps the key free', async () => {
    const { approverId, secret } = await enrol()
    const [key, before] = ['the-same-remittance-1', await withdrawals()]
    const wrong = await remitWith({ approverId, code: codeOf(secret, -10 * 60_000) }, key)
    assert.equal(wrong.status, 403, JSON.stringify(wrong.body))
    const done = await remitWith({ approverId, code: codeOf(secret) }, key)
    assert.equal(done.status, 200, JSON.stringify(done.body))
    const next = await remitWith({ approverId, code: codeOf(secret, 30_000) }, key)
    assert.deepEqual(next, done)
    assert.equal(await withdrawals(), before + 1)
    const other = await admin('POST', '/remittances', { ...remitted, amount: 6 }, { idempotencyKey: key })
    assert.equal(other.status, 400)
    const unknown = { idempotencyKey: key, authorization: 'NaruAdmin unknown' }
    assert.equal((await admin('POST', '/remittances', remitted, unknown)).status, 401)
  })
})
