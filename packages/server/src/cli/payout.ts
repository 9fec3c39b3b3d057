import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { withDatabase } from './database.ts'
import { addBooks } from './payout-books.ts'
import { addPaying } from './payout-paying.ts'
import { print } from './table.ts'

type Options = { readonly store: string; readonly json?: boolean }

type Actions = typeof import('./payout-actions.ts')

const storeOption = () => new Option('--store <id>', 'a store of the merchant').makeOptionMandatory()

/** Paying partners as the admin API does, who may do so, and the calendar that dates settlements. */
export const addPayout = (program: Command): void => {
  const payout = program
    .command('payout')
    .description('pay partners, and set who may do so and on which days banks are closed')
  addPaying(payout)
  addBooks(payout)
  addAdmins(payout.command('admin').description('create, list and revoke secrets of the admin API'))
  addApprovers(payout.command('approver').description('register people who approve payouts with an authenticator'))
  addHolidays(payout.command('holiday').description('correct the calendar of bank holidays'))
  payout
    .command('second-factor <on|off>')
    .description('require a second factor for payouts; only sandbox stores can turn it off')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((state: string, options: Options) =>
      run(options, async (actions, sql) => {
        if (state !== 'on' && state !== 'off') throw new SetupError('Give on or off.')
        await actions.setSecondFactor(sql, options.store, state === 'on')
        return [{ store: options.store, secondFactor: state }]
      }),
    )
}

const addAdmins = (admin: Command): void => {
  admin
    .command('create [name]')
    .description('create a secret of the admin API')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((name: string | undefined, options: Options) =>
      run(options, async (actions, sql) => [await actions.createAdmin(sql, options.store, name ?? 'command line')]),
    )
  admin
    .command('list')
    .description('list the secrets of the admin API, without their values')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((options: Options) => run(options, (actions, sql) => actions.listAdmins(sql, options.store)))
  admin
    .command('revoke <id>')
    .description('revoke a secret of the admin API')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((id: string, options: Options) =>
      run(options, async (actions, sql) => [await actions.revokeAdmin(sql, options.store, id)]),
    )
}

const addApprovers = (approver: Command): void => {
  approver
    .command('add <name>')
    .description('register an approver; put the URI into an authenticator app, it is not shown again')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((name: string, options: Options) =>
      run(options, async (actions, sql) => [
        await actions.addApprover(sql, readConfiguration(process.env), options.store, name),
      ]),
    )
  approver
    .command('list')
    .description('list approvers')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((options: Options) => run(options, (actions, sql) => actions.listApprovers(sql, options.store)))
  approver
    .command('revoke <id>')
    .description('revoke an approver')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((id: string, options: Options) =>
      run(options, async (actions, sql) => [await actions.removeApprover(sql, options.store, id)]),
    )
}

const addHolidays = (holiday: Command): void => {
  holiday
    .command('list <year>')
    .description('list the bank holidays of a year, with your corrections')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((year: string, options: Options) =>
      run(options, (actions, sql) => actions.listHolidays(sql, options.store, year)),
    )
  holiday
    .command('add <date> <name>')
    .description('mark banks as closed on this day, such as 2026-06-03, or as open, with --open')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .option('--open', 'banks are open, although it is a holiday')
    .action((date: string, name: string, options: Options & { open?: boolean }) =>
      run(options, async (actions, sql) => [
        await actions.putHoliday(sql, options.store, { date, name, isClosed: options.open !== true }),
      ]),
    )
  holiday
    .command('remove <date>')
    .description('follow the public calendar on this day again')
    .addOption(storeOption())
    .option('--json', 'print as JSON')
    .action((date: string, options: Options) =>
      run(options, async (actions, sql) => [await actions.removeHoliday(sql, options.store, date)]),
    )
}

/** The modules are loaded only for the commands that need them. */
const run = async (
  { json = false }: Options,
  work: (actions: Actions, sql: Sql) => Promise<readonly object[]>,
): Promise<void> => {
  const actions = await import('./payout-actions.ts')
  const rows = await withDatabase(readConfiguration(process.env), (sql) => work(actions, sql))
  print(
    rows.map((row) => ({ ...row })),
    json,
  )
}
