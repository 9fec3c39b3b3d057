import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setCheckout } from '../src/merchants/setup.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestNaru, type TestStore } from './support/naru.ts'
import { breakableWire } from './support/wire.ts'

const shopOrigin = 'https://shop.example'
const pageUrl = `${shopOrigin}/order?a=1`

/** A PG whose own window is opened by a form, and charges. */
const chargingChannel = (naru: TestNaru, { storeId }: TestStore) =>
  addChannel(naru, storeId, 'INICIS_V2', { credentials: { window: 'form', windowCharging: 'inside' } })

describe('a page that stands still while its store is reset', async () => {
  const naru = await startNaru()
  const wire = await breakableWire(naru.database.url)
  const slow = await naru.another(wire.url)
  after(() => wire[Symbol.asyncDispose]())

  const opened = async () => {
    const store = await naru.newStore()
    const payment = paymentOf({ ...store, channelKey: await chargingChannel(naru, store) })
    const { send } = browserOf(naru)
    const asked = { kind: 'PAYMENT', device: 'MOBILE', request: { ...payment, redirectUrl: pageUrl }, pageUrl }
    const token = String((await send('attempts', asked, { origin: shopOrigin })).body.token)
    const { action } = Object((await send('view', { token })).body.pgWindow)
    return { store, payment, token, action: String(action) }
  }
  /** Sends a request to the server that stands still from when it says `text` to the database until the store is another. */
  const answerTo = async (store: TestStore, text: string, ask: () => Promise<Response>): Promise<Response> => {
    const { late } = await wire.freezeAt([text, store.storeId], ask)
    await store.api.call('resetSandboxStore')
    wire.thaw()
    return await late
  }
  /** `shop`: where the way back leads, if there is one. */
  const isTold = async (answer: Response, accept: string, shop?: string) => {
    const [text, type] = [await answer.text(), answer.headers.get('content-type') ?? '']
    assert.equal(answer.status, 400, text)
    if (accept === 'text/html') {
      assert.match(type + text, /^text\/html.*<html data-problem="UNKNOWN"/s)
      assert.equal(/ data-shop="([^"]*)"/.exec(text)?.[1], shop)
    } else assert.match(type + text, /^application\/json.*"INVALID_REQUEST".*The store was reset while this request/)
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  }

  // What is logged as an error fails the suite.
  for (const accept of ['text/html', '*/*']) {
    const headers = { accept }

    test(`says so in place of the form that opens the PG's window (${accept})`, async () => {
      const { store, payment, token } = await opened()
      const ask = () => fetch(`${slow.url}/checkout/form/${token}`, { headers })
      await isTold(await answerTo(store, payment.paymentId, ask), accept, pageUrl)
    })

    test(`says so where a browser comes back from the PG's window (${accept})`, async () => {
      const { store, payment, token } = await opened()
      const ask = () => fetch(`${slow.url}/checkout/return/${token}`, { headers, redirect: 'manual' })
      await isTold(await answerTo(store, payment.paymentId, ask), accept, pageUrl)
    })

    test(`says so in the sandbox PG's window, and charges nothing there (${accept})`, async () => {
      const { store, payment, action } = await opened()
      const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
      const ask = () => fetch(slow.url + action, { method: 'POST', body, headers, redirect: 'manual' })
      await isTold(await answerTo(store, 'sbx_auth_', ask), accept)
      assert.equal(await chargesOf(store, payment.paymentId), 0)
      const { sql } = naru.database
      assert.equal((await sql`select 1 from sandbox_authentications where store_id = ${store.storeId}`).length, 0)
    })
  }
})

describe('a window that waits for its PG and then for the webhook', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  for (const path of ['state', 'form'] as const)
    test(`is answered when one request must be, not when two must (${path})`, async () => {
      // Its requests must be answered as soon as they have begun.
      const hurried = await naru.another(undefined, { patience: 1 })
      const held = Promise.withResolvers<void>()
      let answers = Promise.resolve()
      const store = await naru.newStore({
        answer: async (_request, response) => {
          await answers
          response.writeHead(200).end()
        },
      })
      await setCheckout(sql, store.storeId, { webhookFirst: true })
      const payment = paymentOf(store)
      const { paymentId } = payment
      const { token, submit } = await browserOf(naru).open(payment)
      await store.webhooks.next('Transaction.Ready', { paymentId })
      answers = held.promise
      const submitted = submit({ card: cardInPage() })
      await store.webhooks.next('Transaction.Paid', { paymentId })
      const ask = async ({ url }: TestNaru) => {
        if (path === 'form') await fetch(`${url}/checkout/form/${token}`, { redirect: 'manual' })
        else await browserOf({ url }).send('attempts/state', { token })
        return url
      }
      const patient = ask(naru)
      const first = await Promise.race([patient, ask(hurried)])
      held.resolve()
      await Promise.all([patient, submitted])
      assert.equal(first, hurried.url)
    })
})
