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

/** Compares movements with a PG's file and lists the differences. */
export const addReconciliation = (program: Command): void => {
  const reconciliation = program
    .command('reconciliation')
    .description("compare payments with a payment gateway's files")
  for (const [name, kind] of kinds) {
    withDays(reconciliation.command(`import-${name} <file>`))
      .description(`import a CSV file of ${name}; a file for the same days replaces it`)
      .action(async (file: string, options: Options) => {
        const csv = await readFile(file, 'utf8').catch(() => {
          throw new SetupError(`The file ${file} cannot be read.`)
        })
        const imported = await run(options, (actions, place) => actions.take(place, kind, csv))
        print([imported], options.json ?? false)
      })
    withDays(reconciliation.command(`${name}`))
      .description(`list the ${name} that do not match`)
      .option('--all', 'also those that match')
      .option('--card-rate <hundredths of a percent>', "the contract's rate for cards; 300 is 3 %", '300')
      .option('--account-fee <amount>', "the contract's fee for a deposit", '300')
      .option('--payout-after <days>', 'business days until the payout', '2')
      .action(async (options: ReportOptions) => {
        const findings = await run(options, (actions, place) => actions.report(place, kind, options))
        print(findings, options.json ?? false)
        // For scripts: exit code 1 if there are differences.
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
    .option('--json', 'print as JSON')

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
