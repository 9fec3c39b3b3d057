import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstantPaymentInput } from '@naru/contract'
import { Refusal } from '../../kernel/refusal.ts'
import { refusalType } from '../testing/story.ts'
import { customerOf, paymentRequest, refuseNoticeUrls, refuseOrder, refusePaymentId } from './input.ts'

const order = (changes: Partial<InstantPaymentInput> = {}): InstantPaymentInput => ({
  channelKey: 'channel-key-1',
  method: {},
  orderName: '티셔츠',
  amount: { total: 10_000 },
  currency: 'KRW',
  ...changes,
})

const product = { id: '1', name: 'Shirt', amount: 1_000, quantity: 1 }

test('an order with numbers that cannot be is refused, and told which', () => {
  const broken: readonly [Partial<InstantPaymentInput>, RegExp][] = [
    [{ amount: { total: 0 } }, /amount\.total/],
    [{ amount: { total: 1, taxFree: -1 } }, /amount\.taxFree/],
    [{ amount: { total: 1, vat: -1 } }, /amount\.vat/],
    [{ products: [product, { ...product, quantity: -1 }] }, /products\[1\]/],
    [{ products: [{ ...product, amount: -1 }] }, /products\[0\]/],
    [{ productCount: -1 }, /productCount/],
    [{ customer: { name: { full: 'A B', separated: { first: 'A', last: 'B' } } } }, /customer\.name/],
    [{ noticeUrls: ['https://shop.example', 'shop.example'] }, /noticeUrls\[1\]/],
    [{ noticeUrls: ['file:///etc/passwd'] }, /noticeUrls\[0\]/],
  ]
  for (const [changes, message] of broken) {
    const refusal = refuseOrder(order(changes))
    assert.ok(refusal, JSON.stringify(changes))
    assert.match(refusal.body.message ?? '', message)
  }
  assert.equal(refuseOrder(order({ products: [product], productCount: 1 })), undefined)
})

test('the price of the products need not add up to the total', () => {
  assert.equal(refuseOrder(order({ products: [{ ...product, amount: 1 }] })), undefined)
})

test('an order is kept with its amount completed', () => {
  const request = paymentRequest(order({ amount: { total: 10_000, taxFree: 500 } }))
  assert.ok(!(request instanceof Refusal))
  assert.deepEqual(request.amount, { total: 10_000, taxFree: 500, vat: 864 })
  assert.deepEqual(request.customer, {})
  assert.equal(
    refusalType(paymentRequest(order({ amount: { total: 1, taxFree: 2 } }))),
    'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
  )
})

test('an empty list of URLs counts as none', () => {
  const urlsOf = (noticeUrls: string[]) => {
    const request = paymentRequest(order({ noticeUrls }))
    return request instanceof Refusal ? request : request.noticeUrls
  }
  assert.equal(urlsOf([]), undefined)
  assert.deepEqual(urlsOf(['https://shop.example']), ['https://shop.example'])
})

test('a notice URL that no delivery could be made to is refused, by its place', () => {
  const problemOf = (url: string) => {
    const request = paymentRequest(order({ noticeUrls: ['https://shop.example', url] }))
    return request instanceof Refusal ? request.body.message : undefined
  }
  for (const url of ['shop.example', 'mailto:a@shop.example', 'https://user:password@shop.example'])
    assert.match(problemOf(url) ?? '', /^noticeUrls\[1\] must /, url)
})

test('names are joined as their script writes them', () => {
  const nameOf = (first: string, last: string) => customerOf({ name: { separated: { first, last } } }).name
  assert.equal(nameOf('길동', '홍'), '홍길동')
  assert.equal(nameOf('John', 'Smith'), 'John Smith')
  assert.equal(nameOf('John', '홍'), 'John 홍')
  assert.equal(customerOf({ name: { full: '홍길동' } }).name, '홍길동')
})

test('an address keeps its parts and shows them on one line, blanks left out', () => {
  const address = { addressLine1: ' 테헤란로 1 ', addressLine2: '', city: '강남구', province: '서울' }
  assert.deepEqual(customerOf({ address }).address, {
    type: 'SEPARATED',
    oneLine: '서울 강남구 테헤란로 1',
    ...address,
  })
})

test('what the customer may not be shown with is left out', () => {
  assert.deepEqual(customerOf({ id: 'c', country: 'KR', businessRegistrationNumber: '1234567890' }), { id: 'c' })
})

test('a paymentId must be printable and addressable', () => {
  for (const id of ['', ' ', '.', '..', 'a\u0000b', 'a\nb', 'a\u2028b', '\ud800', 'a'.repeat(256)])
    assert.equal(refusalType(refusePaymentId(id)), 'INVALID_REQUEST', JSON.stringify(id))
  for (const id of ['order-1', '주문 1', 'a/b', '%2F', 'a'.repeat(255), '...'])
    assert.equal(refusePaymentId(id), undefined, id)
})

test('a request names at most 20 URLs for its webhooks', () => {
  const urls = (count: number) => Array.from({ length: count }, (_, index) => `http://receiver-${index}.example`)
  assert.equal(refuseNoticeUrls(urls(20)), undefined)
  assert.match(refuseNoticeUrls(urls(21))?.body.message ?? '', /at most 20/)
})
