import type { Command } from 'commander'
import { readConfiguration } from '../configuration.ts'
import type { IndexesBuilt } from '../db/indexes-first.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

/** Commands that change nothing except, for `migrate`, the schema. */
export const addInspection = (program: Command): void => {
  program
    .command('migrate')
    .description('migrate the database to this version')
    .option('--indexes-only', 'only build the new indexes, while the servers of the older version work')
    .option('--json', 'print what was applied or built as JSON')
    .action(async ({ indexesOnly = false, json = false }: { indexesOnly?: boolean; json?: boolean }) => {
      if (indexesOnly) return await buildIndexes(json)
      const { migrate } = await import('../db/migrate.ts')
      const applied = await withDatabase(readConfiguration(process.env), (sql) => migrate(sql), {
        anySchema: true,
        mayCreate: true,
      })
      if (json)
        print(
          applied.map((migration) => ({ migration })),
          json,
        )
      else
        process.stdout.write(
          applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`,
        )
    })

  program
    .command('audit')
    .description('check that every journal replays to its snapshot and that every money rule holds')
    .option('--json', 'print findings as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { runAudit } = await import('./audit.ts')
      const isClean = await withDatabase(readConfiguration(process.env), (sql) => runAudit(sql, json), {
        // Of very large payments a batch takes longer than a request may.
        statementTimeout: 0,
      })
      if (!isClean) process.exitCode = 1
    })

  program
    .command('doctor')
    .description('report what is unsafe or missing in this configuration')
    .option('--json', 'print findings as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { examine } = await import('./doctor.ts')
      const configuration = readConfiguration(process.env)
      const findings = await withDatabase(configuration, (sql) => examine(configuration, sql), { anySchema: true })
      const isWell = findings.every(({ level }) => level === 'note')
      if (findings.length > 0 || json) print(findings, json)
      if (isWell && !json) process.stdout.write('Nothing is unsafe or missing.\n')
      if (!isWell) process.exitCode = 1
    })

  addWebhooks(program.command('webhook').description('list webhook deliveries and resend them'))
}

type ListOptions = {
  readonly failed?: boolean
  readonly store?: string
  readonly limit: string
  readonly json?: boolean
}

const addWebhooks = (webhook: Command): void => {
  webhook
    .command('list')
    .description('the latest deliveries, newest first')
    .option('--failed', 'only undelivered ones')
    .option('--store <id>', 'only this store')
    .option('--limit <count>', 'how many', '50')
    .option('--json', 'print as JSON')
    .action(async ({ failed = false, store, limit, json = false }: ListOptions) => {
      const { listWebhooks } = await import('./webhooks.ts')
      const count = Math.min(Math.max(Number.parseInt(limit, 10) || 50, 1), 10_000)
      const wanted = { failed, limit: count, storeId: store }
      print(await withDatabase(readConfiguration(process.env), (sql) => listWebhooks(sql, wanted)), json)
    })

  webhook
    .command('resend <webhookId>')
    .description('send a delivery again, now')
    .action(async (webhookId: string) => {
      const { resend } = await import('./webhooks.ts')
      const configuration = readConfiguration(process.env)
      process.stdout.write(`${await withDatabase(configuration, (sql) => resend(sql, configuration, webhookId))}\n`)
    })
}

const buildIndexes = async (json: boolean): Promise<void> => {
  const { buildIndexesFirst } = await import('../db/indexes-first.ts')
  const onBuilding = (name: string) => process.stderr.write(`Building ${name} …\n`)
  const limits = { anySchema: true, statementTimeout: 0 }
  const built = await withDatabase(
    readConfiguration(process.env),
    (sql) => buildIndexesFirst(sql, { onBuilding }),
    limits,
  )
  if (json) print(built.type === 'BUILT' ? built.names.map((index) => ({ index })) : [], json)
  else process.stdout.write(`${builtText(built)}\n`)
}

const builtText = (built: IndexesBuilt): string => {
  switch (built.type) {
    case 'EMPTY':
      return 'Nothing to build yet: this database has no tables of Naru. Run: naru migrate'
    case 'UP_TO_DATE':
      return 'The database is up to date: it has every index.'
    case 'BUILT':
      return built.names.length === 0
        ? 'No index is missing that could be built now. Run: naru migrate'
        : `Built ${built.names.join(', ')}. Next: naru migrate`
  }
}
