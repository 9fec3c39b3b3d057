import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import { typeOf } from './support/api.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, consents, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { allAtOnce } from './support/parallel.ts'
import { newPaymentId } from './support/requests.ts'
import { scaled } from './support/scale.ts'

describe('declined charges that the PG approves later, of an order that the shop has closed or changed', async () => {
  const naru = await startNaru()
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newStore()
  const { storeId, api } = store
  const elsewhere = second.clientsOf(store.apiSecret).api
  const { send, open } = browserOf(naru)

  const profileOf = async (channelKey: string) => {
    const profileKey = `late-${channelKey}`
    const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
    await setProfile(sql, { storeId, profileKey, name: 'Late', isForTest: true, entries })
    return { channelKey, profileKey }
  }
  const inPage = await profileOf(await addChannel(naru, storeId, 'INICIS_V2'))
  const atGateway = await profileOf(
    await addChannel(naru, storeId, 'INICIS_V2', { credentials: { window: 'redirect' } }),
  )
  type Place = typeof inPage
  const places = { 'in our page': inPage, 'in the PG’s window': atGateway }

  /** The shopper pays; the PG declines, and approves ten seconds later. */
  const decline = async (place: Place, paymentId: string, token: string) => {
    if (place === inPage) {
      await send('submit', { token, customer: {}, consents, card: cardInPage(), outcome: 'late-success' })
    } else {
      const { pgWindow } = Object((await send('view', { token })).body)
      await fetch(naru.url + Object(pgWindow).url, {
        method: 'POST',
        body: new URLSearchParams({ card: '4242424242424242', step: 'agree', outcome: 'late-success' }),
        redirect: 'manual',
      })
      await fetch(`${naru.url}/checkout/return/${token}`, { redirect: 'manual' })
    }
    assert.equal(await failureOf(paymentId), 'SBX_DECLINED')
  }

  const order = { storeId, country: 'KR', currency: 'KRW', orderName: '귤' } as const
  const newSession = ({ profileKey }: Place, paymentId: string, totalAmount: number, others: object = {}) =>
    api.call('createPaymentSession', {
      body: { ...order, profileKey, paymentId, totalAmount, redirectUrl: 'https://shop.example/done', ...others },
    })
  const tokenIn = async (sessionId: string) => {
    const { url } = Object((await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })).body)
    return String(url).split('/').at(-1) ?? ''
  }
  const declined = async (place: Place, others: object = {}) => {
    const paymentId = newPaymentId()
    const { sessionId } = await newSession(place, paymentId, 100, others)
    await decline(place, paymentId, await tokenIn(sessionId))
    return { paymentId, sessionId, place }
  }
  const declinedByScript = async (place: Place) => {
    const payment = paymentOf({ storeId, channelKey: place.channelKey }, { totalAmount: 100 })
    const { token } = await open(payment)
    await decline(place, payment.paymentId, token)
    return { paymentId: payment.paymentId, sessionId: '', place }
  }
  type Declined = Awaited<ReturnType<typeof declined>>

  const changes = {
    'closed its session': {
      begin: declined,
      change: ({ sessionId }: Declined, from = api) => from.send('closePaymentSession', { path: { sessionId } }),
    },
    'made a session of another amount': {
      begin: declined,
      change: ({ paymentId, place: { profileKey } }: Declined, from = api) =>
        from.send('createPaymentSession', { body: { ...order, profileKey, paymentId, totalAmount: 50_000 } }),
    },
    'pre-registered another amount': {
      begin: declinedByScript,
      change: ({ paymentId }: Declined, from = api) =>
        from.send('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 50_000 } }),
    },
  }

  const failureOf = async (paymentId: string) => {
    const payment = await store.portone.payment.getPayment({ paymentId })
    return payment.status === 'FAILED' ? payment.failure.pgCode : payment.status
  }
  /** What the PG keeps of each charge. */
  const kept = async (paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items
      .filter(({ state }) => state !== 'FAILED')
      .map(({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0))

  const assertRefunded = async (paymentId: string) => {
    assert.equal(await failureOf(paymentId), 'NARU_ORDER_CHANGED')
    assert.deepEqual(await kept(paymentId), [0])
  }
  /** The order takes the price that the shop wants now. */
  const payAgain = async (paymentId: string) => {
    const { sessionId } = await newSession(inPage, paymentId, 50_000)
    await send('submit', { token: await tokenIn(sessionId), customer: {}, consents, card: cardInPage() })
    assert.equal(await failureOf(paymentId), 'PAID')
    assert.deepEqual((await kept(paymentId)).toSorted(), [0, 50_000])
  }

  for (const [where, place] of Object.entries(places))
    for (const [name, { begin, change }] of Object.entries(changes))
      test(`one ${where} is refunded where the shop ${name} meanwhile, and the order can be paid`, async () => {
        const attempt = await begin(place)
        assert.equal((await change(attempt)).status, 200)
        await store.advance({ seconds: 15 })
        await assertRefunded(attempt.paymentId)
        await store.advance({ minutes: 10 })
        await assertRefunded(attempt.paymentId)
        await payAgain(attempt.paymentId)
      })

  test('one of an order that nobody withdrew pays it, also where its session is over or made anew with the same amount', async () => {
    const one = await declined(inPage)
    const over = await declined(inPage, { ttlSeconds: 60 })
    const script = await declinedByScript(inPage)
    await newSession(inPage, one.paymentId, 100)
    await api.call('preRegisterPayment', { path: { paymentId: script.paymentId }, body: { totalAmount: 100 } })
    await store.advance({ minutes: 2 })
    for (const { paymentId } of [one, over, script]) {
      assert.equal(await failureOf(paymentId), 'PAID')
      assert.deepEqual(await kept(paymentId), [100])
    }
    assert.equal(typeOf(await changes['made a session of another amount'].change(over)), 'INVALID_REQUEST')
  })

  test('a session that was over before it is replaced is withdrawn as well', async () => {
    const over = await declined(inPage, { ttlSeconds: 1 })
    await store.advance({ seconds: 2 })
    assert.equal((await changes['made a session of another amount'].change(over, elsewhere)).status, 200)
    await store.advance({ seconds: 15 })
    await assertRefunded(over.paymentId)
  })

  test('a server that died after it marked the session closed leaves nothing that stands once the request is repeated', async () => {
    for (const name of ['closed its session', 'made a session of another amount'] as const) {
      const attempt = await declined(inPage)
      await sql`
        update payment_sessions set closed_at = ${await store.now()}
        where store_id = ${storeId} and session_id = ${attempt.sessionId}`
      assert.equal((await changes[name].change(attempt, elsewhere)).status, 200)
      await store.advance({ seconds: 15 })
      await assertRefunded(attempt.paymentId)
    }
  })

  for (const [name, { begin, change }] of Object.entries(changes))
    test(`one that is learnt of while the shop, on another server, ${name} has one outcome`, async () => {
      const attempts = await allAtOnce(scaled(6, 30), () => begin(inPage))
      const advanced = store.advance({ seconds: 15 })
      const changed = await Promise.all(
        attempts.map(async (attempt) => {
          const { status } = await change(attempt, elsewhere)
          return { attempt, status, isPaid: (await failureOf(attempt.paymentId)) === 'PAID' }
        }),
      )
      await advanced
      await store.advance({ seconds: 15 })
      for (const { attempt, status, isPaid } of changed) {
        const isKept = isPaid || status !== 200
        if (name !== 'closed its session') assert.equal(isPaid && status === 200, false)
        assert.equal((await failureOf(attempt.paymentId)) === 'PAID', isKept)
        assert.deepEqual(await kept(attempt.paymentId), [isKept ? 100 : 0])
      }
    })

  test('leaves the records in order', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
