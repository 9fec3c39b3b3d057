import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { PlatformTransferFilterInput } from '@naru/contract'
import {
  headers,
  median,
  medianRatio,
  milliseconds,
  print,
  printRow,
  printTarget,
  ratio,
  runLoad,
  type Server,
} from './support.ts'

const march = { from: '2026-03-02', until: '2026-03-31' }
const oneDay = { from: '2026-03-10', until: '2026-03-10' }

/**
 * Every filter that a list of transfers has, by itself, and those together of which one is rare. What is common by itself and
 * excludes each other, such as a contract and a channel that it never has, is read to the end: no index has it.
 */
const filters: Readonly<Record<string, PlatformTransferFilterInput>> = {
  'newest first': {},
  'settlement day': { settlementDateRange: oneDay },
  'settlement month': { settlementDateRange: march },
  'start day': { settlementStartDateRange: oneDay },
  'start month': { settlementStartDateRange: march },
  'tag of 100 partners': { partnerTags: ['tenth'] },
  'one contract': { contractIds: ['contract-1'] },
  'two contracts': { contractIds: ['contract-1', 'contract-2'] },
  'shared discount policy': { discountSharePolicyIds: ['share-1'] },
  'shared fee policy': { additionalFeePolicyIds: ['fee-1'] },
  'payment method': { paymentMethodTypes: ['CARD'] },
  channel: { channelKeys: ['channel-1'] },
  type: { types: ['ORDER'] },
  'type of none': { types: ['MANUAL'] },
  'status SCHEDULED': { statuses: ['SCHEDULED'] },
  'status IN_PROCESS': { statuses: ['IN_PROCESS'] },
  'status PAYOUT_CONFIRMED': { statuses: ['PAYOUT_CONFIRMED'] },
  'status of none': { statuses: ['PAID_OUT'] },
  'user-defined property': { userDefinedProperty: { key: 'channel', value: '7' } },
  'keyword all': { keyword: { all: '77' } },
  'keyword all, an id': { keyword: { all: 'copy-77' } },
  'keyword paymentId': { keyword: { paymentId: 'copy-77' } },
  'keyword transferId': { keyword: { transferId: 'copy-77' } },
  'keyword transferMemo': { keyword: { transferMemo: 'MO 77' } },
  'keyword productId': { keyword: { productId: 'product-7' } },
  'keyword productName': { keyword: { productName: '티셔츠 7' } },
  'keyword partnerId': { keyword: { partnerId: 'partner-7' } },
  'keyword partnerName': { keyword: { partnerName: '너 77' } },
  'keyword partnerMemo': { keyword: { partnerMemo: 'OF 77' } },
  'keyword partnerSettlementId': { keyword: { partnerSettlementId: 'PST-A' } },
  'keyword payoutId': { keyword: { payoutId: 'po-none' } },
  'a partner and IN_PROCESS': { keyword: { partnerId: 'partner-7' }, statuses: ['IN_PROCESS'] },
  'a partner and a status of none': { keyword: { partnerId: 'partner-7' }, statuses: ['PAID_OUT'] },
  'a partner and SCHEDULED': { keyword: { partnerId: 'partner-51' }, statuses: ['SCHEDULED'] },
  'a contract and a status of none': { contractIds: ['contract-1'], statuses: ['PAID_OUT'] },
  'a tag and a status of none': { partnerTags: ['tenth'], statuses: ['PAID_OUT'] },
  'a contract and a channel': { contractIds: ['contract-1'], channelKeys: ['channel-2'] },
  'a contract, a channel and a method': {
    contractIds: ['contract-1'],
    channelKeys: ['channel-2'],
    paymentMethodTypes: ['CARD'],
  },
  'a product and a settlement month': { keyword: { productId: 'product-7' }, settlementDateRange: march },
  'a partner and a settlement day': { keyword: { partnerId: 'partner-7' }, settlementDateRange: oneDay },
}

const rounds = 3

/**
 * The slowest one in a hundred lists of the live environment, which has few transfers, and of the test environment, which
 * has many: in turns, because machines are noisy.
 */
export const benchPlatformLists = async (server: Server, seconds: number, few: number, many: number): Promise<void> => {
  print(
    `Summaries (GET /platform/transfer-summaries, p99, ${few.toLocaleString('en')} and ${many.toLocaleString('en')})`,
  )
  for (const [name, filter] of Object.entries(filters)) {
    const list = async (isForTest: boolean, length: number): Promise<number> => {
      const query = `test=${isForTest}&requestBody=${encodeURIComponent(JSON.stringify({ filter }))}`
      const path = `/platform/transfer-summaries?${query}`
      const load = { port: server.port, connections: 1, seconds: length, method: 'GET', path, headers }
      const { p99, failures } = await runLoad(load)
      if (failures > 0) printRow(name, `${failures} requests FAILED`)
      return p99
    }
    await list(false, seconds / 20)
    await list(true, seconds / 20)
    const [ofFew, ofMany] = [[] as number[], [] as number[]]
    for (let round = 0; round < rounds; round++) {
      ofFew.push(await list(false, seconds / 5))
      ofMany.push(await list(true, seconds / 5))
    }
    const both = `${milliseconds(median(ofFew))} and ${milliseconds(median(ofMany))}`
    printTarget(`${name}, ${both}`, medianRatio(ofMany, ofFew), { bound: 'at most', limit: 1.5, show: ratio })
  }
}

/** Clients that read slowly, each so many bytes a second, for so many seconds. */
const [slowClients, slowBytes, slowSeconds] = [16, 300_000, 30]

/** All transfers as CSV: by one client as fast as they come, and by many slow ones at once. */
export const benchSheet = async (server: Server, transfers: number): Promise<void> => {
  print(`The sheet of ${transfers.toLocaleString('en')} transfers`)
  const since = performance.now()
  const alone = await highestMemory(server, () => readSheet(server))
  printRow(`${Math.round(alone.result / 2 ** 20)} MB`, milliseconds(performance.now() - since))
  const together = await highestMemory(server, () =>
    Promise.all(Array.from({ length: slowClients }, () => readSheet(server, slowBytes, slowSeconds))),
  )
  for (const [name, { highest }] of [
    ['memory of the server', alone] as const,
    [`the same with ${slowClients} slow clients`, together] as const,
  ])
    printTarget(name, highest / 2 ** 20, {
      bound: 'at most',
      limit: 200,
      show: (value) => `${Math.round(value)} MB`,
    })
}

/** Reads the sheet, or what there is of it after so many seconds. Returns how many bytes came. */
const readSheet = async ({ port }: Server, bytesPerSecond?: number, seconds?: number): Promise<number> => {
  const answer = await fetch(`http://127.0.0.1:${port}/platform/transfer-summaries/sheet-file?test=true`, { headers })
  const since = performance.now()
  let bytes = 0
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length
    if (seconds !== undefined && performance.now() - since > seconds * 1_000) break
    if (bytesPerSecond !== undefined) await delay((chunk.length / bytesPerSecond) * 1_000)
  }
  return bytes
}

const highestMemory = async <Result>({ pid }: Server, work: () => Promise<Result>) => {
  let highest = 0
  const timer = setInterval(async () => {
    highest = Math.max(highest, await residentMemory(pid))
  }, 50)
  try {
    return { result: await work(), highest }
  } finally {
    clearInterval(timer)
  }
}

/** In bytes, of a process. Linux alone says it in a file. */
const residentMemory = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
}
