import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { registerFormats } from './formats.ts'
import { amount, array, discriminated, object, string, tag } from './schema.ts'
import { CancelPaymentBody } from './schemas/payment/cancellation.ts'
import { Payment } from './schemas/payment/payment.ts'

registerFormats()

const paid = {
  status: 'PAID',
  id: 'order-1',
  transactionId: '0190b0b5-0b0a-7c3e-8a57-5c1d4f0f0001',
  merchantId: 'merchant-1',
  storeId: 'store-1',
  channel: { type: 'TEST', pgProvider: 'KCP_V2', pgMerchantId: 'T0000' },
  version: 'V2',
  requestedAt: '2024-01-01T00:00:00Z',
  updatedAt: '2024-01-01T00:00:01Z',
  statusChangedAt: '2024-01-01T00:00:01Z',
  orderName: 'One book',
  amount: { total: 1000, taxFree: 0, vat: 91, supply: 909, discount: 0, paid: 1000, cancelled: 0, cancelledTaxFree: 0 },
  currency: 'KRW',
  customer: {},
  origin: { platformType: 'API', ipAddress: '203.0.113.7' },
  paidAt: '2024-01-01T00:00:01Z',
  disputes: [],
  method: { type: 'PaymentMethodEasyPay', easyPayMethod: { type: 'PaymentMethodTransfer', bank: 'KOOKMIN' } },
}

test('a union takes each variant by its tag and refuses what fits none', () => {
  const payment = Compile(Payment)
  assert.ok(payment.Check(paid))
  assert.equal(payment.Check({ ...paid, status: 'PENDING' }), false)
  assert.equal(payment.Check({ ...paid, status: 'FAILED' }), false)
  assert.equal(payment.Check({ ...paid, method: { type: 'PaymentMethodVirtualAccount' } }), false)
})

test('fields a client does not know are tolerated', () => {
  assert.ok(Compile(CancelPaymentBody).Check({ reason: 'Changed my mind', colour: 'blue' }))
})

test('an amount is a whole number that a JavaScript number holds exactly', () => {
  const schema = Compile(amount())
  for (const value of [0, -3000, Number.MAX_SAFE_INTEGER]) assert.ok(schema.Check(value), String(value))
  for (const value of [0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, '1000', null])
    assert.equal(schema.Check(value), false, String(value))
})

test('a timestamp that is no instant is refused', () => {
  assert.equal(Compile(Payment).Check({ ...paid, paidAt: '2024-02-30T00:00:00Z' }), false)
})

test('a union maps each tag to the schema that carries it', () => {
  const Cat = object('Cat', 'A cat.', { kind: tag('CAT'), lives: amount('How many are left.') })
  const Dog = object('Dog', 'A dog.', { kind: tag('DOG'), tricks: array(string(), 'What it can do.') })
  const Pet = discriminated('Pet', 'A pet.', 'kind', { CAT: Cat, DOG: Dog })
  assert.deepEqual(JSON.parse(JSON.stringify(Pet)).discriminator, {
    propertyName: 'kind',
    mapping: { CAT: '#/components/schemas/Cat', DOG: '#/components/schemas/Dog' },
  })
})
