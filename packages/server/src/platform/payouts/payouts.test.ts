import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import { rowsRead } from '../../../test/support/rows-read.ts'
import { findPayoutFaults } from '../../audit/payouts.ts'
import type { Sql } from '../../db/connect.ts'
import type { PayoutBank } from '../../gateways/port/payout.ts'
import { testAccounts } from '../../gateways/sandbox/scenarios/bank-accounts.ts'
import { minute, second } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { lookUpsWith } from '../lookups/providers.ts'
import { deleteSettlements } from '../settlements/delete.ts'
import { setSettlementStatus } from '../settlements/set-status.ts'
import { type Market, market, start, today } from '../testing/market.ts'
import { countingRows } from '../testing/rows-handled.ts'
import { readBalance } from './balance.ts'
import { completePayout } from './complete.ts'
import { generatePayouts } from './generate.ts'
import {
  amountToOrder,
  cancelPayouts,
  type Ordering,
  orderPayouts,
  reschedulePayouts,
  withdrawOrders,
} from './order.ts'
import { findLeftOut } from './payee.ts'
import { discardBulkPayout, prepareBulkPayout, selectSettlements } from './prepare.ts'
import { confirmNewAccounts } from './retry.ts'
import { runWithdrawal } from './send.ts'

const database = await createTestDatabase()
after(async () => {
  // Whatever the tests above did, the books agree.
  assert.deepEqual(await findPayoutFaults(database.sql), [])
  await database[Symbol.asyncDispose]()
})
const { sql } = database
const log = pino({ level: 'silent' })
const actor = 'approver'

const accountOf = (code: string): string =>
  testAccounts.find((account) => account.code === code)?.number ?? assert.fail()

const prepare = ({ request }: Market, bulkPayoutId: string, writer: Sql = sql) =>
  prepareBulkPayout(writer, request(), { bulkPayoutId, name: bulkPayoutId, settlementDates: [today], actor })

/** A market with a payout for each of these partners, in the bulk payout `run`. */
const withPayouts = async (name: string, partners: Readonly<Record<string, string | undefined>>) => {
  const place = await market(sql, name)
  for (const [partner, code] of Object.entries(partners)) {
    await place.partner(partner, code === undefined ? {} : { accountNumber: accountOf(code) })
    await place.transfer({ partner })
  }
  await place.settle()
  assert.deepEqual(await prepare(place, 'run'), { bulkPayoutId: 'run' })
  const generated = await generatePayouts(sql, place.request(), 'run', actor)
  assert.deepEqual(generated, { generated: Object.keys(partners).length, unpaid: [] })
  return place
}

/** Orders as often as somebody else was faster, as the admin API does. */
const order = async (place: Market, given: Partial<Ordering> = {}): Promise<number> => {
  const { platform } = place.request()
  const account = await readBalance(sql, platform, place.bank, await place.clockOf())
  if (account === undefined) assert.fail('the bank does not say what is there')
  const ordering = { bulkPayoutId: 'run', move: 'execute', actor, account, ...given } as const
  const { ordered, isWhole } = await orderPayouts(sql, place.request(), ordering)
  return isWhole ? ordered : ordered + (await order(place, given))
}

/** Does what is due, as the due loop would. */
const work = async (place: Market, bank: PayoutBank = place.bank) => {
  const parts = { sql, log, bankOf: () => bank, clockOf: place.clockOf }
  for (const id of await place.due()) await runWithdrawal(parts, place.request().platform, id)
}

const statuses = async ({ payouts }: Market) => (await payouts()).map(({ status }) => status)
const settlementStatuses = async ({ settlements }: Market) => (await settlements()).map(({ status }) => status)

