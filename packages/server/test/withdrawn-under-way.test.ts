import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import type { AdapterWindows } from '../src/gateways/port/adapter.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { typeOf } from './support/api.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, consents } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId } from './support/requests.ts'
import { breakableWire } from './support/wire.ts'

/** A PG whose answers of a kind stand still once they are given, until they are let go. */
const holdingBack = () => {
  const held = new Map<string, { readonly arrived: () => void; readonly release: Promise<void> }>()
  const answering = async <Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> => {
    const answer = await call()
    held.get(name)?.arrived()
    await held.get(name)?.release
    return answer
  }
  return {
    aroundWindows: ({ window, pgWindowOf }: AdapterWindows): AdapterWindows => ({
      window: { ...window, authenticate: (...given) => answering('shopper', () => window.authenticate(...given)) },
      pgWindowOf: (channel) => {
        const own = pgWindowOf(channel)
        return own && { ...own, verify: (...given) => answering('shopper', () => own.verify(...given)) }
      },
    }),
    aroundGateway: (gateway: Gateway): Gateway => ({
      ...gateway,
      inquire: (...given) => answering('inquiry', () => gateway.inquire(...given)),
    }),
    hold: (name: 'shopper' | 'inquiry') => {
      const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      held.set(name, { arrived: arrived.resolve, release: release.promise })
      return {
        arrived: arrived.promise,
        release: () => {
          held.delete(name)
          release.resolve()
        },
      }
    },
  }
}

