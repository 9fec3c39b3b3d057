import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, mock, test } from 'node:test'
import { Command } from 'commander'
import { Secret, TOTP } from 'otpauth'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/support/database.ts'
import { findPayoutFaults } from '../audit/payouts.ts'
import { readConfiguration } from '../configuration.ts'
import { realTime } from '../kernel/clock.ts'
import { readBalance } from '../platform/payouts/balance.ts'
import { completePayout } from '../platform/payouts/complete.ts'
import { orderPayouts } from '../platform/payouts/order.ts'
import { runWithdrawal } from '../platform/payouts/send.ts'
import { market } from '../platform/testing/market.ts'
import { executed, moreThan } from './admin-commands.ts'
import { addPayout } from './payout.ts'
import { addApprover, createAdmin, setSecondFactor } from './payout-actions.ts'
import { addPlatform } from './platform.ts'
import { switchOff } from './platform-actions.ts'

describe('naru payout', async () => {
  const database = await createTestDatabase()
  const { sql } = database
  after(async () => {
    assert.deepEqual(await findPayoutFaults(sql), [])
    await database[Symbol.asyncDispose]()
  })
  process.env.DATABASE_URL = database.url
  process.env.NARU_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  const place = await market(sql, 'market')
  const store = 'market-store'

  /** Runs a command and returns what it printed: all that looks like what is awaited, since the test runner reports over the same stream. */
  const printed = async (words: readonly string[], awaited: RegExp): Promise<string> => {
    const written: string[] = []
    const { write } = process.stdout
    const output = mock.method(process.stdout, 'write', (text: unknown, ...rest: unknown[]) =>
      typeof text === 'string' && awaited.test(text)
        ? written.push(text) > 0
        : Reflect.apply(write, process.stdout, [text, ...rest]),
    )
    try {
      const program = new Command().exitOverride()
      addPayout(program)
      await program.parseAsync(['payout', ...words, '--store', store], { from: 'user' })
    } finally {
      output.mock.restore()
    }
    return written.join('')
  }
  /** What it printed for programs. */
  const naru = async (...words: string[]) => JSON.parse(await printed([...words, '--json'], /^[{[]/))
  /** Does what is due, as a server would. */
  const work = async () => {
    const parts = { sql, log: pino({ level: 'silent' }), bankOf: () => place.bank, clockOf: place.clockOf }
    for (const id of await place.due()) await runWithdrawal(parts, place.request().platform, id)
  }
  const statusesOf = async (bulkPayout: string) =>
    (await naru('payouts', bulkPayout)).items.map(({ status }: { status: string }) => status).toSorted()

  const { approverId, secret } = await addApprover(sql, readConfiguration(process.env), store, 'Kim')
  let codes = 0
  /** Every code is good once: the next ones are those of the half minutes around now. */
  const code = () => {
    const timestamp = realTime() + (codes++ - 1) * 30_000
    return new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp })
  }
  for (const partner of ['one', 'two', 'three']) {
    await place.partner(partner, partner === 'two' ? { accountNumber: '990000000005' } : {})
    await place.transfer({ partner, type: 'MANUAL' })
  }
  await place.settle()

  test('takes names of one line alone', async () => {
    for (const name of ['', ' ', '\u200b\u3164', 'a\nb', '\u001b[31mred']) {
      await assert.rejects(naru('admin', 'create', name), /one line/)
      await assert.rejects(naru('approver', 'add', name), /one line/)
      await assert.rejects(naru('holiday', 'add', '2026-06-03', name), /one line/)
    }
  })

  test('holds settlements back and makes them payable again', async () => {
    const { items } = await naru('settlements', '--date', '2026-03-02', '--partner', 'three')
    const [{ id }] = items
    await naru('withhold', id, '--memo', 'a complaint')
    const withheld = await naru('settlements', '--status', 'PAYOUT_WITHHELD')
    assert.deepEqual([withheld.items.length, withheld.items[0].memo], [1, 'a complaint'])
    await naru('exclude', id)
    await assert.rejects(naru('exclude', id), /can become PAYOUT_EXCLUDED/)
    assert.deepEqual(await naru('release', id), { changed: 1 })
  })

  test('shows settlements to people as they count, and to programs as the API has them', async () => {
    await place.partner('returns')
    const contract = {
      ...{ name: 'Contract', platformFee: { type: 'FIXED_RATE', rate: 10_000 }, platformFeeVatPayer: 'PARTNER' },
      settlementCycle: { lagDays: 1, datePolicy: 'CALENDAR_DAY', method: { type: 'DAILY' } },
      subtractPaymentVatAmount: false,
    }
    await sql`
      with entity as (
        insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at)
        values ('market', false, 'CONTRACT', 'contract', 1, ${sql.json(contract)}, '2026-01-01', '2026-01-01') returning *
      )
      insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
      select merchant_id, is_for_test, kind, id, version, content, applied_at from entity`
    for (const type of ['ORDER', 'ORDER_CANCEL', 'MANUAL'] as const)
      await place.transfer({
        partner: 'returns',
        type,
        date: '2026-02-27',
        settlement: type === 'MANUAL' ? -20 : 4_450,
      })
    await place.settle()
    const ofReturns = ['settlements', '--partner', 'returns', '--date', '2026-02-27']
    const table = await printed(ofReturns, /returns/)
    for (const shown of [/ ORDER +2026-02-27 +4450 /, / ORDER_CANCEL +2026-02-27 +-4450 /, / MANUAL +2026-02-27 +-20 /])
      assert.match(table, shown)
    const { items } = await naru(...ofReturns)
    const cancel = items.find(({ type }: { type: string }) => type === 'ORDER_CANCEL')
    assert.equal(cancel.amount.settlement, 4_450)
  })

  test('prepares what was settled, and leaves out and takes in', async () => {
    const prepared = await naru('prepare', '2026-03-02', '--id', 'run', '--name', 'March')
    assert.deepEqual(
      prepared.selected.map(({ partnerId }: { partnerId: string }) => partnerId),
      ['one', 'three', 'two'],
    )
    const [ofOne] = prepared.selected
    assert.equal(ofOne.accountStatus, 'VERIFIED', 'whether its bank confirmed the holder')
    assert.equal((await naru('deselect', 'run', ...ofOne.partnerSettlementIds)).selected.length, 2)
    assert.equal((await naru('select', 'run')).selected.length, 3)
    await naru('reject-partner', 'three')
    const generated = await naru('generate', 'run')
    assert.deepEqual([generated.generated, generated.unpaidPartnerIds], [2, ['three']])
    assert.deepEqual(await naru('approve-partner', 'one', 'three'), { changed: 1 })
    await assert.rejects(naru('approve-partner', 'nobody'), /nobody/)
  })

  test('writes memos, and keeps them for payouts to come', async () => {
    assert.equal((await naru('memos', 'run', '--deposit', 'Market', '--save')).changed, 2)
    assert.equal((await naru('payouts', 'run')).items[0].depositMemo, 'Market')
    await naru('prepare', '2026-03-02', '--id', 'later')
    await naru('generate', 'later')
    assert.equal((await naru('payouts', 'later')).items[0].depositMemo, 'Market')
  })

  test('lets money go with a second factor only', async () => {
    await assert.rejects(naru('execute', 'run'), /--code/)
    await assert.rejects(naru('execute', 'run', '--approver', 'nobody'), /no approver nobody/)
    await assert.rejects(naru('execute', 'run', '--code', '000000x'), /secondFactor\.code must be the six digits/)
    await assert.rejects(
      naru('execute', 'run', '--approver', 'approver-other', '--code', '000000'),
      /secondFactor is wrong/,
    )
    assert.deepEqual(await statusesOf('run'), ['CONFIRMED', 'CONFIRMED'])
    assert.equal((await naru('execute', 'run', '--approver', approverId, '--code', code())).changed, 2)
    await work()
    assert.deepEqual(await statusesOf('run'), ['FAILED', 'SUCCEEDED'])
    assert.equal((await naru('retry', 'run', '--code', code())).changed, 1)
    await work()
    assert.deepEqual(await statusesOf('run'), ['SUCCEEDED', 'SUCCEEDED'])
    assert.equal((await naru('show', 'run')).status, 'COMPLETED')
  })

  test('the second factor is turned off at the store that the platform goes by, and never for live money', async () => {
    const addStore = (merchantId: string, id: string, mode: string, isRepresentative: boolean) => sql`
      insert into stores (store_id, merchant_id, name, mode, is_representative, created_at)
      values (${id}, ${merchantId}, 'Store', ${mode}, ${isRepresentative}, ${realTime()})`
    await addStore('market', 'market-branch', 'SANDBOX', false)
    const branch = setSecondFactor(sql, 'market-branch', false)
    await assert.rejects(branch, /representative store, market-store: .* Use --store market-store\./)
    await sql`insert into merchants (merchant_id, name, created_at) values ('live', 'Live', ${realTime()})`
    await addStore('live', 'live-store', 'LIVE', true)
    await addStore('live', 'live-trial', 'SANDBOX', false)
    await assert.rejects(setSecondFactor(sql, 'live-trial', false), /live-store is a live store, which always needs/)
    await assert.rejects(setSecondFactor(sql, 'live-store', false), /live-store is a live store: its payouts always/)
    const off = await sql`select from stores where not asks_second_factor`
    assert.equal(off.length, 0)
  })

  test('schedules, moves the time, takes it back; stops what is queued, gives up', async () => {
    assert.deepEqual(await naru('second-factor', 'off'), [{ store, secondFactor: 'off' }])
    await assert.rejects(naru('execute', 'later', '--at', '2026-03-03T10:05:00+09:00'), /full ten minutes/)
    await naru('execute', 'later', '--at', '2026-03-03T10:00:00+09:00')
    assert.deepEqual(await statusesOf('later'), ['SCHEDULED'])
    await naru('reschedule', 'later', '--at', '2026-03-04T10:00:00+09:00')
    assert.equal((await naru('payouts', 'later')).items[0].scheduledAt, '2026-03-04T01:00:00.000Z')
    // Switched off, nobody could see or stop it.
    const program = new Command().exitOverride()
    addPlatform(program)
    const disabling = program.parseAsync(['platform', 'disable', '--store', store], { from: 'user' })
    await assert.rejects(disabling, /Bank transfers are scheduled or under way/)
    await naru('cancel-schedule', 'later')
    assert.deepEqual(await statusesOf('later'), ['CONFIRMED'])
    // A server that does not know it yet takes an order in.
    const execute = async () => {
      const { platform } = place.request()
      const account = await readBalance(sql, platform, place.bank, await place.clockOf())
      if (account === undefined) assert.fail('the bank does not say what is there')
      const ordering = { bulkPayoutId: 'later', move: 'execute', actor: 'test', account } as const
      assert.equal((await orderPayouts(sql, place.request(), ordering)).ordered, 1)
    }
    await assert.rejects(switchOff(sql, place.merchantId, execute), /Bank transfers are scheduled or under way/)
    const [{ id }] = (await naru('payouts', 'later')).items
    await naru('stop', 'later', '--payout', id)
    assert.deepEqual(await statusesOf('later'), ['STOPPED'])
    await naru('cancel', 'later')
    assert.equal((await naru('show', 'later')).status, 'CANCELLED')
    await assert.rejects(
      naru('cancel', 'later'),
      /later is CANCELLED\. Only payouts that are CONFIRMED or FAILED or STOPPED can be cancelled/,
    )
    await naru('prepare', '2026-03-02', '--id', 'third')
    await naru('discard', 'third')
    assert.deepEqual((await naru('list', '--size', '2')).items.length, 2)
  })

  test('says below a table that there is more than the page', () => {
    assert.deepEqual(moreThan({ number: 0, size: 10, totalCount: 100 }), ['10 of 100 so far: --page 1 shows the next.'])
    assert.deepEqual(moreThan({ number: 9, size: 10, totalCount: 100 }), [])
    assert.deepEqual(moreThan({ number: 0, size: 10, totalCount: 0 }), [])
  })

  test('names who is left out when money goes, why, and what to do', async () => {
    for (const partner of ['moved', 'rejected', 'steady']) {
      await place.partner(partner)
      await place.transfer({ partner, type: 'MANUAL', date: '2026-03-01', settlement: 0 })
    }
    await place.settle()
    await naru('prepare', '2026-03-01', '--id', 'left')
    await naru('generate', 'left')
    const setNumber = (number: string) => sql`
      update platform_entities set content = jsonb_set(content, '{account,number}', to_jsonb(${number}::text))
      where merchant_id = 'market' and kind = 'PARTNER' and id = 'moved'`
    await setNumber('220987654321')
    await naru('reject-partner', 'rejected')
    const answer = await naru('execute', 'left')
    assert.equal(answer.changed, 1)
    type LeftOut = { readonly partnerId: string; readonly reason: string; readonly payoutId: string }
    const named = ({ leftOut }: { readonly leftOut: readonly LeftOut[] }) =>
      leftOut.map(({ partnerId, reason }) => [partnerId, reason])
    assert.deepEqual(named(answer), [
      ['moved', 'ACCOUNT_CHANGED'],
      ['rejected', 'PARTNER_NOT_APPROVED'],
    ])
    const [moved = { payoutId: '' }] = answer.leftOut
    const { notes = [] } = executed(answer)
    assert.match(notes[0] ?? '', new RegExp(`naru payout cancel left --payout ${moved.payoutId}\\)`))
    assert.match(notes[1] ?? '', /naru payout approve-partner rejected\)/)
    await assert.rejects(
      naru('execute', 'left'),
      /these are not: rejected \(REJECTED\)\. Approve .* has changed since their payouts were generated: moved\. Cancel/,
    )
    await setNumber('110123456789')
    assert.deepEqual(named(await naru('execute', 'left')), [['rejected', 'PARTNER_NOT_APPROVED']])
    await work()
    assert.deepEqual(await statusesOf('left'), ['CONFIRMED', 'SUCCEEDED', 'SUCCEEDED'])
    await naru('approve-partner', 'rejected')
    assert.deepEqual(named(await naru('execute', 'left')), [])
    await work()
  })

  test('takes out of the account what is free, and says where it is more than that', async () => {
    assert.deepEqual(await naru('balance'), {
      currency: 'KRW',
      bankAccountId: 'mock-live',
      balance: 999_982_200,
      ordered: 0,
      owed: 8_900,
      free: 999_973_300,
    })
    const to = ['--bank', 'SHINHAN', '--account', '110-999', '--holder', 'Market']
    await assert.rejects(naru('remit', '999982201', ...to), /at most 999982200/)
    await assert.rejects(naru('remit', '1', ...to, '--bank', 'PIGGY'), /bank/)
    for (const amount of ['abc', '0', '1.5', '1,000', '1e3', ''])
      await assert.rejects(naru('remit', amount, ...to), {
        message: `amount must be a whole number of at least 1, in digits alone, not ${JSON.stringify(amount)}.`,
      })
    await assert.rejects(
      naru('remit', '9'.repeat(20), ...to),
      /^Error: amount must be at most 999999999999999, not 9{20}\.$/,
    )
    assert.equal((await naru('remit', '1000000', ...to)).exceedsFreeAmount, false)
    await work()
    assert.equal((await naru('balance')).balance, 998_982_200)
    assert.equal((await naru('remit', '998982200', ...to)).exceedsFreeAmount, true)
    await work()
    assert.equal((await naru('balance')).free, -8_900)
    const rows = await sql<{ withdrawal_type: string; status: string }[]>`
      select withdrawal_type, status from platform_account_transfers where payout_id is null`
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { withdrawal_type: 'REMIT', status: 'SUCCEEDED' },
        { withdrawal_type: 'REMIT', status: 'SUCCEEDED' },
      ],
    )
  })

  test('revokes admin secrets and approvers of its own merchant alone', async () => {
    await market(sql, 'other')
    const { secretId } = await createAdmin(sql, 'other-store', 'theirs')
    const { approverId } = await addApprover(sql, readConfiguration(process.env), 'other-store', 'Lee')
    await assert.rejects(
      naru('admin', 'revoke', secretId),
      /The merchant has no valid admin secret .* payout admin list/,
    )
    await assert.rejects(naru('approver', 'revoke', approverId), /The merchant has no approver .* payout approver list/)
    const own = await naru('admin', 'create', 'ours')
    assert.equal(own[0].name, 'ours')
    assert.deepEqual(await naru('admin', 'revoke', own[0].secretId), [{ revoked: own[0].secretId }])
    const listed: { id: string; state: string; created: string }[] = await naru('admin', 'list')
    for (const { created } of listed) assert.match(created, /^\d{4}-\d\d-\d\dT/)
    assert.deepEqual(
      listed.map(({ id, state }) => [id, state]),
      [[own[0].secretId, 'revoked']],
    )
  })

  test('says of numbers and days which word is wrong, as it was written', async () => {
    await assert.rejects(naru('list', '--page', 'next'), /--page must be .* not "next"/)
    await assert.rejects(naru('settlements', '--size', '0'), /--size must be a whole number of at least 1/)
    await assert.rejects(naru('owed', '--size', '1x'), /--size must be .* not "1x"/)
    for (const year of ['abc', '26', '1969', '2026.0'])
      await assert.rejects(naru('holiday', 'list', year), new RegExp(`${year} is not a year from 1970`))
    await assert.rejects(naru('holiday', 'remove', 'tomorrow'), /tomorrow is not a date\. Write it like 2026-06-03/)
  })

  test('shows amounts in the unit of their currency, and adds no two currencies up', async () => {
    await place.partner('abroad')
    for (const [currency, settlement] of [
      ['USD', 10_988],
      ['USD', 5],
      ['JPY', 10_988],
    ] as const)
      await place.transfer({ partner: 'abroad', type: 'MANUAL', date: '2026-02-26', settlement, currency })
    await place.settle()
    const ofAbroad = ['settlements', '--partner', 'abroad']
    const table = await printed(ofAbroad, /abroad/)
    for (const shown of [/ 109\.93 +USD /, / 10988 +JPY /]) assert.match(table, shown)
    const { items } = await naru(...ofAbroad)
    await completePayout(sql, place.request(), {
      ...{ bulkPayoutId: 'abroad', name: 'abroad', actor: 'test', completedAt: place.clock.now },
      partnerSettlementIds: items.map(({ id }: { id: string }) => id),
    })
    const payouts = await printed(['payouts', 'abroad'], /abroad/)
    for (const shown of [/ 109\.93 +0\.00 +109\.93 +USD /, / 10988 +0 +10988 +JPY /]) assert.match(payouts, shown)
    const list = ['list', '--size', '1000']
    assert.match(await printed(list, /abroad/), /^abroad .* 10988 JPY, 109\.93 USD /m)
    assert.match(await printed(list, /abroad/), /^run .* \d+ KRW /m)
    const { payoutTotals } = await naru(...list)
    assert.deepEqual(
      payoutTotals.filter(({ bulkPayoutId }: { bulkPayoutId: string }) => bulkPayoutId === 'abroad'),
      [
        { bulkPayoutId: 'abroad', currency: 'JPY', amount: 10_988 },
        { bulkPayoutId: 'abroad', currency: 'USD', amount: 10_993 },
      ],
    )
  })

  test('lists what payments and transfers owe each other', async () => {
    assert.deepEqual(await naru('owed'), { items: [] })
  })
})
