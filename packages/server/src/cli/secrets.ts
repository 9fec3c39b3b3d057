import { Argument, type Command } from 'commander'
import type { Sql } from '../db/connect.ts'
import { fromIso, type Instant, toIso } from '../kernel/clock.ts'
import { isStoreOfSecret, timeOfSecret } from '../merchants/secret-clock.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Environment } from '../merchants/store.ts'
import { encryptionOf, environmentOption, type Json, requireStore, run, storeOption } from './setup-command.ts'
import type { Row } from './table.ts'

export const addSecrets = (secret: Command): void => {
  addCreate(secret)
  addList(secret)
  addRevoke(secret)
}

const addCreate = (secret: Command): void => {
  secret
    .command('create [name]')
    .description(
      "create an API secret for a store's merchant, or for that store alone; or with --webhook a webhook secret",
    )
    .addOption(storeOption())
    .option(
      '--store-only',
      'valid for this store only; others are for the representative store unless a request names one',
    )
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
        command: Command,
      ) =>
        run(async (sql, configuration, setup) => {
          const { merchantId } = await requireStore(sql, options.store)
          if (options.webhook && options.expires !== undefined)
            throw new SetupError('--expires is for API secrets: a webhook secret is good until it is revoked.')
          if (options.webhook)
            return [
              await setup.addWebhookSecret(
                sql,
                await encryptionOf(sql, configuration),
                options.store,
                options.environment,
              ),
            ]
          if (command.getOptionValueSource('environment') === 'cli')
            throw new SetupError(
              '--environment is for webhook secrets: an API secret is valid for live and test channels.',
            )
          const storeId = options.storeOnly ? options.store : undefined
          const expiresAt =
            options.expires === undefined
              ? undefined
              : await readExpiry(options.expires, await timeOfNewSecret(sql, merchantId, storeId))
          const created = await setup.createSecret(sql, {
            merchantId,
            storeId,
            name: name ?? 'command line',
            expiresAt,
          })
          return [{ ...created, defaultStore: storeId ?? (await representativeOf(sql, merchantId)) }]
        }, options),
    )
}

/** The store of requests that name none, if the secret is the merchant's. */
const representativeOf = async (sql: Sql, merchantId: string): Promise<string> => {
  const [store] = await sql<[{ id: string }]>`
    select store_id as id from stores where merchant_id = ${merchantId} and is_representative`
  return store.id
}

const addList = (secret: Command): void => {
  secret
    .command('list')
    .description('list API secrets and webhook secrets, without their values')
    .option('--store <id>', "only this store's, and its merchant's")
    .option('--json', 'print as JSON')
    .action((options: Json & { store?: string }) => run((sql) => secretsOf(sql, options.store), options))
}

const secretsOf = async (sql: Sql, storeId: string | undefined): Promise<Row[]> => {
  const merchantId = storeId === undefined ? undefined : (await requireStore(sql, storeId)).merchantId
  const isOfStore = storeId === undefined ? sql`true` : sql`store_id = ${storeId}`
  const isOfMerchant = merchantId === undefined ? sql`true` : sql`merchant_id = ${merchantId}`
  const created = sql`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
  const now = sql`(select ${timeOfSecret(sql)} from stores s where ${isStoreOfSecret(sql)})`
  const rows = await sql<Row[]>`
    select secret_id as id, 'API' as kind, name, coalesce(store_id, merchant_id) as scope,
      case when revoked_at is not null then 'revoked' when expires_at <= ${now} then 'expired' else 'good' end as state,
      ${created} as "createdAt"
    from api_secrets a where ${isOfMerchant} and (store_id is null or ${isOfStore})
    union all
    select secret_id, 'webhook', environment, store_id, 'good', ${created} from webhook_secrets where ${isOfStore}
    order by kind, scope, "createdAt"`
  return [...rows]
}

const addRevoke = (secret: Command): void => {
  secret
    .command('revoke')
    .description('revoke a secret; without --store, because an id belongs to one secret only')
    .addArgument(new Argument('<id>', 'an id from: naru secret list'))
    .option('--webhook', 'a webhook secret')
    .action((id: string, options: Json & { webhook?: boolean }) =>
      run(async (sql, _configuration, setup) => {
        if (options.webhook) await setup.expireWebhookSecret(sql, id)
        else await setup.revokeSecret(sql, id)
        // They remember for a second whose a secret is (see `credentials.ts`).
        return [options.webhook ? { revoked: id } : { revoked: id, 'refused by running servers': 'within a second' }]
      }, options),
    )
}

/** What time it is for a secret of the merchant, or of the store alone. */
const timeOfNewSecret = async (sql: Sql, merchantId: string, storeId: string | undefined): Promise<Instant> => {
  const [row] = await sql<[{ now: Instant }]>`
    select ${timeOfSecret(sql)} as now
    from (select ${merchantId}::text as merchant_id, ${storeId ?? null}::text as store_id) a
    join stores s on ${isStoreOfSecret(sql)}`
  return row.now
}

const readExpiry = async (text: string, now: Instant): Promise<Instant> => {
  const { isDateTime } = await import('@naru/contract')
  const instant = isDateTime(text) ? fromIso(text) : undefined
  if (instant === undefined) throw new SetupError(`${text} is not a date-time. Write it like 2027-01-31T00:00:00Z.`)
  if (instant <= now)
    throw new SetupError(`--expires must be in the future. For this secret it is ${toIso(now)} already.`)
  return instant
}
