import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { audit } from '../../src/audit/audit.ts'
import type { Sql } from '../../src/db/connect.ts'
import { apiOf } from '../support/api.ts'
import { card } from '../support/requests.ts'
import { apiSecret, channelKey, crashServer, environment, isReady, Naru, storeId } from './naru.ts'
import { Random } from './random.ts'

type Wanted = {
  readonly schedules: number
  readonly workers: number
  readonly kills: number
  readonly seed: number
  readonly report: (line: string) => void
}

export type ScheduleSummary = {
  readonly schedules: number
  readonly kills: number
  readonly charged: number
  readonly seconds: number
  readonly findings: readonly string[]
}

/**
 * Makes schedules due all at once, on several servers of one database, and kills servers at random while they charge:
 * in the end every schedule is charged, and none twice, by our books and by the PG's.
 */
export const runScheduleKills = async (wanted: Wanted): Promise<ScheduleSummary> => {
  const naru = await Naru.create()
  const sql = naru.connect()
  const workers = await Promise.all(Array.from({ length: wanted.workers }, () => Worker.start(naru)))
  try {
    await createSchedules(naru, wanted.schedules)
    wanted.report(`${wanted.schedules} schedules on ${wanted.workers} workers`)
    const since = performance.now()
    // All of them are due in the year 2099, which begins now.
    await sql`update stores set clock_offset = ${Date.UTC(2099, 0, 2) - Math.floor(performance.timeOrigin)} where store_id = ${storeId}`
    const kills = await killAtRandom(sql, workers, wanted)
    await settle(sql, wanted.schedules)
    const seconds = (performance.now() - since) / 1_000
    const charged = await countCharges(sql)
    return { schedules: wanted.schedules, kills, charged, seconds, findings: await findingsOf(sql, wanted.schedules) }
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
    await sql.end({ timeout: 1 })
    await naru.close(false)
  }
}

/** A server on the database of another, which can be killed and started again. */
class Worker {
  readonly #naru: Naru
  #process: ChildProcess

  private constructor(naru: Naru, started: ChildProcess) {
    this.#naru = naru
    this.#process = started
  }

  static async start(naru: Naru): Promise<Worker> {
    return new Worker(naru, await spawnServer(naru))
  }

  /** Whether it was running. */
  async kill(): Promise<boolean> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return false
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
    return true
  }

  async restart(): Promise<void> {
    this.#process = await spawnServer(this.#naru)
  }
}

const spawnServer = async ({ databaseUrl, logFile }: Naru): Promise<ChildProcess> => {
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [crashServer], {
    // Nine servers share the hundred connections that PostgreSQL allows; those of a killed one close a little later.
    env: {
      ...process.env,
      ...environment,
      DATABASE_URL: databaseUrl,
      NARU_DATABASE_CONNECTIONS: '5',
    },
    stdio: ['ignore', log, log, 'ipc'],
  })
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (!isReady(first)) throw new Error(`a worker did not start (${first}); see ${logFile}`)
  return child
}

const createSchedules = async (naru: Naru, count: number): Promise<void> => {
  const api = apiOf(naru.url, apiSecret)
  const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card() } })
  const { billingKey } = billingKeyInfo
  const payment = { billingKey, orderName: 'A month', amount: { total: 1_000 }, currency: 'KRW' as const }
  const body = { payment, timeToPay: '2099-01-01T00:00:00Z' }
  let next = 0
  const create = async () => {
    for (let index = next++; index < count; index = next++)
      await api.call('createPaymentSchedule', { path: { paymentId: `scheduled-${index}` }, body })
  }
  await Promise.all(Array.from({ length: 32 }, create))
}

/** Kills as long as there is work; each comes back while others are killed. */
const killAtRandom = async (sql: Sql, workers: readonly Worker[], wanted: Wanted): Promise<number> => {
  const random = new Random(wanted.seed)
  const restarts: Promise<void>[] = []
  let killed = 0
  while (killed < wanted.kills && (await countDecided(sql)) < wanted.schedules) {
    await pause(random.between(20, 200))
    const worker = workers[random.between(0, workers.length - 1)]
    if (!(await worker?.kill())) continue
    killed += 1
    if (worker) restarts.push(worker.restart())
  }
  await Promise.all(restarts)
  return killed
}

/**
 * What a killed worker had leased or asked the PG waits for its time; it comes sooner, in steps and only while nobody works: a call
 * that is under way for as long as it takes until the PG's not knowing of it is believed is not made, as one on a busy machine was.
 */
const settle = async (sql: Sql, schedules: number): Promise<void> => {
  let before = -1
  for (let quiet = 0, steps = 0; steps < 200; await pause(100)) {
    const decided = await countDecided(sql)
    if (decided === schedules) return
    quiet = decided === before && !(await isBusy(sql)) ? quiet + 1 : 0
    before = decided
    if (quiet < 5) continue
    quiet = 0
    steps += 1
    await endLeases(sql, 'payment_schedules')
    await endLeases(sql, 'payments')
    await endLeases(sql, 'payments_under_way')
    await sql`update stores set clock_offset = clock_offset + 5000 where store_id = ${storeId}`
  }
}

/** Whether PostgreSQL does something for anybody else. */
const isBusy = async (sql: Sql): Promise<boolean> => {
  const [row] = await sql<[{ isBusy: boolean }]>`
    select exists (
      select from pg_stat_activity where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()
    ) as "isBusy"`
  return row.isBusy
}

/** Rows that a worker is writing are passed over: waiting for them in another order than it takes them is a deadlock. */
const endLeases = (sql: Sql, table: 'payment_schedules' | 'payments' | 'payments_under_way') => sql`
  update ${sql(table)} set leased_until = null where store_id = ${storeId} and payment_id in (
    select payment_id from ${sql(table)} where store_id = ${storeId} and leased_until is not null for update skip locked)`

const countDecided = async (sql: Sql): Promise<number> => {
  const [row] = await sql<[{ count: number }]>`
    select count(*)::integer as count from payments where store_id = ${storeId} and status in ('PAID', 'FAILED')`
  return row.count
}

const countCharges = async (sql: Sql): Promise<number> => {
  const [row] = await sql<[{ count: number }]>`
    select count(*)::integer as count from sandbox_transactions where store_id = ${storeId} and state = 'APPROVED'`
  return row.count
}

const findingsOf = async (sql: Sql, schedules: number): Promise<readonly string[]> => {
  const [paid] = await sql<[{ paid: number; twice: number; done: number }]>`
    select count(*) filter (where status = 'PAID')::integer as paid,
           count(*) filter (where (
             select count(*) from journal j
             where j.store_id = payments.store_id and j.stream = 'payment' and j.stream_id = payment_id and j.type = 'ApprovalRequested'
           ) <> 1)::integer as twice,
           (select count(*)::integer from payment_schedules where store_id = ${storeId} and status = 'SUCCEEDED') as done
    from payments where store_id = ${storeId}`
  const { findings } = await audit(sql)
  const charged = await countCharges(sql)
  return [
    ...(paid.paid === schedules ? [] : [`${paid.paid} of ${schedules} payments are paid`]),
    ...(paid.done === schedules ? [] : [`${paid.done} of ${schedules} schedules succeeded`]),
    ...(paid.twice === 0 ? [] : [`${paid.twice} payments have not exactly one attempt`]),
    ...(charged === schedules ? [] : [`the PG charged ${charged} times for ${schedules} schedules`]),
    ...findings.map((finding) => JSON.stringify(finding)),
  ]
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
