import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { PlatformPayoutStatus } from '@naru/contract'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import { findPayoutFaults } from '../../audit/payouts.ts'
import type { PayoutBank } from '../../gateways/port/payout.ts'
import { hour, minute } from '../../kernel/clock.ts'
import type { PartnerContent } from '../partners/content.ts'
import { changeSetting } from '../settings/store.ts'
import { type Market, market, start, today } from '../testing/market.ts'
import { readBalance } from './balance.ts'
import { generatePayouts } from './generate.ts'
import { cancelPayouts, type Ordering, orderPayouts, withdrawOrders } from './order.ts'
import { prepareBulkPayout } from './prepare.ts'
import { runWithdrawal } from './send.ts'

const database = await createTestDatabase()
after(async () => {
  assert.deepEqual(await findPayoutFaults(database.sql), [])
  await database[Symbol.asyncDispose]()
})
const { sql } = database
const actor = 'approver'
const run = { bulkPayoutId: 'run', actor }

const accountOf = async ({ request, bank, clockOf }: Market) =>
  (await readBalance(sql, request().platform, bank, await clockOf())) ?? assert.fail('the bank says nothing')

const freeOf = async (place: Market): Promise<number> => {
  const { balance, ordered, owed } = await accountOf(place)
  return balance - ordered - owed
}

const order = async (place: Market, given: Pick<Ordering, 'move' | 'scheduledAt'>): Promise<void> => {
  await orderPayouts(sql, place.request(), { ...run, ...given, account: await accountOf(place) })
}

const work = async (place: Market, bank: PayoutBank = place.bank): Promise<void> => {
  const parts = { sql, log: pino({ level: 'silent' }), bankOf: () => bank, clockOf: place.clockOf }
  for (const id of await place.due()) await runWithdrawal(parts, place.request().platform, id)
}

/** How one is paid depends on who one is. Each settles another amount, so that no two errors make up for each other. */
const partners: Readonly<Record<string, { readonly type: PartnerContent['type']; readonly settlement: number }>> = {
  business: { type: businessOf('NORMAL'), settlement: 100_000 },
  taxFree: { type: businessOf('TAX_FREE'), settlement: 33_333 },
  withheld: { type: { type: 'WHT_PAYER' }, settlement: 1_000_000 },
  person: { type: { type: 'NON_WHT_PAYER' }, settlement: 7_777 },
}

function businessOf(taxationType: 'NORMAL' | 'TAX_FREE'): PartnerContent['type'] {
  return {
    type: 'BUSINESS',
    companyName: 'Shop',
    taxationType,
    businessRegistrationNumber: '1234567890',
    representativeName: '홍길동',
    companyAddress: 'Seoul',
    businessType: 'Retail',
    businessClass: 'Goods',
    businessStatus: 'NOT_VERIFIED',
  }
}

const refusing = async () =>
  ({ kind: 'failed', failure: { pgCode: 'REFUSED', pgMessage: 'The bank is down.' } }) as const

/** How payouts that are generated come to be this. */
const ways: Readonly<Record<PlatformPayoutStatus, (place: Market) => Promise<unknown>>> = {
  CONFIRMED: async () => undefined,
  SCHEDULED: (place) => order(place, { move: 'schedule', scheduledAt: start + hour }),
  PREPARED: (place) => order(place, { move: 'execute' }),
  STOPPED: async (place) => {
    await order(place, { move: 'execute' })
    await withdrawOrders(sql, place.request(), 'stop', run)
  },
  PROCESSING: async (place) => {
    await order(place, { move: 'execute' })
    const lost = async () => ({ kind: 'unknown', reason: 'the connection broke before the bank was reached' }) as const
    await work(place, { ...place.bank, transfer: lost })
  },
  FAILED: async (place) => {
    await order(place, { move: 'execute' })
    await work(place, { ...place.bank, transfer: refusing })
  },
  SUCCEEDED: async (place) => {
    await ways.FAILED(place)
    await order(place, { move: 'retry' })
    await work(place)
  },
  CANCELLED: (place) => cancelPayouts(sql, place.request(), run),
}

/** Whatever is left of the payouts is paid, also what the bank must be asked about first, more than once. */
const payAll = async (place: Market): Promise<void> => {
  for (const move of ['execute', 'retry', 'retry', 'retry'] as const) {
    place.clock.now += 10 * minute
    await order(place, { move })
    place.clock.now += hour
    await work(place)
  }
}

for (const settlementAmountType of ['GROSS', 'NET'] as const)
  describe(`what is owed under ${settlementAmountType} is what will leave the account`, () => {
    for (const [status, make] of Object.entries(ways))
      test(`for payouts that are ${status}`, async () => {
        const place = await market(sql, `owed-${settlementAmountType}-${status}`)
        await changeSetting(sql, place.request(), (content) => ({ ...content, settlementAmountType }))
        for (const [partner, { type, settlement }] of Object.entries(partners)) {
          await place.partner(partner, { type })
          await place.transfer({ partner, settlement })
        }
        await place.settle()
        const settled = 1_000_000_000 - 1_141_110
        assert.equal(await freeOf(place), settled)
        await prepareBulkPayout(sql, place.request(), { ...run, name: 'run', settlementDates: [today] })
        await generatePayouts(sql, place.request(), 'run', actor)
        const withholding = 33_000
        const generated = settled + withholding - (settlementAmountType === 'NET' ? 10_000 : 0)
        assert.equal(await freeOf(place), generated, 'the taxes of payouts are known')

        await make(place)
        const made = await place.payouts()
        assert.deepEqual(new Set(made.map((payout) => payout.status)), new Set([status]))
        assert.equal(await freeOf(place), status === 'CANCELLED' ? settled : generated)

        for (const partner of Object.keys(partners))
          await place.transfer({ partner, type: 'MANUAL', settlement: -1_000 })
        await place.settle()
        if (status === 'CANCELLED') assert.equal(await freeOf(place), settled + 4 * 1_000)
        else {
          assert.equal(await freeOf(place), generated, 'a debt makes no payout smaller that exists')
          await payAll(place)
          assert.deepEqual(await accountOf(place).then(({ balance, ordered, owed }) => [balance, ordered, owed]), [
            generated,
            0,
            0,
          ])
        }
      })
  })
