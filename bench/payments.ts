import { join } from 'node:path'
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

const rounds = 4

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

/** In turns, because machines are noisy. */
const besidePgbench = async (server: Server, kind: PaymentKind, seconds: number): Promise<void> => {
  const { directory } = server
  await paying(server, kind, 64, seconds)
  await pay(server, 'bench-model', kind)
  const script = join(directory, 'pgbench.sql')
  await withDatabase(directory, (sql) => writeScript(sql, 'bench-model', script))
  const program = await findPgbench()
  const url = await databaseUrl(directory)
  const ours = { one: [], many: [] } as Measured
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.many.push(await paying(server, kind, 64, seconds))
    if (program !== undefined) theirs.push(await runPgbench({ program, url, script }, 64, seconds))
    ours.one.push(await paying(server, kind, 1, seconds / 2))
  }
  printMeasured('1 connection', ours.one)
  printMeasured('64 connections', ours.many)
  if (program === undefined) {
    print(
      '  There is no pgbench to compare with. It comes with PostgreSQL, such as: apt-get install postgresql-contrib',
    )
    return
  }
  printRates('pgbench, same writes, 64 clients', theirs)
  const rates = ours.many.map(({ perSecond }) => perSecond)
  printTarget('ratio', medianRatio(rates, theirs), { bound: 'at least', limit: 0.6, show: ratio })
}

type Result = Awaited<ReturnType<typeof paying>>
type Measured = { readonly one: Result[]; readonly many: Result[] }

const printMeasured = (name: string, results: readonly Result[]): void => {
  const of = (field: keyof Result): number => median(results.map((result) => result[field]))
  const all = results.map(({ perSecond }) => rate(perSecond)).join(', ')
  const times = `p50 ${milliseconds(of('p50'))}, p99 ${milliseconds(of('p99'))}`
  printRow(name, `${rate(of('perSecond'))}   ${times}   (${all})`)
  const failures = results.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
}
