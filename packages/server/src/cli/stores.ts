import { type Command, Option } from 'commander'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import type { Obstacle } from '../merchants/setup.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Environment, Store } from '../merchants/store.ts'
import { targetRefusal } from '../webhooks/target-guard.ts'
import { environmentOption, type Json, requireStore, run, storeOption } from './setup-command.ts'

export const addStores = (store: Command): void => {
  addCreate(store)
  addList(store)
  addWebhook(store)
  addEmpty(store)
}

const addCreate = (store: Command): void => {
  store
    .command('create <name>')
    .description('create a sandbox store, or with --live a live one')
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
        const wanted = { merchantId, storeId: options.id, name, mode, isRepresentative } as const
        const storeId = await setup.createStore(sql, wanted, await rehearsal(sql, wanted))
        return [{ merchant: merchantId, store: storeId, mode }]
      }, options),
    )
}

/** A sandbox's merchant may have rehearsed its live books. Its first live store would have them settled and paid out. */
const rehearsal = async (
  sql: Sql,
  { merchantId, mode }: Pick<Store, 'merchantId' | 'mode'>,
): Promise<Obstacle | undefined> => {
  if (mode === 'SANDBOX') return undefined
  const [live] = await sql`select 1 from stores where merchant_id = ${merchantId} and mode = 'LIVE' limit 1`
  if (live) return undefined
  const { liveBooks } = await import('../platform/rehearsed.ts')
  return {
    rows: liveBooks(sql, merchantId),
    problem:
      `${merchantId} is a sandbox's merchant, and has rehearsed live partner settlement: with a live store its books would ` +
      'become real, and be paid out. Leave --merchant out, so that the live store has a merchant of its own; or reset the ' +
      "sandbox with the merchant's own secret first (POST /sandbox/reset).",
  }
}

const addList = (store: Command): void => {
  store
    .command('list')
    .description('list stores')
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
}

const addWebhook = (store: Command): void => {
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

const addEmpty = (store: Command): void => {
  store
    .command('empty <id>')
    .description(
      'show how many rows a sandbox store has per table, and with --yes delete them; its configuration stays',
    )
    .option('--yes', 'delete them; without this nothing is changed')
    .option('--json', 'print as JSON')
    .action((storeId: string, { yes = false, ...options }: Json & { yes?: boolean }) =>
      run(
        async (sql) => {
          const { emptyStore, rowsOfStore } = await import('../sandbox/empty.ts')
          const { merchantId, mode } = await requireStore(sql, storeId)
          if (mode !== 'SANDBOX')
            throw new SetupError(
              `${storeId} is a live store. Only sandbox stores can be emptied: the law requires payments to be kept.`,
            )
          const rows = await rowsOfStore(sql, storeId)
          if (yes) await emptyStore(sql, { merchantId, storeId })
          else if (!options.json && rows.length > 0) process.stdout.write('To delete these rows, add --yes.\n\n')
          return [...rows]
        },
        options,
        { statementTimeout: 0 },
      ),
    )
}

/** The merchant that already has stores of this mode: a new store joins them. */
const findMerchant = async (sql: Sql, mode: string): Promise<string | undefined> => {
  const [known] = await sql<{ merchant_id: string }[]>`
    select merchant_id from stores where mode = ${mode} order by created_at limit 1`
  return known?.merchant_id
}

/** Why no webhook to this URL could be delivered. */
const webhookUrlProblem = (url: string, mode: Store['mode'], configuration: Configuration): string | undefined => {
  const problem = webUrlProblem(url)
  if (problem !== undefined) return `The webhook URL must ${problem}.`
  return targetRefusal(configuration, mode === 'LIVE', url)
}
