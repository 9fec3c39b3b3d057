import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cpuOfPostgres } from './processes.ts'
import { cardPayment, paying, print, printRow, startServer, temporaryDirectory } from './support.ts'

/** The source, not the program that is built of it: that is one file, in which no part can be told from another. */
const source = join(import.meta.dirname, '../packages/server/src/main.ts')
/** With what bin/naru.js sets. */
const flags = ['--max-semi-space-size=16', '--heap-growing-percent=100']

/** Where the CPU time of a payment goes, with 64 at a time: the server's by part, sampled, and PostgreSQL's. Linux only. */
export const benchCpu = async (seconds: number): Promise<void> => {
  print('CPU of a payment (POST /payments/{paymentId}/instant, 64 connections)')
  const directory = await temporaryDirectory()
  const options = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${directory}`]
  const server = await startServer({ directory, command: [process.execPath, ...flags, ...options, source, 'serve'] })
  try {
    await paying(server, cardPayment, 64, seconds)
    const before = await cpuOfPostgres(directory)
    const since = monotonic()
    const { perSecond } = await paying(server, cardPayment, 64, seconds)
    const until = monotonic()
    const postgres = (await cpuOfPostgres(directory)) - before
    await server.stop()
    const payments = perSecond * seconds
    const parts = partsOf(await readProfile(directory), since, until)
    for (const [part, time] of [...parts].sort(([, one], [, other]) => other - one)) show(part, time / 1_000 / payments)
    show('Naru in all', [...parts.values()].reduce((sum, time) => sum + time, 0) / 1_000 / payments)
    show('PostgreSQL', postgres / payments)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const show = (part: string, time: number): void => printRow(part, `${time.toFixed(3)} ms`)

/** In microseconds, by the clock that V8 stamps samples with. */
const monotonic = (): number => Number(process.hrtime.bigint() / 1_000n)

type Frame = { readonly functionName: string; readonly url: string }
type Node = { readonly id: number; readonly callFrame: Frame; readonly children?: readonly number[] }
type Profile = {
  readonly nodes: readonly Node[]
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const readProfile = async (directory: string): Promise<Profile> => {
  const name = (await readdir(directory)).find((file) => file.endsWith('.cpuprofile'))
  if (name === undefined) throw new Error('the server left no profile')
  return JSON.parse(await readFile(join(directory, name), 'utf8'))
}

/** Microseconds of CPU between two instants, by part. */
const partsOf = ({ nodes, startTime, samples, timeDeltas }: Profile, since: number, until: number) => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)))
  const known = new Map<number, string | undefined>()
  const partOf = (id: number): string | undefined => {
    const frames: Frame[] = []
    for (let node = byId.get(id); node !== undefined; node = parents.get(node.id)) frames.push(node.callFrame)
    return partOfStack(frames)
  }
  const times = new Map<string, number>()
  let at = startTime
  for (const [index, id] of samples.entries()) {
    const took = timeDeltas[index] ?? 0
    at += took
    if (at < since || at > until) continue
    if (!known.has(id)) known.set(id, partOf(id))
    const part = known.get(id)
    if (part !== undefined) times.set(part, (times.get(part) ?? 0) + took)
  }
  return times
}

/** The part of the innermost frame that belongs to one: what Node does counts for whoever asked for it. `undefined`: idle. */
const partOfStack = (frames: readonly Frame[]): string | undefined => {
  const name = frames[0]?.functionName
  if (name === '(idle)') return undefined
  if (name === '(garbage collector)') return 'garbage collection'
  for (const { url } of frames) for (const [pattern, part] of parts) if (pattern.test(url)) return part
  return "Node's own"
}

const parts: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/(@sinclair|typebox)|packages\/contract|src\/http\/(input|json|response)/, 'validation'],
  [/node_modules\/postgres\/|server\/src\/db\//, 'driver and batches'],
  [/node_modules\/(fastify|find-my-way|@fastify|light-my-request)|server\/src\/http\/|node:_http/, 'HTTP'],
  [/server\/src\/gateways\/sandbox/, 'sandbox PG'],
  [/server\/src\/(webhooks|workers)/, 'webhooks and due work'],
  [/server\/src\/aggregates/, 'journal'],
  [/server\/src\/payments|server\/src\/operations/, 'rules and steps of payments'],
  [/server\/src/, 'the rest of the server'],
]
