import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors, isErrorType, type OperationDefinition, type OperationId, operationEntries } from '@naru/contract'
import fc from 'fast-check'
import { startReceiver } from '../src/webhooks/testing/receiver.ts'
import { request } from './support/api.ts'
import type { Books, Fragment } from './support/fuzz-books.ts'
import { fillBooks } from './support/fuzz-store.ts'
import { type Known, type Shape, valuesOf } from './support/fuzz-values.ts'
import { startNaru, type TestNaru, type TestStore } from './support/naru.ts'
import { scaled } from './support/scale.ts'

/** NARU_FUZZ_SEED=… repeats another run; the default finds the same on every machine. */
const seed = Number(process.env.NARU_FUZZ_SEED ?? 20_260)
/** Of each operation. A number and not a time: every machine makes the same requests. */
const runs = Number(process.env.NARU_FUZZ_RUNS ?? scaled(16, 60))
/** So many of the runs of each operation are requests that nothing is wrong with. */
const fittingRuns = 8
/** More than this share of all requests, and some of each operation, must be answered with more than is said at the door. */
const leastShare = 0.5

/** What takes from the others what they would work on comes after them. */
const last: readonly OperationId[] = [
  'loginViaApiSecret',
  'deleteBillingKey',
  'terminateSandboxPromotion',
  'startSandboxClock',
  'advanceSandboxClock',
  'resetSandboxStore',
]

/** What the door answers: a request that only ever hears these was never really made. */
const atTheDoor = ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'METHOD_NOT_ALLOWED']

/** What an outside system may be to blame for. */
const outside = [
  'PG_PROVIDER',
  'CHANNEL_SPECIFIC',
  'PLATFORM_EXTERNAL_API_FAILED',
  'PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED',
]

type Input = {
  readonly path?: object | undefined
  readonly query?: object | undefined
  readonly body?: unknown
}

const objectOf = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null ? value : undefined

/** What was answered how often, by operation. */
type Figures = Map<OperationId, Map<string, number>>

const merge = (books: readonly Books[]): Known => {
  const known: Record<string, readonly unknown[]> = {}
  for (const entry of books.flatMap((one) => Object.entries(one.known ?? {})))
    known[entry[0]] = [...(known[entry[0]] ?? []), ...entry[1]]
  return known
}

/** Seven in ten requests are such as a client might send, the others have something absurd or missing in them. */
const inputsOf = (definition: OperationDefinition, known: Known, together: readonly Fragment[], foreign: Known) => {
  const { pathParameters, queryParameters, body } = definition
  const input = (isSpoiled: boolean, of: Known): fc.Arbitrary<Input> => {
    const part = (name: string, shape: Shape | undefined, spoiled = isSpoiled) =>
      shape ? valuesOf(name, shape, { known: of, isSpoiled: spoiled }) : fc.constant(undefined)
    return fc.record({
      path: part('path', pathParameters, false).map(objectOf),
      query: part('query', queryParameters).map(objectOf),
      body: part('body', body),
    })
  }
  const fair = input(false, known)
  const fitting =
    together.length === 0
      ? fair
      : fc.tuple(fair, fc.constantFrom(...together)).map(([made, one]) => ({
          ...made,
          ...(one.path && { path: { ...made.path, ...one.path } }),
          ...(one.query && { query: { ...made.query, ...one.query } }),
          ...(one.body && { body: Object.assign({}, made.body, one.body) }),
        }))
  const any = fc.oneof(
    { weight: 4, arbitrary: fitting },
    { weight: 2, arbitrary: fair },
    { weight: 1, arbitrary: input(false, foreign) },
    { weight: 3, arbitrary: input(true, known) },
  )
  return { any: any.filter(isSoon), fitting: fitting.filter(isSoon) }
}

