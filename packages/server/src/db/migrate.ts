import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sql } from './connect.ts'
import { droppedIndexes, indexStatement, withoutBuilt } from './index-statements.ts'
import { searchPathProblem } from './search-path.ts'
import { statementsOf } from './sql-statements.ts'
import type { TransactionSql } from './transaction.ts'

export type Migration = {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/** Naru's own migrations. */
export const migrationsDirectory = fileURLToPath(new URL('./migrations', import.meta.url))

/** Any number will do, as long as nothing else locks it: "mgrt" in ASCII. */
const lockNumber = 0x6d677274

/**
 * Brings the database up to this version's schema and returns the names of the files it applied, in order.
 *
 * The files are `0001_name.sql`, `0002_name.sql`, …: each number once, never changed once released. All that are
 * new are applied in one transaction under a lock, so of several servers that start at once one migrates, and a
 * failure leaves the database exactly as it was. Hence no `CREATE INDEX CONCURRENTLY` in them: where writes must not wait,
 * `buildIndexesFirst` has built the indexes before.
 *
 * Our own rather than a library: the usual ones bring a second driver, or look no checksum up, or take no lock.
 */
export const migrate = async (sql: Sql, directory = migrationsDirectory): Promise<string[]> => {
  const migrations = await readMigrations(directory)
  return await sql.begin(async (transaction) => {
    // Of the transaction, not of the session: that would be lost behind a pooler that shares connections out.
    await transaction`select pg_advisory_xact_lock(${lockNumber}::bigint)`
    await transaction`set local statement_timeout = 0`
    const applied = await readApplied(transaction)
    const problem = prefixProblem(applied, migrations)
    if (problem !== undefined) throw new Error(problem)
    const missing = migrations.slice(applied.length)
    const built = await builtFirst(transaction, missing)
    for (const migration of missing) await apply(transaction, migration, built)
    return missing.map(({ name }) => name)
  })
}

/** What has been applied and what has not. Rejects if the database is ahead, or was migrated with other files. */
export const migrationsOf = async (
  sql: Sql,
  directory: string,
): Promise<Record<'applied' | 'missing', Migration[]>> => {
  const migrations = await readMigrations(directory)
  const applied = await appliedTo(sql)
  const elsewhere = applied.length === 0 ? await searchPathProblem(sql) : undefined
  const problem = elsewhere ?? prefixProblem(applied, migrations)
  if (problem !== undefined) throw new Error(problem)
  return { applied: migrations.slice(0, applied.length), missing: migrations.slice(applied.length) }
}

/** The indexes of these files that are already there. One that is half-built would be used by nothing, and is refused, unless they drop it. */
const builtFirst = async (transaction: TransactionSql, missing: readonly Migration[]): Promise<ReadonlySet<string>> => {
  const statements = missing.flatMap(({ text }) => statementsOf(text))
  const names = statements.flatMap((statement) => indexStatement(statement)?.name ?? [])
  const dropped = statements.flatMap(droppedIndexes)
  const found = await transaction<{ name: string; isValid: boolean }[]>`
    select class.relname as name, index.indisvalid as "isValid"
    from pg_index index join pg_class class on class.oid = index.indexrelid
    where class.relnamespace = quote_ident(current_schema())::regnamespace and class.relname = any(${names}::text[])`
  const broken = found.find(({ name, isValid }) => !isValid && !dropped.includes(name))
  if (broken)
    throw new Error(
      `The index ${broken.name} is being built, or was left half-built. Wait for the other run, or run again: ` +
        'naru migrate --indexes-only',
    )
  return new Set(found.map(({ name }) => name))
}

/**
 * Why a program of this version must not work with the database: it is behind, or ahead, or was migrated with other files.
 * Nothing where the schema is the one that this version expects. Changes nothing.
 */
export const schemaProblem = async (sql: Sql, directory = migrationsDirectory): Promise<string | undefined> => {
  const migrations = await readMigrations(directory)
  const applied = await appliedTo(sql)
  const [next] = migrations.slice(applied.length)
  const elsewhere = applied.length === 0 ? await searchPathProblem(sql) : undefined
  return (
    elsewhere ??
    prefixProblem(applied, migrations) ??
    (next && `The database is behind this version of Naru: ${next.name} has not been applied. Run: naru migrate`)
  )
}

const readMigrations = async (directory: string): Promise<Migration[]> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  const numbers = names.map((name) => Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]))
  return await Promise.all(
    names.map(async (name, index) => {
      const number = numbers[index] ?? Number.NaN
      if (Number.isNaN(number) || numbers.indexOf(number) !== index)
        throw new Error(`${name} must be named NNNN_….sql, with a unique number.`)
      // A checkout on Windows may have changed the line ends, which change nothing.
      const text = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n')
      return { number, name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

type Applied = { number: number; name: string; checksum: string }

const appliedTo = async (sql: Sql): Promise<readonly Applied[]> => {
  const [known] = await sql<[{ exists: boolean }]>`select to_regclass('schema_migrations') is not null as exists`
  return known.exists ? await sql<Applied[]>`select number, name, checksum from schema_migrations order by number` : []
}

const readApplied = async (transaction: TransactionSql): Promise<Applied[]> => {
  await transaction`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
  return await transaction<Applied[]>`select number, name, checksum from schema_migrations order by number`
}

const prefixProblem = (applied: readonly Applied[], migrations: readonly Migration[]): string | undefined => {
  for (const [index, { name, checksum }] of applied.entries()) {
    const migration = migrations[index]
    if (migration === undefined)
      return `The database is ahead of this version of Naru: ${name} has been applied. Start the newer version of Naru.`
    if (migration.checksum !== checksum)
      return (
        `${migration.name} is not what this database was migrated with (as ${name}). Restore the file; a change to the ` +
        'schema belongs in a new file.'
      )
  }
  return undefined
}

const apply = async (transaction: TransactionSql, migration: Migration, built: ReadonlySet<string>): Promise<void> => {
  const { number, name, text, checksum } = migration
  try {
    await transaction.unsafe(withoutBuilt(text, built))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${name} failed, and the database is as it was before: ${reason}`, { cause })
  }
  await transaction`insert into schema_migrations (number, name, checksum) values (${number}, ${name}, ${checksum})`
}
