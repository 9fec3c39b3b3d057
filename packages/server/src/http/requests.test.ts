import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { refuse } from '../kernel/refusal.ts'
import type { Call } from './handler.ts'
import { startApi, type TestApi } from './testing/api.ts'

let api: TestApi
const seen: { cancel: Call<'cancelPayment'>[]; list: Call<'getPayments'>[]; close: Call<'closeVirtualAccount'>[] } = {
  cancel: [],
  list: [],
  close: [],
}

before(async () => {
  api = await startApi({
    handlers: {
      cancelPayment: async (call) => {
        seen.cancel.push(call)
        return refuse('PAYMENT_NOT_FOUND', 'none')
      },
      getPayment: async ({ path }) => refuse('PAYMENT_NOT_FOUND', JSON.stringify(path.paymentId)),
      getPayments: async (call) => {
        seen.list.push(call)
        return { items: [], page: { number: 0, size: 0, totalCount: 0 } }
      },
      closeVirtualAccount: async (call) => {
        seen.close.push(call)
        return { closedAt: '2026-01-31T09:00:00Z' }
      },
      stopPaymentCancellation: async () => ({ stoppedAt: '2026-01-31T09:00:00Z' }),
      preRegisterPayment: async () => ({}),
    },
  })
})
after(async () => {
  assert.deepEqual(api.violations, [])
  assert.deepEqual(api.logged, [])
  await api[Symbol.asyncDispose]()
})

const cancel = (raw: string | Buffer, headers = {}) => api.request('POST', '/payments/p/cancel', { raw, headers })
const refused = async (raw: string | Buffer, message: string | RegExp) => {
  const { status, body } = await cancel(raw)
  assert.equal(status, 400)
  assert.equal(body.type, 'INVALID_REQUEST')
  if (typeof message === 'string') assert.equal(body.message, message)
  else assert.match(body.message, message)
}
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test('404 PAYMENT_NOT_FOUND: any id may be asked for, whatever its characters', async () => {
  const ids = [' ', 'a/b', 'a+b', '%zz', '%2F', '?', '#', '한국어', 'a;b', '..', '/', 'é'.repeat(255), '💳'.repeat(255)]
  for (const id of ids) {
    const { status, body } = await api.request('GET', `/payments/${encodeURIComponent(id).replaceAll('.', '%2E')}`)
    assert.deepEqual({ status, id: JSON.parse(body.message) }, { status: 404, id })
  }
  const plus = await api.request('GET', '/payments/a+b')
  assert.equal(plus.body.message, '"a+b"')
})

test('400 names what is wrong with a path', async () => {
  for (const path of ['/payments/%zz', '/payments/%E2%82', '/payments/%ED%A0%80', '/payments/%']) {
    const { status, body, headers } = await api.request('GET', path)
    assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST'], path)
    assert.ok(headers['naru-request-id'])
  }
  const nul = await api.request('GET', '/payments/a%00b')
  assert.match(nul.body.message, /^paymentId must not contain the NUL/)
})

test('400 on writes: ids that could not be read again or stored', async () => {
  for (const id of ['%2E', '%2E%2E', '.', '..', 'a%0Ab', '%00', '', '%20', 'a'.repeat(256)]) {
    const { status, body } = await api.request('POST', `/payments/${id}/pre-register`, { body: {} })
    assert.equal(status, 400, id)
    assert.match(body.message, /^paymentId must be /)
  }
  const longest = await api.request('POST', `/payments/${encodeURIComponent('💳'.repeat(255))}/pre-register`, {
    body: {},
  })
  assert.equal(longest.status, 200)
})

test('400 says which field is wrong, and what it must be', async () => {
  await refused('', 'The request body must be a JSON object: reason must be given.')
  await refused('{}', 'reason must be given.')
  await refused('[]', 'The request body must be an object.')
  await refused('"text"', 'The request body must be an object.')
  await refused('{"reason":1}', 'reason must be a string.')
  await refused('{"reason":"r","amount":1.5}', 'amount must be an integer.')
  await refused('{"reason":"r","amount":"1"}', 'amount must be an integer.')
  await refused('{"reason":"r","requester":"ME"}', /^requester must be one of /)
  await refused(
    '{"reason":"r","refundAccount":{}}',
    'refundAccount.bank, refundAccount.number and refundAccount.holderName must be given.',
  )
  await refused('{"reason":"r","refundAccount":{"bank":"KDB","number":1}}', 'refundAccount.number must be a string.')
})

