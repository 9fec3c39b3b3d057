import { join } from 'node:path'
import { startFloor } from './floor.ts'
import { findPgbench, runPgbench, writeScript } from './pgbench.ts'
import {
  cardPayment,
  databaseUrl,
  issueBillingKey,
  keyPayment,
  median,
  medianRatio,
  milliseconds,
  type PaymentKind,
  pay,
  paying,
  print,
  printRates,
  printRow,
  printTarget,
  rate,
  ratio,
  type Server,
  withDatabase,
  withServer,
} from './support.ts'

const rounds = 6

/** Durable payments a second, beside pgbench writing the same rows. */
export const benchPayments = (seconds: number): Promise<void> =>
  withServer((server) => {
    print('Payments (POST /payments/{paymentId}/instant, three durable commits each)')
    return besidePgbench(server, cardPayment, seconds)
  })

/** The same with a stored card: one aggregate more is read, and the PG's token decrypted. */
export const benchBillingKeys = (seconds: number): Promise<void> =>
  withServer(async (server) => {
    print('Payments with a billing key (POST /payments/{paymentId}/billing-key, three durable commits each)')
    await besidePgbench(server, keyPayment(await issueBillingKey(server)), seconds)
  })

/** As many of our payments share a statement when 64 wait. */
const together = 64

/**
 * How many payments are under way at a time: in the server by connections, in pgbench by clients of 64. Each load has a floor of
 * its own. While the floor had four clients, whatever the load, a server with 64 connections was compared with one that has
 * four times as much at hand while it waits for the disk, and makes half as many again.
 */
const loads = [64, 256]

/** What one load came to, round by round. */
type Beside = { readonly ours: Result[]; readonly http: number[]; readonly gathered: number[] }

/** In turns, because machines are noisy. */
const besidePgbench = async (server: Server, kind: PaymentKind, seconds: number): Promise<void> => {
  // V8 goes on compiling for ten seconds of full load: the round after five made a third less than those after it.
  await paying(server, kind, 64, 2 * seconds)
  const answer = await pay(server, 'bench-model', kind)
  const pgbench = await pgbenches(server)
  const floor = await startFloor(JSON.stringify(answer))
  const beside = new Map<number, Beside>(loads.map((load) => [load, { ours: [], http: [], gathered: [] }]))
  const one: Result[] = []
  const single: number[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [load, { ours, http, gathered }] of beside) {
        ours.push(await paying(server, kind, load, seconds))
        if (pgbench !== undefined)
          gathered.push((await runPgbench(pgbench.gathered, load / together, seconds)) * together)
        http.push((await paying({ port: floor.port }, kind, load, seconds)).perSecond)
      }
      if (pgbench !== undefined) single.push(await runPgbench(pgbench.single, 64, seconds))
      one.push(await paying(server, kind, 1, seconds / 2))
    }
  } finally {
    await floor.stop()
  }
  printMeasured('1 connection', one)
  for (const [load, measured] of beside) {
    printBeside(load, measured)
    if (load === 64 && single.length > 0) printSingle(measured.ours, single)
  }
  if (pgbench === undefined) print(`  ${noPgbench}`)
}

const printBeside = (load: number, { ours, http, gathered }: Beside): void => {
  const rates = perSecond(ours)
  printMeasured(`${load} connections`, ours)
  printRates('Fastify, same answer, no database', http)
  printRow('ratio', ratio(medianRatio(rates, http)))
  if (gathered.length === 0) return
  const clients = load / together
  printRates(`pgbench, ${together} payments a statement, ${clients} client${clients === 1 ? '' : 's'}`, gathered)
  printRow('ratio', ratio(medianRatio(rates, gathered)))
  const lower = gathered.map((value, round) => Math.min(value, http[round] ?? value))
  printTarget('ratio to the lower floor', medianRatio(rates, lower), { bound: 'at least', limit: 0.5, show: ratio })
}

const printSingle = (ours: readonly Result[], single: readonly number[]): void => {
  printRates('pgbench, same rows, 64 clients', single)
  printTarget('ratio', medianRatio(perSecond(ours), single), { bound: 'at least', limit: 0.6, show: ratio })
}

const noPgbench =
  'There is no pgbench to compare with. It comes with PostgreSQL, such as: apt-get install postgresql-contrib'

/** pgbench with one payment a statement, and with many; `undefined` where there is no pgbench. */
const pgbenches = async ({ directory }: Server) => {
  const program = await findPgbench()
  if (program === undefined) return undefined
  const url = await databaseUrl(directory)
  const scripted = async (count: number) => {
    const script = join(directory, `pgbench-${count}.sql`)
    await withDatabase(directory, (sql) => writeScript(sql, 'bench-model', script, count))
    return { program, url, script }
  }
  return { single: await scripted(1), gathered: await scripted(together) }
}

type Result = Awaited<ReturnType<typeof paying>>

const perSecond = (results: readonly Result[]): readonly number[] => results.map((result) => result.perSecond)

const printMeasured = (name: string, results: readonly Result[]): void => {
  const of = (field: keyof Result): number => median(results.map((result) => result[field]))
  const all = perSecond(results).map(rate).join(', ')
  const times = `p50 ${milliseconds(of('p50'))}, p99 ${milliseconds(of('p99'))}`
  printRow(name, `${rate(of('perSecond'))}   ${times}   (${all})`)
  const failures = results.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
}
