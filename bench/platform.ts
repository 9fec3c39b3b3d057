import type { Sql } from '../packages/server/src/db/connect.ts'
import { sandboxStore } from '../packages/server/src/merchants/testing/store.ts'
import { amountColumns, groupColumns } from '../packages/server/src/platform/settlements/amounts.ts'
import { settleDue } from '../packages/server/src/platform/settlements/settle.ts'
import {
  call,
  cardPayment,
  headers,
  median,
  medianRatio,
  milliseconds,
  paying,
  print,
  printRow,
  printTarget,
  rate,
  ratio,
  runLoad,
  type Server,
  withDatabase,
  withServer,
} from './support.ts'

const rounds = 3
const partners = 1_000
const today = '2026-03-31'

/** Partner settlement: registering orders, settling a month of them, and reading them in lists. */
export const benchPlatform = (transfers: number, seconds: number): Promise<void> =>
  withServer(async (server) => {
    await call(server, 'POST', '/platform/contracts?test=true', JSON.stringify(contract))
    await call(server, 'POST', '/platform/partners?test=true', JSON.stringify(partner))
    await benchPosting(server, seconds)
    await benchSettling(server, transfers)
    await benchSummaries(server, transfers, seconds)
  })

const contract = {
  id: 'bench-contract',
  name: '10 %',
  platformFee: { fixedRate: 10_000 },
  settlementCycle: { lagDays: 1, datePolicy: 'HOLIDAY_BEFORE', method: { daily: {} } },
  platformFeeVatPayer: 'PARTNER',
  subtractPaymentVatAmount: false,
}

const partner = {
  id: 'bench-partner',
  name: '파트너',
  contact: { name: '홍길동', email: 'partner@example.com' },
  account: { bank: 'KOOKMIN', currency: 'KRW', number: '12345678901', holder: '홍길동' },
  defaultContractId: contract.id,
  type: { whtPayer: {} },
}

const order = JSON.stringify({
  partnerId: partner.id,
  paymentId: 'order-{n}',
  orderDetail: { orderAmount: 10_000 },
  externalPaymentDetail: { currency: 'KRW' },
})

/** In turns with payments, because machines are noisy. */
const benchPosting = async (server: Server, seconds: number): Promise<void> => {
  print('Order transfers (POST /platform/transfers/order, one durable commit each) beside card payments')
  const path = '/platform/transfers/order?test=true'
  const post = (connections: number, length: number) =>
    runLoad({ port: server.port, connections, seconds: length, method: 'POST', path, headers, body: order })
  await post(64, seconds)
  await paying(server, cardPayment, 64, seconds)
  const [ours, payments] = [[] as Load[], [] as Load[]]
  for (let round = 0; round < rounds; round++) {
    ours.push(await post(64, seconds))
    payments.push(await paying(server, cardPayment, 64, seconds))
  }
  printLoads('transfers, 64 connections', ours)
  printLoads('payments, 64 connections', payments)
  const rates = (loads: readonly Load[]) => loads.map(({ perSecond }) => perSecond)
  printTarget('ratio', medianRatio(rates(ours), rates(payments)), { bound: 'at least', limit: 1, show: ratio })
  printLoads('transfers, 1 connection', [await post(1, seconds)])
}

type Load = Awaited<ReturnType<typeof runLoad>>

const printLoads = (name: string, loads: readonly Load[]): void => {
  const of = (field: keyof Load) => median(loads.map((load) => load[field]))
  printRow(name, `${rate(of('perSecond'))}   p50 ${milliseconds(of('p50'))}, p99 ${milliseconds(of('p99'))}`)
  const failures = loads.reduce((sum, load) => sum + load.failures, 0)
  if (failures > 0) printRow('', `${failures} requests FAILED`)
}

