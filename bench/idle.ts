import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sql } from '../packages/server/src/db/connect.ts'
import { startEmbedded } from '../packages/server/src/db/embedded/embedded.ts'
import { pay, print, printRow, printTarget, startServer, temporaryDirectory, withDatabase } from './support.ts'

const seconds = 20
const stores = 10_000

/** What an idle server asks of its database, with one store and with many, beside a probe of each store once a second. */
export const benchIdle = async (): Promise<void> => {
  print(`Idle server, ${seconds} s each`)
  const directory = await temporaryDirectory()
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'off' }
  const database = await startEmbedded({ dataDirectory: directory, settings })
  const server = await startServer({ directory })
  try {
    await withDatabase(directory, async (sql) => {
      await sql`create extension if not exists pg_stat_statements`
      await pay(server, 'bench-before')
      // What the payment leaves to look at comes to rest.
      await sql`update due_work set look_at = now(), quiet_since = now() - interval '1 hour'`
      await delay(3_000)
      report('1 store', await idle(sql))
      await sql`
        insert into stores (store_id, merchant_id, name, mode, created_at)
        select 'idle-' || n, merchant_id, 'Idle', 'LIVE', now()
        from generate_series(1, ${stores - 1}::integer) n, (select merchant_id from merchants limit 1) m`
      await sql`analyze stores`
      const many = await idle(sql)
      report(`${stores.toLocaleString('en')} stores`, many)
      const show = (value: number) => `${value.toFixed(1)} statements/s`
      printTarget('with all of them', many.statements, { bound: 'at most', limit: 2, show })
      printRow('baseline: a probe of each store, 11 kinds', `${(await probe(sql)).toFixed(0)} ms/s of database time`)
    })
  } finally {
    await server.stop()
    await database.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

type Idle = { readonly statements: number; readonly milliseconds: number }

const report = (name: string, { statements, milliseconds }: Idle): void =>
  printRow(name, `${statements.toFixed(1)} statements/s, ${milliseconds.toFixed(2)} ms/s of database time`)

const idle = async (sql: Sql): Promise<Idle> => {
  await sql`select pg_stat_statements_reset()`
  await delay(seconds * 1_000)
  const [seen] = await sql<[Idle]>`
    select (sum(calls) / ${seconds}::float8)::float8 as statements,
           (sum(total_exec_time + total_plan_time) / ${seconds}::float8)::float8 as milliseconds
    from pg_stat_statements where query not like '%pg_stat_statements%'`
  return seen
}

/** Looks for due payments as servers did before stores with work were noted: an index probe for each store. */
const probe = async (sql: Sql): Promise<number> => {
  const started = performance.now()
  for (let kind = 0; kind < 11; kind++)
    await sql`
      select d.payment_id from stores s cross join lateral (
        select r.payment_id from payments r where r.store_id = s.store_id and r.due_at <= now() order by r.due_at limit 20
      ) d`
  return performance.now() - started
}