test('400 names a field that nobody knows where another may be meant', async () => {
  await refused('{"reasons":"r"}', 'reason must be given. There is no field reasons. Did you mean reason?')
  await refused(
    '{"reason":"r","refundAccount":{"bank":"KDB","Number":"1","holder_name":"n"}}',
    'refundAccount.number and refundAccount.holderName must be given. There is no field refundAccount.Number. ' +
      'Did you mean refundAccount.number?',
  )
  // Long ones are not compared: they are no misspelling of anything.
  await refused(`{"${'reason'.repeat(50)}":"r"}`, 'reason must be given.')
})

test('400 on what is no JSON, without repeating it', async () => {
  await refused('{\n  "reason":', 'The request body must be JSON; it is malformed at line 2, column 12.')
  await refused(
    '{"number":"4242424242424242" x}',
    'The request body must be JSON; it is malformed at line 1, column 30.',
  )
  const { body } = await cancel('{"number":"4242424242424242" x}')
  assert.doesNotMatch(body.message, /4242/)
  await refused(Buffer.of(0x7b, 0xff, 0x7d), /UTF-8/)
  await refused('reason=r&amount=1', /must be JSON/)
})

test('400 on text that cannot be stored, wherever it stands', async () => {
  await refused('{"reason":"a\\u0000b"}', /^reason must not contain the NUL/)
  await refused('{"reason":"\\ud800"}', /^reason must not contain/)
  await refused('{"reason":"r","unknown":[{"deep":"\\udfff"}]}', /^unknown\[0\]\.deep must not contain/)
  await refused('{"reason":"r","a\\u0000":1}', /must not contain/)
  await refused('{"reason":"r","__proto__":{"a":1}}', /^__proto__ must have another name/)
})

test('400 on numbers that are not exact', async () => {
  const inexact = ['9007199254740992', '-9007199254740993', '1e400', '1e16', '1000.0000000000000001', '1e-400']
  for (const number of inexact) {
    await refused(`{"reason":"r","amount":${number}}`, /^amount must be a number of at most 9007199254740991/)
  }
  await refused('{"reason":"r","x":[{"y":0.12345678901234567}]}', /^x\[0\]\.y must be a number/)
  assert.equal((await cancel('{"reason":"r","amount":1000.00000000000000000}')).status, 404)
  // What its field must be comes first, where that is no number.
  await refused('{"reason":9007199254740992}', 'reason must be a string.')
  await refused('{"requester":null,"reason":9007199254740992}', 'reason must be a string.')
  await refused('{"reason":"r","refundAccount":9007199254740992}', /^refundAccount must be an object/)
})

test('400 on a field that is given twice, at any depth', async () => {
  for (const [body, field] of [
    ['{"reason":"a","amount":100,"amount":1}', 'amount'],
    ['{"reason":"a","amount":1,"am\\u006funt":1}', 'amount'],
    ['{"reason":"a","x":[{"b":null,"b":null}]}', 'x[0].b'],
    ['{"reason":"a","x":{"y":[1,{},{"z":{"c":{},"c":[]}}]}}', 'x.y[2].z.c'],
    ['{"reason":"a","":1,"":2}', '[""]'],
    ['{"reason":"a","amount":1e2,"amount":100}', 'amount'],
  ] as const) {
    const answer = await cancel(body)
    assert.deepEqual([answer.status, answer.body.message], [400, `${field} must be given once.`], body)
  }
  // The same keys of different objects, and text that only looks like keys.
  for (const body of [
    '{"reason":":\\":\\\\","x":[{"a":1},{"a":1}],"a":{"a":{}}}',
    '{"reason":"{\\"a\\":1,\\"a\\":2}"}',
  ])
    assert.equal((await cancel(body)).status, 404, body)
})

test('400 never repeats a card number, neither as a key nor as part of one', async () => {
  const bodies = ['{"4242424242424242":"\\ud800"}', '{"x":{"4242-4242-4242-4242":"\\ud800"}}']
  const cut = `{"${'x'.repeat(90)}4242424242424242":"\\ud800"}`
  for (const raw of [...bodies, cut]) {
    const { status, text } = await cancel(raw.replaceAll('\\\\', '\\'))
    assert.equal(status, 400)
    assert.match(text, /424242\*{4}/)
    assert.doesNotMatch(text, /4242424|4242-4242/)
  }
  const unknown = await api.request('GET', '/cards/4242424242424242')
  assert.doesNotMatch(unknown.text, /4242424242424242/)
  const twice = await api.request('GET', '/payments?4242424242424242=1&4242424242424242=2')
  assert.deepEqual([twice.status, /4242424242424242/.test(twice.text)], [400, false])
})

