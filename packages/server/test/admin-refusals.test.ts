import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { payoutStatuses } from '../src/platform/payouts/stats.ts'
import { payoutMoves } from '../src/platform/payouts/status.ts'
import { market, start } from '../src/platform/testing/market.ts'
import { adminOf, newAdmin } from './support/admin.ts'
import { startNaru } from './support/naru.ts'

const dayOf = (number: number): string => `2026-02-${String(number).padStart(2, '0')}`
const soon = new Date(start + 24 * 3_600_000).toISOString()

/** What people ask of the payouts of a bulk payout, and what its refusal says of those that it cannot be done to. */
const moves = {
  execute: { path: 'execute', from: payoutMoves.execute.from, verb: 'executed' },
  schedule: { path: 'execute', body: { scheduledAt: soon }, from: payoutMoves.schedule.from, verb: 'scheduled' },
  reschedule: {
    path: 'reschedule',
    body: { scheduledAt: soon },
    from: payoutMoves.reschedule.from,
    verb: 'rescheduled',
  },
  cancelSchedule: { path: 'cancel-schedule', from: payoutMoves.cancelSchedule.from, verb: 'taken off a schedule' },
  stop: { path: 'stop', from: payoutMoves.stop.from, verb: 'stopped' },
  retry: { path: 'retry', from: payoutMoves.retry.from, verb: 'retried' },
  cancel: { path: 'cancel', from: payoutMoves.cancel.from, verb: 'cancelled' },
  memos: {
    path: 'memos',
    body: { depositMemo: 'Market' },
    from: ['CONFIRMED'],
    verb: 'given texts for bank statements',
  },
} as const

