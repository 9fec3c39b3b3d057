import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { connect, type Sql } from '../packages/server/src/db/connect.ts'
import { attachEmbedded } from '../packages/server/src/db/embedded/embedded.ts'
import type { LoadOptions, LoadResult } from './load.ts'

const execute = promisify(execFile)
export const root = join(import.meta.dirname, '..')
export const apiSecret = 'a-secret-for-benchmarks'
export const headers = { authorization: `PortOne ${apiSecret}`, 'content-type': 'application/json' }
export const channelKey = 'channel-bench'
export const storeId = 'store-bench'

export const temporaryDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'naru-bench-'))

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

export type Server = {
  readonly port: number
  readonly pid: number
  readonly directory: string
  /** From the start of the process to the first 200, in milliseconds. */
  readonly startedIn: number
  stop(): Promise<void>
}

export type ServerOptions = {
  readonly directory: string
  readonly command?: readonly string[]
  readonly environment?: object
}

const serverCommand = [process.execPath, '--max-semi-space-size=16', join(root, 'packages/server/bin/naru.js'), 'serve']

/** Starts Naru as users do, with its defaults. */
export const startServer = async ({
  directory,
  command = serverCommand,
  environment,
}: ServerOptions): Promise<Server> => {
  const port = await freePort()
  const [file = '', ...given] = command
  const since = performance.now()
  const child = started(
    spawn(file, given, {
      cwd: root,
      env: {
        ...process.env,
        PORT: String(port),
        NARU_DATA_DIR: directory,
        NARU_LOG_LEVEL: 'error',
        NARU_API_SECRET: apiSecret,
        NARU_STORE_ID: storeId,
        NARU_CHANNEL_KEY: channelKey,
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    }),
  )
  await untilAnswers(child, `http://127.0.0.1:${port}/readyz`)
  const startedIn = performance.now() - since
  return { port, pid: child.pid ?? 0, directory, startedIn, stop: () => stop(child) }
}

export const untilAnswers = async (child: ChildProcess, url: string, init?: RequestInit): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`a program ended with code ${child.exitCode} instead of serving`)
    const answer = await fetch(url, init).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await delay(5)
  }
}

/** Ends a program that was started in a process group of its own, and all that it started in turn, and waits for it. */
export const stop = async ({ pid }: ChildProcess): Promise<void> => {
  if (pid === undefined) return
  // `npm start` ends at once and leaves the server to finish by itself.
  for (let isThere = signal(pid, 'SIGTERM'); isThere; isThere = signal(pid, 0)) await delay(20)
  groups.delete(pid)
}

/** Ctrl+C, too, leaves nothing behind: in groups of their own, the programs do not get it. */
const groups = new Set<number>()
const abandon = (): never => {
  for (const group of groups) signal(group, 'SIGTERM')
  process.exit(1)
}
process.once('SIGINT', abandon).once('SIGTERM', abandon)

export const started = (child: ChildProcess): ChildProcess => {
  if (child.pid !== undefined) groups.add(child.pid)
  return child
}

const signal = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

/** Runs `work` on a server with a directory of its own, which is gone afterwards. */
export const withServer = async <Result>(
  work: (server: Server) => Promise<Result>,
  environment: object = {},
): Promise<Result> => {
  const directory = await temporaryDirectory()
  const server = await startServer({ directory, environment })
  try {
    return await work(server)
  } finally {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

export const databaseUrl = async (directory: string): Promise<string> =>
  (await attachEmbedded({ dataDirectory: directory })).url

export const withDatabase = async <Result>(directory: string, work: (sql: Sql) => Promise<Result>): Promise<Result> => {
  const sql = connect(await databaseUrl(directory), { max: 1, statementTimeout: 0 })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const { stdout, stderr } = await execute(process.execPath, [
    join(import.meta.dirname, 'load.ts'),
    JSON.stringify(options),
  ])
  if (stderr !== '') process.stderr.write(stderr)
  return JSON.parse(stdout)
}

/** A way to pay an order: the last part of its path, and the body. */
export type PaymentKind = { readonly way: 'instant' | 'billing-key'; readonly body: string }

const card = { card: { credential: { number: '4242424242424242', expiryYear: '49', expiryMonth: '12' } } }
const order = {
  orderName: '나루 티셔츠 외 2건',
  amount: { total: 39_000 },
  currency: 'KRW',
  customer: {
    id: 'customer-1',
    name: { full: '홍길동' },
    email: 'customer-1@example.com',
    phoneNumber: '010-1234-5678',
  },
}

export const cardPayment: PaymentKind = {
  way: 'instant',
  body: JSON.stringify({ channelKey, ...order, method: card }),
}

export const keyOrder = (billingKey: string): object => ({ billingKey, ...order })

export const keyPayment = (billingKey: string): PaymentKind => ({
  way: 'billing-key',
  body: JSON.stringify(keyOrder(billingKey)),
})

/** Each for an order of its own. */
export const paying = (
  server: Pick<Server, 'port'>,
  { way, body }: PaymentKind,
  connections: number,
  seconds: number,
): Promise<LoadResult> => {
  const path = `/payments/bench-{n}/${way}`
  return runLoad({ port: server.port, connections, seconds, method: 'POST', path, headers, body })
}

export const pay = (server: Server, paymentId: string, { way, body }: PaymentKind = cardPayment): Promise<unknown> =>
  post(server, `/payments/${paymentId}/${way}`, body)

export const issueBillingKey = async (server: Server): Promise<string> => {
  const customer = { id: 'customer-1' }
  const answer = await post(server, '/billing-keys', JSON.stringify({ channelKey, method: card, customer }))
  return answer.billingKeyInfo.billingKey
}

/** The answer's content; throws where it is not a success. */
export const call = async ({ port }: Server, method: 'GET' | 'POST', path: string, body?: string) => {
  const sent = body === undefined ? {} : { body }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...sent })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`)
  return JSON.parse(text)
}

export const post = (server: Server, path: string, body: string) => call(server, 'POST', path, body)

/**
 * The path of a program that Naru is compared with. They are installed apart from Naru, when one is first needed or when
 * the list of them changed.
 */
export const installed = async (program: 'prism' | 'graphile-worker'): Promise<string> => {
  const path = join(import.meta.dirname, 'node_modules/.bin', program)
  if (!existsSync(path)) {
    print('Installing what Naru is compared with into bench/node_modules, once …')
    await execute('npm', ['ci', '--no-workspaces', '--ignore-scripts'], { cwd: import.meta.dirname })
  }
  return path
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`
export const rate = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

export const print = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}

export const printRow = (name: string, value: string): void => print(`  ${name.padEnd(46)} ${value}`)

/** The median of rates a second, and each of them. */
export const printRates = (name: string, rates: readonly number[]): void =>
  printRow(name, `${rate(median(rates))}   (${rates.map(rate).join(', ')})`)

/** Of ratios within a round: both sides had the same noise. */
export const medianRatio = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((value, round) => value / (theirs[round] ?? 1)))

/** A result beside what it must reach, and by how much it misses where it does. */
export const printTarget = (name: string, value: number, target: Target): void => {
  const { bound, limit, show } = target
  const reached = bound === 'at least' ? value >= limit : value <= limit
  const missed = bound === 'at least' ? (limit - value) / limit : (value - limit) / limit
  const verdict = reached ? 'reached' : `MISSED by ${(missed * 100).toFixed(0)} %`
  printRow(name, `${show(value)}   target: ${bound} ${show(limit)}, ${verdict}`)
}

export type Target = {
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  readonly show: (value: number) => string
}

export const ratio = (value: number): string => value.toFixed(2)
