import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import type { Gateway } from '../src/gateways/port/gateway.ts'
import { addDays, dayOf } from '../src/kernel/days.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId, order } from './support/requests.ts'

/** The order whose refunds are refused and whose answers to them get lost. */
const lostOrder = '응답이 끊긴 주문'

/** Orders of which the PG does not say how their refunds stand. */
const silent = new Set<string | undefined>()

/** The orders whose refunds were sent to the PG, once for each time. */
const sent: (string | undefined)[] = []

const losing = (gateway: Gateway): Gateway => ({
  ...gateway,
  inquireCancellation: async (context, target) =>
    silent.has(context.subject?.paymentId)
      ? { kind: 'unknown', reason: 'the answer never came' }
      : gateway.inquireCancellation(context, target),
  cancel: async (context, target, request) => {
    sent.push(context.subject?.paymentId)
    const outcome = await gateway.cancel(context, target, request)
    return context.subject?.paymentId?.startsWith(lostOrder)
      ? { kind: 'unknown', reason: 'the answer never came' }
      : outcome
  },
})

describe('a PG that refuses to give back what it charged and must not keep, or does so later', async () => {
  const warnings: string[] = []
  const naru = await startNaru({ aroundGateway: losing, warns: (line) => void warnings.push(line) })
  const second = await naru.another()
  const { sql } = naru.database
  const store = await naru.newStore()
  const { storeId, api } = store
  const credentials = { window: 'redirect', windowCharging: 'inside' }
  const channelKey = await addChannel(naru, storeId, 'INICIS_V2', { credentials })
  const { open, send } = browserOf(naru)
  const customer = { fullName: '홍길동', phoneNumber: '010-1234-5678', email: 'buyer@shop.example' }

  const windowOf = async (token: string) => {
    const of = async (path: string) => (await send(path, { token })).body
    const { url } = Object((await of('view')).pgWindow)
    const body = new URLSearchParams({ card: '4242424242424242', step: 'agree', outcome: '' })
    return {
      pay: () => fetch(naru.url + url, { method: 'POST', body, redirect: 'manual' }),
      back: (from = naru.url) => fetch(`${from}/checkout/return/${token}`, { redirect: 'manual' }),
      view: () => of('view'),
      state: async (): Promise<Readonly<Record<string, unknown>>> => Object((await of('attempts/state')).result),
    }
  }

  /** A window of an order, at a PG that refuses to refund what it charges in it: sandbox amount 990030. */
  const opened = async (totalAmount = 990_030) => {
    const payment = paymentOf({ storeId, channelKey }, { totalAmount, customer })
    return { payment, paymentId: payment.paymentId, ...(await windowOf((await open(payment)).token)) }
  }

  const findings = async (paymentId: string) =>
    (await audit(sql)).findings.filter((finding) => finding.paymentId === paymentId)
  const warned = (paymentId: string) =>
    warnings.filter((line) => line.includes(paymentId) && /refuses to refund/.test(line))
  const attempts = async (paymentId: string) =>
    (await api.call('getPaymentTransactions', { path: { paymentId } })).items.map((item) =>
      item.status === 'FAILED' ? item.failure.pgCode : item.status,
    )
  const kept = async (paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items
      .map(({ amount, cancelledAmount }) => amount - (cancelledAmount ?? 0))
      .toSorted((one, other) => one - other)
  const script = (paymentId: string, ...steps: string[]) =>
    api.call('createSandboxScript', { body: { match: { operation: 'CANCEL', paymentId }, steps } })
  const refusedCancel = async (paymentId: string) => {
    const answer = await api.send('cancelPayment', { path: { paymentId }, body: { reason: 'closed' } })
    const { type, message } = JSON.parse(answer.text)
    assert.equal(type, 'PAYMENT_NOT_PAID')
    return String(message)
  }
  const payNow = async (paymentId: string, total: number) =>
    api.send('payInstantly', { path: { paymentId }, body: order(store.channelKey, { total }) })

  /** The merchant is told once more, and has been told so often then. */
  const toldOfFailure = async (paymentId: string, times: number) => {
    await store.webhooks.next('Transaction.Failed', { paymentId })
    const all = store.webhooks.received.filter(
      ({ type, data }) => type === 'Transaction.Failed' && data.paymentId === paymentId,
    )
    assert.equal(all.length, times)
  }

  /** The charge is named, and only once, however often the PG refuses. */
  const assertHeld = async (paymentId: string, amount: number) => {
    const [finding, ...more] = await findings(paymentId)
    assert.deepEqual([finding?.rule, more.length], ['charged-is-given-back', 0])
    assert.match(finding?.what ?? '', new RegExp(`^The PG keeps ${amount} KRW of .+ there.+SBX_CANCEL_REFUSED`))
    assert.match(finding?.what ?? '', /next asked at 20.+settle it with the payment gateway/)
    assert.equal(warned(paymentId).length, 1)
    const { amount: logged, pgCode, pgTransactionId } = JSON.parse(warned(paymentId)[0] ?? '')
    assert.deepEqual([logged, pgCode, typeof pgTransactionId], [amount, 'SBX_CANCEL_REFUSED', 'string'])
  }

  /** The PG gives the money back at last, when it is asked by itself. */
  const assertGivenBack = async (paymentId: string) => {
    await store.advance({ days: 60 })
    assert.equal(warned(paymentId).length, 1)
    await script(paymentId, 'approve')
    await store.advance({ days: 1 })
    assert.deepEqual(await findings(paymentId), [])
    assert.equal(warned(paymentId).length, 1)
    assert.equal((await kept(paymentId))[0], 0)
  }

  test('an order that was changed is not held up: it fails at once, can be paid, and the audit names the money until it is back', async () => {
    const { payment, paymentId, pay, back, state } = await opened()
    await api.call('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 5_000 } })
    await pay()
    await Promise.all([back(), back(second.url), back()])
    const { code, pgCode, message } = await state()
    assert.deepEqual([code, pgCode], ['PORTONE_ERROR', 'NARU_NOT_REFUNDED'])
    assert.match(String(message), /아직 환불되지 않았습니다/)
    assert.deepEqual(await attempts(paymentId), ['NARU_NOT_REFUNDED'])
    await toldOfFailure(paymentId, 1)
    assert.match(
      await refusedCancel(paymentId),
      /is FAILED.+charged.+refuses to refund it: settle it with the payment gateway/,
    )
    const resolved = await api.send('resolveSandboxPayment', { path: { paymentId }, body: { as: 'FAILED' } })
    assert.equal(JSON.parse(resolved.text).pgCode, 'SBX_NOT_IN_DOUBT')
    await assertHeld(paymentId, 990_030)
    // Another window pays the order, by its new price, while the PG still has the money of the first.
    const other = await open({ ...payment, channelKey: store.channelKey, totalAmount: 5_000 })
    await other.submit({ card: cardInPage() })
    assert.equal('code' in (await other.state()), false)
    assert.deepEqual(await kept(paymentId), [5_000, 990_030])
    assert.equal((await state()).code, 'PaymentAlreadyPaid')
    await assertGivenBack(paymentId)
    assert.deepEqual((await attempts(paymentId)).toSorted(), ['NARU_ORDER_CHANGED', 'PAID'])
    await toldOfFailure(paymentId, 2)
    assert.match(String((await state()).message), /환불합니다/)
  })

  test('a second charge of an order that was paid otherwise is named, and so is the first payment', async () => {
    const { paymentId, pay, back, state, view } = await opened()
    assert.equal((await payNow(paymentId, 5_000)).status, 200)
    await pay()
    await back()
    const { code, pgCode, message } = await state()
    assert.deepEqual([code, pgCode], ['PaymentAlreadyPaid', 'NARU_NOT_REFUNDED'])
    assert.match(String(message), /아직 환불되지 않았습니다/)
    assert.notEqual((await view()).isRefunded, true)
    assert.equal((await api.call('getPayment', { path: { paymentId } })).status, 'PAID')
    assert.deepEqual(await kept(paymentId), [5_000, 990_030])
    await assertHeld(paymentId, 990_030)
    await assertGivenBack(paymentId)
    assert.deepEqual((await attempts(paymentId)).toSorted(), ['NARU_ALREADY_PAID', 'PAID'])
    assert.equal((await view()).isRefunded, true)
  })

  test('a charge of another amount by an API call is answered at once, with what the PG really has', async () => {
    const paymentId = newPaymentId()
    await script(paymentId, 'cancel-decline')
    const { status, text } = await payNow(paymentId, 990_010)
    const { pgCode, pgMessage } = JSON.parse(text)
    assert.deepEqual([status, pgCode], [502, 'NARU_NOT_REFUNDED'])
    assert.match(pgMessage, /charged 990011 .+\(NARU_AMOUNT_MISMATCH\)/)
    await assertHeld(paymentId, 990_011)
    await store.advance({ minutes: 5 })
    assert.deepEqual(await findings(paymentId), [])
    assert.deepEqual([await attempts(paymentId), await kept(paymentId)], [['NARU_AMOUNT_MISMATCH'], [0]])
    assert.match(await refusedCancel(paymentId), /What was charged has been refunded/)
  })

  test('a refusal whose answer got lost, as where a server died, is learnt of by asking', async () => {
    const paymentId = newPaymentId(lostOrder)
    await script(paymentId, 'cancel-decline')
    assert.equal(JSON.parse((await payNow(paymentId, 990_010)).text).pgCode, 'NARU_NOT_REFUNDED')
    await assertHeld(paymentId, 990_011)
    // Given back by the next call, whose answer is lost as well.
    await store.advance({ hours: 1 })
    assert.deepEqual([await findings(paymentId), await kept(paymentId)], [[], [0]])
  })

  test('a session that was closed fails likewise, and another session of the order can be paid', async () => {
    const profileKey = `inside-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR', channelKey }] as const
    await setProfile(sql, { storeId, profileKey, name: 'Inside', isForTest: true, entries })
    const paymentId = newPaymentId()
    const inSession = async (totalAmount: number) => {
      const redirectUrl = 'https://shop.example/done'
      const body = {
        storeId,
        profileKey,
        country: 'KR',
        currency: 'KRW',
        orderName: '귤',
        redirectUrl,
        paymentId,
        totalAmount,
      } as const
      const { sessionId } = await api.call('createPaymentSession', { body })
      const { body: paying } = await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
      return { sessionId, ...(await windowOf(String(paying.url).split('/').at(-1) ?? '')) }
    }
    const closed = await inSession(990_030)
    await api.call('closePaymentSession', { path: { sessionId: closed.sessionId } })
    await closed.pay()
    await closed.back()
    assert.equal((await closed.state()).pgCode, 'NARU_NOT_REFUNDED')
    await assertHeld(paymentId, 990_030)
    const other = await inSession(5_000)
    await other.pay()
    await other.back(second.url)
    assert.equal('code' in (await other.state()), false)
    await assertGivenBack(paymentId)
    assert.deepEqual((await attempts(paymentId)).toSorted(), ['NARU_ORDER_CHANGED', 'PAID'])
  })

  const timesSent = (paymentId: string) => sent.filter((each) => each === paymentId).length

  test('an order that was changed is not held up by a refund that the PG makes later', async () => {
    const { payment, paymentId, pay, back, state } = await opened(50_000)
    await script(paymentId, 'cancel-pending-86400')
    await api.call('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 5_000 } })
    await pay()
    await Promise.all([back(), back(second.url), back()])
    const { code, pgCode, message } = await state()
    assert.deepEqual([code, pgCode], ['PORTONE_ERROR', 'NARU_ORDER_CHANGED'])
    assert.match(String(message), /환불합니다/)
    await toldOfFailure(paymentId, 1)
    assert.match(await refusedCancel(paymentId), /is FAILED.+has accepted to refund it: there is nothing to do/)
    assert.deepEqual(await findings(paymentId), [])
    const other = await open({ ...payment, channelKey: store.channelKey, totalAmount: 5_000 })
    await other.submit({ card: cardInPage() })
    assert.equal('code' in (await other.state()), false)
    assert.deepEqual(await kept(paymentId), [5_000, 50_000])
    const asked = timesSent(paymentId)
    await store.advance({ days: 2 })
    assert.deepEqual([await kept(paymentId), await findings(paymentId)], [[0, 5_000], []])
    assert.deepEqual((await attempts(paymentId)).toSorted(), ['NARU_ORDER_CHANGED', 'PAID'])
    assert.deepEqual([timesSent(paymentId), warned(paymentId)], [asked, []])
  })

  test('a second charge that the PG gives back later ends its window at once', async () => {
    const { paymentId, pay, back, state, view } = await opened(50_000)
    await script(paymentId, 'cancel-pending-86400')
    await payNow(paymentId, 5_000)
    await pay()
    await back()
    assert.equal((await state()).code, 'PaymentAlreadyPaid')
    assert.equal((await view()).isRefunded, true)
    assert.deepEqual(await kept(paymentId), [5_000, 50_000])
    await store.advance({ days: 2 })
    assert.deepEqual([await kept(paymentId), await findings(paymentId)], [[0, 5_000], []])
  })

  test('a refund that the PG accepts and then does not make is as one that it refuses', async () => {
    const { paymentId, pay, back, state } = await opened()
    await script(paymentId, 'cancel-pending-fail-86400')
    await api.call('preRegisterPayment', { path: { paymentId }, body: { totalAmount: 5_000 } })
    await pay()
    await back()
    assert.equal((await state()).pgCode, 'NARU_ORDER_CHANGED')
    await toldOfFailure(paymentId, 1)
    await store.advance({ days: 2 })
    assert.equal((await state()).pgCode, 'NARU_NOT_REFUNDED')
    await toldOfFailure(paymentId, 2)
    await assertHeld(paymentId, 990_030)
    await assertGivenBack(paymentId)
    assert.deepEqual(await attempts(paymentId), ['NARU_ORDER_CHANGED'])
  })

  test('an API call is answered at once where the refund is made later, and the order can be paid', async () => {
    const paymentId = newPaymentId()
    await script(paymentId, 'cancel-pending-86400')
    const { status, text } = await payNow(paymentId, 990_010)
    assert.deepEqual([status, JSON.parse(text).pgCode], [502, 'NARU_AMOUNT_MISMATCH'])
    assert.equal((await payNow(paymentId, 5_000)).status, 200)
    silent.add(paymentId)
    const asked = timesSent(paymentId)
    await store.advance({ hours: 12 })
    assert.deepEqual([timesSent(paymentId), await kept(paymentId)], [asked, [5_000, 990_011]])
    silent.delete(paymentId)
    await store.advance({ days: 2 })
    assert.deepEqual([timesSent(paymentId), await kept(paymentId)], [asked, [0, 5_000]])
    assert.deepEqual(await findings(paymentId), [])
  })

  test('and where it is not made after all, the attempt says so until it is', async () => {
    const paymentId = newPaymentId()
    await script(paymentId, 'cancel-pending-fail-60')
    assert.equal(JSON.parse((await payNow(paymentId, 990_010)).text).pgCode, 'NARU_AMOUNT_MISMATCH')
    await store.advance({ minutes: 6 })
    assert.deepEqual(await attempts(paymentId), ['NARU_NOT_REFUNDED'])
    await assertHeld(paymentId, 990_011)
    await store.advance({ minutes: 6 })
    assert.deepEqual([await attempts(paymentId), await kept(paymentId)], [['NARU_AMOUNT_MISMATCH'], [0]])
    assert.deepEqual(await findings(paymentId), [])
  })

  test('reconciliation finds the refund on the day on which it was made, however long after the charge', async () => {
    const until = dayOf(await store.now())
    for (const key of [channelKey, store.channelKey])
      for (const from of [until, addDays(until, -1), addDays(until, -9)]) {
        const days = { channelKey: key, kind: 'TRANSACTION', from, until } as const
        const { csv } = await api.call('produceSandboxReconciliationFile', { body: days })
        await api.call('importSandboxReconciliationFile', { body: { ...days, csv } })
        const { items } = await api.call('getSandboxReconciliation', { query: days })
        assert.deepEqual(
          items.filter(({ outcome }) => outcome !== 'MATCHED'),
          [],
        )
      }
  })

  test('leaves the records in order', async () => {
    assert.deepEqual((await audit(sql)).findings, [])
  })
})