describe('each refusal of the admin API names the thing, its status, and what to do', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const place = await market(sql, 'refused')
  const admin = adminOf(naru.url, await newAdmin(sql, 'refused-store'))
  const refusedWith = async (method: string, path: string, body?: object): Promise<string> => {
    const { status, body: answer } = await admin(method, path, body)
    assert.equal(status, 400, JSON.stringify(answer))
    return answer.message
  }
  const prepared = async (id: string, date: string, partner: string, settlement = 8_900) => {
    await place.partner(partner)
    await place.transfer({ partner, date, settlement })
    await place.settle(date)
    assert.equal((await admin('POST', '/bulk-payouts', { id, settlementDates: [date] })).status, 200)
  }
  const generated = async (...given: Parameters<typeof prepared>) => {
    const [id] = given
    await prepared(...given)
    assert.equal((await admin('POST', `/bulk-payouts/${id}/generate`)).status, 200)
  }
  // One for each status. A status is written as it is: how payouts come to it is another test's subject.
  for (const [index, status] of payoutStatuses.entries()) {
    await generated(`of-${status}`, dayOf(index + 1), `partner-${status}`)
    await sql`update platform_payouts set status = ${status} where bulk_payout_id = ${`of-${status}`}`
  }
  await prepared('discarded', dayOf(20), 'discarded')
  assert.equal((await admin('POST', '/bulk-payouts/discarded/discard')).status, 200)
  await generated('rejected', dayOf(21), 'rejected')
  await generated('failed-of-rejected', dayOf(22), 'failed')
  await sql`update platform_payouts set status = 'FAILED' where bulk_payout_id = 'failed-of-rejected'`
  await admin('POST', '/partners/status', { partnerIds: ['rejected', 'failed'], status: 'REJECTED' })
  await generated('of-nothing', dayOf(19), 'nothing', 0)
  await prepared('waiting', dayOf(23), 'waiting')

  for (const [move, { path, from, verb, ...rest }] of Object.entries(moves)) {
    const body = 'body' in rest ? rest.body : undefined
    for (const status of payoutStatuses.filter((status) => !(from as readonly string[]).includes(status)))
      test(`${move} of what is ${status}`, async () => {
        const message = await refusedWith('POST', `/bulk-payouts/of-${status}/${path}`, body)
        const allowed = from.join(' or ')
        assert.match(message, new RegExp(`^The bulk payout of-${status} is [A-Z]+\\. `))
        assert.match(
          message,
          new RegExp(`Only payouts that are ${allowed} can be ${verb}, and these are: 1 ${status} \\(.+\\)\\.$`),
        )
      })
    for (const [id, pattern] of [
      ['unknown', /^There is no bulk payout unknown\. See which there are \(naru payout list\)\.$/],
      [
        'waiting',
        /^The bulk payout waiting is PREPARING: it has no payouts yet\. Generate them first \(naru payout generate waiting\)\.$/,
      ],
      [
        'discarded',
        /^The bulk payout discarded is CANCELLED: it was discarded .+ Prepare another one \(naru payout prepare\)\.$/,
      ],
    ] as const)
      test(`${move} of a bulk payout that is ${id}`, async () =>
        assert.match(await refusedWith('POST', `/bulk-payouts/${id}/${path}`, body), pattern))
    test(`${move} of a payout that is not there`, async () =>
      assert.match(
        await refusedWith('POST', `/bulk-payouts/of-SUCCEEDED/${path}`, { ...body, payoutIds: ['po-none'] }),
        /^The bulk payout of-SUCCEEDED has no payout po-none\. See which it has \(naru payout payouts of-SUCCEEDED\)\.$/,
      ))
  }

  const notApproved =
    /Only partners who are APPROVED are paid, and these are not: (rejected|failed) \(REJECTED\)\. Approve them/
  const withheld = { status: 'PAYOUT_WITHHELD' }
  const others: readonly (readonly [what: string, ask: readonly [string, string, object?], message: RegExp])[] = [
    ['executing for who is rejected', ['POST', '/bulk-payouts/rejected/execute'], notApproved],
    ['retrying for who is rejected', ['POST', '/bulk-payouts/failed-of-rejected/retry'], notApproved],
    ['rescheduling to no time', ['POST', '/bulk-payouts/waiting/reschedule', {}], /scheduledAt .*such as 2026/],
    ['showing what is not there', ['GET', '/bulk-payouts/unknown'], /no bulk payout unknown\. See which there are/],
    [
      'generating again',
      ['POST', '/bulk-payouts/of-CONFIRMED/generate'],
      /of-CONFIRMED is PREPARED .* Execute its payouts/,
    ],
    [
      'discarding too late',
      ['POST', '/bulk-payouts/of-CONFIRMED/discard'],
      /is PREPARED and has payouts: 1\..* or cancel them/,
    ],
    [
      'discarding twice',
      ['POST', '/bulk-payouts/discarded/discard'],
      /is CANCELLED and has payouts: 0\..* prepare another/,
    ],
    [
      'selecting too late',
      ['POST', '/bulk-payouts/of-CONFIRMED/selection', { isSelected: true }],
      /of-CONFIRMED is PREPARED/,
    ],
    [
      'selecting what is not in it',
      ['POST', '/bulk-payouts/waiting/selection', { isSelected: true, partnerSettlementIds: ['pst-none'] }],
      /waiting is PREPARING and has no settlement .*: pst-none\. Nothing was changed\. See which it has/,
    ],
    [
      'preparing beside another',
      ['POST', '/bulk-payouts', { id: 'second', settlementDates: [dayOf(20)] }],
      /The bulk payout waiting is in preparation \(PREPARING\).*\(naru payout discard waiting\)/,
    ],
    [
      'preparing a date of nothing',
      ['POST', '/bulk-payouts', { settlementDates: ['2026-01-01'] }],
      /no partner settlement of 2026-01-01\. .*midnight in Seoul; see which there are/,
    ],
    [
      'preparing what is being paid',
      ['POST', '/bulk-payouts', { settlementDates: [dayOf(21)] }],
      /No settlement in KRW of 2026-02-21 can be paid; these are: 1 CONFIRMED in KRW \(another bulk payout .*execute or cancel it\)\./,
    ],
    [
      'preparing no date',
      ['POST', '/bulk-payouts', { settlementDates: ['2026-02-30'] }],
      /settlementDates\[0\] must be a date such as/,
    ],
    [
      'withholding what is not there',
      ['POST', '/partner-settlements/status', { ...withheld, partnerSettlementIds: ['pst-none'] }],
      /no partner settlements pst-none\. Nothing was changed; see which there are/,
    ],
    [
      'deciding on nobody known',
      ['POST', '/partners/status', { partnerIds: ['nobody'], status: 'APPROVED' }],
      /unknown or archived: nobody\. Nobody was changed\. Leave them out, or recover/,
    ],
    [
      'remitting more than there is',
      ['POST', '/remittances', { bank: 'SHINHAN', accountNumber: '1', accountHolder: 'A', amount: 2e9 }],
      /2000000000 KRW is too much: the account has at most \d+ KRW .* Order less/,
    ],
    [
      'a holiday on no day',
      ['PUT', '/holidays/2026-02-30', { name: 'A', isClosed: true }],
      /date must be a date such as/,
    ],
    [
      'a correction that is not there',
      ['DELETE', '/holidays/2026-12-24'],
      /no correction for 2026-12-24\. See which days/,
    ],
  ]
  for (const [what, ask, message] of others) test(what, async () => assert.match(await refusedWith(...ask), message))

  test('withholding what is paid or being prepared', async () => {
    const idOf = async (partner: string) => {
      const [row] = await sql<{ id: string }[]>`
        select partner_settlement_id as id from platform_partner_settlements where partner_id = ${partner}`
      return row?.id ?? assert.fail()
    }
    const [confirmed, waiting] = [await idOf('rejected'), await idOf('waiting')]
    const asked = (id: string) =>
      refusedWith('POST', '/partner-settlements/status', { ...withheld, partnerSettlementIds: [id] })
    assert.match(await asked(confirmed), new RegExp(`Nothing was changed: leave out ${confirmed} \\(CONFIRMED\\)\\.$`))
    assert.match(
      await asked(waiting),
      new RegExp(`first generate or discard the bulk payout of ${waiting} \\(in waiting\\)\\.$`),
    )
  })

  test('selecting some of which one is not there selects none', async () => {
    const [{ selected }] = [(await admin('GET', '/bulk-payouts/waiting')).body]
    const partnerSettlementIds = [...selected[0].partnerSettlementIds, 'pst-none']
    await refusedWith('POST', '/bulk-payouts/waiting/selection', { isSelected: false, partnerSettlementIds })
    assert.equal((await admin('GET', '/bulk-payouts/waiting')).body.selected.length, 1)
  })

  test('generating for nobody who can be paid', async () => {
    await admin('POST', '/partners/status', { partnerIds: ['waiting'], status: 'REJECTED' })
    const generate = ['POST', '/bulk-payouts/waiting/generate'] as const
    assert.match(
      await refusedWith(...generate),
      /waiting is PREPARING, and none .*: waiting \(REJECTED\)\. .*approve partners/,
    )
    await admin('POST', '/bulk-payouts/waiting/selection', { isSelected: false })
    assert.match(
      await refusedWith(...generate),
      /waiting is PREPARING, and no settlement is selected\. Select settlements/,
    )
  })

  test('payouts of nothing are executed like any others', async () => {
    assert.equal((await admin('POST', '/bulk-payouts/of-nothing/execute')).status, 200)
  })
})
