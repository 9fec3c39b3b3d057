import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

type Options = { readonly store: string; readonly test?: boolean; readonly json?: boolean }

type Actions = typeof import('./platform-actions.ts')

const roundings = ['DOWN', 'UP', 'OFF'] as const

/** The general settings of partner settlement, which PortOne has in its console. */
export const addPlatform = (program: Command): void => {
  const platform = program.command('platform').description('turn partner settlement on and off, and set its formulas')
  const commandOfBoth: NewCommand = (nameAndArguments, description) =>
    platform
      .command(nameAndArguments)
      .description(description)
      .addOption(new Option('--store <id>', 'a store of the merchant').makeOptionMandatory())
      .option('--json', 'print as JSON')
  const command: NewCommand = (nameAndArguments, description) =>
    commandOfBoth(nameAndArguments, description).option('--test', 'the test platform')
  addSwitches(commandOfBoth)
  addReading(command)
  addFormulas(command)
  addProperties(command)
}

type NewCommand = (nameAndArguments: string, description: string) => Command

const addSwitches = (command: NewCommand): void => {
  for (const name of ['enable', 'disable'] as const)
    command(name, `${name} partner settlement for the merchant, live and test; servers follow within a second`)
      .option('--tax-invoices', 'only tax invoices from partners')
      .action((options: Options & { taxInvoices?: boolean }) =>
        run(options, (actions, target) => actions.switched(target, options.taxInvoices === true, name === 'enable')),
      )
}

const addReading = (command: NewCommand): void => {
  command('show', 'show formulas, parameters and properties').action((options: Options) =>
    run(options, (actions, target) => actions.shown(target)),
  )
  command('owed', 'list payments of the store whose transfers do not match what was paid and refunded').action(
    (options: Options) => run(options, (actions, target) => actions.owed(target, options.json !== true)),
  )
}

const addFormulas = (command: NewCommand): void => {
  command('formula <name> <text>', 'set a formula: platformFee, discountShare, …, or your own')
    .addOption(new Option('--round <type>', 'how to round its result').choices(roundings).default('DOWN'))
    .action((name: string, text: string, options: Options & { round: (typeof roundings)[number] }) =>
      run(options, (actions, target) => actions.formulaSet(target, name, { formula: text, roundType: options.round })),
    )
  command('remove-formula <key>', 'remove your own formula').action((key: string, options: Options) =>
    run(options, (actions, target) => actions.formulaRemoved(target, key)),
  )
  command('vat-rounding <type>', 'how VAT is rounded: DOWN, UP or OFF (to the nearest unit)').action(
    (type: string, options: Options) => run(options, (actions, target) => actions.vatRounded(target, type)),
  )
  command('parameter <key>', 'define your own variable, which transfers may set')
    .requiredOption('--default <number>', 'its value if a transfer sets none, such as 0.25')
    .option('--name <name>', 'its name')
    .action((key: string, options: Options & { default: string; name?: string }) =>
      run(options, (actions, target) => actions.parameterDefined(target, key, options.default, options.name ?? key)),
    )
  command('remove-parameter <key>', 'remove your own variable').action((key: string, options: Options) =>
    run(options, (actions, target) => actions.parameterRemoved(target, key)),
  )
}

const addProperties = (command: NewCommand): void => {
  command('property <key>', 'define your own field of partners or transfers')
    .addOption(new Option('--of <type>', 'of what').choices(['PARTNER', 'TRANSFER']).makeOptionMandatory())
    .option('--name <name>', 'its name')
    .option('--secret', 'for administrators only')
    .action((key: string, options: Options & { of: 'PARTNER' | 'TRANSFER'; name?: string; secret?: boolean }) =>
      run(options, (actions, target) =>
        actions.propertyDefined(target, {
          key,
          name: options.name ?? key,
          objectType: options.of,
          isSecret: options.secret === true,
        }),
      ),
    )
  command('remove-property <key>', 'remove your own field; its existing values stay')
    .addOption(new Option('--of <type>', 'of what').choices(['PARTNER', 'TRANSFER']).makeOptionMandatory())
    .action((key: string, options: Options & { of: 'PARTNER' | 'TRANSFER' }) =>
      run(options, (actions, target) => actions.propertyRemoved(target, key, options.of)),
    )
}

type Target = Parameters<Actions['shown']>[0]

const run = async (
  options: Options,
  action: (actions: Actions, target: Target) => Promise<readonly Readonly<Record<string, unknown>>[]>,
) => {
  const configuration = readConfiguration(process.env)
  const actions = await import('./platform-actions.ts')
  await withDatabase(configuration, async (sql) => {
    const target = await actions.targetOf(sql, configuration, options.store, options.test === true)
    print(await action(actions, target), options.json === true)
  })
}
