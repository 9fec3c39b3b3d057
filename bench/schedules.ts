import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from '../packages/server/src/db/connect.ts'
import {
  databaseUrl,
  installed,
  issueBillingKey,
  keyOrder,
  medianRatio,
  post,
  print,
  printRates,
  printRow,
  printTarget,
  ratio,
  type Server,
  started,
  stop,
  withDatabase,
  withServer,
} from './support.ts'

const rounds = 3
const count = 4_000
/** What graphile-worker takes without being told, and what its own performance test tells it. */
const itsDefault = 1
const itsOwnTest = 24

/**
 * Schedules that are due all at once, each a charge at the PG with three durable commits, beside as many jobs of
 * graphile-worker that do nothing, on the same PostgreSQL. In turns, because machines are noisy.
 */
export const benchSchedules = (): Promise<void> =>
  withServer((server) =>
    withDatabase(server.directory, async (sql) => {
      const program = await installed('graphile-worker')
      print(`Schedules (${count.toLocaleString('en')} due at once, each a charge with three durable commits)`)
      const schedules = new Schedules(server, sql, await issueBillingKey(server))
      await prepareJobs(server, program)
      const charged: number[] = []
      const alone: number[] = []
      const many: number[] = []
      const moved: number[] = []
      for (let round = 0; round <= rounds; round++) {
        charged.push(await schedules.comeDue())
        alone.push(await runJobs(server, sql, program, itsDefault))
        many.push(await runJobs(server, sql, program, itsOwnTest))
        moved.push(await schedules.areTravelledThrough())
      }
      printRates('Naru, the clock running', warm(charged))
      printRates('Naru, the clock moved across them', warm(moved))
      printRates('graphile-worker, trivial jobs, its defaults', warm(alone))
      printRates(`graphile-worker, trivial jobs, ${itsOwnTest} at once`, warm(many))
      const toDefaults = medianRatio(warm(charged), warm(alone))
      printTarget('ratio to its defaults', toDefaults, { bound: 'at least', limit: 0.5, show: ratio })
      printRow(`ratio to ${itsOwnTest} at once`, ratio(medianRatio(warm(charged), warm(many))))
    }),
  )

/** The first round warmed all up. */
const warm = (all: readonly number[]): readonly number[] => all.slice(1)

const day = 24 * 60 * 60 * 1_000

/** Makes schedules due, one day of the store's after the other, and sees how many are charged in a second. */
class Schedules {
  readonly #server: Server
  readonly #sql: Sql
  readonly #billingKey: string
  #days = 0

  constructor(server: Server, sql: Sql, billingKey: string) {
    this.#server = server
    this.#sql = sql
    this.#billingKey = billingKey
  }

  /** The store's time passes them, and the server's workers find them. */
  async comeDue(): Promise<number> {
    const prefix = await this.#fill()
    const since = performance.now()
    await this.#sql`update stores set clock_offset = clock_offset + ${day}`
    // As whoever moves a clock does: nobody else could know that there is something to do.
    await this.#sql`update due_work set look_at = now(), quiet_since = null, version = version + 1`
    await until(async () => {
      const [{ paid }] = await this.#sql<[{ paid: number }]>`
        select count(*)::integer as paid from payments where payment_id like ${`${prefix}%`} and status = 'PAID'`
      return paid === count
    })
    return perSecond(since)
  }

  /** A test moves the clock across them. */
  async areTravelledThrough(): Promise<number> {
    await this.#fill()
    const since = performance.now()
    const { ran } = await post(this.#server, '/sandbox/clock/advance', JSON.stringify({ days: 1 }))
    const rate = perSecond(since)
    const charges = ran.filter(({ source }: { source: string }) => source === 'payment-schedule').length
    if (charges !== count) throw new Error(`the clock ran ${charges} of ${count} schedules`)
    return rate
  }

  /** All at one instant, half a day from now by the store's clock. */
  async #fill(): Promise<string> {
    const prefix = `scheduled-${this.#days}-`
    const timeToPay = new Date(Date.now() + this.#days * day + day / 2).toISOString()
    const body = JSON.stringify({ payment: keyOrder(this.#billingKey), timeToPay })
    this.#days += 1
    const numbers = Array.from({ length: count }, (_, index) => index).values()
    const create = async () => {
      for (const number of numbers) await post(this.#server, `/payments/${prefix}${number}/schedule`, body)
    }
    await Promise.all(Array.from({ length: 32 }, create))
    return prefix
  }
}

const perSecond = (since: number): number => count / ((performance.now() - since) / 1_000)

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await delay(20)
}

const tasksOf = ({ directory }: Server): string => join(directory, 'tasks')

const prepareJobs = async (server: Server, program: string): Promise<void> => {
  await mkdir(tasksOf(server))
  await writeFile(join(tasksOf(server), 'nothing.js'), 'module.exports = async () => {}\n')
  const migrating = started(await jobProgram(server, program, ['--schema-only']))
  const [code] = await once(migrating, 'exit')
  if (code !== 0) throw new Error(`graphile-worker could not create its tables: code ${code}`)
}

/** Waits idle for jobs, as a worker in production does; then all of them are added by one statement. */
const runJobs = async (server: Server, sql: Sql, program: string, concurrency: number): Promise<number> => {
  const worker = started(await jobProgram(server, program, ['--jobs', String(concurrency)]))
  try {
    const left = async (): Promise<number> => {
      const [row] = await sql<[{ count: number }]>`select count(*)::integer as count from graphile_worker.jobs`
      return row.count
    }
    await add(sql, 1)
    await until(async () => (await left()) === 0)
    const since = performance.now()
    await add(sql, count)
    await until(async () => (await left()) === 0)
    return perSecond(since)
  } finally {
    await stop(worker)
  }
}

const add = (sql: Sql, jobs: number) => sql`
  select count(graphile_worker.add_job('nothing', json_build_object('n', n))) from generate_series(1, ${jobs}) n`

const jobProgram = async (server: Server, program: string, given: readonly string[]) =>
  spawn(process.execPath, [program, '--connection', await databaseUrl(server.directory), ...given], {
    // It looks for its tasks here.
    cwd: server.directory,
    env: { ...process.env, NO_LOG_SUCCESS: '1' },
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  })