/** A clock that is moved by decades asks about each doubt hundreds of times on the way, which is right, and takes minutes. */
const isSoon = ({ body }: Input): boolean => {
  const { to, days = 0, hours = 0, minutes = 0 }: Readonly<Record<string, unknown>> = { ...objectOf(body) }
  const isLate = typeof to === 'string' && to.startsWith('2099')
  return !isLate && !(Number(days) > 30 || Number(hours) > 700 || Number(minutes) > 40_000)
}

const send = (naru: TestNaru, definition: OperationDefinition, secret: string, { path, query, body }: Input) => {
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

  test('are refused as the contract says, and leave nothing behind', async () => {
    const [store, other] = [await naru.newMerchant(), await naru.newMerchant()]
    // One that believes everything: a store may be made to call the address of another.
    await using receiver = await startReceiver()
    const [books, theirs] = [await fillBooks(naru, store, receiver.url), await fillBooks(naru, other, receiver.url)]
    const [known, foreign] = [merge(books), merge([...books, ...theirs])]
    // What falls due by itself would be taken for something that a refused request left behind.
    const rest = async ({ api }: TestStore) => {
      await api.call('stopSandboxClock')
      await api.call('advanceSandboxClock', { body: { seconds: 0 } })
    }
    for (const one of [store, other]) await rest(one)
    const figures: Figures = new Map()
    const entries = operationEntries().toSorted(([a], [b]) => last.indexOf(a) - last.indexOf(b))
    for (const [id, definition] of entries) {
      const counted = new Map<string, number>()
      figures.set(id, counted)
      const together = books.flatMap((one) => one.together?.[id] ?? [])
      const { any, fitting } = inputsOf(definition, known, together, foreign)
      // What was counted after a refused request stands before the next one.
      let rows: Awaited<ReturnType<typeof rowCounts>> | undefined
      const check = async (input: Input) => {
        const before = rows ?? (await rowCounts())
        rows = undefined
        const answer = await send(
          naru,
          definition,
          id === 'createSandboxStore' ? naru.apiSecret : store.apiSecret,
          input,
        )
        const { type }: { type?: string } = answer.status === 200 ? {} : JSON.parse(answer.text)
        const name = type ?? '200'
        counted.set(name, (counted.get(name) ?? 0) + 1)
        const isDone = type === undefined || answer.status >= 500
        if (isDone && definition.method !== 'GET') await rest(store)
        if (type === undefined) return
        assert(isErrorType(type) && errors[type].status === answer.status, answer.text)
        assert(answer.status < 500 || outside.includes(type), answer.text)
        if (answer.status >= 500) return
        rows = await rowCounts()
        assert.deepEqual(rows, before, `${type} left rows behind`)
      }
      await fc.assert(fc.asyncProperty(any, check), {
        seed,
        numRuns: runs,
        // So that every operation is reached, whatever the others draw.
        examples: fc.sample(fitting, { seed, numRuns: fittingRuns }).map((input) => [input]),
        verbose: 1,
      })
    }
    const numbers = [...figures.values()].map((counted) => [sum(counted), sum(pastTheDoor(counted))] as const)
    const made = numbers.reduce((all, [count]) => all + count, 0)
    const reached = numbers.reduce((all, [, count]) => all + count, 0)
    process.stdout.write(`seed ${seed}: ${made} requests, ${reached} of them past the door\n`)
    const unreached = [...figures].filter(([, counted]) => sum(pastTheDoor(counted)) === 0)
    assert.equal(unreached.map(([id, counted]) => `${id}: ${said(counted)}\n`).join(''), '')
    assert(reached > made * leastShare, `${reached} of ${made} requests came past the door`)
  })
})

/** How often a request was answered with what is not said at the door. */
const pastTheDoor = (counted: ReadonlyMap<string, number>) => [...counted].filter(([name]) => !atTheDoor.includes(name))

const sum = (counted: Iterable<readonly [string, number]>) => [...counted].reduce((all, [, count]) => all + count, 0)

const said = (counted: ReadonlyMap<string, number>) =>
  [...counted].map(([name, count]) => `${count} ${name}`).join(', ')
