import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Payment } from '../src/payments/state/payment.ts'
import { paymentOf, type StoredPayment, storedPayment } from '../src/payments/stored.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { card, monthly } from './support/requests.ts'
import { scaled } from './support/scale.ts'

/** More than 31: every day of a month, and each scenario. A multiple of 125: every scenario on every day of a month. */
const subscribers = scaled(40, 1_000)
const months = 12
/** A leap year. */
const year = 2028
const atOnce = 16

/** At 9 in the morning in Korea, every subscriber is charged on their day of the month, or on its last: the 31st of January, the 29th of February. */
const chargedAt = (subscriber: number, month: number): string => {
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Math.min((subscriber % 31) + 1, lastDay)
  return new Date(Date.UTC(year, month, day)).toISOString()
}

/** The cards of some subscribers fail: of one in fifty the third charge, of one in a hundred and twenty-five every one. */
const scenarioOf = (subscriber: number): 'approve' | 'bk-third-fails' | 'bk-fail-later' => {
  if (subscriber % 125 === 7) return 'bk-fail-later'
  return subscriber % 50 === 3 ? 'bk-third-fails' : 'approve'
}

const succeeds = (subscriber: number, month: number): boolean => {
  switch (scenarioOf(subscriber)) {
    case 'approve':
      return true
    case 'bk-third-fails':
      return month !== 2
    case 'bk-fail-later':
      return false
  }
}

const idOf = (subscriber: number, month: number) => `subscription-${subscriber}-${month}`

describe('a year of a subscription business', async () => {
  const naru = await startNaru()

  const subscribe = async ({ api, channelKey }: TestStore, subscriber: number): Promise<string> => {
    const customer = { id: `customer-${subscriber}` }
    const body = { channelKey, method: card(), customer }
    const issued = await api.call('issueBillingKey', { body, testCode: scenarioOf(subscriber) })
    return issued.billingKeyInfo.billingKey
  }

  const schedule = async ({ api }: TestStore, billingKey: string, subscriber: number, month: number) => {
    const path = { paymentId: idOf(subscriber, month) }
    const payment = monthly(billingKey)
    const body = { payment, timeToPay: chargedAt(subscriber, month) }
    await api.call('createPaymentSchedule', { path, body })
  }

  /** What the books say of every charge, by its id. */
  const chargesOf = async (storeId: string): Promise<ReadonlyMap<string, Payment>> => {
    const { sql } = naru.database
    const rows = await sql<{ id: string; stored: StoredPayment }[]>`
      select payment_id as id, ${storedPayment(sql)} as stored from payments p where store_id = ${storeId}`
    return new Map(rows.map(({ id, stored }) => [id, paymentOf(stored)]))
  }

  test(`${subscribers} subscribers, ${months} months: each charge once, at its own instant, and no other store notices`, async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    for (const one of [store, other]) await one.api.call('stopSandboxClock', { body: {} })
    await store.api.call('advanceSandboxClock', { body: { to: `${year - 1}-12-31T00:00:00Z` } })
    const otherKey = await subscribe(other, 0)
    await schedule(other, otherKey, 0, 0)
    const otherNow = (await other.api.call('getSandboxClock')).now

    const everybody = Array.from({ length: subscribers }, (_, subscriber) => subscriber)
    const keys = new Map<number, string>()
    await inParallel(
      everybody,
      atOnce,
      async (subscriber) => void keys.set(subscriber, await subscribe(store, subscriber)),
    )
    const ran: { source: string; id: string; at: string }[] = []
    for (let month = 0; month < months; month++) {
      // A business schedules the next month when the last one is over.
      await inParallel(everybody, atOnce, (subscriber) =>
        schedule(store, keys.get(subscriber) ?? '', subscriber, month),
      )
      const to = new Date(Date.UTC(year, month + 1, 1) - 1_000).toISOString()
      ran.push(...(await store.api.call('advanceSandboxClock', { body: { to } })).ran)
    }

    const charges = await chargesOf(store.storeId)
    assert.equal(charges.size, subscribers * months)
    for (const subscriber of everybody)
      for (let month = 0; month < months; month++) {
        const charge = charges.get(idOf(subscriber, month))
        const [attempt, second] = charge?.attempts ?? []
        const expected = succeeds(subscriber, month)
        assert.equal(second, undefined, 'charged once')
        assert.equal(attempt?.phase, expected ? 'PAID' : 'FAILED', idOf(subscriber, month))
        const at = expected ? attempt?.paidAt : attempt?.failedAt
        assert.equal(new Date(at ?? 0).toISOString(), chargedAt(subscriber, month), idOf(subscriber, month))
      }
    const runs = ran.filter(({ source }) => source === 'payment-schedule')
    assert.equal(runs.length, subscribers * months, `ran: ${[...new Set(ran.map(({ source }) => source))]}`)
    assert.deepEqual(
      runs.map(({ at }) => at),
      runs.map(({ at }) => at).toSorted(),
    )
    await bothSidesAgree(store)
    assert.equal((await other.api.call('getSandboxClock')).now, otherNow)
    assert.equal((await chargesOf(other.storeId)).get(idOf(0, 0))?.attempts.length, 0)
  })

  /** The PG charged what we say, once, and each outcome was announced once. */
  const bothSidesAgree = async ({ storeId }: TestStore) => {
    const [books] = await naru.database.sql<{ charged: number; paid: number; failed: number; announced: number }[]>`
      select
        (select count(*)::integer from sandbox_transactions where store_id = ${storeId} and state = 'APPROVED') as charged,
        (select count(*)::integer from payments where store_id = ${storeId} and status = 'PAID') as paid,
        (select count(*)::integer from payments where store_id = ${storeId} and status = 'FAILED') as failed,
        (select count(*)::integer from webhooks where store_id = ${storeId} and status = 'SUCCEEDED'
           and type in ('Transaction.Paid', 'Transaction.Failed')) as announced`
    assert.equal(books?.announced, subscribers * months)
    assert.equal((books?.paid ?? 0) + (books?.failed ?? 0), subscribers * months)
    assert.equal(books?.charged, books?.paid)
  }
})
