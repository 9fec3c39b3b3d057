import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import { day } from '../src/kernel/clock.ts'
import { createStore } from '../src/merchants/setup.ts'
import { findPrunables, type PruneOptions, prune, usualAges } from '../src/retention/prune.ts'
import { typeOf } from './support/api.ts'
import { browserOf, cardInPage, consents } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { paid, read } from './support/paid.ts'
import { naru as command, Program } from './support/program.ts'
import { newPaymentId } from './support/requests.ts'

describe('what is old is pruned', async () => {
  const naru = await startNaru()
  const { sql, url } = naru.database

  const of = ({ storeId }: TestStore): PruneOptions => ({ ages: usualAges, storeId })
  const found = async (options: PruneOptions) =>
    (await Array.fromAsync(findPrunables(sql, options))).map(({ kind, rows }) => [kind, rows])
  const pruned = async (options: PruneOptions) =>
    (await Array.fromAsync(prune(sql, options))).map(({ kind, rows }) => [kind, rows])
  const run = async (...words: string[]) => {
    const program = new Program([...command, ...words], {
      DATABASE_URL: url,
      NARU_ENCRYPTION_KEY: naru.encryptionKey,
    })
    return { code: await program.ended, text: program.text }
  }

  /** Paid, and told by a webhook that was recorded. */
  const told = async (store: TestStore): Promise<string> => {
    const paymentId = await paid(store)
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await store.advance({ seconds: 1 })
    assert.ok((await webhookOf(store, paymentId))?.response)
    return paymentId
  }
  const webhookOf = async (store: TestStore, paymentId: string) => {
    const payment = await read(store, paymentId)
    return 'webhooks' in payment ? payment.webhooks?.[0] : undefined
  }

  const sessionBody = async ({ storeId, channelKey }: TestStore) => {
    const profileKey = `profile-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
    await setProfile(sql, { storeId, profileKey, name: 'Profile', isForTest: true, entries })
    const facts = { country: 'KR' as const, currency: 'KRW' as const, totalAmount: 50_000, orderName: '귤' }
    return { ...facts, storeId, paymentId: newPaymentId(), profileKey }
  }

  test('an exchange goes and its delivery stays, can be sent again, and what is young is left alone', async () => {
    const store = await naru.newStore()
    const old = await told(store)
    await store.advance({ days: 91 })
    const young = await told(store)
    assert.deepEqual(await found(of(store)), [['webhook exchanges', 1]])
    assert.ok((await webhookOf(store, old))?.response, 'looking changes nothing')

    const before = await webhookOf(store, old)
    assert.deepEqual(await pruned(of(store)), [['webhook exchanges', 1]])
    const { request: _, response: __, ...facts } = before ?? {}
    assert.deepEqual(await webhookOf(store, old), facts)
    assert.ok((await webhookOf(store, young))?.response)
    assert.deepEqual(await pruned(of(store)), [])
    assert.deepEqual((await audit(sql)).findings, [])

    const { webhook } = await store.portone.payment.resendWebhook({ paymentId: old })
    assert.deepEqual([webhook.id, webhook.status, webhook.response?.code], [before?.id, 'SUCCEEDED', '200'])
    await store.webhooks.next('Transaction.Paid', { paymentId: old })
  })

  test('a webhook that is sent again meanwhile keeps what was said', async () => {
    const store = await naru.newStore()
    const paymentIds = await Promise.all([told(store), told(store), told(store), told(store)])
    await store.advance({ days: 91 })
    const resent = paymentIds.map((paymentId) => store.portone.payment.resendWebhook({ paymentId }))
    await Promise.all([...resent, pruned(of(store)), pruned(of(store))])
    for (const paymentId of paymentIds) assert.ok((await webhookOf(store, paymentId))?.response, paymentId)
  })

  test('a checkout goes when it has expired for a month, and what was paid in it stays', async () => {
    const store = await naru.newStore()
    const body = await sessionBody(store)
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    const { send } = browserOf(naru)
    const opened = await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    const token = String(opened.body.url).split('/').at(-1) ?? ''
    await send('submit', { token, customer: {}, consents, card: cardInPage() })
    assert.equal((await read(store, body.paymentId)).status, 'PAID')
    const left = await store.api.call('createPaymentSession', { body: await sessionBody(store) })
    const unpaid = await send('sessions/pay', { sessionId: left.sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    const unpaidToken = String(unpaid.body.url).split('/').at(-1) ?? ''
    await store.advance({ days: 20 })
    assert.deepEqual(await pruned(of(store)), [])
    await store.advance({ days: 20 })
    const fresh = await store.api.call('createPaymentSession', { body: await sessionBody(store) })
    const kinds = [
      ['checkout sessions', 2],
      ['checkout windows', 1],
      ['sandbox authorizations', 1],
    ]
    assert.deepEqual(await found(of(store)), kinds)
    assert.deepEqual(await pruned(of(store)), kinds)
    const answerOf = async (id: string) => (await fetch(`${naru.url}/payment-sessions/${id}`)).status
    assert.deepEqual([await answerOf(sessionId), await answerOf(fresh.sessionId)], [404, 200])
    const path = { sessionId }
    assert.equal(typeOf(await store.api.send('closePaymentSession', { path })), 'SESSION_NOT_FOUND')
    assert.equal((await send('view', { token: unpaidToken })).status, 404)
    // What the shopper agreed to is kept.
    assert.equal((await send('view', { token })).status, 200)
    assert.equal((await read(store, body.paymentId)).status, 'PAID')
    assert.deepEqual((await audit(sql)).findings, [])
  })

  test('goes in batches, each for good: what was stopped half-way is done by the next run', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    await sql`
      insert into payment_sessions (store_id, session_id, content, created_at, expires_at)
      select ${storeId}, 'old-' || n, '{}', '2020-01-01', '2020-01-02' from generate_series(1, 2500) as n`
    for await (const { rows } of prune(sql, of(store))) {
      assert.equal(rows, 1_000)
      break
    }
    assert.deepEqual(await found(of(store)), [['checkout sessions', 1_500]])
    assert.deepEqual(await pruned(of(store)), [
      ['checkout sessions', 1_000],
      ['checkout sessions', 500],
    ])
  })

  test('the command says what it would do, does it with --yes, and refuses ages that nobody can mean', async () => {
    const store = await naru.newStore()
    await told(store)
    await store.advance({ days: 40 })
    const prunes = ['prune', '--store', store.storeId, '--webhooks', '30', '--json']
    const said = JSON.parse((await run(...prunes)).text)
    const { bytes, before, oldest, ...rest } = said[0]
    assert.deepEqual([said.length, rest], [1, { kind: 'webhook exchanges', store: store.storeId, count: 1 }])
    assert.ok(
      bytes > 0 && Date.parse(oldest) < Date.parse(before) && Date.parse(before) < (await store.now()) - 29 * day,
    )
    assert.deepEqual(await found({ ...of(store), ages: { webhooks: 30, checkouts: 30 } }), [['webhook exchanges', 1]])
    assert.equal(JSON.parse((await run(...prunes, '--yes')).text)[0].count, 1)
    assert.deepEqual(JSON.parse((await run(...prunes, '--yes')).text), [])
    const refused = await run('prune', '--webhooks', '0')
    assert.deepEqual([refused.code, /whole number of days/.test(refused.text)], [1, true])
    assert.match((await run('prune', '--store', 'no-such-store')).text, /There is no store no-such-store/)
  })

  test('a sandbox store is emptied on demand, and a live one never', async () => {
    const store = await naru.newStore()
    const other = await naru.newStore()
    const kept = await told(other)
    const paymentId = await told(store)
    const counted = JSON.parse((await run('store', 'empty', store.storeId, '--json')).text)
    assert.ok(counted.some(({ table, count }: { table: string; count: number }) => table === 'payments' && count === 1))
    assert.equal((await read(store, paymentId)).status, 'PAID')
    assert.equal((await run('store', 'empty', store.storeId, '--yes')).code, 0)
    assert.equal(typeOf(await store.api.send('getPayment', { path: { paymentId } })), 'PAYMENT_NOT_FOUND')
    await told(store)
    assert.equal((await read(other, kept)).status, 'PAID')
    const [{ merchantId }] = await sql<[{ merchantId: string }]>`
      select merchant_id as "merchantId" from stores where store_id = ${store.storeId}`
    const live = await createStore(sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
    const refused = await run('store', 'empty', live, '--yes')
    assert.deepEqual([refused.code, /is a live store/.test(refused.text)], [1, true])
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
