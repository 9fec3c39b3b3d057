import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Example,
  examples,
  type OperationDefinition,
  type OperationId,
  operationIds,
  operations,
  type Variant,
} from '@naru/contract'
import { addChannel } from './support/channels.ts'
import { startNaru } from './support/naru.ts'

/** Of the document, in which every operation has an example. */
describe('the example of every operation', async () => {
  const checkoutProfileKey = 'profile-of-the-examples'
  const naru = await startNaru({}, { checkoutProfileKey })
  const { storeId, channelKey, apiSecret } = naru
  const set: Record<string, string> = { storeId, channelKey, apiSecret, profileKey: checkoutProfileKey }

  before(async () => {
    set.kcpChannelKey = await addChannel(naru, storeId, 'KCP_V2')
    set.inicisChannelKey = await addChannel(naru, storeId, 'INICIS_V2')
    set.kakaopayChannelKey = await addChannel(naru, storeId, 'KAKAOPAY')
    set.paymentwallChannelKey = await addChannel(naru, storeId, 'PAYMENTWALL')
    set.manualChannelKey = await addChannel(naru, storeId, 'TOSSPAYMENTS', { manualCapture: true })
  })

  for (const id of operationIds)
    test(`${id} succeeds as it stands`, async () => {
      // What reads, and nothing that has to be there, reads from any store.
      const { method, after: earlier = [] } = { ...operations[id], ...examples[id] }
      if (method !== 'GET' || earlier.length > 0 || takenFrom(examples[id]).length > 0)
        await naru.api.call('resetSandboxStore')
      const answers = new Map<string, unknown>()
      const { status, text } = await send(id, answers)
      assert.equal(status, 200, text)
    })

  test('the document that is served names the first store and its channel, and a browser at the root is led to it', async () => {
    const document = await (await fetch(`${naru.url}/openapi.json`)).text()
    assert.ok(document.includes(channelKey) && document.includes(storeId) && document.includes(checkoutProfileKey))
    assert.doesNotMatch(document, /\{\{(channelKey|storeId|profileKey)\}\}/)
    const root = (accept: string) => fetch(`${naru.url}/`, { headers: { accept }, redirect: 'manual' })
    const led = await root('text/html,application/xhtml+xml')
    assert.deepEqual([led.status, led.headers.get('location')], [302, '/docs'])
    assert.equal((await root('application/json')).status, 404)
    const { headers } = await fetch(`${naru.url}/docs`)
    const policy = headers.get('content-security-policy') ?? ''
    const rules = ["default-src 'none'", "script-src 'self'", "connect-src 'self' data:", "frame-ancestors 'none'"]
    for (const rule of rules) assert.ok(policy.split('; ').includes(rule), policy)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal((await fetch(`${naru.url}/docs/page.css`)).headers.get('content-type'), 'text/css; charset=utf-8')
  })

  /** Sends what has to come before, once, and then the request. */
  const send = async (name: string, answers: Map<string, unknown>): Promise<{ status: number; text: string }> => {
    const { id, example } = find(name)
    for (const earlier of [...(example.after ?? []), ...takenFrom(example)])
      if (!answers.has(earlier)) answers.set(earlier, parsed((await send(earlier, answers)).text))
    const { method, path: template, bodyIn }: OperationDefinition = operations[id]
    const { path, query, body } = filled(example, answers)
    const target = Object.entries(path ?? {}).reduce(
      (text, [key, value]) => text.replace(`{${key}}`, encodeURIComponent(String(value))),
      String(template),
    )
    const search = new URLSearchParams(
      Object.entries(query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
    )
    const isInQuery = body !== undefined && (bodyIn === 'query' || method === 'GET')
    if (isInQuery) search.set('requestBody', JSON.stringify(body))
    const answering = fetch(`${naru.url}${target}?${search}`, {
      method,
      headers: { authorization: `PortOne ${apiSecret}` },
      ...(body === undefined || isInQuery ? {} : { body: JSON.stringify(body) }),
    })
    if ('keepsWaiting' in example) {
      // Its answer comes once the request that is tried has ended the doubt.
      waiting.push(answering)
      await untilAtPg(String(path?.paymentId))
      return { status: 0, text: '' }
    }
    const answer = await answering
    return { status: answer.status, text: await answer.text() }
  }

  const waiting: Promise<Response>[] = []
  after(async () => {
    for (const { status } of await Promise.all(waiting)) assert.equal(status, 200)
  })

  const untilAtPg = async (paymentId: string): Promise<void> => {
    while ((await naru.api.call('getSandboxLedger', { query: { paymentId } })).items.length === 0);
  }

  const filled = (example: Example | Variant, answers: Map<string, unknown>): Example =>
    JSON.parse(JSON.stringify(example), (_, value) =>
      typeof value === 'string' ? value.replaceAll(reference, (_, name, field) => look(name, field, answers)) : value,
    )

  const look = (name: string, field: string | undefined, answers: Map<string, unknown>): string => {
    const value =
      field === undefined ? set[name] : field.split('.').reduce((part, key) => Object(part)[key], answers.get(name))
    assert.ok(typeof value === 'string', `{{${name}${field ?? ''}}}: ${JSON.stringify(answers.get(name))}`)
    return value
  }
})

/** `{{operation.field}}`, `{{operation/variant.field}}`, or `{{channelKey}}`. */
const reference = /\{\{([\w/]+)(?:\.([\w.]+))?\}\}/g

const takenFrom = (example: object): readonly string[] =>
  [...JSON.stringify({ ...example, variants: undefined }).matchAll(reference)].flatMap(([, name = '', field]) =>
    field === undefined ? [] : [name],
  )

const find = (name: string): { id: OperationId; example: Example | Variant } => {
  const [operation, variant] = name.split('/')
  const id = operationIds.find((one) => one === operation)
  assert.ok(id !== undefined, name)
  const example =
    variant === undefined ? examples[id] : { query: examples[id].query, ...examples[id].variants?.[variant] }
  return { id, example: example as Example }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
