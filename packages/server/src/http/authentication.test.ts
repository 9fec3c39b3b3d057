import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { day, hour, minute, realTime, second } from '../kernel/clock.ts'
import type { Principal } from '../merchants/principal.ts'
import { createSecret, createStore, revokeSecret } from '../merchants/setup.ts'
import { startApi, type TestApi } from './testing/api.ts'

/** An API whose one operation answers who asked. */
const start = async (): Promise<TestApi> =>
  startApi({
    handlers: {
      closeVirtualAccount: async ({ principal }) => {
        principals.push(principal)
        return { closedAt: '2026-01-31T09:00:00Z' }
      },
    },
  })
const principals: Principal[] = []

const ask = (api: TestApi, authorization: string) =>
  api.request('POST', '/payments/p/virtual-account/close', { headers: { authorization } })
const statusOf = async (api: TestApi, authorization: string): Promise<number> => (await ask(api, authorization)).status
const login = (api: TestApi, apiSecret = api.secret) =>
  api.request('POST', '/login/api-secret', { body: { apiSecret }, headers: { authorization: '' } })
const refresh = (api: TestApi, refreshToken: string) =>
  api.request('POST', '/token/refresh', { body: { refreshToken }, headers: { authorization: '' } })
/** Moves the store's clock and forgets the copies of it, as the sandbox does. */
const moveClock = async (api: TestApi, distance: number): Promise<void> => {
  await api.sql`update stores set clock_offset = clock_offset + ${distance} where store_id = ${api.storeId}`
  api.credentials.forget()
}

test('200 with an API secret, whatever the case of the scheme', async () => {
  await using api = await start()
  for (const scheme of ['PortOne', 'portone', 'PORTONE', '  PortOne  ']) {
    assert.equal(await statusOf(api, `${scheme} ${api.secret}`), 200, scheme)
  }
  const { merchantId, storeId, secretId } = api
  assert.deepEqual(principals.at(-1), { merchantId, storeId, secretId, scope: 'MERCHANT' })
})

test('401 without a credential, with a malformed or an unknown one', async () => {
  await using api = await start()
  for (const header of ['', 'PortOne', 'PortOne ', api.secret, `Basic ${api.secret}`, `PortOne ${api.secret}x`]) {
    const { status, body, headers } = await ask(api, header)
    assert.deepEqual([status, body.type, headers['www-authenticate']], [401, 'UNAUTHORIZED', 'PortOne, Bearer'])
    assert.ok(!body.message.includes(api.secret))
  }
  assert.equal(await statusOf(api, 'Bearer e30.e30.e30'), 401)
})

test('401 says how what was sent under the wrong scheme is sent', async () => {
  await using api = await start()
  const { body } = await ask(api, `Bearer ${api.secret}`)
  assert.match(
    body.message,
    /^Bearer is for access tokens, and this is not one\. An API secret is sent as `Authorization: PortOne <API secret>`/,
  )
  const { body: other } = await ask(api, 'PortOne e30.e30.e30')
  assert.match(
    other.message,
    /^PortOne is for API secrets, and this is not one\. An access token is sent as `Authorization: Bearer <access token>`/,
  )
})

test('401 comes before 400', async () => {
  await using api = await start()
  const { status } = await api.request('POST', '/payments/%00/virtual-account/close', {
    headers: { authorization: 'PortOne wrong' },
    raw: 'no JSON',
  })
  assert.equal(status, 401)
})

test('operations without authentication ignore the header', async () => {
  await using api = await start()
  for (const authorization of ['', 'PortOne wrong', 'nonsense']) {
    const { status } = await api.request('GET', '/banks', { headers: { authorization } })
    assert.equal(status, 200)
  }
})

test('a secret of one store belongs to that store alone', async () => {
  await using api = await start()
  const { merchantId } = api
  const storeId = await createStore(api.sql, { merchantId, name: 'Sub', mode: 'SANDBOX', isRepresentative: false })
  const { secret, secretId } = await createSecret(api.sql, { merchantId, storeId, name: 'Sub' })
  assert.equal(await statusOf(api, `PortOne ${secret}`), 200)
  assert.deepEqual(principals.at(-1), { merchantId, storeId, secretId, scope: 'STORE' })
})

test('401 with a secret that has expired, by the store’s clock', async () => {
  await using api = await start()
  const expiresAt = realTime() + minute
  const { secret } = await createSecret(api.sql, { merchantId: api.merchantId, name: 'Short', expiresAt })
  assert.equal(await statusOf(api, `PortOne ${secret}`), 200)
  await moveClock(api, 2 * minute)
  assert.equal(await statusOf(api, `PortOne ${secret}`), 401)
})

/** So that the merchant's secrets open a store of real money. */
const openLiveStore = async ({ sql, merchantId, credentials }: TestApi): Promise<void> => {
  await createStore(sql, { merchantId, name: 'Live', mode: 'LIVE', isRepresentative: false })
  credentials.forget()
}

