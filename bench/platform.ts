import type { Sql } from '../packages/server/src/db/connect.ts'
import { sandboxStore } from '../packages/server/src/merchants/testing/store.ts'
import { generatePayouts } from '../packages/server/src/platform/payouts/generate.ts'
import { prepareBulkPayout } from '../packages/server/src/platform/payouts/prepare.ts'
import type { PlatformRequest } from '../packages/server/src/platform/platform.ts'
import { amountColumns, groupColumns } from '../packages/server/src/platform/settlements/amounts.ts'
import { settleDay } from '../packages/server/src/platform/settlements/settle.ts'
import { contract, copyPartners, copyTransfers, order, partner, partners, today } from './platform-data.ts'
import { benchPlatformLists, benchSheet } from './platform-lists.ts'
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
const few = 10_000

/** Partner settlement: registering orders, settling and collecting a month of them, and reading them in lists. */
export const benchPlatform = async (transfers: number, seconds: number): Promise<void> => {
  await withServer(async (server) => {
    await configure(server)
    await benchPosting(server, seconds)
  })
  await withServer(async (server) => {
    await configure(server)
    const paymentId = 'model'
    await call(server, 'POST', '/platform/transfers/order?test=true', JSON.stringify({ ...order, paymentId }))
    await withDatabase(server.directory, async (sql) => {
      await copyPartners(sql)
      await copyTransfers(sql, false, few)
      await settleAndCollect(sql, false)
    })
    await benchSettling(server, transfers)
    await benchPlatformLists(server, seconds, few, transfers)
    await benchSheet(server, transfers)
  })
}

const configure = async (server: Server): Promise<void> => {
  await call(server, 'POST', '/platform/contracts?test=true', JSON.stringify(contract))
  await call(server, 'POST', '/platform/partners?test=true', JSON.stringify(partner))
}

/** In turns with payments, because machines are noisy. */
const benchPosting = async (server: Server, seconds: number): Promise<void> => {
  print('Order transfers (POST /platform/transfers/order, one durable commit each) beside card payments')
  const path = '/platform/transfers/order?test=true'
  const body = JSON.stringify(order)
  const post = (connections: number, length: number) =>
    runLoad({ port: server.port, connections, seconds: length, method: 'POST', path, headers, body })
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

/**
 * A month of transfers of many partners, settled and collected into payouts by the code that the server runs, beside the
 * bare statement that makes the same sums and moves nothing.
 */
const benchSettling = async (server: Server, transfers: number): Promise<void> => {
  print(`Settling ${transfers.toLocaleString('en')} order transfers of ${partners.toLocaleString('en')} partners`)
  await withDatabase(server.directory, async (sql) => {
    const copied = await timed(() => copyTransfers(sql, true, transfers))
    printRow('writing them, which is no part of it', milliseconds(copied))
    // Twice, so that neither side is the first to read the table.
    await sumBare(sql)
    const floor = await timed(() => sumBare(sql))
    const { settled, settling, collecting } = await settleAndCollect(sql, true)
    printRow('insert ... select ... group by', milliseconds(floor))
    printRow(
      'settled',
      `${milliseconds(settling)}   ${rate((1_000 * settled) / settling)} of ${settled.toLocaleString('en')}`,
    )
    printRow('collected into payouts', milliseconds(collecting))
    printTarget('ratio', (settling + collecting) / floor, { bound: 'at most', limit: 3, show: ratio })
    printRow('memory of this process', `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`)
    await sql`vacuum analyze`
  })
}

const settleAndCollect = async (sql: Sql, isForTest: boolean) => {
  const request = await requestOf(sql, isForTest)
  const days = await daysOf(sql, isForTest)
  let settled = 0
  const settling = await timed(async () => {
    for (const day of days) settled += await settleDay(sql, request, day)
  })
  // As the server does once a day is done.
  await sql`delete from platform_days where is_for_test = ${isForTest} and day <= ${today}`
  const collecting = await timed(async () => {
    for (let first = 0; first < days.length; first += 10)
      await collect(sql, request, `bulk-${first}`, days.slice(first, first + 10))
  })
  return { settled, settling, collecting }
}

/** As many days as PortOne's console takes at once. */
const collect = async (
  sql: Sql,
  request: PlatformRequest,
  bulkPayoutId: string,
  settlementDates: readonly string[],
) => {
  const actor = 'bench'
  await prepareBulkPayout(sql, request, { bulkPayoutId, name: bulkPayoutId, settlementDates, actor })
  const generated = await generatePayouts(sql, request, bulkPayoutId, actor)
  if (!('generated' in generated) || generated.unpaid.length > 0) printRow('', `${bulkPayoutId} FAILED`)
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now()
  await work()
  return performance.now() - since
}

const requestOf = async (sql: Sql, isForTest: boolean): Promise<PlatformRequest> => {
  const [{ merchantId, storeId }] = await sql<[{ merchantId: string; storeId: string }]>`
    select merchant_id as "merchantId", store_id as "storeId" from platform_transfers limit 1`
  return {
    platform: { merchantId, isForTest, store: sandboxStore({ merchantId, storeId }) },
    now: Date.parse(`${today}T00:00:00+09:00`),
  }
}

const daysOf = async (sql: Sql, isForTest: boolean): Promise<readonly string[]> => {
  const rows = await sql<{ day: string }[]>`
    select distinct settlement_date as day from platform_transfers
    where is_for_test = ${isForTest} and starts_with(transfer_id, 'copy-') and settlement_date <= ${today} order by day`
  return rows.map(({ day }) => day)
}

/** What the same sums cost when nothing is changed of any transfer. */
const sumBare = async (sql: Sql): Promise<void> => {
  const groups = sql.unsafe(groupColumns.join(', '))
  const sums = sql.unsafe(amountColumns.map((column) => `sum(${column}) as ${column}`).join(', '))
  await sql`create temporary table bare as
    select ${groups}, count(*), ${sums} from platform_transfers
    where is_for_test and status = 'IN_PROCESS' and settlement_date <= ${today} group by ${groups}`
  await sql`drop table bare`
}
