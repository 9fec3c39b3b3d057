import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestNaru } from './support/naru.ts'

type Asked = { readonly method?: 'GET' | 'POST'; readonly path: string; readonly body?: string }

const shopOrigin = 'https://shop.example'
const pageUrl = `${shopOrigin}/order?a=1&b="2"`

const go = ({ url }: TestNaru, { method = 'GET', path, body }: Asked, accept = 'text/html,*/*;q=0.8') =>
  fetch(url + path, { method, redirect: 'manual', headers: { accept }, ...(body !== undefined && { body }) })

/** A window that a page of the shop has opened. */
const openedBy = async (naru: TestNaru): Promise<string> => {
  const { storeId, channelKey } = naru
  const request = paymentOf({ storeId, channelKey })
  const asked = { kind: 'PAYMENT', device: 'PC', request, pageUrl }
  return String((await browserOf(naru).send('attempts', asked, { origin: shopOrigin })).body.token)
}

/** It reads in a page what programs read in JSON, with the same status. */
const isPage = async (naru: TestNaru, asked: Asked, status: number, problem: string) => {
  const [page, json] = [await go(naru, asked), await go(naru, asked, '*/*')]
  const what = `${asked.method ?? 'GET'} ${asked.path.slice(0, 60)}`
  assert.deepEqual([page.status, json.status], [status, status], what)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/, what)
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*form-action 'none'/, what)
  assert.match(json.headers.get('content-type') ?? '', /^application\/json/, what)
  assert.notEqual(page.headers.get('naru-request-id'), null, what)
  const html = await page.text()
  assert.match(html, new RegExp(`^<!doctype html>\\s*<html data-problem="${problem}"`), what)
  assert.notEqual(Object(await json.json()).type, undefined, what)
  return { html, headers: page.headers }
}

describe('a shopper whose browser goes to an address that fails', async () => {
  const naru = await startNaru({ expects: (line) => line.includes('a request failed') })
  const { sql } = naru.database

  test('reads in a page that there is nothing, whatever is wrong with the address', async () => {
    for (const path of [
      '/checkout/%ZZ',
      '/checkout/sessions/%E0%A4%A',
      '/checkout/return/%ZZ?a=b',
      '/checkout/form/%ZZ',
      '/sandbox-pg/windows/%ZZ',
    ])
      for (const method of ['GET', 'POST'] as const) await isPage(naru, { method, path }, 400, 'UNKNOWN')
    await isPage(naru, { path: '/sandbox-pg/windows/unknown' }, 404, 'UNKNOWN')
    await isPage(naru, { method: 'POST', path: '/sandbox-pg/windows/unknown' }, 404, 'UNKNOWN')
    await isPage(naru, { method: 'POST', path: '/checkout/unknown' }, 404, 'UNKNOWN')
    const body = 'a'.repeat(1024 * 1024 + 1)
    await isPage(naru, { method: 'POST', path: '/checkout/return/unknown', body }, 413, 'UNKNOWN')
  })

  test('reads in a page that the server has failed, and what works again afterwards goes on', async () => {
    const token = await openedBy(naru)
    const session = `/checkout/sessions/${Buffer.from(naru.storeId).toString('base64url')}.x`
    const paths = [`/checkout/${token}`, `/checkout/form/${token}`, `/checkout/return/${token}`, session]
    await sql`alter table checkout_attempts rename to attempts_away`
    await sql`alter table payment_sessions rename to sessions_away`
    try {
      for (const path of paths) await isPage(naru, { path }, 500, 'FAILED')
      await isPage(naru, { method: 'POST', path: `/checkout/return/${token}` }, 500, 'FAILED')
    } finally {
      await sql`alter table attempts_away rename to checkout_attempts`
      await sql`alter table sessions_away rename to payment_sessions`
    }
    assert.equal((await go(naru, { path: `/checkout/return/${token}` })).status, 303)
    assert.equal((await go(naru, { path: `/checkout/${token}` })).status, 200)
  })

  test('is no script: those are told in JSON', async () => {
    for (const path of ['/checkout/v1/%ZZ', '/checkout/v1/unknown', '/checkout/assets/unknown.js', '/payments/%ZZ']) {
      const answer = await go(naru, { path })
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, path)
    }
  })
})

describe('a shopper whose network comes back from PGs too often', async () => {
  const naru = await startNaru({ limits: { openingsPerMinute: 60, visitsPerMinute: 1 } })

  test('reads in a page when to try again, and finds the way back to the shop', async () => {
    const token = await openedBy(naru)
    for (const method of ['GET', 'POST'] as const) {
      const { html, headers } = await isPage(naru, { method, path: `/checkout/return/${token}?a=b` }, 429, 'BUSY')
      assert.equal(headers.get('retry-after'), '60')
      assert.match(html, / data-shop="https:\/\/shop\.example\/order\?a=1&amp;b=%222%22"/)
    }
    const { html } = await isPage(naru, { path: '/checkout/return/unknown' }, 429, 'BUSY')
    assert.doesNotMatch(html, /data-shop/)
  })
})
