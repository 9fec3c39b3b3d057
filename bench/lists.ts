import type { Sql } from '../packages/server/src/db/connect.ts'
import {
  headers,
  milliseconds,
  pay,
  print,
  printRow,
  printTarget,
  ratio,
  runLoad,
  type Server,
  withDatabase,
  withServer,
} from './support.ts'

const filters = {
  'newest first': {},
  'one status': { filter: { status: ['FAILED'] } },
  'several statuses': { filter: { status: ['FAILED', 'CANCELLED', 'READY'] } },
  'by creation': { filter: { timestampType: 'CREATED_AT' } },
  'by e-mail address': { filter: { textSearch: [{ field: 'CUSTOMER_EMAIL', value: 'customer-7@example.com' }] } },
}

/** The slowest one in a hundred lists, with few payments and with very many. */
export const benchLists = (large: number, seconds: number): Promise<void> =>
  withServer(async (server) => {
    print(`Lists (GET /payments, p99, 1,000 and ${large.toLocaleString('en')} payments)`)
    await pay(server, 'bench-model')
    await withDatabase(server.directory, (sql) => multiply(sql, 1, 1_000))
    const few = await measure(server, seconds)
    await withDatabase(server.directory, (sql) => multiply(sql, 1_001, large))
    const many = await measure(server, seconds)
    for (const [name, p99] of Object.entries(few)) {
      const grown = many[name] ?? 0
      printRow(name, `${milliseconds(p99)} and ${milliseconds(grown)}`)
      printTarget('  ratio', grown / p99, { bound: 'at most', limit: 1.5, show: ratio })
    }
  })

const measure = async (server: Server, seconds: number): Promise<Record<string, number>> => {
  const results: Record<string, number> = {}
  for (const [name, body] of Object.entries(filters)) {
    const path = `/payments?requestBody=${encodeURIComponent(JSON.stringify(body))}`
    const load = { port: server.port, connections: 1, method: 'GET', path, headers }
    await runLoad({ ...load, seconds: 1 })
    results[name] = (await runLoad({ ...load, seconds })).p99
  }
  return results
}

/**
 * Payments like the one there is, over the last year, of which one in twenty failed; one customer has ten. The text of
 * the state is not changed, which lists do not look at.
 */
const multiply = async (sql: Sql, from: number, until: number): Promise<void> => {
  await sql`
    insert into payments (store_id, payment_id, version, state, status, transaction_id, method, pg_provider, is_test,
      currency, total_amount, platform_type, card_brand, card_type, card_owner_type, search, created_at, begun_at,
      requested_at, status_time)
    select store_id, 'copy-' || n, version, state, case when n % 20 = 0 then 'FAILED' else 'PAID' end, 'copy-' || n,
      method, pg_provider, is_test, currency, total_amount, platform_type, card_brand, card_type, card_owner_type,
      array['TX_ID=copy-' || n, 'CUSTOMER_EMAIL=customer-' || n / 10 || '@example.com',
            'ORDER_NAME=' || n % 100],
      at, at, at, at
    from payments, generate_series(${from}::int, ${until}::int) as n,
      lateral (select now() - (n * 7919::bigint % 31536000) * interval '1 second' as at) as moment
    where payment_id = 'bench-model'`
  await sql`vacuum analyze payments`
}
