import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeLifetime } from '../src/gateways/sandbox/one-time-codes.ts'
import { browserOf, cardInPage, consents, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { filledDataDirectory, Program, naru as program } from './support/program.ts'
import { newPaymentId } from './support/requests.ts'
import { scaled } from './support/scale.ts'

const mobile = { carrier: 'SKT', birth: '9001011' }
const numberOf = (phoneNumber: string) => ({ customer: { name: '김나루', phoneNumber } })
const byPhone = (phoneNumber: string) => ({ mobile, ...numberOf(phoneNumber) })

type Kind = {
  readonly kind: string
  /** What is asked for, once for each of several windows. */
  readonly request: (store: TestStore) => object
  readonly mine: object
  readonly theirs: object
}

/** Everything in our window that asks for a code. */
const kinds: Readonly<Record<string, Kind>> = {
  'a card': {
    kind: 'PAYMENT',
    request: (store) => paymentOf(store),
    mine: { card: cardInPage('4000002500003155') },
    theirs: { card: { ...cardInPage('4000002500003155'), month: 3 } },
  },
  'a phone bill': {
    kind: 'PAYMENT',
    request: (store) => paymentOf(store, { payMethod: 'MOBILE', productType: 'DIGITAL' }),
    mine: byPhone('01012345678'),
    theirs: byPhone('01087654321'),
  },
  'a phone billing key': {
    kind: 'ISSUE_BILLING_KEY',
    request: ({ storeId, channelKey }) => ({ storeId, channelKey, billingKeyMethod: 'MOBILE' }),
    mine: byPhone('01012345678'),
    theirs: byPhone('01087654321'),
  },
  'a phone billing key with its first payment': {
    kind: 'ISSUE_BILLING_KEY_AND_PAY',
    request: (store) => {
      const { payMethod: _, ...payment } = paymentOf(store, { productType: 'DIGITAL' })
      return { ...payment, billingKeyAndPayMethod: 'MOBILE' }
    },
    mine: byPhone('01012345678'),
    theirs: byPhone('01087654321'),
  },
  'an identity verification': {
    kind: 'IDENTITY_VERIFICATION',
    request: ({ storeId, channelKey }) => ({ storeId, channelKey, identityVerificationId: newPaymentId() }),
    mine: { identity: mobile, ...numberOf('01012345678') },
    theirs: { identity: mobile, ...numberOf('01087654321') },
  },
}

const right = { otp: '000000' }
const wrong = { otp: '111111' }
const anew = (reason: string) => ({ kind: 'challenge', anew: reason })

describe('a one-time code', async () => {
  const naru = await startNaru({ trustedProxies: ['127.0.0.0/8'] })
  const second = await naru.another()
  const { open, send } = browserOf(naru, '203.0.113.7')
  const stranger = browserOf(second, '198.51.100.9')
  const { sql } = naru.database

  /** How many charges, keys and identities the sandbox PG has: one for each success. */
  const effectsOf = async ({ storeId }: TestStore): Promise<number> => {
    const [{ count }] = await sql<[{ count: number }]>`
      select ((select count(*) from sandbox_transactions where store_id = ${storeId})
        + (select count(*) from sandbox_billing_keys where store_id = ${storeId})
        + (select count(*) from sandbox_identities where store_id = ${storeId} and state = 'VERIFIED'))::int as count`
    return count
  }
  const succeeded = (result: object) => assert.equal('code' in result, false, JSON.stringify(result))

  for (const [name, { kind, request, mine, theirs }] of Object.entries(kinds)) {
    const effects = kind === 'ISSUE_BILLING_KEY_AND_PAY' ? 2 : 1
    const opened = async (store: TestStore) => {
      const window = await open(request(store), kind)
      assert.deepEqual(await window.submit(mine), { kind: 'challenge' })
      return window
    }

    test(`of ${name}: is good for whom it was sent to, and what was sent since replaces it`, async () => {
      const store = await naru.newStore()
      const { submit, state } = await open(request(store), kind)
      assert.deepEqual(await submit({ ...theirs, ...right }), { kind: 'challenge' }, 'none was sent before')
      assert.deepEqual(await submit({ ...mine, ...right }), anew('SENT_ANEW'))
      assert.deepEqual(await submit({ ...theirs, ...right }), anew('SENT_ANEW'))
      assert.deepEqual(await submit(mine), { kind: 'challenge' })
      assert.deepEqual(await submit({ ...theirs, ...right }), anew('SENT_ANEW'))
      assert.equal(await effectsOf(store), 0)
      assert.equal((await submit({ ...theirs, ...right })).kind, 'settled')
      succeeded(await state())
      assert.equal(await effectsOf(store), effects)
    })

    test(`of ${name}: is good in the window that it was sent for, whoever else has one of the same order`, async () => {
      const store = await naru.newStore()
      const asked = request(store)
      const [own, other] = [await open(asked, kind), await stranger.open(asked, kind)]
      assert.deepEqual(await own.submit(mine), { kind: 'challenge' })
      assert.deepEqual(await other.submit({ ...mine, ...right }), { kind: 'challenge' }, 'none was sent for this one')
      assert.equal(await effectsOf(store), 0)
      assert.equal((await own.submit({ ...mine, ...right })).kind, 'settled')
      succeeded(await own.state())
    })

    test(`of ${name}: is good for five minutes by the store’s clock, and then another is sent`, async () => {
      const store = await naru.newStore()
      await store.api.call('stopSandboxClock')
      const { submit, state } = await opened(store)
      await store.advance({ seconds: codeLifetime / 1_000 })
      assert.deepEqual(await submit({ ...mine, ...wrong }), anew('EXPIRED'), 'not counted')
      await store.advance({ seconds: codeLifetime / 1_000 - 1 })
      assert.deepEqual(await submit({ ...mine, ...wrong }), { kind: 'invalid', problem: 'OTP' })
      await submit(mine)
      await store.advance({ seconds: codeLifetime / 1_000 - 1 })
      assert.equal((await submit({ ...mine, ...right })).kind, 'settled')
      succeeded(await state())
    })

    test(`of ${name}: three wrong ones end the window, whoever others were sent to in between`, async () => {
      const store = await naru.newStore()
      const guessed = await opened(store)
      assert.deepEqual(await guessed.submit({ ...mine, ...wrong }), { kind: 'invalid', problem: 'OTP' })
      await guessed.submit(theirs)
      assert.deepEqual(await guessed.submit({ ...theirs, ...wrong }), { kind: 'invalid', problem: 'OTP' })
      await guessed.submit(mine)
      assert.equal((await guessed.submit({ ...mine, ...wrong })).kind, 'settled')
      await guessed.submit({ ...mine, ...right })
      assert.equal((await guessed.state()).pgCode, 'PAY_PROCESS_ABORTED')
      const unfinished = await opened(store)
      // As a server left it that died before it ended the window.
      await sql`update sandbox_codes set wrong_tries = 3 where store_id = ${store.storeId}`
      assert.equal((await unfinished.submit(mine)).kind, 'settled')
      assert.equal((await unfinished.state()).pgCode, 'PAY_PROCESS_ABORTED')
      const hasty = await opened(store)
      const codes = Array.from({ length: 30 }, (_, index) => String(111_111 + index))
      const answers = await Promise.all(codes.map((otp) => hasty.submit({ ...mine, otp })))
      assert.ok(answers.filter((answer) => answer.kind === 'invalid').length < 3)
      await hasty.submit({ ...mine, ...right })
      assert.equal((await hasty.state()).pgCode, 'PAY_PROCESS_ABORTED')
      assert.equal(await effectsOf(store), 0)
      const twiceWrong = await opened(store)
      await twiceWrong.submit({ ...mine, ...wrong })
      await twiceWrong.submit({ ...mine, ...wrong })
      await twiceWrong.submit({ ...mine, ...right })
      succeeded(await twiceWrong.state())
    })

    test(`of ${name}: given twice at once, on two servers, is one success`, async () => {
      const store = await naru.newStore()
      const rounds = scaled(4, 40)
      await inParallel([...Array(rounds).keys()], 2, async () => {
        const { submit, state, token } = await opened(store)
        const given = { ...mine, ...right }
        const elsewhere = () => stranger.send('submit', { token, customer: {}, consents, ...given })
        await Promise.all([submit(given), submit(given), elsewhere()])
        succeeded(await state())
      })
      assert.equal(await effectsOf(store), rounds * effects)
    })
  }

  test('is gone with its store’s past', async () => {
    const store = await naru.newStore()
    const { token, submit } = await open(paymentOf(store), 'PAYMENT')
    const given = kinds['a card']?.mine
    await submit({ ...given })
    await store.api.call('resetSandboxStore')
    const { status } = await send('submit', { token, customer: {}, ...given, ...right })
    assert.equal(status, 404)
    const left = await sql`select from sandbox_codes where store_id = ${store.storeId}`
    assert.equal(left.count, 0)
  })
})

test('a one-time code, and how often a wrong one was given, outlive a server that is killed', async (context) => {
  const shop = { storeId: 'store-killed', channelKey: 'channel' }
  const environment = {
    NARU_DATA_DIR: await filledDataDirectory(context),
    NARU_STORE_ID: shop.storeId,
    NARU_CHANNEL_KEY: shop.channelKey,
  }
  const started = async () => {
    const server = new Program([...program, 'serve'], environment)
    return { server, ...browserOf({ url: await server.url() }) }
  }
  const kill = async ({ server }: Awaited<ReturnType<typeof started>>) => {
    server.signalGroup('SIGKILL')
    await server.ended
  }
  const card = { card: cardInPage('4000002500003155') }
  const first = await started()
  const [good, bad] = [await first.open(paymentOf(shop)), await first.open(paymentOf(shop))]
  await good.submit(card)
  await bad.submit(card)
  await bad.submit({ ...card, ...wrong })
  await bad.submit({ ...card, ...wrong })
  await kill(first)
  const next = await started()
  const submit = async ({ token }: { readonly token: string }, given: object) =>
    (await next.send('submit', { token, customer: {}, consents, ...card, ...given })).body
  const paid = await submit(good, right)
  assert.equal('code' in Object(Object(paid.view).state).result, false, JSON.stringify(paid))
  const ended = await submit(bad, wrong)
  assert.equal(Object(Object(ended.view).state).result.pgCode, 'PAY_PROCESS_ABORTED')
  await kill(next)
})