describe('preparing', () => {
  test('nets orders, cancellations and manual amounts, and pays each partner once', async () => {
    const place = await market(sql, 'nets')
    await place.partner('a')
    await place.partner('wht', { type: { type: 'WHT_PAYER' } })
    await place.transfer({ partner: 'a', settlement: 8_900 })
    await place.transfer({ partner: 'a', settlement: 4_450, type: 'ORDER_CANCEL' })
    await place.transfer({ partner: 'a', settlement: -1_000, type: 'MANUAL' })
    await place.transfer({ partner: 'wht', settlement: 1_000_000 })
    await place.settle()
    await prepare(place, 'run')
    await generatePayouts(sql, place.request(), 'run', actor)
    assert.deepEqual(
      (await place.payouts()).map(({ partner, amount, status }) => [partner, amount, status]),
      [
        ['a', 3_450, 'CONFIRMED'],
        ['wht', 967_000, 'CONFIRMED'],
      ],
    )
    assert.deepEqual(new Set(await settlementStatuses(place)), new Set(['CONFIRMED']))
    assert.deepEqual(new Set(await place.transferStatuses()), new Set(['PAYOUT_CONFIRMED']))
    assert.equal(await place.bulk('run'), 'PREPARED')
  })

  test('a partner who owes more than it is owed keeps anything from being generated, until it is taken out', async () => {
    const place = await market(sql, 'negative')
    await place.partner('a')
    await place.partner('b')
    await place.transfer({ partner: 'a', settlement: 100 })
    await place.transfer({ partner: 'b', settlement: -550, type: 'MANUAL' })
    await place.settle()
    await prepare(place, 'run')
    const refused = await generatePayouts(sql, place.request(), 'run', actor)
    assert.ok(refused instanceof Refusal && refused.body.message?.includes('b (-550 KRW)'))
    assert.deepEqual(await place.payouts(), [])
    const owing = (await place.settlements()).filter(({ partner }) => partner === 'b').map(({ id }) => id)
    await selectSettlements(sql, place.request(), 'run', false, owing)
    assert.deepEqual(await generatePayouts(sql, place.request(), 'run', actor), { generated: 1, unpaid: [] })
  })

  test('what partners owe makes what others are owed no smaller, nor a payout that is generated', async () => {
    const place = await market(sql, 'in-debt')
    for (const partner of ['plus', 'minus', 'dollars']) await place.partner(partner)
    const manual = (partner: string, settlement: number, currency = 'KRW') =>
      place.transfer({ partner, type: 'MANUAL', settlement, currency })
    const owed = async () => (await readBalance(sql, place.request().platform, place.bank, await place.clockOf()))?.owed
    await manual('plus', 500_000_000)
    await manual('plus', -1_000)
    await manual('minus', -700_000_000)
    await manual('dollars', 9, 'USD')
    await place.settle()
    assert.equal(await owed(), 499_999_000)
    await prepare(place, 'run')
    const others = (await place.settlements()).filter(({ partner }) => partner === 'minus').map(({ id }) => id)
    await selectSettlements(sql, place.request(), 'run', false, others)
    assert.deepEqual(await generatePayouts(sql, place.request(), 'run', actor), { generated: 1, unpaid: [] })
    await manual('plus', -2_000)
    await place.settle()
    assert.equal(await owed(), 499_999_000)
    assert.equal(await order(place), 1)
    assert.equal(await owed(), 0, 'it is ordered')
    await withdrawOrders(sql, place.request(), 'stop', { bulkPayoutId: 'run', actor })
    assert.equal(await owed(), 499_999_000, 'it is stopped, and the seller still waits for it')
  })

  test('a partner who is not approved, or has an account of another currency, is left for another time', async () => {
    const place = await market(sql, 'left-out')
    await place.partner('pending', { status: 'PENDING' })
    const account = { bank: 'SHINHAN', currency: 'USD', number: '1', holder: 'A', status: 'NOT_VERIFIED' } as const
    await place.partner('foreign', { account })
    await place.partner('ready')
    for (const partner of ['pending', 'foreign', 'ready']) await place.transfer({ partner })
    await place.settle()
    await prepare(place, 'run')
    const generated = await generatePayouts(sql, place.request(), 'run', actor)
    assert.deepEqual(generated, { generated: 1, unpaid: ['foreign', 'pending'] })
    assert.deepEqual((await settlementStatuses(place)).toSorted(), ['CONFIRMED', 'PAYOUT_PREPARED', 'PAYOUT_PREPARED'])
  })

  test('what one payout cannot pay is paid by several, and keeps nobody else from being paid', async () => {
    const place = await market(sql, 'absurd')
    await place.partner('absurd')
    await place.partner('usual')
    for (const type of ['ORDER', 'MANUAL'] as const)
      await place.transfer({ partner: 'absurd', type, settlement: 7_000_000_000_000_000 })
    await place.transfer({ partner: 'usual', settlement: 5 })
    await place.settle()
    const { platform } = place.request()
    const account = await readBalance(sql, platform, place.bank, await place.clockOf())
    assert.equal(account?.owed, Number.MAX_SAFE_INTEGER)
    const all = (await place.settlements()).map(({ id }) => id)
    const completion = { bulkPayoutId: 'both', name: 'both', partnerSettlementIds: all, completedAt: start, actor }
    const refused = await completePayout(sql, place.request(), completion)
    assert.ok(refused instanceof Refusal && refused.body.message?.includes('settlements of absurd add up to more'))
    for (const [run, generated] of [
      ['run', 2],
      ['rest', 1],
    ] as const) {
      assert.deepEqual(await prepare(place, run), { bulkPayoutId: run })
      assert.deepEqual(await generatePayouts(sql, place.request(), run, actor), { generated, unpaid: [] })
    }
    assert.deepEqual(
      (await place.payouts()).map(({ partner, amount }) => [partner, amount]),
      [
        ['absurd', 7_000_000_000_000_000],
        ['absurd', 7_000_000_000_000_000],
        ['usual', 5],
      ],
    )
  })

  test('a settlement beyond all limits, as earlier versions made, keeps nobody from being paid, is found, and can be deleted', async () => {
    const place = await market(sql, 'beyond')
    for (const partner of ['absurd', 'usual']) await place.partner(partner)
    for (const type of ['ORDER', 'MANUAL'] as const) await place.transfer({ partner: 'absurd', type, settlement: 7 })
    await place.transfer({ partner: 'usual', settlement: 5 })
    await place.settle()
    for (const column of ['settlement', 'settlement_tax_free']) {
      const [planted] = await sql<{ id: string }[]>`
        update platform_partner_settlements set ${sql(column)} = ${sql.unsafe('9100000000000000000')}
        where merchant_id = 'beyond' and status = 'PAYOUT_PREPARED' and partner_id = 'absurd' and type = 'ORDER'
        returning partner_settlement_id as id`
      const beyond = planted?.id ?? ''
      assert.deepEqual(await prepare(place, column), { bulkPayoutId: column })
      const generated = await generatePayouts(sql, place.request(), column, actor)
      assert.deepEqual(generated, { generated: 2, unpaid: [] })
      const completion = {
        bulkPayoutId: 'by-hand',
        name: 'by-hand',
        partnerSettlementIds: [beyond],
        completedAt: start,
        actor,
      }
      const refused = await completePayout(sql, place.request(), completion)
      assert.ok(refused instanceof Refusal && refused.body.type === 'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS')
      const found = await findPayoutFaults(sql)
      assert.deepEqual(
        found.map(({ rule, what }) => [rule, what.includes(beyond)]),
        [['settlement-can-be-paid', true]],
      )
      assert.deepEqual(await deleteSettlements(sql, place.request(), [beyond]), {})
      assert.deepEqual(await findPayoutFaults(sql), [])
      await cancelPayouts(sql, place.request(), { bulkPayoutId: column, actor })
      // Those of the cancelled payouts are paid again in the next round.
      await place.transfer({ partner: 'absurd', settlement: 7 })
      await place.settle()
    }
  })

  test('hundreds of settlements, of which statistics know nothing, are selected without comparing each with each', async () => {
    const count = 400
    const place = await market(sql, 'hundreds')
    await place.addLike(await place.transfer(), count - 1, 'partner_id')
    assert.equal(await place.settle(), count)
    await using counting = countingRows(database.url)
    const handled = await counting.handledBy(async (reader) =>
      assert.deepEqual(await prepare(place, 'run', reader), { bulkPayoutId: 'run' }),
    )
    assert.ok(handled < 100 * count, `${handled} rows for ${count} settlements`)
    const [{ selected }] = await sql<[{ selected: number }]>`
      select count(*) as selected from platform_partner_settlements
      where merchant_id = 'hundreds' and is_selected and bulk_payout_id = 'run'`
    assert.equal(selected, count)
    assert.deepEqual(await discardBulkPayout(sql, place.request(), 'run'), { bulkPayoutId: 'run' })
  })

  test('one bulk payout is prepared at a time, and one that is discarded frees its settlements', async () => {
    const place = await market(sql, 'one')
    await place.partner('partner')
    await place.transfer()
    await place.settle()
    const both = await Promise.all([prepare(place, 'first'), prepare(place, 'second')])
    assert.equal(both.filter((one) => one instanceof Refusal).length, 1)
    const winner = both[0] instanceof Refusal ? 'second' : 'first'
    await discardBulkPayout(sql, place.request(), winner)
    assert.equal(await place.bulk(winner), 'CANCELLED')
    assert.deepEqual(await prepare(place, 'third'), { bulkPayoutId: 'third' })
  })

  test('two servers that generate at once make each payout once', async () => {
    const place = await market(sql, 'twice')
    for (let index = 0; index < 30; index++) {
      await place.partner(`partner-${index}`)
      await place.transfer({ partner: `partner-${index}` })
    }
    await place.settle()
    await prepare(place, 'run')
    await Promise.all(Array.from({ length: 4 }, () => generatePayouts(sql, place.request(), 'run', actor)))
    assert.equal((await place.payouts()).length, 30)
  })
})

