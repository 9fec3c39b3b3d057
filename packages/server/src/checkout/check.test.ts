import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckoutForm, SubmitCheckout } from '@naru/contract'
import { fromIso } from '../kernel/clock.ts'
import { mistyped } from './check.ts'

const cardForm: CheckoutForm = {
  method: 'CARD',
  issuers: [],
  isLimited: false,
  months: [0],
  freeMonths: {},
  takesPoints: true,
  usesPoints: false,
}
const card = { number: '4242424242424242', expiryMonth: '12', expiryYear: '30', month: 0, usesPoints: false }
const carriers = ['SKT']

const problem = (form: CheckoutForm, submission: Partial<SubmitCheckout>, now = '2026-06-15T00:00:00Z') =>
  mistyped(form, { token: 't', customer: {}, ...submission }, fromIso(now) ?? assert.fail(now))

test('what is mistyped in a card is told by its field', () => {
  const told = (others: Partial<typeof card & { birth: string; password: string }>) =>
    problem(cardForm, { card: { ...card, ...others } })
  assert.equal(told({}), undefined)
  assert.equal(told({ birth: '000229', password: '00' }), undefined)
  assert.equal(told({ birth: '1234567890' }), undefined)
  for (const number of ['4242424242424241', '', 'abcd', '42']) assert.equal(told({ number }), 'CARD_NUMBER')
  for (const expiryMonth of ['00', '13', '1']) assert.equal(told({ expiryMonth }), 'EXPIRY')
  for (const birth of ['999999', '12', '900230', '']) assert.equal(told({ birth }), 'BIRTH')
  for (const password of ['1', 'ab', '']) assert.equal(told({ password }), 'PASSWORD')
})

test('a card can be used until its month is over in Korea', () => {
  const june = { card: { ...card, expiryMonth: '06', expiryYear: '26' } }
  assert.equal(problem(cardForm, june, '2026-06-30T14:59:59Z'), undefined)
  assert.equal(problem(cardForm, june, '2026-06-30T15:00:00Z'), 'EXPIRED')
})

test('accounts, telephones, people and one-time codes are told by their fields', () => {
  const receipt = { isOffered: true }
  const transfer: CheckoutForm = { method: 'TRANSFER', banks: ['SHINHAN'], receipt }
  assert.equal(problem(transfer, { account: { bank: 'SHINHAN', number: '110-123-456789' } }), undefined)
  assert.equal(problem(transfer, { account: { bank: 'SHINHAN', number: '1' } }), 'ACCOUNT_NUMBER')
  assert.equal(problem(transfer, { receipt: { type: 'PERSONAL', number: '010' } }), 'RECEIPT_NUMBER')
  assert.equal(problem(transfer, { customer: { email: 'naru' } }), 'EMAIL')
  const bill: CheckoutForm = { method: 'MOBILE', carriers }
  const mobile = { carrier: 'SKT', birth: '9001011' }
  assert.equal(problem(bill, { mobile, customer: { phoneNumber: '010-1234-5678' } }), undefined)
  for (const phoneNumber of ['123', '0212345678', ''])
    assert.equal(problem(bill, { mobile, customer: { phoneNumber } }), 'PHONE')
  assert.equal(problem(bill, { mobile: { ...mobile, birth: '9913011' } }), 'BIRTH_SEVEN')
  const person: CheckoutForm = { method: 'IDENTITY', carriers }
  for (const name of [' ', '\u200b\u202e'])
    assert.equal(problem(person, { identity: mobile, customer: { name, phoneNumber: '01012345678' } }), 'NAME')
  assert.equal(problem(cardForm, { card, otp: '12345' }), 'OTP')
})
