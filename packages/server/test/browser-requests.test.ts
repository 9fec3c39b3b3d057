import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browserOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId } from './support/requests.ts'

describe('what a shop’s page asks for', async () => {
  const naru = await startNaru()
  const { open, send } = browserOf(naru)
  const store = await naru.newStore()
  const { storeId, channelKey } = store

  const asked = (others: object = {}) => ({
    storeId,
    channelKey,
    paymentId: newPaymentId(),
    orderName: '귤',
    totalAmount: 50_000,
    currency: 'KRW',
    payMethod: 'CARD',
    billingKeyAndPayMethod: 'CARD',
    identityVerificationId: newPaymentId(),
    ...others,
  })
  const toldOf = async (request: object, kind = 'PAYMENT') => {
    const { code, message } = (await open(request, kind)).opened
    return [code, message]
  }

  test('is refused by the names that the page gave its fields', async () => {
    const kinds = ['PAYMENT', 'ISSUE_BILLING_KEY_AND_PAY']
    const paymentId = newPaymentId()
    const expected = { totalAmount: 50_000, taxFreeAmount: 0, currency: 'KRW' } as const
    await store.portone.payment.preRegisterPayment({ paymentId, ...expected })
    for (const kind of kinds) {
      for (const [name, value] of Object.entries({ totalAmount: 49_999, taxFreeAmount: 1, currency: 'USD' })) {
        const [code, message] = await toldOf(asked({ paymentId, [name]: value }), kind)
        assert.equal(code, 'AmountNotEqualToPredefined')
        assert.match(String(message), new RegExp(`^${name} differs from what was pre-registered for .* Send what`))
      }
      const parts = asked({ taxFreeAmount: 50_000, vatAmount: 1 })
      assert.deepEqual(await toldOf(parts, kind), [
        'RequestParseFailed',
        'taxFreeAmount (50000) + vatAmount (1) is more than totalAmount (50000).',
      ])
      assert.deepEqual(await toldOf(asked({ channelKey: 'nowhere' }), kind), [
        'ChannelNotFound',
        'channelKey: the store has no channel with the key nowhere.',
      ])
      const [, half] = await toldOf(asked({ orderName: '\ud83c' }), kind)
      assert.match(String(half), /^orderName must not contain/)
    }
    const group = asked({ channelKey: undefined, channelGroupId: 'nowhere' })
    assert.deepEqual(await toldOf(group), [
      'ChannelNotFound',
      'channelGroupId: the store has no channel group nowhere.',
    ])
    const rounded = JSON.stringify(asked()).replace('50000', '12345678901234567890')
    const answer = await fetch(`${naru.url}/checkout/v1/attempts`, {
      method: 'POST',
      body: `{"kind":"PAYMENT","device":"PC","request":${rounded}}`,
    })
    assert.match(String(Object(await answer.json()).message), /^totalAmount must be a number of at most/)
    assert.equal((await send('attempts', {})).status, 400)
  })

  test('names the values that a missing choice may have', async () => {
    const missing = asked({ billingKeyAndPayMethod: undefined })
    assert.deepEqual(await toldOf(missing, 'ISSUE_BILLING_KEY_AND_PAY'), [
      'BadRequest',
      'billingKeyAndPayMethod must be given: one of MOBILE, CARD.',
    ])
  })
})
