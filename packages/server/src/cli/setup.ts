import type { PgProvider } from '@naru/contract'
import { Argument, type Command, Option } from 'commander'
import { type Configuration, readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { windowOpenings, windowReturns } from '../gateways/sandbox/pg-window.ts'
import { type IdempotencyRule, idempotencyRules } from '../gateways/sandbox/repetition.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import { onlyInV1 } from '../merchants/pg-companies.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Environment, Store } from '../merchants/store.ts'
import { createTargetGuard } from '../webhooks/target-guard.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

type Json = { readonly json?: boolean }

/** Opens the database and loads the setup functions, both only for the commands that need them. */
const run = async (
  work: (
    sql: Sql,
    configuration: Configuration,
    setup: typeof import('../merchants/setup.ts'),
  ) => Promise<object[] | undefined>,
  { json = false }: Json,
): Promise<void> => {
  const configuration = readConfiguration(process.env)
  const setup = await import('../merchants/setup.ts')
  const rows = await withDatabase(configuration, (sql) => work(sql, configuration, setup))
  if (rows)
    print(
      rows.map((row) => ({ ...row })),
      json,
    )
  else process.stdout.write('Done.\n')
}

const encryptionOf = async (sql: Sql, configuration: Configuration) =>
  (await import('../installation.ts')).loadEncryption(sql, configuration)

const storeOption = () => new Option('--store <id>', 'the store').makeOptionMandatory()
const environmentOption = () =>
  new Option('--environment <name>', 'LIVE or TEST').choices(['LIVE', 'TEST']).default('TEST')

/** Commands that create, list and revoke what a merchant needs. */
export const addSetup = (program: Command): void => {
  addStores(program.command('store').description('create and list stores, and set where their webhooks go'))
  addChannels(program.command('channel').description('create, list and delete channels'))
  addSecrets(program.command('secret').description('create, list and revoke API secrets and webhook secrets'))
}

const addStores = (store: Command): void => {
  store
    .command('create <name>')
    .option('--id <id>', 'the store id; generated unless given')
    .option('--live', 'a live store, instead of a sandbox')
    .option('--merchant <id>', 'the merchant; a new one for a first live store unless given')
    .option('--json', 'print as JSON')
    .action((name: string, options: Json & { id?: string; live?: boolean; merchant?: string }) =>
      run(async (sql, _configuration, setup) => {
        const mode = options.live ? 'LIVE' : 'SANDBOX'
        const merchantId =
          options.merchant ?? (await findMerchant(sql, mode)) ?? (await setup.createMerchant(sql, name))
        const [first] = await sql`select 1 from stores where merchant_id = ${merchantId} and is_representative`
        const isRepresentative = first === undefined
        const storeId = await setup.createStore(sql, { merchantId, storeId: options.id, name, mode, isRepresentative })
        return [{ merchant: merchantId, store: storeId, mode }]
      }, options),
    )
  store
    .command('list')
    .option('--json', 'print as JSON')
    .action((options: Json) =>
      run(
        async (sql) => [
          ...(await sql`
        select s.store_id as store, s.name, s.mode, s.merchant_id as merchant, w.environment, w.url as webhook
        from stores s left join webhook_settings w on w.store_id = s.store_id order by s.created_at, w.environment`),
        ],
        options,
      ),
    )
  store
    .command('webhook <url>')
    .description(
      'set where the webhooks of a store go; "none" for nowhere. A store without this setting inherits it from the first store',
    )
    .addOption(storeOption())
    .addOption(environmentOption())
    .addOption(
      new Option('--webhook-version <version>', 'the version of the body')
        .choices(['2024-01-01', '2024-04-25'])
        .default('2024-04-25'),
    )
    .action(
      (
        url: string,
        options: Json & { store: string; environment: Environment; webhookVersion: '2024-01-01' | '2024-04-25' },
      ) =>
        run(async (sql, configuration, setup) => {
          const { mode } = await requireStore(sql, options.store)
          const problem = url === 'none' ? undefined : webhookUrlProblem(url, mode, configuration)
          if (problem !== undefined) throw new SetupError(problem)
          await setup.setWebhook(sql, options.store, options.environment, {
            url: url === 'none' ? null : url,
            version: options.webhookVersion,
          })
          return undefined
        }, options),
    )
}

/** The merchant that already has stores of this mode: a new store joins them. */
const findMerchant = async (sql: Sql, mode: string): Promise<string | undefined> => {
  const [known] = await sql<{ merchant_id: string }[]>`
    select merchant_id from stores where mode = ${mode} order by created_at limit 1`
  return known?.merchant_id
}

/** Why no webhook to this URL could be delivered. */
const webhookUrlProblem = (url: string, mode: Store['mode'], { allowedTargets }: Configuration): string | undefined => {
  const problem = webUrlProblem(url)
  if (problem !== undefined) return `The webhook URL must ${problem}.`
  return mode === 'LIVE' ? createTargetGuard(allowedTargets).refusal(new URL(url)) : undefined
}

const requireStore = async (sql: Sql, storeId: string): Promise<Pick<Store, 'merchantId' | 'mode'>> => {
  const [store] = await sql<Pick<Store, 'merchantId' | 'mode'>[]>`
    select merchant_id as "merchantId", mode from stores where store_id = ${storeId}`
  if (!store) throw new SetupError(`There is no store ${storeId}. See: naru store list`)
  return store
}

