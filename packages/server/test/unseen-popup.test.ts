import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'

describe('a popup that the shop’s page does not see', async () => {
  const naru = await startNaru()
  const opened = async (mode: 'POPUP' | 'IFRAME' = 'POPUP') => {
    const store = await naru.newStore()
    const channelKey = await addChannel(naru, store.storeId, 'NICE_V2')
    const { send, open } = browserOf(naru)
    const { token, submit, state } = await open(paymentOf({ ...store, channelKey }, { windowType: { pc: mode } }))
    return {
      token,
      submit,
      result: state,
      say: (said: object, headers?: Record<string, string>) => send('page', { token, ...said }, headers),
      page: async () => (await send('attempts/state', { token })).body.page,
      /** A page that was left is not one that is loaded anew any more. */
      timePasses: () => naru.database.sql`
        update checkout_attempts set page_left_at = page_left_at - interval '6 seconds' where store_id = ${store.storeId}`,
    }
  }

  test('is there until it has been left for some seconds, and again once it was loaded anew', async () => {
    const { say, page, timePasses, submit, result } = await opened()
    assert.equal(await page(), undefined)
    await say({ loadedAt: 1_000.5, isLeft: false })
    assert.equal(await page(), 'OPEN')
    await say({ loadedAt: 1_000.5, isLeft: true })
    assert.equal(await page(), 'OPEN')
    await timePasses()
    assert.equal(await page(), 'LEFT')
    // What was said before, and arrives later.
    await say({ loadedAt: 1_000.5, isLeft: false })
    assert.equal(await page(), 'LEFT')
    await Promise.all([1, 2].map(() => say({ loadedAt: 2_000, isLeft: false })))
    await say({ loadedAt: 1_000.5, isLeft: true })
    await timePasses()
    assert.equal(await page(), 'OPEN')
    await submit({ card: cardInPage() })
    assert.equal('code' in (await result()), false)
  })

  test('is told of by our own page alone, with its token, in numbers that a browser has', async () => {
    const { say, page, token } = await opened()
    assert.equal((await say({ loadedAt: 1, isLeft: true }, { origin: 'https://evil.example' })).status, 403)
    assert.equal((await say({ token: `${token}x`, loadedAt: 1, isLeft: true })).status, 404)
    for (const said of [{ loadedAt: 1e300, isLeft: true }, { loadedAt: -1, isLeft: true }, { loadedAt: 1 }, {}])
      assert.equal((await say(said)).status, 400)
    assert.equal(await page(), undefined)
  })

  test('is a popup: of a frame nothing is kept', async () => {
    const { say, page } = await opened('IFRAME')
    assert.equal((await say({ loadedAt: 1, isLeft: false })).status, 200)
    assert.equal(await page(), undefined)
  })
})
