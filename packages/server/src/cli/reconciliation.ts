import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import type { FileKind } from '../gateways/port/file.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

type Options = {
  readonly store: string
  readonly channel: string
  readonly from: string
  readonly until: string
  readonly json?: boolean
}

type ReportOptions = Options & {
  readonly cardRate: string
  readonly accountFee: string
  readonly payoutAfter: string
  readonly all?: boolean
}

const kinds: readonly (readonly [string, FileKind])[] = [
  ['transactions', 'TRANSACTION'],
  ['settlements', 'SETTLEMENT'],
]

/** Comparing what moved with what the PG says: its file goes in, the differences come out. */
export const addReconciliation = (program: Command): void => {
  const reconciliation = program
    .command('reconciliation')
    .description('compare what was paid with the files of a payment gateway')
  for (const [name, kind] of kinds) {
    withDays(reconciliation.command(`import-${name} <file>`))
      .description(`take in a CSV file of ${name}; the same days again take its place`)
      .action(async (file: string, options: Options) => {
        const csv = await readFile(file, 'utf8').catch(() => {
          throw new SetupError(`The file ${file} cannot be read.`)
        })
        const imported = await run(options, (actions, place) => actions.take(place, kind, csv))
        print([imported], options.json ?? false)
      })
    withDays(reconciliation.command(`${name}`))
      .description(`what of the ${name} does not agree`)
      .option('--all', 'also what agrees')
      .option('--card-rate <hundredths of a percent>', "the contract's rate for cards; 300 is 3 %", '300')
      .option('--account-fee <amount>', "the contract's fee for a deposit", '300')
      .option('--payout-after <days>', 'business days until the payout', '2')
      .action(async (options: ReportOptions) => {
        const findings = await run(options, (actions, place) => actions.report(place, kind, options))
        print(findings, options.json ?? false)
        // For scripts: 1 says that somebody has to look.
        if (findings.some(({ outcome }) => outcome !== 'MATCHED')) process.exitCode = 1
      })
  }
}

const withDays = (command: Command): Command =>
  command
    .addOption(new Option('--store <id>', 'the store').makeOptionMandatory())
    .addOption(new Option('--channel <key>', 'the channel whose gateway it is').makeOptionMandatory())
    .addOption(new Option('--from <day>', 'the first day in Korea, such as 2026-03-01').makeOptionMandatory())
    .addOption(new Option('--until <day>', 'the last day, inclusive').makeOptionMandatory())
    .option('--json', 'print for programs')

type Actions = typeof import('./reconciliation-actions.ts')
type Place = Awaited<ReturnType<Actions['placeOf']>>

/** The actions are loaded only for the commands that need them. */
const run = async <Value>(
  options: Options,
  work: (actions: Actions, place: Place) => Promise<Value>,
): Promise<Value> => {
  const configuration = readConfiguration(process.env)
  const actions = await import('./reconciliation-actions.ts')
  return withDatabase(configuration, async (sql) => work(actions, await actions.placeOf(sql, configuration, options)))
}