/** `key=percentage`; a key may contain an equals sign itself. */
const readMember = (text: string) => {
  const equals = text.lastIndexOf('=')
  return { channelKey: text.slice(0, equals), percentage: Number(text.slice(equals + 1)) }
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
}

const addChannels = (channel: Command): void => {
  channel
    .command('create <name>')
    .description('create a sandbox channel')
    .addOption(storeOption())
    .option('--key <key>', 'the channel key; generated unless given')
    .option('--pg-provider <name>', 'the PG it plays', 'TOSSPAYMENTS')
    .option('--manual-capture', 'payments wait for POST /payments/{paymentId}/capture')
    .option('--manual-confirm', 'checkouts wait for POST /payments/{paymentId}/confirm')
    .addOption(
      new Option('--window <kind>', "our own page, or a window of the PG's own that opens so")
        .choices(['ours', ...windowOpenings])
        .default('ours'),
    )
    .addOption(
      new Option('--window-return <method>', 'how that window sends the browser back')
        .choices(windowReturns)
        .default('GET'),
    )
    .addOption(
      new Option('--idempotency <rule>', 'a repeated reference is replayed, replayed if it is the same, or done again')
        .choices(idempotencyRules)
        .default('stripe'),
    )
    .option('--json', 'print as JSON')
    .action((name: string, options: ChannelOptions) =>
      run(async (sql, configuration, setup) => {
        await requireStore(sql, options.store)
        const { PgProvider } = await import('@naru/contract')
        const providers: unknown = Object(PgProvider).enum
        if (!Array.isArray(providers) || !providers.includes(options.pgProvider))
          throw new SetupError(`${options.pgProvider} is not a PG provider of the API.`)
        if (onlyInV1.has(options.pgProvider))
          throw new SetupError(
            `${options.pgProvider} is a PG provider of the API's version 1 only. Choose another one.`,
          )
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
            ...(options.window === 'ours' ? {} : { window: options.window, windowReturn: options.windowReturn }),
          },
        })
        return [{ channelKey }]
      }, options),
    )
  channel
    .command('group <name> <channels...>')
    .description('create a group from which channels are drawn by share, such as: group Half key-1=50 key-2=50')
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
    .option('--json', 'print as JSON')
    .action((options: Json) =>
      run(
        async (sql) => [
          ...(await sql`
        select store_id as store, channel_key as key, name, type, adapter, pg_provider as "pgProvider",
          manual_capture as "manualCapture",
          manual_confirm as "manualConfirm" from channels where deleted_at is null order by store_id, created_at`),
        ],
        options,
      ),
    )
  channel
    .command('delete <key>')
    .addOption(storeOption())
    .action((key: string, options: Json & { store: string }) =>
      run(async (sql, _configuration, setup) => {
        await setup.deleteChannel(sql, options.store, key)
        return undefined
      }, options),
    )
}

const readExpiry = async (text: string): Promise<Instant> => {
  const { isDateTime } = await import('@naru/contract')
  const instant = isDateTime(text) ? fromIso(text) : undefined
  if (instant !== undefined) return instant
  throw new SetupError(`${text} is not a date-time. Write it like 2027-01-31T00:00:00Z.`)
}

const addSecrets = (secret: Command): void => {
  secret
    .command('create [name]')
    .description('create an API secret for a store and its merchant, or with --webhook a webhook secret')
    .addOption(storeOption())
    .option('--store-only', 'valid for this store only, not for the whole merchant')
    .option('--webhook', 'a webhook secret; two can be valid at once, for rotation')
    .option(
      '--expires <instant>',
      'until when an API secret is valid, such as 2027-01-31T00:00:00Z; without it, it does not expire',
    )
    .addOption(environmentOption())
    .option('--json', 'print as JSON')
    .action(
      (
        name: string | undefined,
        options: Json & {
          store: string
          storeOnly?: boolean
          webhook?: boolean
          expires?: string
          environment: Environment
        },
      ) =>
        run(async (sql, configuration, setup) => {
          const { merchantId } = await requireStore(sql, options.store)
          if (options.webhook)
            return [
              await setup.addWebhookSecret(
                sql,
                await encryptionOf(sql, configuration),
                options.store,
                options.environment,
              ),
            ]
          const storeId = options.storeOnly ? options.store : undefined
          const expiresAt = options.expires === undefined ? undefined : await readExpiry(options.expires)
          return [await setup.createSecret(sql, { merchantId, storeId, name: name ?? 'command line', expiresAt })]
        }, options),
    )
  secret
    .command('list')
    .option('--json', 'print as JSON')
    .action((options: Json) =>
      run(
        async (sql) => [
          ...(await sql`
        select secret_id as id, 'API' as kind, name, coalesce(store_id, merchant_id) as scope,
          case when revoked_at is not null then 'revoked' when expires_at < now() then 'expired' else 'good' end as state
        from api_secrets
        union all
        select secret_id, 'webhook', environment, store_id, 'good' from webhook_secrets order by kind, scope`),
        ],
        options,
      ),
    )
  secret
    .command('revoke')
    .addArgument(new Argument('<id>', 'an id from: naru secret list'))
    .option('--webhook', 'a webhook secret')
    .action((id: string, options: Json & { webhook?: boolean }) =>
      run(async (sql, _configuration, setup) => {
        await (options.webhook ? setup.expireWebhookSecret(sql, id) : setup.revokeSecret(sql, id))
        return undefined
      }, options),
    )
}
