import type { PgProvider } from '@naru/contract'
import { type Command, Option } from 'commander'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { windowCharging, windowOpenings, windowReturns } from '../gateways/sandbox/pg-window.ts'
import { type IdempotencyRule, idempotencyRules } from '../gateways/sandbox/repetition.ts'
import { onlyInV1 } from '../merchants/pg-companies.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { encryptionOf, type Json, requireStore, run, type Setup, storeOption } from './setup-command.ts'

export const addChannels = (channel: Command): void => {
  addCreation(channel)
  channel
    .command('group <name> <channels...>')
    .description('create a group that picks a channel by percentage, such as: group Half key-1=50 key-2=50')
    .addOption(storeOption())
    .option('--live', 'a group of live channels')
    .option('--json', 'print as JSON')
    .action((name: string, channels: string[], options: Json & { store: string; live?: boolean }) =>
      run(async (sql, _configuration, setup) => {
        await requireStore(sql, options.store)
        const members = channels.map(readMember)
        const isForTest = !options.live
        return [
          { channelGroupId: await setup.createChannelGroup(sql, { storeId: options.store, name, isForTest, members }) },
        ]
      }, options),
    )
  channel
    .command('list')
    .description('list channels')
    .option('--store <id>', 'only this store')
    .option('--json', 'print as JSON')
    .action((options: Json & { store?: string }) =>
      run(
        async (sql) => [
          ...(await sql`
        select store_id as store, channel_key as key, name, type, adapter, pg_provider as "pgProvider",
          manual_capture as "manualCapture",
          manual_confirm as "manualConfirm" from channels
        where deleted_at is null and (${options.store ?? null}::text is null or store_id = ${options.store ?? null})
        order by store_id, created_at`),
        ],
        options,
      ),
    )
  channel
    .command('delete <key>')
    .description(
      'delete a channel; its payments can still be cancelled, but schedules fail whose billing keys no other channel holds',
    )
    .addOption(storeOption())
    .action((key: string, options: Json & { store: string }) =>
      run(async (sql, _configuration, setup) => {
        await setup.deleteChannel(sql, options.store, key)
        return undefined
      }, options),
    )
}

type ChannelOptions = Json & {
  store: string
  key?: string
  pgProvider: PgProvider
  manualCapture?: boolean
  manualConfirm?: boolean
  idempotency: IdempotencyRule
  window: 'ours' | (typeof windowOpenings)[number]
  windowReturn: (typeof windowReturns)[number]
  windowCharging: (typeof windowCharging)[number]
}

const addCreation = (channel: Command): void => {
  channel
    .command('create <name>')
    .description('create a sandbox channel')
    .addOption(storeOption())
    .option('--key <key>', 'the channel key; generated unless given')
    .option('--pg-provider <name>', 'the PG that it simulates', 'TOSSPAYMENTS')
    .option('--manual-capture', 'payments wait for POST /payments/{paymentId}/capture')
    .option('--manual-confirm', 'checkouts wait for POST /payments/{paymentId}/confirm')
    .addOption(
      new Option('--window <kind>', "our own page, or how the PG's own window opens")
        .choices(['ours', ...windowOpenings])
        .default('ours'),
    )
    .addOption(
      new Option('--window-return <method>', "how the PG's window sends the browser back")
        .choices(windowReturns)
        .default('GET'),
    )
    .addOption(
      new Option('--window-charging <when>', "whether the PG charges inside its window or at Naru's approval after it")
        .choices(windowCharging)
        .default('after'),
    )
    .addOption(
      new Option(
        '--idempotency <rule>',
        'a repeated reference is replayed, replayed only for the same request, or executed again',
      )
        .choices(idempotencyRules)
        .default('stripe'),
    )
    .option('--json', 'print as JSON')
    .action((name: string, options: ChannelOptions) =>
      run((sql, configuration, setup) => createChannel(sql, configuration, setup, name, options), options),
    )
}

const createChannel = async (
  sql: Sql,
  configuration: Configuration,
  setup: Setup,
  name: string,
  options: ChannelOptions,
) => {
  await requireStore(sql, options.store)
  const { PgProvider } = await import('@naru/contract')
  const providers: unknown = Object(PgProvider).enum
  if (!Array.isArray(providers) || !providers.includes(options.pgProvider))
    throw new SetupError(`${options.pgProvider} is not a PG provider of the API.`)
  if (onlyInV1.has(options.pgProvider))
    throw new SetupError(`${options.pgProvider} is available in version 1 of the API only. Choose another one.`)
  const channelKey = await setup.createChannel(sql, await encryptionOf(sql, configuration), {
    storeId: options.store,
    channelKey: options.key,
    name,
    type: 'TEST',
    adapter: 'sandbox',
    pgProvider: options.pgProvider,
    pgMerchantId: 'sandbox',
    manualCapture: options.manualCapture ?? false,
    manualConfirm: options.manualConfirm ?? false,
    credentials: {
      idempotency: options.idempotency,
      ...(options.window === 'ours' ? {} : ownWindow(options)),
    },
  })
  return [{ channelKey }]
}

const ownWindow = ({ window, windowReturn, windowCharging: charging }: ChannelOptions) => ({
  window,
  windowReturn,
  windowCharging: charging,
})

/** `key=percentage`; a key may contain an equals sign itself. */
const readMember = (text: string) => {
  const equals = text.lastIndexOf('=')
  return { channelKey: text.slice(0, equals), percentage: Number(text.slice(equals + 1)) }
}