/** A month of transfers of many partners, settled by the code that the day's run calls, beside the bare statement. */
const benchSettling = async (server: Server, transfers: number): Promise<void> => {
  print(`Settling ${transfers.toLocaleString('en')} order transfers of ${partners.toLocaleString('en')} partners`)
  await withDatabase(server.directory, async (sql) => {
    await generate(sql, transfers)
    const floor = await timed(() => sumBare(sql))
    const { merchantId, storeId } = await modelOf(sql)
    const request = {
      platform: { merchantId, isForTest: true, store: sandboxStore({ merchantId, storeId }) },
      now: Date.parse(`${today}T00:00:00+09:00`),
    }
    let settled = 0
    const own = await timed(async () => {
      settled = await settleDue(sql, request, today)
    })
    if (settled !== transfers) printRow('', `only ${settled} settled: FAILED`)
    printRow('insert ... select ... group by', milliseconds(floor))
    printRow('settled and joined', `${milliseconds(own)}   ${rate((1_000 * transfers) / own)}`)
    printRow('memory of this process', `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`)
  })
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now()
  await work()
  return performance.now() - since
}

const modelOf = async (sql: Sql) => {
  const [row] = await sql<[{ merchantId: string; storeId: string }]>`
    select merchant_id as "merchantId", store_id as "storeId" from platform_transfers
    where payment_type = 'EXTERNAL' limit 1`
  return row
}

/** Copies of one of the transfers that were posted, on the days of a month, of as many partners. */
const generate = async (sql: Sql, transfers: number): Promise<void> => {
  await sql`
    insert into platform_entities (merchant_id, is_for_test, kind, id, version, content, applied_at, created_at,
      connection_status)
    select merchant_id, is_for_test, kind, 'partner-' || n, version, content, applied_at, created_at, connection_status
    from platform_entities, generate_series(0, ${partners - 1}::int) as n where id = ${partner.id}`
  await sql`
    insert into platform_versions (merchant_id, is_for_test, kind, id, version, content, applied_at)
    select merchant_id, is_for_test, kind, 'partner-' || n, version, content, applied_at
    from platform_versions, generate_series(0, ${partners - 1}::int) as n where id = ${partner.id}`
  await sql`
    insert into platform_transfers
    select copy.* from (select * from platform_transfers where payment_type = 'EXTERNAL' limit 1) t,
      generate_series(1, ${transfers}::int) as n,
      jsonb_populate_record(null::platform_transfers, to_jsonb(t) || jsonb_build_object(
        'transfer_id', 'copy-' || n, 'partner_id', 'partner-' || n % ${partners}::int, 'payment_id', 'copy-' || n,
        'status', 'IN_PROCESS', 'partner_settlement_id', null,
        'settlement_start_date', to_char(date '2026-03-01' + (n / 7 % 30)::int, 'YYYY-MM-DD'),
        'settlement_date', to_char(date '2026-03-02' + (n / 7 % 30)::int, 'YYYY-MM-DD'),
        'created_at', timestamptz '2026-03-01' + n * interval '1 second'
      )) as copy`
  await sql`vacuum analyze platform_transfers`
}

/** What the same sums cost when nothing is changed of any transfer. */
const sumBare = async (sql: Sql): Promise<void> => {
  const groups = sql.unsafe(groupColumns.join(', '))
  const sums = sql.unsafe(amountColumns.map((column) => `sum(${column}) as ${column}`).join(', '))
  await sql`create temporary table bare as
    select ${groups}, count(*), ${sums} from platform_transfers where transfer_id like 'copy-%' group by ${groups}`
}

const filters = {
  'newest first': {},
  'by settlement date': { filter: { settlementDateRange: { from: '2026-03-10', until: '2026-03-11' } } },
  'by partner': { filter: { keyword: { partnerId: 'partner-7' } } },
  'by payment': { filter: { keyword: { paymentId: 'copy-77' } } },
  'by id': { filter: { keyword: { transferId: 'copy-77' } } },
  'one status': { filter: { statuses: ['SCHEDULED'] } },
}

/** The slowest one in a hundred lists of many transfers. */
const benchSummaries = async (server: Server, transfers: number, seconds: number): Promise<void> => {
  print(`Summaries (GET /platform/transfer-summaries, p99, ${transfers.toLocaleString('en')} transfers)`)
  await withDatabase(server.directory, (sql) => sql`vacuum analyze platform_transfers`)
  for (const [name, body] of Object.entries(filters)) {
    const path = `/platform/transfer-summaries?test=true&requestBody=${encodeURIComponent(JSON.stringify(body))}`
    const load = { port: server.port, connections: 1, method: 'GET', path, headers } as const
    await runLoad({ ...load, seconds: 1 })
    printLoads(name, [await runLoad({ ...load, seconds })])
  }
}
