import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adminOperationIds,
  adminOperations,
  errors,
  isErrorType,
  type OperationDefinition,
  type OperationId,
  operationEntries,
} from '@naru/contract'
import fc from 'fast-check'
import { startReceiver } from '../src/webhooks/testing/receiver.ts'
import { adminStages } from './support/fuzz-admin.ts'
import type { Books, Fragment } from './support/fuzz-books.ts'
import { type Input, inputsOf, send } from './support/fuzz-requests.ts'
import { fillBooks } from './support/fuzz-store.ts'
import type { Known } from './support/fuzz-values.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { scaled } from './support/scale.ts'

/** NARU_FUZZ_SEED=… repeats another run; the default finds the same on every machine. */
const seed = Number(process.env.NARU_FUZZ_SEED ?? 20_260)
/** Of each operation. A number and not a time: every machine makes the same requests. */
const runs = Number(process.env.NARU_FUZZ_RUNS ?? scaled(12, 60))
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

/** What was answered how often, by operation. */
type Figures = Map<string, Map<string, number>>

/** An operation, what it is asked with, and what fits it, which may have to be made first. */
type Target = {
  readonly id: string
  readonly definition: OperationDefinition
  readonly authorization: string
  readonly together: () => Promise<readonly Fragment[]>
}

const merge = (books: readonly Books[]): Known => {
  const known: Record<string, readonly unknown[]> = {}
  for (const entry of books.flatMap((one) => Object.entries(one.known ?? {})))
    known[entry[0]] = [...(known[entry[0]] ?? []), ...entry[1]]
  return known
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
  const { sql } = naru.database
  // As a prepared statement: planning it takes several times as long as running it.
  const rowCounts = async () => {
    const counts = names.map((name) => `(select count(*)::int from ${name}) as ${name}`).join(', ')
    const [row] = await sql<Record<string, number>[]>`select ${sql.unsafe(counts)}`
    return { ...row }
  }

  // What falls due by itself would be taken for something that a refused request left behind.
  const rest = async ({ api }: TestStore) => {
    await api.call('stopSandboxClock')
    await api.call('advanceSandboxClock', { body: { seconds: 0 } })
  }

  /** Sends requests to each operation in turn: an answer is as the contract says, and what is refused leaves nothing. */
  const fuzz = async (store: TestStore, targets: readonly Target[], known: Known, foreign: Known): Promise<Figures> => {
    const figures: Figures = new Map()
    for (const { id, definition, authorization, together } of targets) {
      const counted = new Map<string, number>()
      figures.set(id, counted)
      const { any, fitting } = inputsOf(definition, known, await together(), foreign)
      // What was counted after a refused request stands before the next one.
      let rows: Awaited<ReturnType<typeof rowCounts>> | undefined
      const check = async (input: Input) => {
        const before = rows ?? (await rowCounts())
        rows = undefined
        const answer = await send(naru.url, definition, authorization, input)
        const { type }: { type?: string } = answer.status === 200 ? {} : JSON.parse(answer.text)
        const name = type ?? '200'
        counted.set(name, (counted.get(name) ?? 0) + 1)
        const isDone = type === undefined || answer.status >= 500
        if (isDone && definition.method !== 'GET') await rest(store)
        if (type === undefined) return
        assert(isErrorType(type) && errors[type].status === answer.status, `${id}: ${answer.text}`)
        assert(answer.status < 500 || outside.includes(type), `${id}: ${answer.text}`)
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
    return figures
  }

  test('are refused as the contract says, and leave nothing behind', async () => {
    const [store, other] = [await naru.newMerchant(), await naru.newMerchant()]
    // One that believes everything: a store may be made to call the address of another.
    await using receiver = await startReceiver()
    const [books, theirs] = [await fillBooks(naru, store, receiver.url), await fillBooks(naru, other, receiver.url)]
    for (const one of [store, other]) await rest(one)
    const targets = operationEntries()
      .toSorted(([a], [b]) => last.indexOf(a) - last.indexOf(b))
      .map(([id, definition]) => ({
        id,
        definition,
        authorization: `PortOne ${id === 'createSandboxStore' ? naru.apiSecret : store.apiSecret}`,
        together: async () => books.flatMap((one) => one.together?.[id] ?? []),
      }))
    const figures = await fuzz(store, targets, merge(books), merge([...books, ...theirs]))
    const numbers = [...figures.values()].map((counted) => [sum(counted), sum(pastTheDoor(counted))] as const)
    const made = numbers.reduce((all, [count]) => all + count, 0)
    const reached = numbers.reduce((all, [, count]) => all + count, 0)
    process.stdout.write(`seed ${seed}: ${made} requests, ${reached} of them past the door\n`)
    assertReached(figures)
    assert(reached > made * leastShare, `${reached} of ${made} requests came past the door`)
  })

  test('are refused by the admin API as well, and leave nothing behind', async () => {
    const [store, other] = [await naru.newMerchant(), await naru.newMerchant()]
    const [stages, theirs] = [await adminStages(naru, store), await adminStages(naru, other)]
    for (const one of [store, other]) await rest(one)
    const targets = adminOperationIds.map((id) => ({
      id,
      definition: adminOperations[id],
      authorization: `NaruAdmin ${stages.secret}`,
      together: async () => {
        const made = await stages.fitting(id)
        await rest(store)
        return made
      },
    }))
    const figures = await fuzz(store, targets, stages.known, merge([stages, theirs]))
    assertReached(figures, ['stopAdminPayouts'])
  })
})

/** Each operation was asked for something that it did, or refused for a reason of its own. */
const assertReached = (figures: Figures, except: readonly string[] = []): void => {
  const unreached = [...figures].filter(([id, counted]) => sum(pastTheDoor(counted)) === 0 && !except.includes(id))
  assert.equal(unreached.map(([id, counted]) => `${id}: ${said(counted)}\n`).join(''), '')
}

/** How often a request was answered with what is not said at the door. */
const pastTheDoor = (counted: ReadonlyMap<string, number>) => [...counted].filter(([name]) => !atTheDoor.includes(name))

const sum = (counted: Iterable<readonly [string, number]>) => [...counted].reduce((all, [, count]) => all + count, 0)

const said = (counted: ReadonlyMap<string, number>) =>
  [...counted].map(([name, count]) => `${count} ${name}`).join(', ')
