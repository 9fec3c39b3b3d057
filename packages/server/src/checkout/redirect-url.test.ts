import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRedirectTarget, withResult } from './redirect-url.ts'

const transactionType = 'PAYMENT'
const result = { transactionType, txId: 't', paymentId: 'p' } as const

test('the query and the fragment of the shop stay, ours comes between them', () => {
  assert.equal(
    withResult('https://shop.example/done?lang=ko&x=a+b#/receipt', result),
    'https://shop.example/done?lang=ko&x=a+b&transactionType=PAYMENT&txId=t&paymentId=p#/receipt',
  )
})

test('what has the name of a result is replaced or removed, also where it is written percent-encoded', () => {
  assert.equal(
    withResult('https://shop.example/?txId=old&%70aymentId=old&code=SUMMER&c%6Fde&codes=1&pgMessage=x', result),
    'https://shop.example/?codes=1&transactionType=PAYMENT&txId=t&paymentId=p',
  )
})

test('an app is reached like a page', () => {
  assert.equal(
    withResult('myapp://done', { transactionType, code: 'A B' }),
    'myapp://done?transactionType=PAYMENT&code=A%20B',
  )
})

test('every value survives a split at the first = and decodeURIComponent, as React Native reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (message) => {
      const url = withResult('app://x?a=1#f', { transactionType, message })
      const pair = url.slice(url.indexOf('message='), url.indexOf('#')).split('=', 2)
      assert.equal(decodeURIComponent(pair[1] ?? ''), message.toWellFormed())
      assert.doesNotMatch(pair[1] ?? '', /[+=?& ]/)
    }),
  )
})

test('what a browser would run is no place to send a shopper', () => {
  for (const url of [
    'https://a',
    'HTTPS://a.b/주문 완료?x#y',
    'https://[::1]:3000',
    'myapp:done',
    'http://localhost:3000/x',
    'portone://blank',
    'my.app+1://x',
  ]) {
    assert.ok(isRedirectTarget(url), url)
  }
  for (const url of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'blob:https://a/b',
    'file:///etc',
    'about:blank',
    '/relative',
    'shop.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'https:///evil.example',
    'https://\t/evil.example',
    'https://shop.example\n.evil.example',
    ' https://shop.example',
    '',
  ])
    assert.ok(!isRedirectTarget(url), url)
})
