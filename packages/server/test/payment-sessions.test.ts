import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import { setCheckout } from '../src/merchants/setup.ts'
import { typeOf } from './support/api.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, consents } from './support/checkout.ts'
import { startNaru, type TestNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { newPaymentId, order, virtualAccount } from './support/requests.ts'
import { scaled } from './support/scale.ts'

/** How a session's page says that it ended. */
const pick = (page: object) => {
  const { standing, refund, redirectUrl } = Object(page)
  return { standing, ...(refund && { refund }), ...(redirectUrl && { redirectUrl }) }
}

const createProfile = async (naru: TestNaru, { storeId, channelKey }: TestStore): Promise<string> => {
  const profileKey = `profile-${storeId}`
  await setProfile(naru.database.sql, {
    storeId,
    profileKey,
    name: 'Profile',
    isForTest: true,
    entries: [
      { paymentMethod: 'CARD_KR', channelKey, countries: ['KR'], currencies: ['KRW'] },
      { paymentMethod: 'KAKAO_PAY', channelKey, minAmount: 1_000, maxAmount: 100_000 },
      { paymentMethod: 'CARD_KR', channelKey },
    ],
  })
  return profileKey
}

describe('payment sessions', async () => {
  const naru = await startNaru()

  const bodyOf = (store: TestStore, profileKey: string) => ({
    storeId: store.storeId,
    paymentId: newPaymentId(),
    profileKey,
    country: 'KR' as const,
    currency: 'KRW' as const,
    totalAmount: 50_000,
    orderName: '귤',
  })

  test('a profile offers each way to pay once, in its order, where its conditions hold', async () => {
    const store = await naru.newStore()
    const { channelKey } = store
    const profileKey = await createProfile(naru, store)
    const offered = async (amount: number) =>
      (
        await store.api.call('evaluateCheckoutProfile', {
          query: { profileKey, country: 'KR', currency: 'KRW', amount },
        })
      ).methods
    assert.deepEqual(await offered(50_000), [
      { paymentMethod: 'CARD_KR', channelKey },
      { paymentMethod: 'KAKAO_PAY', channelKey },
    ])
    assert.deepEqual(await offered(999), [{ paymentMethod: 'CARD_KR', channelKey }])
    const query = { profileKey: 'no-such-profile', country: 'KR', currency: 'KRW', amount: 1 } as const
    assert.equal(typeOf(await store.api.send('evaluateCheckoutProfile', { query })), 'PROFILE_SETTINGS_NOT_FOUND')
  })

  test('of a store that has its server asked is not created: it cannot name the URL, so that nobody could pay', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    await setCheckout(naru.database.sql, store.storeId, { requiresConfirmUrl: true })
    const refused = await store.api.send('createPaymentSession', { body: bodyOf(store, profileKey) })
    assert.equal(typeOf(refused), 'INVALID_REQUEST')
    assert.match(refused.text, /confirmUrl.*turn the setting off/)
  })

  test('is read without a secret until it expires or is closed, by its own merchant alone', async () => {
    const store = await naru.newStore()
    const other = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const body = bodyOf(store, profileKey)
    const { sessionId, url } = await store.api.call('createPaymentSession', { body: { ...body, ttlSeconds: 60 } })
    assert.equal(url, `${naru.url}/checkout/sessions/${sessionId}`)
    const read = async () => {
      const answer = await fetch(`${naru.url}/payment-sessions/${sessionId}`)
      const content: Record<string, unknown> = Object(await answer.json())
      return [answer.status, content] as const
    }
    const [status, session] = await read()
    assert.equal(status, 200)
    const { id, createdAt: _, expiresAt: __, ...facts } = session
    assert.deepEqual([id, facts], [sessionId, body])
    const path = { sessionId }
    assert.equal(typeOf(await other.api.send('closePaymentSession', { path })), 'FORBIDDEN')
    await store.advance({ seconds: 61 })
    assert.equal((await read())[1].type, 'SESSION_EXPIRED')
    const open = await store.api.call('createPaymentSession', { body })
    const closed = await store.api.call('closePaymentSession', { path: { sessionId: open.sessionId } })
    assert.deepEqual(await store.api.call('closePaymentSession', { path: { sessionId: open.sessionId } }), closed)
    assert.equal((await fetch(`${naru.url}/payment-sessions/${open.sessionId}`)).status, 410)
    assert.equal((await fetch(`${naru.url}/payment-sessions/${open.sessionId}x`)).status, 404)
  })

  test('closing it while the shopper pays has one outcome, on two servers, which is known when it is closed', async () => {
    const second = await naru.another()
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const { send } = browserOf(naru)
    const { api } = second.clientsOf(store.apiSecret)
    const rounds = Array.from({ length: scaled(24, 200) }, (_, round) => round)
    await inParallel(rounds, 4, async (round) => {
      const body = bodyOf(store, profileKey)
      const { paymentId } = body
      const { sessionId } = await store.api.call('createPaymentSession', { body })
      const opened = await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
      const token = String(opened.body.url).split('/').at(-1) ?? ''
      const status = async () => String((await api.call('getPayment', { path: { paymentId } })).status)
      const paying = send('submit', { token, customer: {}, consents, card: cardInPage() })
      // A little later each time, so that the two meet at each step.
      for (let step = 0; step < round % 6; step += 1) await fetch(`${naru.url}/healthz`)
      await api.call('closePaymentSession', { path: { sessionId } })
      const known = await status()
      const { step, state } = Object(Object((await paying).body).view)
      const isPaid = known === 'PAID'
      assert.ok(isPaid || known === 'FAILED', known)
      assert.equal(step, isPaid ? 'DONE' : 'CLOSED')
      assert.equal('code' in Object(state.result), !isPaid)
      assert.equal(await status(), known)
      const { items } = await store.api.call('getSandboxLedger', { query: { paymentId } })
      assert.equal(items.length, isPaid ? 1 : 0)
    })
  })

  const post = async (path: string, body: object) => (await browserOf(naru).send(path, body)).body

  /** The status of a session's address: 200 while it can be paid, 410 once it is over. */
  const statusOf = async (sessionId: string) => (await fetch(`${naru.url}/payment-sessions/${sessionId}`)).status

  /** A way to pay by a channel whose payments the shop confirms by its server. */
  const confirmedByHand = async (store: TestStore): Promise<string> => {
    const { storeId } = store
    const channelKey = await addChannel(naru, storeId, 'INICIS_V2', { manualConfirm: true })
    const profileKey = `by-hand-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
    await setProfile(naru.database.sql, { storeId, profileKey, name: 'By hand', isForTest: true, entries })
    return profileKey
  }

  const withdrawals = {
    'is closed': ({ api }: TestStore, _body: object, sessionId: string) =>
      api.send('closePaymentSession', { path: { sessionId } }),
    'is replaced by one of another amount': ({ api }: TestStore, body: ReturnType<typeof bodyOf>) =>
      api.send('createPaymentSession', { body: { ...body, totalAmount: 90_000 } }),
  }
  for (const [name, withdraw] of Object.entries(withdrawals))
    for (const isOver of [false, true])
      test(`what a shopper agreed to in a session that ${name}${isOver ? ' after its time' : ''} cannot be confirmed any more`, async () => {
        const store = await naru.newStore()
        const body = { ...bodyOf(store, await confirmedByHand(store)), redirectUrl: 'https://shop.example/done' }
        const { sessionId } = await store.api.call('createPaymentSession', { body: { ...body, ttlSeconds: 60 } })
        const { url } = await post('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
        const token = String(url).split('/').at(-1) ?? ''
        const { view } = await post('submit', { token, customer: {}, consents, card: cardInPage() })
        const { paymentToken } = Object(view).state.result
        assert.equal(typeof paymentToken, 'string')
        if (isOver) await store.advance({ seconds: 61 })
        assert.equal((await withdraw(store, body, sessionId)).status, 200)
        const path = { paymentId: body.paymentId }
        const refused = await store.api.send('confirmPayment', { path, body: { paymentToken } })
        assert.equal(typeOf(refused), 'INVALID_PAYMENT_TOKEN')
        assert.equal((await store.api.call('getPayment', { path })).status, 'FAILED')
        await store.webhooks.next('Transaction.Failed', path)
        const { result } = Object(await post('attempts/state', { token }))
        assert.equal(result.pgCode, 'PAY_PROCESS_CLOSED')
        assert.deepEqual((await store.api.call('getSandboxLedger')).items, [])
      })

  test('closing it while it is confirmed has one outcome, on two servers, which is known when it is closed', async () => {
    const second = await naru.another()
    const store = await naru.newStore()
    const profileKey = await confirmedByHand(store)
    const { api } = second.clientsOf(store.apiSecret)
    const rounds = Array.from({ length: scaled(12, 100) }, (_, round) => round)
    await inParallel(rounds, 4, async (round) => {
      const body = { ...bodyOf(store, profileKey), redirectUrl: 'https://shop.example/done' }
      const path = { paymentId: body.paymentId }
      const { sessionId } = await store.api.call('createPaymentSession', { body })
      const { url } = await post('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
      const token = String(url).split('/').at(-1) ?? ''
      const { view } = await post('submit', { token, customer: {}, consents, card: cardInPage() })
      const confirming = store.api.send('confirmPayment', {
        path,
        body: { paymentToken: Object(view).state.result.paymentToken },
      })
      for (let step = 0; step < round % 4; step += 1) await fetch(`${naru.url}/healthz`)
      await api.call('closePaymentSession', { path: { sessionId } })
      const known = (await api.call('getPayment', { path })).status
      assert.ok(known === 'PAID' || known === 'FAILED', known)
      assert.equal((await confirming).status === 200, known === 'PAID')
      assert.equal((await api.call('getPayment', { path })).status, known)
    })
  })

  test('whose payments are confirmed by hand needs a redirectUrl: nothing else brings the shop its token', async () => {
    const store = await naru.newStore()
    const refused = await store.api.send('createPaymentSession', { body: bodyOf(store, await confirmedByHand(store)) })
    assert.equal(typeOf(refused), 'INVALID_REQUEST')
    assert.match(refused.text, /redirectUrl.*paymentToken/)
  })

  test('another amount or currency ends the sessions of the order before it, and the same leaves them open', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const body = bodyOf(store, profileKey)
    const create = async (others: object = {}) =>
      (await store.api.call('createPaymentSession', { body: { ...body, ...others } })).sessionId
    // The last one is told from the others by more than its time.
    await store.api.call('stopSandboxClock', { body: {} })
    const [first, same] = [await create(), await create({ orderName: '감귤' })]
    const otherOrder = await create({ paymentId: newPaymentId(), totalAmount: 1 })
    const { url } = await post('sessions/pay', { sessionId: first, paymentMethod: 'CARD_KR', device: 'PC' })
    const token = String(url).split('/').at(-1) ?? ''
    assert.deepEqual(await Promise.all([first, same].map(statusOf)), [200, 200])
    const cheaper = await create({ totalAmount: 500 })
    assert.deepEqual(await Promise.all([first, same, cheaper, otherOrder].map(statusOf)), [410, 410, 200, 200])
    const { view } = await post('submit', { token, customer: {}, consents, card: cardInPage() })
    const { step, state } = Object(view)
    assert.deepEqual([step, state.result.pgCode], ['CLOSED', 'PAY_PROCESS_CLOSED'])
    assert.match(state.result.message, /상점에서 결제를 닫았습니다/)
    const abroad = await create({ totalAmount: 500, currency: 'USD' })
    assert.deepEqual(await Promise.all([cheaper, abroad].map(statusOf)), [410, 200])
    assert.equal((await post('sessions/view', { sessionId: cheaper })).standing, 'CLOSED')
  })

  test('of sessions with different amounts that are created at once one stays, and of one that is being paid none comes after it', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const rounds = Array.from({ length: scaled(12, 100) }, (_, round) => round)
    await inParallel(rounds, 3, async (round) => {
      const body = bodyOf(store, profileKey)
      const made = await Promise.all(
        [100, 200, 300].map((totalAmount) =>
          store.api.call('createPaymentSession', { body: { ...body, totalAmount } }),
        ),
      )
      const statuses = await Promise.all(made.map(({ sessionId }) => statusOf(sessionId)))
      assert.deepEqual(statuses.toSorted(), [200, 410, 410])
      const sessionId = made[statuses.indexOf(200)]?.sessionId
      const { url } = await post('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
      const token = String(url).split('/').at(-1) ?? ''
      const paying = post('submit', { token, customer: {}, consents, card: cardInPage() })
      for (let step = 0; step < round % 6; step += 1) await fetch(`${naru.url}/healthz`)
      const answer = await store.api.send('createPaymentSession', { body: { ...body, totalAmount: 400 } })
      const { step } = Object((await paying).view)
      const { status } = await store.api.call('getPayment', { path: { paymentId: body.paymentId } })
      assert.deepEqual([answer.status, step], status === 'PAID' ? [400, 'DONE'] : [200, 'CLOSED'])
    })
  })

  test('shows what was paid, whichever way the order was paid', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const products = [{ name: '감귤 5kg', unitPrice: 25_000, quantity: 2 }]
    for (const total of [500, 50_000]) {
      const body = { ...bodyOf(store, profileKey), products }
      const { sessionId } = await store.api.call('createPaymentSession', { body })
      await store.api.call('payInstantly', {
        path: { paymentId: body.paymentId },
        body: order(store.channelKey, { total, orderName: '귤 조금' }),
      })
      const page = await post('sessions/view', { sessionId })
      assert.equal(page.standing, 'PAID')
      assert.deepEqual(page.amount, { total, currency: 'KRW', digits: 0 })
      assert.equal(page.orderName, '귤 조금')
      assert.equal(Object(page.products).length, total === 500 ? 0 : 1)
    }
  })

  const redirectUrl = 'https://shop.example/done?cart=1#top'

  test('says what of a paid order went back, or is going back, with a way to the shop that names the payment', async () => {
    const store = await naru.newStore()
    const body = { ...bodyOf(store, await createProfile(naru, store)), redirectUrl }
    const path = { paymentId: body.paymentId }
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    const view = async () => await post('sessions/view', { sessionId })
    assert.deepEqual(pick(await view()), { standing: 'OPEN' })
    await store.api.call('payInstantly', { path, body: order(store.channelKey, { total: 50_000 }) })
    const { transactionId } = Object(await store.api.call('getPayment', { path }))
    const wayBack = `https://shop.example/done?cart=1&transactionType=PAYMENT&paymentId=${path.paymentId}&txId=${transactionId}#top`
    assert.deepEqual(pick(await view()), { standing: 'PAID', redirectUrl: wayBack })
    const cancel = (amount: number, testCode = 'approve') =>
      store.api.call('cancelPayment', { path, body: { reason: 'r', amount }, testCode })
    await cancel(20_000)
    const part = { refunded: 20_000, underWay: 0, isWhole: false }
    assert.deepEqual(pick(await view()), { standing: 'PAID', refund: part, redirectUrl: wayBack })
    await cancel(30_000, 'cancel-pending-60')
    assert.deepEqual(Object(await view()).refund, { ...part, underWay: 30_000 })
    await store.advance({ seconds: 61 })
    assert.deepEqual(Object(await view()).refund, { refunded: 50_000, underWay: 0, isWhole: true })
    const opened = await browserOf(naru).send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    assert.deepEqual(
      [opened.body.code, opened.body.message],
      ['PaymentAlreadyPaid', '결제 후 전액 환불된 주문입니다. 쇼핑몰에서 다시 주문해 주세요.'],
    )
    assert.match((await store.api.send('createPaymentSession', { body })).text, /refunded in full.*another paymentId/)
  })

  test('without a redirectUrl leaves the shopper on a page that says, too, what went back', async () => {
    const store = await naru.newStore()
    const body = bodyOf(store, await createProfile(naru, store))
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    const { url } = await post('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    const token = String(url).split('/').at(-1) ?? ''
    await post('submit', { token, customer: {}, consents, card: cardInPage() })
    assert.equal((await post('view', { token })).refund, undefined)
    await store.api.call('cancelPayment', { path: body, body: { reason: 'r', amount: 20_000 } })
    assert.deepEqual((await post('view', { token })).refund, { refunded: 20_000, underWay: 0, isWhole: false })
  })

  test('that is over says how it ended, and leads to its own redirectUrl with the result, and nowhere else', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const create = async (others: object = {}) =>
      await store.api.call('createPaymentSession', { body: { ...bodyOf(store, profileKey), ...others } })
    const view = async (sessionId: string) =>
      pick(await post('sessions/view', { sessionId, redirectUrl: 'https://evil.example' }))
    const [closed, expiring, plain] = [
      await create({ redirectUrl }),
      await create({ redirectUrl, country: 'US' }),
      await create(),
    ]
    await store.api.call('closePaymentSession', { path: closed })
    await store.advance({ days: 2 })
    const paramsOf = (page: object) => {
      const { origin, searchParams } = new URL(String(Object(page).redirectUrl))
      return [origin, searchParams.get('code'), searchParams.get('pgCode'), searchParams.get('pgMessage')]
    }
    const [shop, code] = ['https://shop.example', 'FAILURE_TYPE_PG']
    const [afterClosing, afterTime] = [await view(closed.sessionId), await view(expiring.sessionId)]
    assert.equal(Object(afterClosing).standing, 'CLOSED')
    assert.deepEqual(paramsOf(afterClosing), [shop, code, 'PAY_PROCESS_CLOSED', '상점에서 결제를 닫았습니다'])
    assert.equal(Object(afterTime).standing, 'EXPIRED')
    assert.deepEqual(paramsOf(afterTime), [shop, code, 'PAY_PROCESS_EXPIRED', 'The time is over'])
    const chosen = await post('sessions/view', { ...closed, language: 'en' })
    assert.deepEqual(paramsOf(chosen), [shop, code, 'PAY_PROCESS_CLOSED', 'The shop closed this payment'])
    assert.deepEqual(await view(plain.sessionId), { standing: 'EXPIRED' })
    assert.equal((await post('sessions/view', { sessionId: `${plain.sessionId}x` })).code, 'TransactionNotFound')
  })

  test('leads to no address that a browser would run, whichever version kept it', async () => {
    const store = await naru.newStore()
    const body = { ...bodyOf(store, await createProfile(naru, store)), redirectUrl }
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    await store.api.call('closePaymentSession', { path: { sessionId } })
    await naru.database.sql`
      update payment_sessions set content = jsonb_set(content, '{redirectUrl}', '"javascript:alert(1)"')
      where store_id = ${store.storeId} and session_id = ${sessionId}`
    assert.deepEqual(pick(await post('sessions/view', { sessionId })), { standing: 'CLOSED' })
  })

  test('that is over calls nothing unpaid that a shopper may still pay', async () => {
    const store = await naru.newStore()
    const body = { ...bodyOf(store, await createProfile(naru, store)), redirectUrl }
    const path = { paymentId: body.paymentId }
    const { sessionId } = await store.api.call('createPaymentSession', { body: { ...body, ttlSeconds: 60 } })
    await store.api.call('payInstantly', {
      path,
      body: order(store.channelKey, { total: 50_000, method: virtualAccount({ validHours: 1 }) }),
    })
    await store.advance({ seconds: 61 })
    const waiting = Object(await post('sessions/view', { sessionId }))
    assert.equal(waiting.standing, 'WAITING')
    assert.equal(new URL(waiting.redirectUrl).searchParams.get('code'), 'PORTONE_ERROR')
    await store.advance({ hours: 2 })
    assert.equal(Object(await post('sessions/view', { sessionId })).standing, 'EXPIRED')
  })

  test('of an order that no PG of it takes is not created, and what one of them does not take is not offered', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const nice = await addChannel(naru, storeId, 'NICE_V2')
    const profile = { storeId, name: 'Profile', isForTest: true }
    const byNice = [
      { paymentMethod: 'CARD_KR', channelKey: nice },
      { paymentMethod: 'N_PAY', channelKey: nice },
    ] as const
    await setProfile(naru.database.sql, { ...profile, profileKey: `nice-${storeId}`, entries: byNice })
    const both = [...byNice, { paymentMethod: 'KAKAO_PAY', channelKey: store.channelKey } as const]
    await setProfile(naru.database.sql, { ...profile, profileKey: `both-${storeId}`, entries: both })
    const orderName = '귤'.repeat(21)
    const create = (profileKey: string, others: object) =>
      store.api.send('createPaymentSession', { body: { ...bodyOf(store, `${profileKey}-${storeId}`), ...others } })
    for (const [profileKey, others] of [
      ['nice', { orderName }],
      ['nice', { orderName: '귤 & 배' }],
      ['both', { orderName, paymentMethod: 'CARD_KR' }],
      ['both', { currency: 'XXX' }],
    ] as const) {
      const refused = await create(profileKey, others)
      assert.equal(typeOf(refused), 'INVALID_REQUEST', JSON.stringify(others))
      assert.match(refused.text, /"(orderName: NICE_V2 takes |currency: nobody can pay in XXX)/)
    }
    assert.equal((await create('nice', { orderName: '귤'.repeat(20) })).status, 200)
    const { sessionId } = Object(JSON.parse((await create('both', { orderName })).text))
    const { send } = browserOf(naru)
    assert.deepEqual((await send('sessions/view', { sessionId })).body.methods, ['KAKAO_PAY'])
    const chosen = await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    assert.match(String(chosen.body.message), /^orderName: NICE_V2 takes /)
  })

  test('says what is wrong with it', async () => {
    const store = await naru.newStore()
    const profileKey = await createProfile(naru, store)
    const body = bodyOf(store, profileKey)
    const refused = async (change: object) =>
      typeOf(await store.api.send('createPaymentSession', { body: { ...body, ...change } }))
    assert.equal(await refused({ ttlSeconds: 31 * 86_400 }), 'MAX_TTL_EXCEEDED')
    for (const change of [
      { ttlSeconds: 0 },
      { profileKey: 'no-such-profile' },
      { totalAmount: 0 },
      { redirectUrl: 'javascript:alert(1)' },
      { redirectUrl: 'https:evil.example' },
      { orderName: '\u200b\u202e' },
      { colors: { primary: 'red;background:url(x)' } },
      { agreements: [{ name: 'Terms', url: 'mailto:a@b.c' }] },
    ])
      assert.equal(await refused(change), 'INVALID_REQUEST', JSON.stringify(change))
    await store.portone.payment.payInstantly({ paymentId: body.paymentId, ...order(store.channelKey) })
    assert.equal(await refused({}), 'INVALID_REQUEST')
  })
})
