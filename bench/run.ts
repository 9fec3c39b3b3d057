/**
 * `npm run bench`: how fast Naru is, beside something that does the same on the same machine in the same run. Only the
 * ratios mean anything elsewhere. The server is built before, as it is for its users.
 *
 *   npm run bench                       everything, with 100,000 payments in the lists
 *   npm run bench -- --large            the same with 1,000,000
 *   npm run bench -- payments lists     these parts alone
 *   npm run bench -- --rows 200000      the same with so many
 *   npm run bench -- --seconds 10       measures longer; 5 by default
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { benchCheckout } from './checkout.ts'
import { benchCpu } from './cpu.ts'
import { benchIdle } from './idle.ts'
import { benchLists } from './lists.ts'
import { benchBillingKeys, benchPayments } from './payments.ts'
import { benchPlatform, benchSettlingAlone, benchSheetAlone } from './platform.ts'
import { benchReads } from './reads.ts'
import { benchSchedules } from './schedules.ts'
import { benchMemory, benchStart } from './start.ts'
import { benchStatements } from './statements.ts'
import { benchStorage } from './storage.ts'
import { print } from './support.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: 'boolean', default: false },
    rows: { type: 'string' },
    seconds: { type: 'string', default: '5' },
  },
})
const seconds = Number(values.seconds)
const rows = Number(values.rows ?? (values.large ? 1_000_000 : 100_000))

const parts: Readonly<Record<string, () => Promise<void>>> = {
  payments: () => benchPayments(seconds),
  'billing-keys': () => benchBillingKeys(seconds),
  checkout: () => benchCheckout(seconds),
  cpu: () => benchCpu(seconds),
  schedules: benchSchedules,
  reads: () => benchReads(seconds),
  start: benchStart,
  memory: benchMemory,
  lists: () => benchLists(rows, seconds),
  statements: benchStatements,
  storage: () => benchStorage(seconds),
  idle: benchIdle,
  platform: () => benchPlatform(rows, seconds),
  settling: () => benchSettlingAlone(rows),
  sheet: () => benchSheetAlone(rows),
}

const unknown = positionals.filter((name) => !(name in parts))
if (unknown.length > 0 || !(seconds > 0) || !(rows > 0)) {
  process.stderr.write(
    `Give any of ${Object.keys(parts).join(', ')}; nothing for all. --seconds and --rows take a number.\n`,
  )
  process.exit(2)
}
print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`)
for (const [name, run] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  await run()
  print()
}
