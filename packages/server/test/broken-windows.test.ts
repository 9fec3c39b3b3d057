import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkoutKinds } from '@naru/contract'
import { ownFailureText } from '../src/checkout/failures.ts'
import type { AdapterWindows } from '../src/gateways/port/adapter.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId } from './support/requests.ts'

/** Windows of which some calls throw, as those of a PG that cannot be reached. */
const failing = (broken: ReadonlySet<string>) => {
  const unless = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    if (broken.has(name)) throw new Error(`${name} is broken`)
    return await work()
  }
  return ({ window, pgWindowOf }: AdapterWindows): AdapterWindows => ({
    window: {
      ...window,
      authenticate: (...call) => unless('authenticate', () => window.authenticate(...call)),
      authorizeBillingKey: (...call) => unless('authorizeBillingKey', () => window.authorizeBillingKey(...call)),
      identify: (...call) => unless('identify', () => window.identify(...call)),
    },
    pgWindowOf: (channel) => {
      const own = pgWindowOf(channel)
      return (
        own && {
          ...own,
          prepare: (...call) => unless('prepare', () => own.prepare(...call)),
          verify: (...call) => unless('verify', () => own.verify(...call)),
        }
      )
    },
  })
}

describe('a window that fails', async () => {
  const broken = new Set<string>()
  const naru = await startNaru({
    aroundWindows: failing(broken),
    expects: (line) => line.includes("a payment gateway's window failed") && line.includes('is broken'),
  })
  const { open, send } = browserOf(naru)
  const store = await naru.newStore()
  const { storeId } = store
  const channelWith = (credentials: Readonly<Record<string, string>>) =>
    addChannel(naru, storeId, 'NICE_V2', { credentials })
  const [own, charging] = [
    await channelWith({ window: 'redirect' }),
    await channelWith({ window: 'redirect', windowCharging: 'inside' }),
  ]
  const paymentOn = (channelKey: string, others: object = {}) => paymentOf({ storeId, channelKey }, others)
  const asked = (kind: string, channelKey: string) => {
    const order = paymentOn(channelKey)
    switch (kind) {
      case 'ISSUE_BILLING_KEY':
        return { storeId, channelKey, billingKeyMethod: 'CARD' }
      case 'ISSUE_BILLING_KEY_AND_PAY':
        return { ...order, billingKeyAndPayMethod: 'CARD' }
      case 'IDENTITY_VERIFICATION':
        return { storeId, channelKey, identityVerificationId: newPaymentId() }
      default:
        return order
    }
  }
  const whileBroken = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    broken.add(name)
    try {
      return await work()
    } finally {
      broken.delete(name)
    }
  }
  const kinds = checkoutKinds
  const toldBy = ({ code, message }: Readonly<Record<string, unknown>>) => [code, message]

  for (const kind of kinds)
    test(`${kind}: where it cannot be prepared none opens, the shop hears why, and another channel takes it`, async () => {
      const request = asked(kind, own)
      const { opened } = await whileBroken('prepare', () => open(request, kind))
      assert.deepEqual([opened.code, opened.pgCode], ['PGProviderError', 'NARU_WINDOW_UNAVAILABLE'])
      assert.equal((await open({ ...request, channelKey: store.channelKey }, kind)).opened.code, undefined)
    })

  for (const kind of kinds)
    test(`${kind}: where the return cannot be verified nothing counts, and the page says so`, async () => {
      const request = asked(kind, own)
      const { token, view, state } = await open(request, kind)
      const { url } = Object((await view()).pgWindow)
      const body = new URLSearchParams({ step: 'agree', card: '4242424242424242', otp: '000000', phone: '01012345678' })
      await fetch(naru.url + url, { method: 'POST', body, redirect: 'manual' })
      const back = () => fetch(`${naru.url}/checkout/return/${token}`, { redirect: 'manual' })
      assert.equal((await whileBroken('verify', back)).status, 303)
      const { step } = await view()
      const unknown = ['PORTONE_ERROR', ownFailureText('NARU_WINDOW_UNKNOWN', kind, 'ko')]
      assert.deepEqual([step, ...toldBy(await state())], ['DONE', ...unknown])
      assert.equal((await back()).status, 303)
      assert.deepEqual(toldBy(await state()), unknown)
      if ('paymentId' in request) assert.equal(await chargesOf(store, request.paymentId), 0)
    })

  test('where the PG charges in it, only its books tell: a return that cannot be verified is paid', async () => {
    const request = paymentOn(charging)
    const { token, view, state } = await open(request)
    const { url } = Object((await view()).pgWindow)
    const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
    await fetch(naru.url + url, { method: 'POST', body, redirect: 'manual' })
    await whileBroken('verify', () => fetch(`${naru.url}/checkout/return/${token}`, { redirect: 'manual' }))
    assert.equal('code' in (await state()), false)
    assert.equal((await store.portone.payment.getPayment({ paymentId: request.paymentId })).status, 'PAID')
  })

  test('where nobody can be asked what was typed, the attempt has failed, and the order can be tried again', async () => {
    const payment = paymentOn(store.channelKey)
    const { submit } = await open(payment)
    const answer = await whileBroken('authenticate', () => submit({ card: cardInPage() }))
    const unavailable = ['PORTONE_ERROR', ownFailureText('NARU_WINDOW_UNAVAILABLE', 'PAYMENT', 'ko')]
    const shownBy = ({ kind, view }: Readonly<Record<string, unknown>>) => {
      assert.equal(kind, 'settled')
      return toldBy(Object(Object(Object(view).state).result))
    }
    assert.deepEqual(shownBy(answer), unavailable)
    const again = await open(payment)
    await again.submit({ card: cardInPage() })
    assert.equal('code' in (await again.state()), false)
    assert.equal(await chargesOf(store, payment.paymentId), 1)
    const storing = await open(asked('ISSUE_BILLING_KEY', store.channelKey), 'ISSUE_BILLING_KEY')
    const stored = await whileBroken('authorizeBillingKey', () => storing.submit({ card: cardInPage() }))
    assert.deepEqual(shownBy(stored), unavailable)
    const person = {
      identity: { carrier: 'SKT', birth: '9001011' },
      customer: { name: '김나루', phoneNumber: '01012345678' },
    }
    const proving = await open(asked('IDENTITY_VERIFICATION', store.channelKey), 'IDENTITY_VERIFICATION')
    const proved = await whileBroken('identify', () => proving.submit(person))
    assert.deepEqual(shownBy(proved), unavailable)
  })

  test('what our page sends and cannot be read is refused by the name of its field, and spends nothing', async () => {
    const { token, submit, state } = await open(paymentOn(store.channelKey))
    const card = cardInPage()
    const wrong: Readonly<Record<string, object>> = {
      customer: { customer: '김나루' },
      'customer.name': { customer: { name: 1 } },
      'customer.email': { customer: { email: 'a'.repeat(300) } },
      otp: { otp: 123_456 },
      'card.number': { card: { ...card, number: undefined } },
      'card.expiryYear': { card: { ...card, expiryYear: 40 } },
      'card.month': { card: { ...card, month: 1.5 } },
      'card.usesPoints': { card: { ...card, usesPoints: 'yes' } },
      'card.issuer': { card: { ...card, issuer: 'NO_CARD' } },
      'account.bank': { account: { bank: 'NO_BANK' } },
      'receipt.type': { receipt: { type: 'NOBODY', number: '01012345678' } },
      wallet: { wallet: 'NO_PAY' },
      'mobile.carrier': { mobile: { birth: '9001011' } },
      'giftCertificate.type': { giftCertificate: { type: 'NONE', number: '1234' } },
      'identity.birth': { identity: { carrier: 'SKT' } },
      'consents[0].version': { consents: [{ id: 'TERMS' }] },
    }
    for (const [field, given] of Object.entries(wrong)) {
      const { status, body } = await send('submit', { token, customer: {}, ...given })
      assert.deepEqual([status, body.code], [400, 'BadRequest'], field)
      assert.ok(String(body.message).startsWith(field), `${field}: ${String(body.message)}`)
    }
    for (const odd of ['\u0000', '\ud800', '💳', ' '.repeat(200), '1'.repeat(200)]) {
      const strange = {
        number: odd,
        expiryYear: odd,
        expiryMonth: odd,
        birth: odd,
        password: odd,
        month: 0,
        usesPoints: true,
      }
      const { status } = await send('submit', {
        token,
        outcome: odd.slice(0, 100),
        otp: odd,
        customer: { name: odd.slice(0, 100), phoneNumber: odd.slice(0, 30), email: odd },
        card: strange,
        receipt: { type: 'PERSONAL', number: odd },
        mobile: { carrier: odd, birth: odd },
        consents: [{ id: odd, version: odd }],
      })
      assert.ok(status < 500, `${JSON.stringify(odd)}: ${status}`)
    }
    await submit({ card })
    assert.equal('code' in (await state()), false)
  })
})