test('415 on a body that is compressed, 400 on one that does not say so', async () => {
  const compressed = gzipSync('{"reason":"r"}')
  for (const encoding of ['gzip', 'br', 'GZIP', 'identity, gzip']) {
    const { status, body, headers } = await cancel(compressed, { 'content-encoding': encoding })
    assert.deepEqual([status, body.type, headers['accept-encoding']], [415, 'INVALID_REQUEST', 'identity'])
  }
  assert.equal((await cancel('{"reason":"r"}', { 'content-encoding': 'identity' })).status, 404)
  await refused(compressed, 'The request body must be JSON, not compressed by gzip.')
})

test('400 on JSON nested deeper than 64 levels, however deep', async () => {
  await refused(`{"reason":"r","x":${nested(64)}}`, 'The request body must not be nested deeper than 64 levels.')
  await refused(`{"reason":"r","x":${nested(200_000)}}`, /deeper than 64/)
  assert.equal((await cancel(`{"reason":"r","x":${nested(63)}}`)).status, 404)
})

test('null counts as absent and unknown fields are ignored', async () => {
  const { status } = await cancel('{"reason":"r","amount":null,"refundAccount":null,"unknown":{"a":null}}')
  assert.equal(status, 404)
  assert.deepEqual(seen.cancel.at(-1)?.body, { reason: 'r', unknown: {} })
})

test('the body is read whatever the content type says', async () => {
  const types = ['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', ';;;', 'multipart/form-data', '']
  for (const type of types) {
    const { status } = await cancel('{"reason":"r"}', { 'content-type': type })
    assert.equal(status, 404, type)
  }
  assert.equal((await cancel('\ufeff{"reason":"r"}')).status, 404)
})

test('200 without a body where all its fields are optional', async () => {
  for (const raw of ['', ' ', 'null', '{}']) {
    const { status } = await api.request('POST', '/payments/p/cancellations/c/stop', { raw })
    assert.equal(status, 200)
  }
})

test('200: a query-or-body operation takes its object either way, and the query wins', async () => {
  const query = (value: string) => `/payments?requestBody=${encodeURIComponent(value)}`
  await api.request('GET', query('{"page":{"size":1}}'))
  await api.request('GET', '/payments', { raw: '{"page":{"size":2}}' })
  await api.request('GET', query('{"page":{"size":3}}'), { raw: '{"page":{"size":4}}' })
  await api.request('GET', '/payments')
  await api.request('GET', query('{}'), { raw: 'no JSON' })
  const bodies = seen.list.map(({ body }) => body)
  assert.deepEqual(bodies, [{ page: { size: 1 } }, { page: { size: 2 } }, { page: { size: 3 } }, {}, {}])
})

test('400 on a malformed query', async () => {
  const expectations: [string, RegExp][] = [
    ['/payments?requestBody=%zz', /^The query must be percent-encoded/],
    ['/payments?requestBody=', /^requestBody must be JSON/],
    ['/payments?requestBody=%7B', /^requestBody must be JSON/],
    ['/payments?requestBody=[]', /^The request body must be an object/],
    ['/payments?requestBody={}&requestBody={}', /must be given only once/],
    ['/payments?requestBody={"page":{"size":"1"}}', /^page.size must be an integer/],
    ['/payments?a=%00', /must not contain the NUL/],
  ]
  for (const [path, message] of expectations) {
    const { status, body } = await api.request('GET', path.replaceAll('"', '%22'))
    assert.equal(status, 400, path)
    assert.match(body.message, message)
  }
})

test('query parameters are decoded, and unknown ones ignored', async () => {
  const { status } = await api.request('POST', '/payments/p/virtual-account/close?storeId=a%2Bb+c&other=1&&x')
  assert.equal(status, 200)
  assert.deepEqual(seen.close.at(-1)?.query, { storeId: 'a+b c' })
})

test('the caller is known by address, user agent and test code', async () => {
  await cancel('{"reason":"r"}', { 'user-agent': 'tester', 'naru-test-code': 'card-lost' })
  const caller = { ipAddress: '127.0.0.1', userAgent: 'tester', testCode: 'card-lost' }
  assert.deepEqual(seen.cancel.at(-1)?.caller, caller)
  const { merchantId, storeId, secretId } = api
  assert.deepEqual(seen.cancel.at(-1)?.principal, { merchantId, storeId, secretId, scope: 'MERCHANT' })
})
