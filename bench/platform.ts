import type { Sql } from '../packages/server/src/db/connect.ts'
import { sandboxStore } from '../packages/server/src/merchants/testing/store.ts'
import { generatePayouts } from '../packages/server/src/platform/payouts/generate.ts'
import { prepareBulkPayout } from '../packages/server/src/platform/payouts/prepare.ts'
import type { PlatformRequest } from '../packages/server/src/platform/platform.ts'
import { amountColumns, groupColumns } from '../packages/server/src/platform/settlements/amounts.ts'
import { settleDay } from '../packages/server/src/platform/settlements/settle.ts'
import { contract, copyPartners, copyTransfers, order, partner, partners, today } from './platform-data.ts'
import { benchPlatformLists, benchSheet } from './platform-lists.ts'
import { cpuOfPostgres } from './processes.ts'
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
  await withTransfers(async (server) => {
    await benchSettling(server, transfers)
    await benchPlatformLists(server, seconds, few, transfers)
    await benchSheet(server, transfers)
  })
}

/** The part of it that settles and collects. */
export const benchSettlingAlone = (transfers: number): Promise<void> =>
  withTransfers((server) => benchSettling(server, transfers))

/** The part of it that streams every transfer. */
export const benchSheetAlone = (transfers: number): Promise<void> =>
  withTransfers(async (server) => {
    await withDatabase(server.directory, (sql) => copyTransfers(sql, true, transfers))
    await benchSheet(server, transfers)
  })

/** A server that has settled a few transfers of its live platform. */
const withTransfers = (run: (server: Server) => Promise<void>): Promise<void> =>
  withServer(async (server) => {
    await configure(server)
    const paymentId = 'model'
    await call(server, 'POST', '/platform/transfers/order?test=true', JSON.stringify({ ...order, paymentId }))
    await withDatabase(server.directory, async (sql) => {
      await copyPartners(sql)
      await copyTransfers(sql, false, few)
      await settleAndCollect(sql, false, timer(server))
    })
    await run(server)
  })

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
 * A month of transfers of many partners, settled and collected into payouts by the code that the server runs, each beside bare
 * statements that write the same rows once. By the CPU time of PostgreSQL, which other programs on the machine change least.
 */
const benchSettling = async (server: Server, transfers: number): Promise<void> => {
  print(`Settling ${transfers.toLocaleString('en')} order transfers of ${partners.toLocaleString('en')} partners`)
  await withDatabase(server.directory, async (sql) => {
    const timed = timer(server)
    const copied = await timed(() => copyTransfers(sql, true, transfers))
    printRow('writing them, which is no part of it', milliseconds(copied.elapsed))
    // Twice, so that neither side is the first to read the table.
    await sumBare(sql)
    const sums = await timed(() => sumBare(sql))
    const floor = await timed(() => foundBare(sql))
    const { settled, settling, leastCollecting, collecting } = await settleAndCollect(sql, true, timed)
    const time = ({ cpu, elapsed }: Time) => `${milliseconds(cpu)} of PostgreSQL, ${milliseconds(elapsed)} in all`
    printRow('the sums alone, without a key', time(sums))
    printRow('insert ... select ... group by', time(floor))
    printRow('settled', `${time(settling)}   ${settled.toLocaleString('en')} transfers`)
    printRow('ratio to the sums alone', ratio(settling.cpu / sums.cpu))
    printTarget('ratio', settling.cpu / floor.cpu, { bound: 'at most', limit: 3, show: ratio })
    printRow('payouts, each row written once', time(leastCollecting))
    printRow('collected into payouts', time(collecting))
    printTarget('ratio', collecting.cpu / leastCollecting.cpu, { bound: 'at most', limit: 3, show: ratio })
    printRow('memory of this process', `${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`)
    await sql`vacuum analyze`
  })
}

type Time = { readonly elapsed: number; readonly cpu: number }
type Timed = (work: () => Promise<unknown>) => Promise<Time>

/** Milliseconds that work takes, and of CPU of the server's PostgreSQL. Off Linux the first stands for the second. */
const timer =
  ({ directory }: Server): Timed =>
  async (work) => {
    const before = await cpuOfPostgres(directory)
    const since = performance.now()
    await work()
    const elapsed = performance.now() - since
    return { elapsed, cpu: (await cpuOfPostgres(directory)) - before || elapsed }
  }

