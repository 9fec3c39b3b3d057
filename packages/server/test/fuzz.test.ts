import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors, isErrorType, type OperationDefinition, operationEntries } from '@naru/contract'
import fc from 'fast-check'
import { request } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId, order } from './support/requests.ts'

/** NARU_FUZZ_SEED=… repeats another run; the default finds the same on every machine. */
const seed = Number(process.env.NARU_FUZZ_SEED ?? 20_260)
const runs = Number(process.env.NARU_FUZZ_RUNS ?? 40)
/** For all operations together, in milliseconds. */
const timeLimit = 45_000

/** What a schema says of a value, as far as values are made from it. */
type Shape = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly oneOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly format?: string
}

type Input = { readonly path?: object; readonly query?: object; readonly body?: unknown }

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)])

/** What no client should send, and every server gets. */
const absurd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    -1,
    0,
    0.5,
    1e308,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    '',
    ' ',
    '\0',
    '\ud800',
    '😀'.repeat(300),
  ),
  fc.constantFrom('__proto__', '../..', "'; drop table payments; --", 'a'.repeat(20_000), [], {}, deep(50)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values of a schema, of which some part is absurd now and then. `known` are ids that exist somewhere. */
const valuesOf = (shape: Shape, known: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 25, arbitrary: fitting(shape, known) }, { weight: 1, arbitrary: absurd })

const fitting = (shape: Shape, known: readonly string[]): fc.Arbitrary<unknown> => {
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if ('const' in shape) return fc.constant(shape.const)
  if (shape.oneOf) return fc.oneof(...shape.oneOf.map((variant) => fitting(variant, known)))
  switch (shape.type) {
    case 'object': {
      const fields = Object.entries(shape.properties ?? {})
      const arbitraries = Object.fromEntries(
        fields.map(([name, field]) => [name, named(name, valuesOf(field, known), known)]),
      )
      // A required field is missing now and then, too.
      return fc.oneof(
        { weight: 20, arbitrary: fc.record(arbitraries, { requiredKeys: [...(shape.required ?? [])] }) },
        { weight: 1, arbitrary: fc.record(arbitraries, { requiredKeys: [] }) },
      )
    }
    case 'array':
      return fc.array(valuesOf(shape.items ?? {}, known), { maxLength: 3 })
    case 'integer':
      return fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.maxSafeInteger())
    case 'boolean':
      return fc.boolean()
    default:
      if (shape.format === 'date-time')
        return fc.constantFrom('2026-01-01T00:00:00Z', '2099-12-31T23:59:59+09:00', 'now')
      return fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'grapheme', maxLength: 20 }))
  }
}

/** Without the own store and channel nearly everything would end at the door. */
const named = (name: string, arbitrary: fc.Arbitrary<unknown>, known: readonly string[]): fc.Arbitrary<unknown> => {
  const own = { paymentId: known[0], storeId: known[2], channelKey: known[4] }[name]
  return own === undefined ? arbitrary : fc.oneof({ weight: 5, arbitrary: fc.constant(own) }, { weight: 1, arbitrary })
}

describe('requests that nobody should send', async () => {
  const naru = await startNaru()

  const tables = async (): Promise<readonly string[]> => {
    const found = await naru.database.sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'idempotency_keys' order by 1`
    return found.map(({ name }) => name)
  }
  const names = await tables()
  const rowCounts = async () => {
    const counts = names.map((name) => `(select count(*)::int from ${name}) as ${name}`).join(', ')
    const [row] = await naru.database.sql.unsafe<Record<string, number>[]>(`select ${counts}`)
    return { ...row }
  }

  const send = (definition: OperationDefinition, secret: string, { path, query, body }: Input) => {
    const text = (value: unknown) => encodeURIComponent(String(value).toWellFormed())
    const filled = Object.entries(path ?? {}).reduce(
      (route, [name, value]) => route.replace(`{${name}}`, () => text(value)),
      String(definition.path),
    )
    const inQuery = body !== undefined && definition.method === 'GET' ? { requestBody: JSON.stringify(body) } : {}
    const search = Object.entries(Object.assign({}, query, inQuery)).map(([name, value]) => `${name}=${text(value)}`)
    return request(naru.url, {
      method: definition.method,
      path: `${filled}${search.length === 0 ? '' : `?${search.join('&')}`}`,
      headers: { authorization: `PortOne ${secret}` },
      body: body === undefined || definition.method === 'GET' ? undefined : JSON.stringify(body),
    })
  }

  test('are refused as the contract says, and leave nothing behind', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    const theirs = newPaymentId('theirs')
    await store.api.call('payInstantly', { path: { paymentId }, body: order(store.channelKey) })
    await other.api.call('payInstantly', { path: { paymentId: theirs }, body: order(other.channelKey) })
    const known = [
      paymentId,
      theirs,
      store.storeId,
      other.storeId,
      store.channelKey,
      other.channelKey,
      '4242424242424242',
    ]
    const figures: Record<string, number> = {}
    const entries = operationEntries()
    for (const [, definition] of entries) {
      const { pathParameters, queryParameters, body } = definition
      const parts = Object.entries({ path: pathParameters, query: queryParameters, body })
      const present = parts.flatMap(([name, shape]): [string, fc.Arbitrary<unknown>][] =>
        shape === undefined ? [] : [[name, name === 'body' ? valuesOf(shape, known) : fitting(shape, known)]],
      )
      const property = fc.asyncProperty(fc.record(Object.fromEntries(present)), async (input) => {
        const before = await rowCounts()
        const answer = await send(definition, store.apiSecret, input)
        const { type }: { type?: string } = answer.status === 200 ? {} : JSON.parse(answer.text)
        const name = type ?? '200'
        figures[name] = (figures[name] ?? 0) + 1
        if (type === undefined) return
        assert(isErrorType(type) && errors[type].status === answer.status, answer.text)
        assert(answer.status < 500 || type === 'PG_PROVIDER' || type === 'NOT_IMPLEMENTED', answer.text)
        if (answer.status < 500) assert.deepEqual(await rowCounts(), before, `${type} left rows behind`)
      })
      await fc.assert(property, {
        seed,
        numRuns: runs,
        interruptAfterTimeLimit: timeLimit / entries.length,
        verbose: 1,
      })
    }
    process.stdout.write(`seed ${seed}: ${JSON.stringify(figures)}\n`)
  })
})
