import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import { typeOf } from './support/api.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { newPaymentId } from './support/requests.ts'
import { scaled } from './support/scale.ts'

describe('windows in which a PG charges, of an order that the shop has closed or changed', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newStore()
  const { storeId, api } = store
  const elsewhere = second.clientsOf(store.apiSecret).api
  const credentials = { window: 'redirect', windowCharging: 'inside' }
  const channelKey = await addChannel(naru, storeId, 'INICIS_V2', { credentials })
  const profileKey = `inside-${storeId}`
  const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
  await setProfile(sql, { storeId, profileKey, name: 'Inside', isForTest: true, entries })

  const { send, open } = browserOf(naru)
  const page = async (path: string, body: object) => (await send(path, body)).body

  /** What a shopper can do in a window whose token is known. */
  const windowOf = async (paymentId: string, token: string) => {
    const { url } = Object(Object(await page('view', { token })).pgWindow)
    return {
      paymentId,
      token,
      pay: (outcome = '') =>
        fetch(naru.url + url, {
          method: 'POST',
          body: new URLSearchParams({ card: '4242424242424242', step: 'agree', outcome }),
          redirect: 'manual',
        }),
      back: (from = naru.url) => fetch(`${from}/checkout/return/${token}`, { redirect: 'manual' }),
      view: () => page('view', { token }),
      leave: () => page('attempts/close', { token }),
      result: async (): Promise<Record<string, unknown>> => Object((await page('attempts/state', { token })).result),
    }
  }

  const order = { storeId, profileKey, country: 'KR', currency: 'KRW', orderName: '귤' } as const
  const newSession = (paymentId: string, totalAmount: number, others: object = {}) =>
    api.call('createPaymentSession', {
      body: { ...order, paymentId, totalAmount, redirectUrl: 'https://shop.example/done', ...others },
    })
  const inSession = async (paymentId: string, sessionId: string) => {
    const { url } = await page('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    return await windowOf(paymentId, String(url).split('/').at(-1) ?? '')
  }
  const opened = async (others: object = {}) => {
    const paymentId = newPaymentId()
    const { sessionId } = await newSession(paymentId, 100, others)
    return { ...(await inSession(paymentId, sessionId)), sessionId }
  }
  const openedByScript = async () => {
    const payment = paymentOf({ storeId, channelKey }, { totalAmount: 100, customer })
    const { token } = await open(payment)
    return { ...(await windowOf(payment.paymentId, token)), sessionId: '' }
  }
  const customer = { fullName: '홍길동', phoneNumber: '010-1234-5678', email: 'buyer@shop.example' }

  type Opened = Awaited<ReturnType<typeof opened>>

  const close = (sessionId: string, from = api) => from.send('closePaymentSession', { path: { sessionId } })
  const reprice = (paymentId: string, from = api) =>
    from.send('createPaymentSession', { body: { ...order, paymentId, totalAmount: 50_000 } })
  const announce = (paymentId: string, from = api) =>
    from.send('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 50_000 } })

  /** What the shop does meanwhile, and what its order costs then. */
  const changes = {
    'is closed': { open: opened, change: ({ sessionId }: Opened, from = api) => close(sessionId, from) },
    'is replaced by one of another amount': {
      open: opened,
      change: ({ paymentId }: Opened, from = api) => reprice(paymentId, from),
    },
    'is of another amount than is pre-registered since': {
      open: openedByScript,
      change: ({ paymentId }: Opened, from = api) => announce(paymentId, from),
    },
  }

  const read = (paymentId: string) => api.call('getPayment', { path: { paymentId } })
  const statusOf = async (paymentId: string) => String((await read(paymentId)).status)
  const failureOf = async (paymentId: string) => {
    const payment = await store.portone.payment.getPayment({ paymentId })
    return payment.status === 'FAILED' ? payment.failure.pgCode : payment.status
  }
  /** What the PG keeps of each charge. */
  const kept = async (paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items.map(
      ({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0),
    )

  /** The order takes the price that the shop wants now. */
  const payAgain = async (paymentId: string) => {
    const { sessionId } = await newSession(paymentId, 50_000)
    const { pay, back, result } = await inSession(paymentId, sessionId)
    await pay()
    await back()
    assert.equal('code' in (await result()), false)
    const { amount, status } = await store.portone.payment.getPayment({ paymentId }).then((payment) => Object(payment))
    assert.deepEqual([status, amount.total], ['PAID', 50_000])
    assert.deepEqual((await kept(paymentId)).toSorted(), [0, 50_000])
  }

  const assertRefunded = async ({ paymentId, result }: Opened) => {
    assert.equal(await failureOf(paymentId), 'NARU_ORDER_CHANGED')
    assert.deepEqual(await kept(paymentId), [0])
    const { code, pgCode, message, txId } = await result()
    assert.deepEqual([code, pgCode, typeof txId], ['PORTONE_ERROR', 'NARU_ORDER_CHANGED', 'string'])
    assert.match(String(message), /^상점에서 결제를 닫았거나 주문을 변경하여, 여기서 승인된 금액을 환불합니다/)
  }

  /** How the charge is learnt of. */
  const news: Readonly<Record<string, (window: Opened) => Promise<unknown>>> = {
    'the browser’s return': async ({ pay, back }) => {
      await pay()
      return await back()
    },
    'its return to another server, thrice at once': async ({ pay, back }) => {
      await pay()
      return await Promise.all([back(second.url), back(), back(second.url)])
    },
    'the PG’s notice, twice': async ({ pay }) => {
      await pay('notify-dup')
      return await store.advance({ seconds: 1 })
    },
    'an inquiry, of a shopper who never comes back': async ({ pay }) => {
      await pay()
      return await store.advance({ minutes: 5 })
    },
  }

  for (const [name, { open: openOne, change }] of Object.entries(changes))
    for (const [source, learn] of Object.entries(news))
      test(`a window that ${name} is refunded when ${source} tells of the charge`, async () => {
        const window = await openOne()
        assert.equal((await change(window)).status, 200)
        await learn(window)
        await assertRefunded(window)
        await payAgain(window.paymentId)
      })

  test('so is a charge of another amount, in the words for an order that cannot be paid again', async () => {
    const window = await opened()
    await close(window.sessionId)
    await window.pay('amount-mismatch')
    await window.back()
    await assertRefunded(window)
  })

  test('a redirect says so as well, and the page says before that a charge is refunded', async () => {
    const { sessionId, view, pay, back, paymentId } = await opened()
    await close(sessionId)
    const { step, isRefunded, state } = await view()
    assert.deepEqual([step, isRefunded], ['CLOSED', true])
    assert.match(String(Object(state).redirectUrl), /pgCode=PAY_PROCESS_CLOSED/)
    assert.equal(await failureOf(paymentId), 'PAY_PROCESS_CLOSED')
    await pay()
    await back()
    const { redirectUrl } = Object((await view()).state)
    const { code, pgCode } = Object.fromEntries(new URL(String(redirectUrl)).searchParams)
    assert.deepEqual([code, pgCode], ['PORTONE_ERROR', 'NARU_ORDER_CHANGED'])
  })

  for (const [name, { open: openOne, change }] of Object.entries(changes))
    test(`a window that ${name} while its shopper pays and comes back on another server has one outcome`, async () => {
      const rounds = Array.from({ length: scaled(12, 100) }, (_, round) => round)
      await inParallel(rounds, 3, async (round) => {
        const window = await openOne()
        const { paymentId, pay, back } = window
        // A little later each time, the one or the other, so that the two meet at each step.
        const later = async (isLate: boolean) => {
          for (let step = 0; isLate && step < round / 2; step += 1) await fetch(`${naru.url}/healthz`)
        }
        const paying = later(round % 2 === 1)
          .then(() => pay())
          .then(() => back(second.url))
        await later(round % 2 === 0)
        const changed = await change(window)
        const isPaid = (await statusOf(paymentId)) === 'PAID'
        // A refused change says that the order is paid, or is being paid.
        const isKept = changed.status === 200 ? isPaid : true
        if (name !== 'is closed') assert.equal(isPaid && changed.status === 200, false)
        await Promise.all([paying, window.result()])
        assert.equal((await statusOf(paymentId)) === 'PAID', isKept)
        assert.deepEqual(await kept(paymentId), [isKept ? 100 : 0])
        assert.equal('code' in (await window.result()), !isKept)
      })
    })

  test('what was charged before the shop closes it is paid, and a session of another amount is refused then', async () => {
    const [one, other] = [await opened(), await opened()]
    await Promise.all([one.pay(), other.pay()])
    await close(one.sessionId, elsewhere)
    assert.equal(await statusOf(one.paymentId), 'PAID')
    assert.equal(typeOf(await reprice(other.paymentId, elsewhere)), 'INVALID_REQUEST')
    assert.deepEqual(await kept(other.paymentId), [100])
  })

  test('a window that the shopper left, or that is over, still pays, until the shop closes or replaces its session', async () => {
    const left = async () => {
      const window = await opened()
      await window.leave()
      return window
    }
    const paid = await left()
    await paid.pay()
    await paid.back()
    assert.equal(await statusOf(paid.paymentId), 'PAID')
    for (const { change } of [changes['is closed'], changes['is replaced by one of another amount']]) {
      const gone = await left()
      const over = await opened({ ttlSeconds: 60 })
      await store.advance({ seconds: 61 })
      assert.equal((await over.view()).step, 'EXPIRED')
      for (const window of [gone, over]) {
        assert.equal((await change(window)).status, 200)
        await window.pay()
        await window.back(second.url)
        await assertRefunded(window)
      }
    }
  })

  test('a server that died after it marked the session closed leaves nothing open once the request is repeated', async () => {
    for (const { change } of [changes['is closed'], changes['is replaced by one of another amount']]) {
      const window = await opened()
      await sql`
        update payment_sessions set closed_at = ${await store.now()}
        where store_id = ${storeId} and session_id = ${window.sessionId}`
      assert.equal((await change(window, elsewhere)).status, 200)
      await window.pay()
      await window.back()
      await assertRefunded(window)
    }
  })

  test('leaves the records in order', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