const settleAndCollect = async (sql: Sql, isForTest: boolean, timed: Timed) => {
  const request = await requestOf(sql, isForTest)
  const days = await daysOf(sql, isForTest)
  let settled = 0
  const settling = await timed(async () => {
    for (const day of days) settled += await settleDay(sql, request, day)
  })
  // As the server does once a day is done.
  await sql`delete from platform_days where is_for_test = ${isForTest} and day <= ${today}`
  const leastCollecting = await collectBare(sql, days, timed)
  const collecting = await timed(async () => {
    for (let first = 0; first < days.length; first += daysAtOnce)
      await collect(sql, request, `bulk-${first}`, days.slice(first, first + daysAtOnce))
  })
  return { settled, settling, leastCollecting, collecting }
}

/** As PortOne's console takes at once. */
const daysAtOnce = 10

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

/**
 * What collecting cannot do without: a payout for each partner with the beginning of its history, and the row of each of its
 * settlements moved to it, once. As bare statements, which are taken back.
 */
const collectBare = async (sql: Sql, days: readonly string[], timed: Timed): Promise<Time> => {
  let time: Time = { elapsed: 0, cpu: 0 }
  const undone = new Error('taken back')
  const bare = sql.begin(async (sql) => {
    time = await timed(async () => {
      for (let first = 0; first < days.length; first += daysAtOnce)
        await moveToPayouts(sql, days.slice(first, first + daysAtOnce))
    })
    throw undone
  })
  await bare.catch((error) => {
    if (error !== undone) throw error
  })
  await sql`vacuum analyze platform_partner_settlements, platform_payouts, platform_payout_events`
  return time
}

const moveToPayouts = async (sql: Sql, days: readonly string[]): Promise<void> => {
  await sql`
    with written as (
      insert into platform_payouts (merchant_id, is_for_test, payout_id, bulk_payout_id, store_id, partner_id,
        partner_version, partner_type, method, status, status_updated_at, bank, account_number, account_holder, currency,
        amount, supply_amount, tax_free_amount, vat_amount, settlement_amount, settlement_tax_free, income_tax,
        local_income_tax, deduct_wht, settlement_amount_type, created_at)
      select merchant_id, is_for_test, 'po-' || md5(${days[0] ?? ''} || partner_id), ${days[0] ?? ''}, min(store_id), partner_id,
        max(partner_version), 'WHT_PAYER', 'AGENCY', 'CONFIRMED', now(), 'KOOKMIN', '12345678901', '홍길동', currency,
        sum(settlement), sum(settlement), 0, 0, sum(settlement), 0, 0, 0, true, 'GROSS', now()
      from platform_partner_settlements where is_for_test and settlement_date = any(${[...days]}::text[])
      group by merchant_id, is_for_test, partner_id, currency
      returning merchant_id, is_for_test, payout_id, partner_id
    ), recorded as (
      insert into platform_payout_events (merchant_id, is_for_test, payout_id, version, status, at)
      select merchant_id, is_for_test, payout_id, 1, 'CONFIRMED', now() from written
    )
    update platform_partner_settlements s set status = 'CONFIRMED', version = s.version + 1, status_updated_at = now(),
      is_open = false, is_selected = true, bulk_payout_id = ${days[0] ?? ''}, payout_id = written.payout_id
    from written
    where s.merchant_id = written.merchant_id and s.is_for_test = written.is_for_test and s.partner_id = written.partner_id
      and s.settlement_date = any(${[...days]}::text[])`
}

const groups = groupColumns.join(', ')
const sums = amountColumns.map((column) => `sum(${column}) as ${column}`).join(', ')
const waiting = `is_for_test and status = 'ASSIGNED' and settlement_date <= '${today}'`

/** What the sums cost alone, written to a table without a key. */
const sumBare = async (sql: Sql): Promise<void> => {
  await sql.unsafe(`
    create temporary table bare as
    select ${groups}, count(*), ${sums} from platform_transfers where ${waiting} group by ${groups}`)
  await sql`drop table bare`
}

/** The same sums as settlements that can be found and paid: in one statement, into a table with the same columns and keys. */
const foundBare = async (sql: Sql): Promise<void> => {
  await sql`create table bare (like platform_partner_settlements including all)`
  await sql.unsafe(`
    insert into bare (merchant_id, is_for_test, partner_settlement_id, store_id, status, status_updated_at, created_at, is_open,
      partner_version, contract_version, start_date_from, start_date_until, transfer_count, ${groups},
      ${amountColumns.join(', ')})
    select merchant_id, is_for_test, partner_settlement_id, store_id, 'PAYOUT_PREPARED', now(), now(), true,
      max(partner_version), max(contract_version), min(settlement_start_date), max(settlement_start_date), count(*),
      ${groups}, ${sums}
    from platform_transfers where ${waiting}
    group by merchant_id, is_for_test, partner_settlement_id, store_id, ${groups}`)
  await sql`drop table bare`
}
