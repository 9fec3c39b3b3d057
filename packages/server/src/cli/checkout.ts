import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

type Options = { readonly store: string; readonly json?: boolean }
type Row = Readonly<Record<string, unknown>>
type Actions = typeof import('./checkout-actions.ts')

/** What PortOne's console sets for a store's checkout. */
export const addCheckout = (program: Command): void => {
  const checkout = program.command('checkout').description('configure how shoppers pay in a store')
  withStore(checkout.command('setting'))
    .description("show or change the store's checkout settings")
    .addOption(new Option('--require-confirm-url <state>', 'refuse requests without confirmUrl').choices(['on', 'off']))
    .addOption(
      new Option('--webhook-first <state>', 'deliver the webhook before the browser gets the result').choices([
        'on',
        'off',
      ]),
    )
    .action((options: Options & { requireConfirmUrl?: string; webhookFirst?: string }) =>
      run(options, (actions, sql) =>
        actions.settingChanged(sql, options.store, {
          ...(options.requireConfirmUrl && { requiresConfirmUrl: options.requireConfirmUrl === 'on' }),
          ...(options.webhookFirst && { webhookFirst: options.webhookFirst === 'on' }),
        }),
      ),
    )
  const profile = checkout.command('profile').description('manage the payment methods that payment sessions offer')
  withStore(profile.command('set <key> [offers...]'))
    .description(
      'create a profile or replace its entries, such as: set my-shop CARD_KR=channel-key KAKAO_PAY=channel-key',
    )
    .option('--name <name>', 'its display name; defaults to the key')
    .option('--live', 'of live channels')
    .option('--file <path>', 'a file of entries with conditions, as the JSON array of the admin API')
    .action((key: string, offers: string[], options: Options & { name?: string; live?: boolean; file?: string }) =>
      run(options, async (actions, sql) => {
        const entries = options.file === undefined ? offers.map(readOffer) : await readJson(options.file)
        const { store: storeId, name = key, live = false } = options
        return await actions.profileSet(sql, { storeId, profileKey: key, name, isForTest: !live }, entries)
      }),
    )
  withStore(profile.command('list'))
    .description('list profiles and their payment methods')
    .action((options: Options) => run(options, (actions, sql) => actions.profilesListed(sql, options.store)))
  withStore(profile.command('delete <key>'))
    .description('delete a profile; its sessions no longer offer any payment method')
    .action((key: string, options: Options) =>
      run(options, (actions, sql) => actions.profileDeleted(sql, options.store, key)),
    )
}

const withStore = (command: Command): Command =>
  command
    .addOption(new Option('--store <id>', 'the store').makeOptionMandatory())
    .option('--json', 'print for programs')

/** `METHOD=channel key`; a key may hold an equals sign of its own. */
const readOffer = (text: string): object => {
  const [paymentMethod = '', ...channelKey] = text.split('=')
  return { paymentMethod, channelKey: channelKey.join('=') }
}

const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new SetupError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const run = async (options: Options, action: (actions: Actions, sql: Sql) => Promise<readonly Row[]>) => {
  const configuration = readConfiguration(process.env)
  const actions = await import('./checkout-actions.ts')
  await withDatabase(configuration, async (sql) => {
    print(await action(actions, sql), options.json === true)
  })
}
