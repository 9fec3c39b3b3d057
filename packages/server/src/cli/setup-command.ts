import { Option } from 'commander'
import { type Configuration, readConfiguration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'
import { withDatabase } from './database.ts'
import { print } from './table.ts'

export type Json = { readonly json?: boolean }

export type Setup = typeof import('../merchants/setup.ts')

/** Opens the database and loads the setup functions, both only for the commands that need them. */
export const run = async (
  work: (sql: Sql, configuration: Configuration, setup: Setup) => Promise<object[] | undefined>,
  { json = false }: Json,
  limits: { readonly statementTimeout?: number } = {},
): Promise<void> => {
  const configuration = readConfiguration(process.env)
  const setup = await import('../merchants/setup.ts')
  const rows = await withDatabase(configuration, (sql) => work(sql, configuration, setup), limits)
  if (rows)
    print(
      rows.map((row) => ({ ...row })),
      json,
    )
  else process.stdout.write('Done.\n')
}

export const encryptionOf = async (sql: Sql, configuration: Configuration) =>
  (await import('../installation.ts')).loadEncryption(sql, configuration)

export const storeOption = () => new Option('--store <id>', 'the store').makeOptionMandatory()
export const environmentOption = () =>
  new Option('--environment <name>', 'LIVE or TEST').choices(['LIVE', 'TEST']).default('TEST')

export const requireStore = async (sql: Sql, storeId: string): Promise<Pick<Store, 'merchantId' | 'mode'>> => {
  const [store] = await sql<Pick<Store, 'merchantId' | 'mode'>[]>`
    select merchant_id as "merchantId", mode from stores where store_id = ${storeId}`
  if (!store) throw new SetupError(`There is no store ${storeId}. See: naru store list`)
  return store
}
