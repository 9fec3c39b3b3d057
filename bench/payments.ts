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

const rounds = 8

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

/** In turns, because machines are noisy. */
const besidePgbench = async (server: Server, kind: PaymentKind, seconds: number): Promise<void> => {
  // V8 goes on compiling for ten seconds of full load: the round after five made a third less than those after it.
  await paying(server, kind, 64, 2 * seconds)
  const answer = await pay(server, 'bench-model', kind)
  const pgbench = await pgbenches(server)
  const floor = await startFloor(JSON.stringify(answer))
  const [one, many]: [Result[], Result[]] = [[], []]
  const [single, gathered, http]: [number[], number[], number[]] = [[], [], []]
  try {
    for (let round = 0; round < rounds; round++) {
      many.push(await paying(server, kind, 64, seconds))
      if (pgbench !== undefined) {
        gathered.push((await runPgbench(pgbench.gathered, 4, seconds)) * together)
        single.push(await runPgbench(pgbench.single, 64, seconds))
      }
      http.push((await paying({ port: floor.port }, kind, 64, seconds)).perSecond)
      one.push(await paying(server, kind, 1, seconds / 2))
    }
  } finally {
    await floor.stop()
  }
  printMeasured('1 connection', one)
  printMeasured('64 connections', many)
  const rates = many.map(({ perSecond }) => perSecond)
  printRates('Fastify, same answer, no database', http)
  printRow('ratio', ratio(medianRatio(rates, http)))
  if (pgbench === undefined) return print(`  ${noPgbench}`)
  printRates('pgbench, same rows, 64 clients', single)
  printTarget('ratio', medianRatio(rates, single), { bound: 'at least', limit: 0.6, show: ratio })
  printRates(`pgbench, ${together} payments a statement`, gathered)
  printRow('ratio', ratio(medianRatio(rates, gathered)))
  const lower = gathered.map((value, round) => Math.min(value, http[round] ?? value))
  printTarget('ratio to the lower floor', medianRatio(rates, lower), { bound: 'at least', limit: 0.5, show: ratio })
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

const printMeasured = (name: string, results: readonly Result[]): void => {
  const of = (field: keyof Result): number => median(results.map((result) => result[field]))
  const all = results.map(({ perSecond }) => rate(perSecond)).join(', ')
  const times = `p50 ${milliseconds(of('p50'))}, p99 ${milliseconds(of('p99'))}`
  printRow(name, `${rate(of('perSecond'))}   ${times}   (${all})`)
  const failures = results.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
}
