import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, test } from 'node:test'
import { request } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId, order, virtualAccount } from './support/requests.ts'

const minute = 60_000

/** What a merchant's server sees when a webhook wakes it: everything as of the webhook's own instant. */
type Seen = {
  readonly webhookId: string
  readonly now: number
  readonly promotion: string
  readonly tokenIsGood: boolean
}

describe('a day in which everything falls due', async () => {
  const naru = await startNaru()
  // A second server's due loop must leave a store alone whose clock is on its way.
  await naru.another()

  const schedule = async ({ api, channelKey }: TestStore, at: number, testCode: string) => {
    const issued = await api.call('issueBillingKey', { body: { channelKey, method: card() }, testCode })
    const paymentId = newPaymentId()
    const payment = monthly(issued.billingKeyInfo.billingKey)
    await api.call('createPaymentSchedule', {
      path: { paymentId },
      body: { payment, timeToPay: new Date(at).toISOString() },
    })
    return paymentId
  }

  const account = async ({ api, channelKey }: TestStore, deadline: number) => {
    const paymentId = newPaymentId()
    const method = virtualAccount({ dueDate: new Date(deadline).toISOString() })
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey, { method }) })
    return paymentId
  }

  const promote = async ({ api }: TestStore, startAt: number, endAt: number) => {
    const created = await api.call('createSandboxPromotion', {
      body: {
        name: '두 시간 할인',
        discountPolicy: { partitions: [{ amountFrom: 0, scheme: { type: 'PERCENT', percent: 10 } }] },
        totalBudget: 100_000,
        startAt: new Date(startAt).toISOString(),
        endAt: new Date(endAt).toISOString(),
        cardCompany: 'SHINHAN_CARD',
      },
    })
    return created.id
  }

  /** The same day for two stores; one of them lives through it. */
  const prepare = async (store: TestStore) => {
    await store.api.call('stopSandboxClock')
    const start = await store.now()
    const at = (minutes: number) => start + minutes * minute
    const promotionId = await promote(store, at(120), at(240))
    const { accessToken } = await store.portone.auth.loginViaApiSecret({ apiSecret: store.apiSecret })
    const due = new Map([
      [await schedule(store, at(20), 'approve'), { at: at(20), status: 'PAID' }],
      [await account(store, at(60)), { at: at(60), status: 'FAILED' }],
      [await schedule(store, at(130), 'bk-fail-later'), { at: at(130), status: 'FAILED' }],
      [await schedule(store, at(180), 'approve'), { at: at(180), status: 'PAID' }],
      [await account(store, at(180)), { at: at(180), status: 'FAILED' }],
      [await schedule(store, at(300), 'approve'), { at: at(300), status: 'PAID' }],
      [await account(store, at(480)), { at: at(480), status: 'FAILED' }],
    ])
    return { start, at, promotionId, accessToken, due }
  }

  const promotionStatus = async ({ portone }: TestStore, promotionId: string): Promise<string> => {
    const promotion = await portone.payment.promotion.getPromotion({ promotionId })
    assert(promotion.type === 'CARD')
    return promotion.status
  }

  test('runs each thing once, in order, at its own instant, and leaves the other store alone', async () => {
    const seen: Seen[] = []
    let look: (webhookId: string) => Promise<number> = async () => 200
    // While the clock travels, the merchant's server calls back, as real ones do. It is unwell at first: each webhook
    // is refused once and comes again.
    const merchant: RequestListener = ({ headers }, response) => {
      look(String(headers['webhook-id'])).then(
        (status) => response.writeHead(status).end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    }
    const [store, other] = [await naru.newStore({ answer: merchant }), await naru.newStore()]
    const [day, sameDay] = [await prepare(store), await prepare(other)]
    const tokenIsGood = async (): Promise<boolean> => {
      const headers = { authorization: `Bearer ${day.accessToken}` }
      const { status } = await request(naru.url, { method: 'GET', path: '/payments', headers })
      assert(status === 200 || status === 401)
      return status === 200
    }
    // What was sent until here, as of the accounts that were issued, has arrived before the day begins.
    await store.advance({ seconds: 1 })
    look = async (webhookId) => {
      const isFirst = !seen.some((earlier) => earlier.webhookId === webhookId)
      const now = await store.now()
      const promotion = await promotionStatus(store, day.promotionId)
      seen.push({ webhookId, now, promotion, tokenIsGood: await tokenIsGood() })
      return isFirst ? 503 : 200
    }

    const ran = await store.advance({ hours: 12 })
    const instants = ran.map(({ at }) => Date.parse(at))
    assert.deepEqual(instants, instants.toSorted(), 'in order')
    assert.equal(ran.filter(({ source }) => source === 'payment-schedule').length, 4)

    for (const [paymentId, { at, status }] of day.due) {
      const payment = await store.api.call('getPayment', { path: { paymentId } })
      assert.equal(payment.status, status)
      const settledAt = 'paidAt' in payment ? payment.paidAt : 'failedAt' in payment ? payment.failedAt : ''
      assert.equal(Date.parse(settledAt), at, 'at its own instant')
      const { items } = await store.api.call('getPaymentTransactions', { path: { paymentId } })
      assert.equal(items.length, 1, 'once')
    }

    const deliveries = Map.groupBy(seen, ({ webhookId }) => webhookId)
    assert.equal(deliveries.size, day.due.size, 'one webhook each')
    for (const [first, second, third] of deliveries.values()) {
      assert(first && second && third === undefined, 'refused once, taken once')
      assert(second.now >= first.now && second.now < first.now + minute, 'tried again within a minute of store time')
    }
    const firsts = [...deliveries.values()].map(([first]) => first?.now ?? 0)
    assert.deepEqual(
      firsts.toSorted((one, two) => one - two),
      [...day.due.values()].map(({ at }) => at),
      'announced at the instant it happened',
    )
    for (const { now, promotion, tokenIsGood: isGood } of seen) {
      const expected = now < day.at(120) ? 'SCHEDULED' : now < day.at(240) ? 'IN_PROGRESS' : 'COMPLETED'
      assert.deepEqual([promotion, isGood], [expected, now < day.at(30)], new Date(now).toISOString())
    }
    assert.deepEqual(
      [...new Set(seen.map(({ promotion }) => promotion))],
      ['SCHEDULED', 'IN_PROGRESS', 'COMPLETED'],
      'the promotion was seen in each of its states',
    )
    assert.deepEqual([...new Set(seen.map(({ tokenIsGood: isGood }) => isGood))], [true, false])
    assert.deepEqual(await store.advance({ days: 30 }), [], 'nothing is left')

    assert.equal(await other.now(), sameDay.start)
    assert.equal(await promotionStatus(other, sameDay.promotionId), 'SCHEDULED')
    for (const paymentId of sameDay.due.keys()) {
      const { status, text } = await other.api.send('getPayment', { path: { paymentId } })
      assert(status === 404 || JSON.parse(text).status === 'VIRTUAL_ACCOUNT_ISSUED', text)
    }
  })
})
