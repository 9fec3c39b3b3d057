import { type Command, InvalidArgumentError } from 'commander'
import { readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { type Instant, toIso } from '../kernel/clock.ts'
import { findPrunables, type Prunables, type PruneOptions, prune, usualAges } from '../retention/prune.ts'
import { withDatabase } from './database.ts'
import { requireStore } from './setup-command.ts'
import { print } from './table.ts'

type Options = {
  readonly yes?: boolean
  readonly store?: string
  readonly webhooks: number
  readonly checkouts: number
  readonly json?: boolean
}

/** `naru prune`: shows what can be deleted, and with `--yes` deletes it. */
export const addPrune = (program: Command): void => {
  program
    .command('prune')
    .description('show which old data can be deleted, and with --yes delete it; never payments and their records')
    .option('--yes', 'delete it; without this nothing is changed')
    .option('--store <id>', 'only this store')
    .option(
      '--webhooks <days>',
      'how long to keep requests to webhook receivers and their responses',
      days,
      usualAges.webhooks,
    )
    .option('--checkouts <days>', 'how long to keep expired checkouts', days, usualAges.checkouts)
    .option('--json', 'print as JSON')
    .action(async (options: Options) =>
      // Counting reads whole tables.
      withDatabase(readConfiguration(process.env), (sql) => run(sql, options), { statementTimeout: 0 }),
    )
}

/** At least a day: by then nobody is still in a checkout, or looking into a recent failed delivery. */
const days = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 36_500)
    throw new InvalidArgumentError('It must be a whole number of days, from 1 to 36500.')
  return value
}

const run = async (sql: Sql, { yes = false, store, webhooks, checkouts, json = false }: Options): Promise<void> => {
  if (store !== undefined) await requireStore(sql, store)
  const options: PruneOptions = { ages: { webhooks, checkouts }, storeId: store }
  const found = yes ? await pruned(sql, options) : await Array.fromAsync(findPrunables(sql, options))
  print(found.map(line), json)
  if (found.length > 0 && !yes && !json) process.stdout.write('\nNothing was deleted. To delete it, add --yes.\n')
}

/** What was deleted, by kind and store; at a terminal, the progress too. */
const pruned = async (sql: Sql, options: PruneOptions): Promise<readonly Pruned[]> => {
  const byPlace = new Map<string, Pruned>()
  for await (const batch of prune(sql, options)) {
    const place = `${batch.kind} ${batch.storeId}`
    const { rows = 0, bytes = 0 } = byPlace.get(place) ?? {}
    const sum = { ...batch, rows: rows + batch.rows, bytes: bytes + batch.bytes }
    byPlace.set(place, sum)
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${sum.storeId}: ${sum.rows} ${sum.kind}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return [...byPlace.values()]
}

type Pruned = Omit<Prunables, 'oldest'> & { readonly oldest?: Instant | null }

const line = ({ kind, storeId, rows, bytes, before, oldest }: Pruned) => ({
  kind,
  store: storeId,
  count: rows,
  bytes,
  before: toIso(before),
  ...(typeof oldest === 'number' ? { oldest: toIso(oldest) } : {}),
})