describe('paying', () => {
  test('each partner is paid once, by a withdrawal that the bank has in its books', async () => {
    const place = await withPayouts('pays', { a: undefined, b: undefined })
    assert.equal(await order(place), 2)
    assert.deepEqual(await statuses(place), ['PREPARED', 'PREPARED'])
    assert.equal(await place.bulk('run'), 'ONGOING')
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED', 'SUCCEEDED'])
    assert.deepEqual(await settlementStatuses(place), ['PAID_OUT', 'PAID_OUT'])
    assert.deepEqual(await place.transferStatuses(), ['PAID_OUT', 'PAID_OUT'])
    assert.equal(await place.bulk('run'), 'COMPLETED')
    assert.deepEqual(
      (await place.booked()).map(({ amount, state }) => [amount, state]),
      [
        [8_900, 'DONE'],
        [8_900, 'DONE'],
      ],
    )
    assert.equal(await order(place), 0)
    await work(place)
    assert.equal((await place.booked()).length, 2)
  })

  test('a refusal fails the payout with its reason, and a retry pays under another reference', async () => {
    const place = await withPayouts('refused', { a: 'bank-refused-once' })
    await order(place)
    await work(place)
    const [failed] = await place.payouts()
    assert.equal(failed?.status, 'FAILED')
    assert.match(failed?.reason ?? '', /점검/)
    assert.deepEqual(await settlementStatuses(place), ['PAYOUT_FAILED'])
    assert.deepEqual(await place.transferStatuses(), ['SETTLED'])
    assert.equal(await order(place, { move: 'retry' }), 1)
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED'])
    assert.equal((await place.payouts())[0]?.reason, null)
    const booked = await place.booked()
    assert.deepEqual(
      booked.map(({ state }) => state),
      ['REFUSED', 'DONE'],
    )
    assert.equal(new Set(booked.map(({ reference }) => reference)).size, 2)
  })

  test('a failed payout can be retried once the bulk payout is discarded that had taken its settlement up', async () => {
    const place = await withPayouts('discarded', { a: 'bank-refused-once' })
    await order(place)
    await work(place)
    assert.deepEqual(await prepare(place, 'instead'), { bulkPayoutId: 'instead' })
    assert.equal(await order(place, { move: 'retry' }), 0, 'the other bulk payout may pay it')
    await discardBulkPayout(sql, place.request(), 'instead')
    assert.equal(await order(place, { move: 'retry' }), 1)
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED'])
  })

  const giveAccount = async ({ merchantId }: Market, partner: string, account: object): Promise<unknown> =>
    await sql`
      update platform_entities set version = version + 1,
        content = jsonb_set(content, '{account}', content -> 'account' || ${sql.json({ ...account })})
      where merchant_id = ${merchantId} and kind = 'PARTNER' and id = ${partner}`

  const newAccounts = async ({ bank, request }: Market, reader: Sql = sql) => {
    const { platform } = request()
    return await confirmNewAccounts(reader, lookUpsWith(bank)(platform), platform, { bulkPayoutId: 'run' })
  }

  test('a retry pays the account that the partner has now, if its bank confirms the holder', async () => {
    const place = await withPayouts('moved', { a: 'bank-no-account', b: 'bank-no-account', c: 'bank-refused-once' })
    await order(place)
    await work(place)
    assert.deepEqual(await statuses(place), ['FAILED', 'FAILED', 'FAILED'])
    await giveAccount(place, 'a', { number: '220987654321' })
    await giveAccount(place, 'b', { number: accountOf('bank-holder-mismatch') })
    const found = await newAccounts(place)
    assert.deepEqual(found, { confirmed: [{ partnerId: 'a', version: 2 }], unconfirmed: ['b'] })
    assert.equal(await order(place, { move: 'retry', newAccounts: found.confirmed }), 2)
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED', 'FAILED', 'SUCCEEDED'])
    const paid = (await place.booked()).filter(({ state }) => state === 'DONE').map(({ account }) => account)
    assert.deepEqual(paid.toSorted(), ['220987654321', accountOf('bank-refused-once')])
    const [{ number }] = await sql<[{ number: string }]>`
      select account_number as number from platform_payouts where merchant_id = 'moved' and partner_id = 'a'`
    assert.equal(number, '220987654321')
  })

  test('an account that changes once more after it was confirmed is not paid', async () => {
    const place = await withPayouts('moved-twice', { a: 'bank-no-account' })
    await order(place)
    await work(place)
    await giveAccount(place, 'a', { number: '220987654321' })
    const { confirmed } = await newAccounts(place)
    await giveAccount(place, 'a', { number: '330987654321' })
    assert.equal(await order(place, { move: 'retry', newAccounts: confirmed }), 0)
    await giveAccount(place, 'a', { currency: 'USD' })
    assert.deepEqual(await newAccounts(place), { confirmed: [], unconfirmed: ['a'] })
  })

  test('an account that was replaced after the payout was generated is not paid: not ordered, and not sent where it was', async () => {
    const partners = { before: undefined, between: undefined, fine: undefined, rejected: undefined }
    const place = await withPayouts('replaced', partners)
    const { platform } = place.request()
    await giveAccount(place, 'before', { number: '220987654321' })
    await sql`
      update platform_entities set content = content || '{"status": "REJECTED"}'
      where merchant_id = 'replaced' and kind = 'PARTNER' and id = 'rejected'`
    const at = start + 60 * minute
    assert.equal(await order(place, { move: 'schedule', scheduledAt: at }), 2)
    const left = await findLeftOut(sql, platform, { bulkPayoutId: 'run' }, ['CONFIRMED'])
    assert.deepEqual(
      left.map(({ partnerId, reason }) => [partnerId, reason]),
      [
        ['before', 'ACCOUNT_CHANGED'],
        ['rejected', 'PARTNER_NOT_APPROVED'],
      ],
    )
    await giveAccount(place, 'between', { bank: 'KOOKMIN' })
    place.clock.now = at
    await Promise.all([work(place), work(place)])
    const found = new Map((await place.payouts()).map(({ partner, status, reason }) => [partner, { status, reason }]))
    assert.deepEqual(found.get('fine')?.status, 'SUCCEEDED')
    assert.deepEqual(found.get('between')?.status, 'FAILED')
    assert.match(found.get('between')?.reason ?? '', /계좌가 바뀌어.*재시도/)
    assert.equal((await place.booked()).length, 1)
    const { confirmed } = await newAccounts(place)
    assert.equal(await order(place, { move: 'retry', newAccounts: confirmed }), 1)
    await work(place)
    const [{ bank }] = await sql<[{ bank: string }]>`
      select bank from platform_payouts where merchant_id = 'replaced' and status = 'SUCCEEDED' and partner_id = 'between'`
    assert.equal(bank, 'KOOKMIN')
    await cancelPayouts(sql, place.request(), {
      bulkPayoutId: 'run',
      payoutIds: left.map(({ payoutId }) => payoutId),
      actor,
    })
    await prepare(place, 'again')
    assert.deepEqual(await generatePayouts(sql, place.request(), 'again', actor), {
      generated: 1,
      unpaid: ['rejected'],
    })
    assert.equal(await order(place, { bulkPayoutId: 'again' }), 1)
    await work(place)
    assert.equal((await place.booked()).at(-1)?.account, '220987654321')
  })

  test('many payouts are ordered without reading all partners again for each, where statistics know nothing of them', async () => {
    const count = 200
    const names = Array.from({ length: count }, (_, index) => `partner-${index}`)
    const place = await withPayouts('many', Object.fromEntries(names.map((name) => [name, undefined])))
    const partnersRead = (work: (transaction: Sql) => Promise<unknown>) => rowsRead(sql, 'platform_entities', work)
    const { platform } = place.request()
    const account = await readBalance(sql, platform, place.bank, await place.clockOf())
    if (account === undefined) assert.fail('the bank does not say what is there')
    const chosen = { bulkPayoutId: 'run', actor }
    const execute = { ...chosen, move: 'execute', account } as const
    const read = [
      await partnersRead((transaction) => amountToOrder(transaction, platform, execute)),
      await partnersRead((transaction) => orderPayouts(transaction, place.request(), execute)),
    ]
    assert.equal(await withdrawOrders(sql, place.request(), 'stop', chosen), count)
    await sql`
      update platform_entities set version = 2, content = jsonb_set(content, '{account,number}', '"220987654321"')
      where merchant_id = 'many'`
    const found: Awaited<ReturnType<typeof newAccounts>>[] = []
    read.push(await partnersRead(async (transaction) => found.push(await newAccounts(place, transaction))))
    const confirmed = found.flatMap(({ confirmed }) => confirmed)
    assert.equal(confirmed.length, count)
    const retry = { ...chosen, move: 'retry', newAccounts: confirmed } as const
    read.push(await partnersRead((transaction) => amountToOrder(transaction, platform, retry)))
    // Some scans of all partners, those of other tests among them, and not one for each: that would be 200 times as many.
    assert.ok(Math.max(...read) <= (count * count) / 4, `partners read: ${read.join(', ')}`)
  })

  test('what the bank takes on stays under way until it is decided', async () => {
    const place = await withPayouts('delayed', { a: 'bank-delayed', b: 'bank-delayed-refused' })
    await order(place)
    await work(place)
    assert.deepEqual(await statuses(place), ['PROCESSING', 'PROCESSING'])
    place.clock.now += 2 * minute
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED', 'FAILED'])
  })

  test('a lost answer is asked about: paid where the bank says so, failed where it provably was not', async () => {
    const place = await withPayouts('doubt', {
      paid: 'bank-doubt-paid',
      unpaid: 'bank-doubt-not-paid',
      slow: 'bank-doubt-slow',
    })
    await order(place)
    await work(place)
    assert.deepEqual(await statuses(place), ['PROCESSING', 'PROCESSING', 'PROCESSING'])
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED', 'PROCESSING', 'PROCESSING'])
    for (let waited = 0; waited < 59; waited += 5) {
      await work(place)
      assert.equal((await place.payouts()).find(({ partner }) => partner === 'unpaid')?.status, 'PROCESSING')
      place.clock.now += 5 * second
    }
    place.clock.now += minute
    await work(place)
    const found = new Map((await place.payouts()).map(({ partner, status }) => [partner, status]))
    assert.deepEqual([found.get('paid'), found.get('unpaid'), found.get('slow')], ['SUCCEEDED', 'FAILED', 'SUCCEEDED'])
    assert.equal((await place.booked()).length, 2)
  })

  test('a server that died after its call leaves a payout that is asked about, not paid again', async () => {
    const place = await withPayouts('crash', { a: undefined, b: undefined })
    await order(place)
    const parts = (bank: PayoutBank) => ({ sql, log, bankOf: () => bank, clockOf: place.clockOf })
    const [first = '', other = ''] = await place.due()
    const { platform } = place.request()
    // One dies before the bank is told, the other after. Either way nobody writes the answer down.
    const never = new Promise<never>(() => undefined)
    const told = Promise.withResolvers<void>()
    const before: PayoutBank = {
      ...place.bank,
      transfer: () => {
        told.resolve()
        return never
      },
    }
    void runWithdrawal(parts(before), platform, first)
    await told.promise
    const done = Promise.withResolvers<void>()
    const afterwards: PayoutBank = {
      ...place.bank,
      transfer: async (...call) => {
        await place.bank.transfer(...call)
        done.resolve()
        return never
      },
    }
    void runWithdrawal(parts(afterwards), platform, other)
    await done.promise
    assert.deepEqual(await place.due(), [])
    place.clock.now += 15 * second
    await work(place)
    // Late, and again soon after: that the bank knows nothing is not believed at once.
    place.clock.now += 2 * minute
    await work(place)
    assert.deepEqual((await statuses(place)).toSorted(), ['PROCESSING', 'SUCCEEDED'])
    place.clock.now += minute
    await work(place)
    assert.deepEqual((await statuses(place)).toSorted(), ['FAILED', 'SUCCEEDED'])
    assert.equal((await place.booked()).length, 1)
    await order(place, { move: 'retry' })
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED', 'SUCCEEDED'])
    assert.equal((await place.booked()).length, 2)
  })

  test('a server that stood still before its call makes none', async () => {
    const place = await withPayouts('still', { a: undefined })
    await order(place)
    const clockOf = async () => {
      // The clock runs on between the intent and the call.
      return {
        offset: 0,
        get stoppedAt() {
          place.clock.now += 11 * second
          return place.clock.now
        },
      }
    }
    const [id = ''] = await place.due()
    await runWithdrawal({ sql, log, bankOf: () => place.bank, clockOf }, place.request().platform, id)
    assert.deepEqual(await place.booked(), [])
    assert.deepEqual(await statuses(place), ['PROCESSING'])
  })

  test('two servers that work on one withdrawal tell the bank once', async () => {
    const place = await withPayouts('race', { a: undefined })
    await order(place)
    const [id = ''] = await place.due()
    const parts = { sql, log, bankOf: () => place.bank, clockOf: place.clockOf }
    await Promise.all(Array.from({ length: 8 }, () => runWithdrawal(parts, place.request().platform, id)))
    assert.equal((await place.booked()).length, 1)
    assert.deepEqual(await statuses(place), ['SUCCEEDED'])
  })

  test('two orders at once order each payout once', async () => {
    const place = await withPayouts('orders', { a: undefined, b: undefined, c: undefined })
    const counts = await Promise.all(Array.from({ length: 6 }, () => order(place)))
    assert.equal(
      counts.reduce((one, other) => one + other),
      3,
    )
    await work(place)
    assert.equal((await place.booked()).length, 3)
  })

  test('stopping beside telling the bank: either it is stopped or it is paid', async () => {
    for (let round = 0; round < 5; round++) {
      const place = await withPayouts(`stop-${round}`, { a: undefined })
      await order(place)
      const [stopped] = await Promise.all([
        withdrawOrders(sql, place.request(), 'stop', { bulkPayoutId: 'run', actor }),
        work(place),
      ])
      const booked = await place.booked()
      assert.deepEqual(await statuses(place), [stopped === 1 ? 'STOPPED' : 'SUCCEEDED'])
      assert.equal(booked.length, stopped === 1 ? 0 : 1)
    }
  })

  test('a scheduled payout leaves at its time, or another time, or not at all', async () => {
    const place = await withPayouts('scheduled', { a: undefined, b: undefined })
    const at = start + 60 * minute
    assert.equal(await order(place, { move: 'schedule', scheduledAt: at }), 2)
    assert.deepEqual(await settlementStatuses(place), ['PAYOUT_SCHEDULED', 'PAYOUT_SCHEDULED'])
    const [first] = await place.payouts()
    const chosen = { bulkPayoutId: 'run', payoutIds: [first?.id ?? ''], actor }
    assert.equal(await reschedulePayouts(sql, place.request(), { ...chosen, scheduledAt: at + minute }), 1)
    place.clock.now = at
    await work(place)
    assert.deepEqual(await statuses(place), ['SCHEDULED', 'SUCCEEDED'])
    assert.equal(await withdrawOrders(sql, place.request(), 'cancelSchedule', chosen), 1)
    assert.deepEqual(await statuses(place), ['CONFIRMED', 'SUCCEEDED'])
    place.clock.now = at + 2 * minute
    await work(place)
    assert.equal((await place.booked()).length, 1)
  })

  test('a partner who is rejected after the payout was made is not paid, and is once approved again', async () => {
    const place = await withPayouts('rejected', { queued: undefined, confirmed: undefined, fine: undefined })
    const { platform } = place.request()
    const decide = (partnerId: string, status: string) => sql`
      update platform_entities set content = content || ${sql.json({ status })}
      where merchant_id = ${platform.merchantId} and is_for_test = ${platform.isForTest} and id = ${partnerId}`
    await decide('confirmed', 'REJECTED')
    assert.equal(await order(place), 2)
    await decide('queued', 'REJECTED')
    await work(place)
    const found = async () => (await place.payouts()).map((payout) => payout.status).toSorted()
    assert.deepEqual(await found(), ['CONFIRMED', 'FAILED', 'SUCCEEDED'])
    assert.equal((await place.booked()).length, 1)
    const [{ reason }] = await sql<[{ reason: string }]>`
      select fail_reason as reason from platform_payouts
      where merchant_id = ${platform.merchantId} and is_for_test = ${platform.isForTest} and status = 'FAILED'`
    assert.match(reason, /승인되지 않은 파트너.*재시도/, 'in the language of the bank')
    assert.equal(await order(place, { move: 'retry' }), 0)
    for (const partnerId of ['queued', 'confirmed']) await decide(partnerId, 'APPROVED')
    assert.equal(await order(place, { move: 'retry' }), 1)
    assert.equal(await order(place), 1)
    await work(place)
    assert.deepEqual(await found(), ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'])
    assert.equal((await place.booked()).length, 3)
  })

  test('a net of nothing is paid without the bank', async () => {
    const place = await market(sql, 'nothing')
    await place.partner('partner')
    await place.transfer({ settlement: 100 })
    await place.transfer({ settlement: 100, type: 'ORDER_CANCEL' })
    await place.settle()
    await prepare(place, 'run')
    await generatePayouts(sql, place.request(), 'run', actor)
    await order(place)
    await work(place)
    assert.deepEqual(await statuses(place), ['SUCCEEDED'])
    assert.deepEqual(await place.booked(), [])
  })
})

describe('paying again', () => {
  test('settlements of a cancelled payout can be paid by another bulk payout', async () => {
    const place = await withPayouts('cancelled', { a: undefined })
    assert.equal(await cancelPayouts(sql, place.request(), { bulkPayoutId: 'run', actor }), 1)
    assert.deepEqual(await settlementStatuses(place), ['CANCELLED'])
    assert.deepEqual(await place.transferStatuses(), ['SETTLED'])
    assert.equal(await place.bulk('run'), 'CANCELLED')
    await prepare(place, 'again')
    assert.deepEqual(await generatePayouts(sql, place.request(), 'again', actor), { generated: 1, unpaid: [] })
  })

  test('a failed payout is given up once another one pays its settlements, and cannot be retried', async () => {
    const place = await withPayouts('given-up', { a: 'bank-refused-once' })
    await order(place)
    await work(place)
    await prepare(place, 'again')
    assert.equal(await order(place, { move: 'retry' }), 0, 'selected elsewhere')
    await generatePayouts(sql, place.request(), 'again', actor)
    assert.deepEqual(await statuses(place), ['CANCELLED', 'CONFIRMED'])
    assert.equal(await order(place, { move: 'retry' }), 0)
    await order(place, { bulkPayoutId: 'again' })
    await work(place)
    assert.deepEqual(
      (await place.booked()).map(({ state }) => state),
      ['REFUSED', 'DONE'],
    )
    assert.equal(await place.bulk('run'), 'CANCELLED')
  })

  test('a retry beside another bulk payout pays once', async () => {
    for (let round = 0; round < 5; round++) {
      const place = await withPayouts(`retry-${round}`, { a: 'bank-refused-once' })
      await order(place)
      await work(place)
      await prepare(place, 'again')
      await Promise.all([
        generatePayouts(sql, place.request(), 'again', actor).then(() => order(place, { bulkPayoutId: 'again' })),
        order(place, { move: 'retry' }),
      ])
      await work(place)
      assert.equal((await place.booked()).filter(({ state }) => state === 'DONE').length, 1)
    }
  })

  test('a failed settlement that is set back takes its payout with it', async () => {
    const place = await withPayouts('set-back', { a: 'bank-refused-once' })
    await order(place)
    await work(place)
    const ids = (await place.settlements()).map(({ id }) => id)
    assert.deepEqual(await setSettlementStatus(sql, place.request(), ids, 'PAYOUT_PREPARED', { actor }), { changed: 1 })
    assert.deepEqual(await statuses(place), ['CANCELLED'])
    assert.equal(await order(place, { move: 'retry' }), 0)
    assert.deepEqual(await settlementStatuses(place), ['PAYOUT_PREPARED'])
  })
})

describe('money that was paid elsewhere', () => {
  const complete = ({ request }: Market, bulkPayoutId: string, partnerSettlementIds: readonly string[]) =>
    completePayout(sql, request(), {
      bulkPayoutId,
      name: bulkPayoutId,
      partnerSettlementIds,
      completedAt: start,
      actor,
    })
  const typeOf = (outcome: object): string | undefined => (outcome instanceof Refusal ? outcome.body.type : undefined)

  test('is recorded, each partner and currency a payout', async () => {
    const place = await market(sql, 'completed')
    await place.partner('a')
    await place.transfer({ partner: 'a', settlement: 100 })
    await place.transfer({ partner: 'a', settlement: 7, currency: 'USD' })
    await place.settle()
    const ids = (await place.settlements()).map(({ id }) => id)
    const done = await complete(place, 'outside', ids)
    assert.equal('payoutCount' in done && done.payoutCount, 2)
    assert.deepEqual(await settlementStatuses(place), ['PAID_OUT', 'PAID_OUT'])
    assert.deepEqual(await place.transferStatuses(), ['PAID_OUT', 'PAID_OUT'])
    assert.equal(await place.bulk('outside'), 'COMPLETED')
    assert.deepEqual(await place.booked(), [])
    assert.equal(typeOf(await complete(place, 'other', ids)), 'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS')
  })

  test('is refused for reasons that PortOne names', async () => {
    const place = await market(sql, 'refusals')
    await place.partner('a')
    await place.transfer({ partner: 'a', settlement: -1, type: 'MANUAL' })
    await place.transfer({ partner: 'a', settlement: 5, date: '2026-03-01' })
    await place.settle()
    const [negative = '', positive = ''] = (await place.settlements()).map(({ id }) => id)
    assert.equal(typeOf(await complete(place, 'x', [])), 'PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS')
    assert.equal(typeOf(await complete(place, 'x', [positive, positive])), 'PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS')
    assert.equal(typeOf(await complete(place, 'x', ['none'])), 'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND')
    assert.equal(typeOf(await complete(place, 'x', [negative])), 'PLATFORM_CURRENCY_NOT_SUPPORTED')
    await complete(place, 'x', [positive])
    await place.transfer({ partner: 'a', settlement: 5, date: '2026-03-01' })
    await place.settle()
    const open = (await place.settlements()).filter(
      ({ status, settlement }) => status === 'PAYOUT_PREPARED' && settlement > 0,
    )
    assert.equal(
      typeOf(
        await complete(
          place,
          'x',
          open.map(({ id }) => id),
        ),
      ),
      'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS',
    )
  })

  test('is recorded once, however many say it at once', async () => {
    const place = await market(sql, 'once')
    await place.partner('a')
    await place.transfer({ partner: 'a' })
    await place.settle()
    const ids = (await place.settlements()).map(({ id }) => id)
    const outcomes = await Promise.all([
      ...Array.from({ length: 3 }, () => complete(place, 'same', ids)),
      ...Array.from({ length: 3 }, (_, index) => complete(place, `other-${index}`, ids)),
    ])
    assert.equal(outcomes.filter((outcome) => !(outcome instanceof Refusal)).length, 1)
    assert.equal((await place.payouts()).length, 1)
  })
})