describe('an order that the shop closes or prices anew while it is being paid', async () => {
  const { hold, ...around } = holdingBack()
  const naru = await startNaru(around)
  const wire = await breakableWire(naru.database.url)
  const slow = await naru.another(wire.url)
  after(() => wire[Symbol.asyncDispose]())
  const { sql } = naru.database
  const store = await naru.newStore()
  const { storeId, api } = store
  const slowly = slow.clientsOf(store.apiSecret).api
  const { send } = browserOf(naru)

  const placeAt = async (name: string, manualConfirm: boolean, credentials: Readonly<Record<string, string>> = {}) => {
    const channelKey = await addChannel(naru, storeId, 'INICIS_V2', { manualConfirm, credentials })
    const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
    await setProfile(sql, { storeId, profileKey: name, name, isForTest: true, entries })
    return { profileKey: name, isInPage: credentials.window === undefined }
  }
  const inWindow = { window: 'redirect' }
  const places = {
    'in our page': await placeAt('page', false),
    'in the PG’s window': await placeAt('window', false, inWindow),
    'in our page, to be confirmed by hand': await placeAt('page-by-hand', true),
    'in the PG’s window, to be confirmed by hand': await placeAt('window-by-hand', true, inWindow),
  }
  const charging = await placeAt('inside', false, { ...inWindow, windowCharging: 'inside' })
  type Place = typeof charging
  // Time passes where a test says so. After the channels are there, since servers remember stores for a moment.
  await api.call('stopSandboxClock', { body: {} })

  const order = { storeId, country: 'KR', currency: 'KRW', orderName: '귤' } as const
  const newSession = async ({ profileKey }: Place, paymentId = newPaymentId(), ttlSeconds = 5) => {
    const content = { ...order, profileKey, paymentId, totalAmount: 100, redirectUrl: 'https://shop.example/done' }
    const { sessionId } = await api.call('createPaymentSession', { body: { ...content, ttlSeconds } })
    return { paymentId, sessionId, content }
  }
  type Session = Awaited<ReturnType<typeof newSession>>
  const openFrom = async ({ sessionId }: Pick<Session, 'sessionId'>, browser = send) =>
    (await browser('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })).body
  const opened = async (place: Place) => {
    const session = await newSession(place)
    const { url, code, message, detail } = await openFrom(session)
    assert.equal(code, undefined, `${message} ${detail}`)
    return { ...session, place, token: String(url).split('/').at(-1) ?? '' }
  }
  type Opened = Awaited<ReturnType<typeof opened>>

  const payInWindow = async (token: string) => {
    const { pgWindow } = Object((await send('view', { token })).body)
    const body = new URLSearchParams({ card: '4242424242424242', step: 'agree' })
    await fetch(naru.url + Object(pgWindow).url, { method: 'POST', body, redirect: 'manual' })
  }
  const comeBack = (token: string) => fetch(`${naru.url}/checkout/return/${token}`, { redirect: 'manual' })
  const agree = async ({ token, place }: Opened, outcome?: string) => {
    if (place.isInPage)
      return void (await send('submit', { token, customer: {}, consents, card: cardInPage(), outcome }))
    await payInWindow(token)
    await comeBack(token)
  }

  const close = ({ sessionId }: Pick<Session, 'sessionId'>, from = api) =>
    from.send('closePaymentSession', { path: { sessionId } })
  const reprice = ({ content }: Pick<Session, 'content'>, from = api) =>
    from.send('createPaymentSession', { body: { ...content, totalAmount: 50_000 } })

  const statusOf = async (paymentId: string) => String((await api.call('getPayment', { path: { paymentId } })).status)
  const kept = async (paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items
      .filter(({ state }) => state !== 'FAILED')
      .map(({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0))
  const resultOf = async (token: string): Promise<Record<string, unknown>> =>
    Object((await send('attempts/state', { token })).body.result)
  const tokenTo = async (token: string) => {
    const { paymentToken } = await resultOf(token)
    return typeof paymentToken === 'string' ? paymentToken : 'none was handed out'
  }

  /** Nothing was charged, nothing can be, and the shopper and the shop both read that the shop closed it. */
  const assertWithdrawn = async ({ paymentId, token }: Opened, paymentToken: string) => {
    const path = { paymentId }
    const confirmed = await api.send('confirmPayment', { path, body: { paymentToken } })
    assert.equal(typeOf(confirmed), 'INVALID_PAYMENT_TOKEN')
    const payment = await store.portone.payment.getPayment(path)
    assert.equal(payment.status, 'FAILED')
    assert.equal(payment.status === 'FAILED' && payment.failure.pgCode, 'PAY_PROCESS_CLOSED')
    assert.equal((await resultOf(token)).pgCode, 'PAY_PROCESS_CLOSED')
    assert.deepEqual(await kept(paymentId), [])
    await store.webhooks.next('Transaction.Failed', path)
  }

  for (const [where, place] of Object.entries(places))
    for (const [name, withdraw] of Object.entries({ closes: close, 'prices anew': reprice }))
      test(`that the shopper agrees to ${where} while a server that ${name} it stands still has one outcome`, async () => {
        const window = await opened(place)
        const { arrived, release } = hold('shopper')
        const agreeing = agree(window)
        await Promise.race([arrived, agreeing])
        const { late } = await wire.freezeAt(['AttemptFailed', window.paymentId], () => withdraw(window, slowly))
        release()
        await agreeing
        const paymentToken = await tokenTo(window.token)
        const isPaid = (await statusOf(window.paymentId)) === 'PAID'
        wire.thaw()
        assert.equal((await late).status, isPaid && withdraw === reprice ? 400 : 200)
        if (!isPaid) return await assertWithdrawn(window, paymentToken)
        assert.deepEqual(await kept(window.paymentId), [100])
      })

  const markClosed = async ({ sessionId }: Pick<Session, 'sessionId'>) =>
    sql`
      update payment_sessions set closed_at = ${await store.now()}
      where store_id = ${storeId} and session_id = ${sessionId}`
  const endings = {
    'closed it': close,
    'priced it anew': reprice,
    'priced it anew, its session being over': async (session: Session, from = api) => {
      await store.advance({ seconds: 6 })
      return await reprice(session, from)
    },
    'priced it anew after a server had died that closed it': async (session: Session, from = api) => {
      await markClosed(session)
      return await reprice(session, from)
    },
  }
  for (const [where, place] of Object.entries(places))
    for (const [name, withdraw] of Object.entries(endings))
      test(`is not charged where the PG says that the shopper agreed ${where} once the shop has ${name}`, async () => {
        const window = await opened(place)
        const { arrived, release } = hold('shopper')
        const agreeing = agree(window)
        await Promise.race([arrived, agreeing])
        assert.equal((await withdraw(window, slowly)).status, 200)
        release()
        await agreeing
        await assertWithdrawn(window, await tokenTo(window.token))
      })

  for (const [where, place] of Object.entries(places))
    test(`is not agreed to where the PG says so of a shopper ${where} once the session is over`, async () => {
      const window = await opened(place)
      const { paymentId, token } = window
      const { arrived, release } = hold('shopper')
      const agreeing = agree(window)
      await Promise.race([arrived, agreeing])
      await store.advance({ seconds: 6 })
      // Something else happens to the payment, so that what was read before does not count.
      await api.call('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 100 } })
      release()
      await agreeing
      assert.deepEqual(await kept(paymentId), [])
      assert.equal('paymentToken' in (await resultOf(token)), false)
      assert.equal(Object((await send('view', { token })).body).step, 'EXPIRED')
    })

  test('is not priced anew where the PG is still asked about a charge of a session that a server had closed before it died', async () => {
    const window = await opened(places['in our page'])
    const { paymentId } = window
    const own = hold('inquiry')
    const paying = agree(window, 'doubt-approved')
    await Promise.race([own.arrived, paying])
    await markClosed(window)
    const others = hold('inquiry')
    const repricing = reprice(window, slowly)
    await Promise.race([others.arrived, repricing])
    own.release()
    others.release()
    await paying
    assert.equal(await statusOf(paymentId), 'PAID')
    assert.equal(typeOf(await repricing), 'INVALID_REQUEST')
    assert.deepEqual(await kept(paymentId), [100])
  })

  const { send: sendSlowly } = browserOf(slow)
  for (const [name, withdraw] of Object.entries(endings))
    test(`opens no window in which the PG charges once the shop has ${name}`, async () => {
      const session = await newSession(charging)
      const { paymentId } = session
      const { late } = await wire.freezeAt(['CheckoutOpened', paymentId], () => openFrom(session, sendSlowly))
      assert.equal((await withdraw(session)).status, 200)
      wire.thaw()
      const { url, code } = await late
      assert.deepEqual([url, code], [undefined, 'TransactionNotFound'])
      assert.equal(await statusOf(paymentId), 'FAILED')
    })

  test('is not priced anew once it was paid in a session that was made since', async () => {
    const place = places['in our page']
    const session = await newSession(place)
    const { paymentId } = session
    await close(session)
    const { late } = await wire.freezeAt(['insert into payment_sessions'], () => reprice(session, slowly))
    const since = await newSession(place, paymentId)
    const { url } = await openFrom(since)
    await agree({ ...since, place, token: String(url).split('/').at(-1) ?? '' })
    assert.equal(await statusOf(paymentId), 'PAID')
    wire.thaw()
    assert.equal(typeOf(await late), 'INVALID_REQUEST')
  })

  for (const [name, withdraw] of Object.entries({ closed: close, 'priced anew': reprice }))
    test(`is not ${name} where the store is reset meanwhile, which the answer says`, async () => {
      const session = await newSession(places['in our page'])
      const { late } = await wire.freezeAt(['update payment_sessions set closed_at'], () => withdraw(session, slowly))
      await api.call('resetSandboxStore')
      wire.thaw()
      const { status, text } = await late
      assert.equal(status, 400)
      assert.match(text, /reset/)
    })

  test('leaves the records in order', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
