import { rm } from 'node:fs/promises'
import type { Sql } from '../packages/server/src/db/connect.ts'
import { startEmbedded } from '../packages/server/src/db/embedded/embedded.ts'
import { consents } from '../packages/server/test/support/checkout.ts'
import { checkoutCard, checkoutOrder } from './checkout.ts'
import {
  call,
  issueBillingKey,
  keyPayment,
  pay,
  post,
  print,
  printRow,
  type Server,
  startServer,
  temporaryDirectory,
  withDatabase,
} from './support.ts'

const repetitions = 50

/** Statements and commits of each operation, counted by PostgreSQL itself. */
export const benchStatements = async (): Promise<void> => {
  print('Statements and commits of one operation, alone on the server')
  const directory = await temporaryDirectory()
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': 1_000 }
  const database = await startEmbedded({ dataDirectory: directory, settings })
  const server = await startServer({ directory })
  try {
    await withDatabase(directory, async (sql) => {
      await sql`create extension if not exists pg_stat_statements`
      await pay(server, 'bench-warm')
      const billingKey = await issueBillingKey(server)
      for (const [name, run] of Object.entries(operations(server, billingKey))) await count(sql, name, run)
    })
  } finally {
    await server.stop()
    await database.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

const operations = (server: Server, billingKey: string): Readonly<Record<string, (n: number) => Promise<unknown>>> => ({
  payInstantly: (n) => pay(server, `bench-${n}`),
  payWithBillingKey: (n) => pay(server, `bench-key-${n}`, keyPayment(billingKey)),
  getPayment: (n) => call(server, 'GET', `/payments/bench-${n}`),
  cancelPayment: (n) => post(server, `/payments/bench-${n}/cancel`, JSON.stringify({ reason: 'bench', amount: 1_000 })),
  getPayments: () => call(server, 'GET', '/payments'),
  'opened and approved in the checkout': (n) => shop(server, n),
})

/** A shopper who opens the checkout and pays. */
const shop = async ({ port }: Server, n: number): Promise<void> => {
  const send = async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/checkout/v1/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return Object(await answer.json())
  }
  const request = { ...checkoutOrder, paymentId: `bench-shop-${n}` }
  const { token } = await send('attempts', { kind: 'PAYMENT', device: 'PC', request })
  await send('submit', { token, customer: {}, consents, card: checkoutCard })
}

/** Only what changes data is flushed at its commit, and counts as one. The due loop's looks are left out. */
const count = async (sql: Sql, name: string, run: (n: number) => Promise<unknown>): Promise<void> => {
  await sql`select pg_stat_statements_reset()`
  for (let n = 0; n < repetitions; n++) await run(n)
  const [seen] = await sql<[{ statements: number; commits: number }]>`
    select coalesce(sum(calls) filter (where calls >= ${repetitions}), 0)::int as statements,
           coalesce(sum(calls) filter (where calls >= ${repetitions} and query ~* '\\m(insert|update|delete)\\M'), 0)::int as commits
    from pg_stat_statements`
  const each = (total: number): string => (total / repetitions).toFixed(1)
  printRow(name, `${each(seen.statements)} statements, ${each(seen.commits)} commits`)
}
