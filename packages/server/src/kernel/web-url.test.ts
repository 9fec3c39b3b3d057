import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webUrlProblem } from './web-url.ts'

test('a URL that can be called over HTTP has no problem', () => {
  for (const url of [
    'http://localhost:3000/webhook',
    'https://shop.example/?token=a',
    'http://[::1]:1/',
    'HTTPS://한글.kr/',
  ])
    assert.equal(webUrlProblem(url), undefined, url)
})

test('a URL that cannot be called is refused, and its password is never repeated', () => {
  const cases = [
    ['shop.example/webhook', /http or https/],
    ['mailto:shop@shop.example', /http or https/],
    ['javascript:alert(1)', /http or https/],
    ['http://', /http or https/],
    ['https:shop.example/webhook', /written in full/],
    ['https:\\\\shop.example/webhook', /written in full/],
    ['https:///shop.example/webhook', /written in full/],
    ['https://shop.example/\nwebhook', /written in full/],
    ['https://user:hunter2@shop.example/', /user name or password/],
    ['https://user@shop.example/', /user name or password/],
    ['https://:hunter2@shop.example/', /user name or password/],
    ['http://shop.example:0/', /port 0/],
    [`http://${'a.'.repeat(130)}example/`, /at most 253/],
  ] as const
  for (const [url, expected] of cases) {
    const problem = webUrlProblem(url)
    assert.match(problem ?? '', expected, url)
    assert.doesNotMatch(problem ?? '', /hunter2/)
  }
})
