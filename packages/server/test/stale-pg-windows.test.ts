import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'
import { newPaymentId, order } from './support/requests.ts'
import { scaled } from './support/scale.ts'

/** A line to the PG on which questions about payments are counted by their reference, and stand still where they are told to. */
const countedLine = () => {
  const asked: string[] = []
  const held = new Map<string, Promise<void>>()
  const aroundGateway = (gateway: Gateway): Gateway => ({
    ...gateway,
    inquire: async (context, target) => {
      asked.push(context.reference)
      await held.get(context.reference)
      return await gateway.inquire(context, target)
    },
  })
  return { held, aroundGateway, timesAsked: (reference: string) => asked.filter((one) => one === reference).length }
}

describe('what is said of a PG’s own window while it stands open', async () => {
  const line = countedLine()
  const naru = await startNaru({ trustedProxies: ['127.0.0.0/8'], aroundGateway: line.aroundGateway })
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newStore()
  const { storeId, portone, api } = store
  const channelWith = (credentials: Readonly<Record<string, string>>) =>
    addChannel(naru, storeId, 'INICIS_V2', { credentials })
  const [byForm, byScript] = [await channelWith({ window: 'form' }), await channelWith({ window: 'script' })]
  const outside = await channelWith({ window: 'redirect' })
  const inside = await channelWith({ window: 'redirect', windowCharging: 'inside' })
  const manners = { 'by redirect': outside, 'by a form': byForm, 'by a script': byScript, 'and charges inside': inside }

  let shoppers = 0
  const elsewhere = browserOf(second, '198.51.100.9')

  /** A window that the shopper's browser has gone to, and what it asks for. */
  const standing = async (request: Readonly<Record<string, unknown>>, kind = 'PAYMENT') => {
    // One address asks only so often.
    shoppers += 1
    const address = `203.0.${shoppers >> 8}.${shoppers & 255}`
    const { token, opened, view, state } = await browserOf(naru, address).open(request, kind)
    assert.equal(opened.code, undefined)
    const url = naru.url + String(Object((await view()).pgWindow).url)
    return {
      paymentId: String(request.paymentId),
      txId: String(Object(opened.ids).txId),
      view,
      state,
      stateAtOther: async (): Promise<Record<string, unknown>> =>
        Object((await browserOf(second, address).send('attempts/state', { token })).body.result),
      pay: () =>
        fetch(url, {
          method: 'POST',
          body: new URLSearchParams({ card: '4242424242424242', step: 'agree' }),
          redirect: 'manual',
        }),
      back: (from = naru.url) => fetch(`${from}/checkout/return/${token}`, { redirect: 'manual' }),
    }
  }
  const at = (channelKey: string, others: object = {}) => paymentOf({ storeId, channelKey }, others)

  const payByApi = (paymentId: string) =>
    portone.payment.payInstantly({ paymentId, ...order(store.channelKey, { total: 50_000 }) })
  const announce = (paymentId: string, body: object) => api.send('preRegisterPayment', { path: { paymentId }, body })
  /** What the PG keeps of each charge. */
  const kept = async (paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items
      .map(({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0))
      .toSorted()
  const statusOf = async (paymentId: string) => (await portone.payment.getPayment({ paymentId })).status

  /** How an order can no longer be paid in a window, with what its shop's page is told then. */
  const changes = {
    'is paid by the merchant’s server': { change: payByApi, code: 'PaymentAlreadyPaid' },
    'is paid on another device': {
      change: async (paymentId: string) => {
        const { submit } = await elsewhere.open({ ...at(store.channelKey), paymentId })
        await submit({ card: cardInPage() })
      },
      code: 'PaymentAlreadyPaid',
    },
    'is paid elsewhere, and refunded': {
      change: async (paymentId: string) => {
        await payByApi(paymentId)
        await portone.payment.cancelPayment({ paymentId, reason: '변심' })
      },
      code: 'PaymentAlreadyPaid',
    },
    'is pre-registered with another amount': {
      change: (paymentId: string) => announce(paymentId, { totalAmount: 40_000 }),
      code: 'PORTONE_ERROR',
    },
  }

  for (const [manner, channelKey] of Object.entries(manners))
    for (const [name, { change, code }] of Object.entries(changes))
      test(`one that opens ${manner} is over once its order ${name}, and the PG is asked once`, async () => {
        const window = await standing(at(channelKey))
        const { paymentId, txId } = window
        for (let poll = 0; poll < 3; poll++) assert.deepEqual(await window.state(), {})
        assert.equal(line.timesAsked(txId), 0)
        await change(paymentId)
        for (const ask of [window.state, window.stateAtOther, window.state]) {
          const result = await ask()
          assert.deepEqual([result.code, result.paymentId, result.txId], [code, paymentId, txId])
        }
        assert.equal(line.timesAsked(txId), channelKey === inside ? 1 : 0)
        assert.equal((await window.view()).step, 'DONE')
      })

  for (const [name, { change, code }] of Object.entries(changes))
    test(`one in which the PG has charged before its order ${name} is refunded, once`, async () => {
      const window = await standing(at(inside))
      const { paymentId } = window
      await window.pay()
      await change(paymentId)
      const before = await kept(paymentId)
      const result = await window.state()
      assert.equal(result.code, code)
      assert.match(String(result.message), /환불/)
      assert.deepEqual(await kept(paymentId), before.with(before.indexOf(50_000), 0).toSorted())
      await window.back(second.url)
      await store.advance({ minutes: 40 })
      assert.deepEqual(await kept(paymentId), before.with(before.indexOf(50_000), 0).toSorted())
      assert.equal((await window.stateAtOther()).code, code)
    })

  test('one that charges after that is refunded, and it was said before', async () => {
    const [paid, changed] = [await standing(at(inside)), await standing(at(inside))]
    await payByApi(paid.paymentId)
    await announce(changed.paymentId, { totalAmount: 40_000 })
    assert.match(String((await paid.state()).message), /이미 결제되었거나.*승인된 금액이 있으면 환불합니다/)
    assert.match(String((await changed.state()).message), /주문 내용이 바뀌었습니다.*승인된 금액이 있으면 환불합니다/)
    for (const window of [paid, changed]) {
      await window.pay()
      await window.back()
    }
    assert.deepEqual(await kept(paid.paymentId), [0, 50_000])
    assert.deepEqual(await kept(changed.paymentId), [0])
    assert.equal((await changed.state()).pgCode, 'NARU_ORDER_CHANGED')
  })

  test('one whose PG does not answer is over all the same, and refunded once it does', async () => {
    const window = await standing(at(inside))
    const { paymentId, txId } = window
    const answers = Promise.withResolvers<void>()
    line.held.set(txId, answers.promise)
    await window.pay()
    await payByApi(paymentId)
    const { code, message } = await window.state()
    assert.equal(code, 'PaymentAlreadyPaid')
    assert.match(String(message), /승인된 금액이 있으면 환불합니다/)
    assert.equal((await window.stateAtOther()).code, 'PaymentAlreadyPaid')
    assert.equal(line.timesAsked(txId), 1)
    answers.resolve()
    await store.advance({ minutes: 5 })
    assert.deepEqual(await kept(paymentId), [0, 50_000])
  })

  test('one of an order that is pre-registered as it is goes on, and so does one that is announced again', async () => {
    const window = await standing(at(outside))
    const { paymentId } = window
    await announce(paymentId, { totalAmount: 50_000, currency: 'KRW' })
    assert.deepEqual(await window.state(), {})
    await announce(paymentId, { totalAmount: 40_000 })
    await announce(paymentId, { totalAmount: 50_000 })
    assert.deepEqual(await window.state(), {})
    const agreed = await window.pay()
    await fetch(String(agreed.headers.get('location')), { redirect: 'manual' })
    assert.equal(await statusOf(paymentId), 'PAID')
    assert.equal('code' in (await window.state()), false)
  })

  test('one that stores a method and charges it is over likewise, and stores nothing', async () => {
    for (const { change, code } of Object.values(changes)) {
      const { payMethod: _, ...request } = at(outside, { billingKeyAndPayMethod: 'CARD' })
      const window = await standing(request, 'ISSUE_BILLING_KEY_AND_PAY')
      assert.deepEqual(await window.state(), {})
      await change(window.paymentId)
      assert.equal((await window.state()).code, code)
      const agreed = await window.pay()
      await fetch(String(agreed.headers.get('location')), { redirect: 'manual' })
      assert.equal((await window.stateAtOther()).code, code)
      assert.equal((await kept(window.paymentId)).includes(0) && code === 'PORTONE_ERROR', false)
    }
  })

  test('one whose time is over is over, and not before', async () => {
    const windows = [await standing(at(outside)), await standing(at(inside))]
    await store.advance({ minutes: 29 })
    for (const { state } of windows) assert.deepEqual(await state(), {})
    await store.advance({ minutes: 2 })
    for (const { state, stateAtOther, pay, back, paymentId } of windows) {
      assert.equal((await state()).pgCode, 'PAY_PROCESS_EXPIRED')
      await pay()
      await back()
      assert.equal((await stateAtOther()).pgCode, 'PAY_PROCESS_EXPIRED')
      assert.deepEqual(await kept(paymentId), [])
    }
  })

  test('one that verifies a person is over once the merchant’s server has verified that person', async () => {
    const identityVerificationId = newPaymentId()
    const request = { storeId, channelKey: outside, identityVerificationId }
    const window = await standing(request, 'IDENTITY_VERIFICATION')
    assert.deepEqual(await window.state(), {})
    const customer = { name: '김나루', identityNumber: '9001011', phoneNumber: '01012345678', ipAddress: '203.0.113.7' }
    const sms = { channelKey: store.channelKey, customer, operator: 'SKT', method: 'SMS' } as const
    await portone.identityVerification.sendIdentityVerification({ identityVerificationId, ...sms })
    await portone.identityVerification.confirmIdentityVerification({ identityVerificationId, otp: '000000' })
    assert.equal((await window.state()).code, 'IdentityVerificationAlreadyVerified')
  })

  for (const [name, channelKey] of Object.entries({ inside, outside }))
    test(`has one outcome where the PG (${name}) sends the browser back to another server while the order is paid and asked about`, async () => {
      const rounds = Array.from({ length: scaled(12, 100) }, (_, round) => round)
      await inParallel(rounds, 3, async (round) => {
        const window = await standing(at(channelKey))
        const { paymentId, txId } = window
        const agreed = await window.pay()
        const location = new URL(String(agreed.headers.get('location')))
        // A little later each time, the one or the other, so that the two meet at each step.
        const later = async (isLate: boolean) => {
          for (let step = 0; isLate && step < round / 2; step += 1) await fetch(`${naru.url}/healthz`)
        }
        const returning = later(round % 2 === 1).then(() =>
          fetch(second.url + location.pathname + location.search, { redirect: 'manual' }),
        )
        await later(round % 2 === 0)
        // Refused where the window has paid by then, or is being paid in.
        const paidByApi = await payByApi(paymentId).then(
          () => true,
          () => false,
        )
        await Promise.all([window.state(), returning, window.stateAtOther()])
        const result = await window.state()
        assert.equal(await statusOf(paymentId), 'PAID')
        assert.deepEqual(
          (await kept(paymentId)).filter((amount) => amount !== 0),
          [50_000],
        )
        assert.equal(result.code, paidByApi ? 'PaymentAlreadyPaid' : undefined, txId)
      })
    })

  test('leaves the records in order', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