test('what opens a live store expires by real time, however the sandbox store’s clock is moved', async () => {
  await using api = await start()
  const { sql, merchantId } = api
  const expired = await createSecret(sql, { merchantId, name: 'For an hour', expiresAt: realTime() + hour })
  const expiring = await createSecret(sql, { merchantId, name: 'For four hours', expiresAt: realTime() + 4 * hour })
  const { body: early } = await login(api)
  await moveClock(api, 2 * hour)
  assert.equal(await statusOf(api, `PortOne ${expired.secret}`), 401)
  const { body: tooLate } = await login(api)
  await openLiveStore(api)
  await moveClock(api, 3 * hour)
  assert.equal(await statusOf(api, `PortOne ${expiring.secret}`), 200)
  // By real time it would be good for an hour, and open the live store.
  assert.equal(await statusOf(api, `PortOne ${expired.secret}`), 401)
  // One of them will be issued in two hours only. They are refused then, too.
  for (const { accessToken } of [early, tooLate]) assert.equal(await statusOf(api, `Bearer ${accessToken}`), 401)
  assert.equal((await refresh(api, tooLate.refreshToken)).status, 401)
  const { body: issued } = await login(api)
  await moveClock(api, -6 * hour)
  await sql`update api_secrets set expires_at = now() where secret_id = ${expiring.secretId}`
  api.credentials.forget()
  assert.equal(await statusOf(api, `PortOne ${expiring.secret}`), 401)
  assert.equal(await statusOf(api, `Bearer ${issued.accessToken}`), 200)
  assert.equal((await refresh(api, issued.refreshToken)).status, 200)
})

test('401 with a revoked secret, and with the access tokens it was exchanged for', async () => {
  await using api = await start()
  const { accessToken, refreshToken } = (await login(api)).body
  assert.equal(await statusOf(api, `Bearer ${accessToken}`), 200)
  await revokeSecret(api.sql, api.secretId)
  api.credentials.forget()
  assert.equal(await statusOf(api, `PortOne ${api.secret}`), 401)
  assert.equal(await statusOf(api, `Bearer ${accessToken}`), 401)
  assert.equal((await refresh(api, refreshToken)).status, 401)
  assert.equal((await login(api)).status, 401)
})

test('an access token lasts for 30 minutes of the store’s clock', async () => {
  await using api = await start()
  const { accessToken } = (await login(api)).body
  for (const scheme of ['Bearer', 'bearer', 'BEARER'])
    assert.equal(await statusOf(api, `${scheme} ${accessToken}`), 200)
  // The clock runs on by itself, on a busy machine for some seconds.
  await moveClock(api, 29 * minute)
  assert.equal(await statusOf(api, `Bearer ${accessToken}`), 200)
  await moveClock(api, minute + second)
  const { status, body } = await ask(api, `Bearer ${accessToken}`)
  assert.equal(status, 401)
  assert.match(body.message, /expired/)
})

test('a refresh token works once, and lasts for a day of the store’s clock', async () => {
  await using api = await start()
  const first = (await login(api)).body
  const second = await refresh(api, first.refreshToken)
  assert.equal(second.status, 200)
  assert.equal((await refresh(api, first.refreshToken)).status, 401)
  assert.equal(await statusOf(api, `Bearer ${first.accessToken}`), 200)
  assert.equal(await statusOf(api, `Bearer ${second.body.accessToken}`), 200)
  await moveClock(api, day + minute)
  assert.equal((await refresh(api, second.body.refreshToken)).status, 401)
  assert.equal((await login(api)).status, 200)
})

test('a login supersedes the refresh tokens before it', async () => {
  await using api = await start()
  const first = (await login(api)).body
  const second = (await login(api)).body
  assert.equal((await refresh(api, first.refreshToken)).status, 401)
  assert.equal((await refresh(api, second.refreshToken)).status, 200)
})

test('of 20 refreshes with one token at once exactly one succeeds', async () => {
  await using api = await start()
  const { refreshToken } = (await login(api)).body
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(api, refreshToken)))
  const won = answers.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  assert.equal(answers.filter(({ status }) => status === 401).length, 19)
})

test('a refresh token that is used again ends the newer one, but not that of another login', async () => {
  await using api = await start()
  const first = (await login(api)).body
  const second = (await refresh(api, first.refreshToken)).body
  const third = (await refresh(api, second.refreshToken)).body
  assert.equal((await refresh(api, first.refreshToken)).status, 401)
  assert.equal((await refresh(api, third.refreshToken)).status, 401)
  assert.equal(await statusOf(api, `Bearer ${third.accessToken}`), 200)

  const other = (await login(api)).body
  for (const { refreshToken } of [first, second, third]) assert.equal((await refresh(api, refreshToken)).status, 401)
  const renewed = await refresh(api, other.refreshToken)
  assert.equal(renewed.status, 200)
  assert.equal((await refresh(api, renewed.body.refreshToken)).status, 200)
})

test('401 with a token of the other kind, of another server, or changed', async () => {
  await using api = await start()
  const { accessToken, refreshToken } = (await login(api)).body
  assert.equal(await statusOf(api, `Bearer ${refreshToken}`), 401)
  assert.equal((await refresh(api, accessToken)).status, 401)
  const claims = { merchantId: api.merchantId, storeId: api.storeId, sub: api.secretId, jti: 'x', iat: 0, exp: 1e10 }
  const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))
  assert.equal(await statusOf(api, `Bearer ${forged}`), 401)
  const [header, payload = '', signature] = accessToken.split('.')
  const later = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...later, exp: 1e10 })).toString('base64url')
  assert.equal(await statusOf(api, `Bearer ${header}.${changed}.${signature}`), 401)
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
  assert.equal(await statusOf(api, `Bearer ${unsigned}.${changed}.`), 401)
})

test('401 on a login with an unknown secret, 400 without one', async () => {
  await using api = await start()
  assert.equal((await login(api, 'unknown')).status, 401)
  const { status, body } = await api.request('POST', '/login/api-secret', { body: {} })
  assert.deepEqual([status, body.message], [400, 'apiSecret must be given.'])
  assert.deepEqual(api.violations, [])
})
