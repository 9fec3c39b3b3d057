import { execFile } from 'node:child_process'
import { access, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fold, storedState } from '../packages/server/src/aggregates/kind.ts'
import type { Sql } from '../packages/server/src/db/connect.ts'
import type { PaymentEvent } from '../packages/server/src/payments/state/event.ts'
import { noPayment } from '../packages/server/src/payments/state/evolve.ts'
import { paymentAggregate } from '../packages/server/src/payments/store.ts'

const execute = promisify(execFile)

/** The path of pgbench, which comes with PostgreSQL's server packages; `undefined` where there is none. */
export const findPgbench = async (): Promise<string | undefined> => {
  const packaged = '/usr/lib/postgresql'
  const versions = (await readdir(packaged).catch(() => [])).sort().reverse()
  const directories = [...(process.env.PATH ?? '').split(':'), ...versions.map((one) => join(packaged, one, 'bin'))]
  for (const directory of directories) {
    const candidate = join(directory, 'pgbench')
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate
  }
  return undefined
}

type Journaled = { readonly version: number; readonly type: string; readonly data: PaymentEvent; readonly at: number }

/**
 * The rows that one payment writes, in the same three commits, as a pgbench script: made from a payment that the server
 * wrote, so that it follows every change of the statements' content. Each value is parsed each time, as with the server.
 * `together` payments share each statement, as they do in the server under load.
 */
export const writeScript = async (sql: Sql, paymentId: string, file: string, together: number): Promise<void> => {
  const [row] = await sql<[{ store_id: string; transaction_id: string; merchant_id: string }]>`
    select p.store_id, p.transaction_id, s.merchant_id from payments p join stores s using (store_id)
    where payment_id = ${paymentId}`
  const { store_id: storeId, transaction_id: transactionId, merchant_id: merchantId } = row
  const journal = await sql<Journaled[]>`
    select version, type, data, at from journal where store_id = ${storeId} and stream_id = ${paymentId} order by version`
  const commits = [
    ...Map.groupBy(journal, ({ at, type }) => (type === 'Approved' ? `outcome ${at}` : 'intent')).values(),
  ]
  const otherStore = await pgbenchStore(sql, merchantId)
  const payments = `(select :n::text || '-' || i as n from generate_series(1, ${together}) i) payment`
  const texts: string[] = [
    // Random, like the server's own ids: a row's place in an index is nowhere near the last one's.
    '\\set n random(1000000000, 9999999999) * 1000 + :client_id',
  ]
  const own = (text: string): string =>
    `replace(replace(${literal(text.replaceAll(storeId, otherStore))}, ${literal(paymentId)}, 'bench-' || payment.n), ${literal(transactionId)}, 'transaction-' || payment.n)`
  let state = noPayment(merchantId, storeId, paymentId)
  for (const [index, events] of commits.entries()) {
    for (const { data, at } of events) state = fold(paymentAggregate, state, [data], at)
    const version = events.at(-1)?.version ?? 0
    const columns = {
      ...paymentAggregate.columns(state),
      version,
      ...storedState(paymentAggregate, { version, state }),
    }
    texts.push(journaling(index === 0, columns, events, { storeId: otherStore, payments, own }))
    if (index === 0) texts.push(await booking(sql, storeId, transactionId, { payments, own }))
  }
  await writeFile(file, `${texts.join('\n')}\n`)
}

/** Its clock stands still long ago: the server must not settle what pgbench leaves half-way. */
const pgbenchStore = async (sql: Sql, merchantId: string): Promise<string> => {
  const storeId = 'store-pgbench'
  await sql`
    insert into stores (store_id, merchant_id, name, mode, clock_stopped_at, created_at)
    values (${storeId}, ${merchantId}, 'pgbench', 'SANDBOX', '2000-01-01', now()) on conflict do nothing`
  return storeId
}

type Rows = {
  /** A FROM item with a number for each payment of the statement. */
  readonly payments: string
  /** A text of the model payment as an expression for that of `payment.n`. */
  readonly own: (text: string) => string
}

/** With colons escaped, behind which pgbench would look for variables of its own. */
const literal = (text: string): string =>
  `U&'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\003A')}'`

/** Snapshots and their events, in one statement. */
const journaling = (
  isNew: boolean,
  columns: object,
  events: readonly Journaled[],
  { storeId, payments, own }: Rows & { readonly storeId: string },
): string => {
  const names = Object.keys(columns)
  const given = `${payments}, jsonb_populate_record(null::payments, ${own(JSON.stringify(columns))}::jsonb) given`
  const store = literal(storeId)
  const written = isNew
    ? `insert into payments (store_id, payment_id, ${names.join(', ')}, created_at) select ${store}, 'bench-' || payment.n, ${names.map((name) => `given.${name}`).join(', ')}, now() from ${given} on conflict do nothing returning payment_id as id`
    : `update payments target set ${names.map((name) => `${name} = given.${name}`).join(', ')} from ${given} where target.store_id = ${store} and target.payment_id = 'bench-' || payment.n returning target.payment_id as id`
  const rows = events.map(({ version, type, data }) => ({ version, type, data }))
  return `with written as (${written}) insert into journal (store_id, stream, stream_id, version, type, data, at) select ${store}, 'payment', written.id, event.version, event.type, event.data, now() from ${payments} join written on written.id = 'bench-' || payment.n, jsonb_populate_recordset(null::journal, ${own(JSON.stringify(rows))}::jsonb) event;`
}

/** The PG's own rows. */
const booking = async (sql: Sql, storeId: string, transactionId: string, { payments, own }: Rows): Promise<string> => {
  const [row] = await sql<[{ content: object }]>`
    select to_jsonb(t) as content from sandbox_transactions t where store_id = ${storeId} and reference = ${transactionId}`
  return `insert into sandbox_transactions select given.* from ${payments}, jsonb_populate_record(null::sandbox_transactions, ${own(JSON.stringify(row.content))}::jsonb) given on conflict do nothing;`
}

export type PgbenchRun = { readonly program: string; readonly url: string; readonly script: string }

/** Runs of the script a second. */
export const runPgbench = async (
  { program, url, script }: PgbenchRun,
  clients: number,
  seconds: number,
): Promise<number> => {
  const host = new URL(url).searchParams.get('host') ?? ''
  const connection = ['-h', host, '-U', 'naru', 'postgres']
  const load = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script]
  const { stdout } = await execute(program, [...load, ...connection])
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1]
  if (rate === undefined) throw new Error(`pgbench said nothing of its speed:\n${stdout}`)
  return Number(rate)
}
