import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { migrationsDirectoryOf as directoryOf } from '../../test/support/migration-files.ts'
import { connect, type Sql } from './connect.ts'
import { migrate } from './migrate.ts'

const first = { '0001_first.sql': 'create table one (number integer); insert into one values (1);' }
const second = { ...first, '0002_second.sql': 'alter table one add column word text; create table two ();' }

test('every file is applied once, in order, and new ones later', async (context) => {
  await using database = await createTestDatabase('empty')
  assert.deepEqual(await migrate(database.sql, await directoryOf(context, first)), ['0001_first.sql'])
  assert.deepEqual(await migrate(database.sql, await directoryOf(context, first)), [])
  assert.deepEqual(await migrate(database.sql, await directoryOf(context, second)), ['0002_second.sql'])
  assert.deepEqual([...(await database.sql`select number, word from one`)], [{ number: 1, word: null }])
})

test('of five servers that start at once one migrates and the others wait for it', async (context) => {
  await using database = await createTestDatabase('empty')
  const directory = await directoryOf(context, second)
  const pools = Array.from({ length: 5 }, () => connect(database.url, { max: 1 }))
  const applied = await Promise.all(pools.map((sql) => migrate(sql, directory)))
  await Promise.all(pools.map((sql) => sql.end()))
  assert.deepEqual(applied.flat(), ['0001_first.sql', '0002_second.sql'])
  assert.deepEqual([...(await database.sql`select number from one`)], [{ number: 1 }])
})

test('a file that changed after it was applied is refused', async (context) => {
  await using database = await createTestDatabase('empty')
  await migrate(database.sql, await directoryOf(context, first))
  const changed = await directoryOf(context, { ...second, '0001_first.sql': 'create table another ();' })
  await assert.rejects(migrate(database.sql, changed), /0001_first\.sql is not what this database was migrated with/)
  assert.deepEqual(await tables(database.sql), ['one', 'schema_migrations'])
})

test('numbers may have gaps, and a file that fills one later is refused', async (context) => {
  await using database = await createTestDatabase('empty')
  const gap = { ...first, '0003_third.sql': 'create table three ();' }
  await migrate(database.sql, await directoryOf(context, gap))
  const filled = await directoryOf(context, { ...gap, '0002_late.sql': 'create table two ();' })
  await assert.rejects(migrate(database.sql, filled), /0002_late\.sql is not what this database was migrated with/)
  assert.deepEqual(await tables(database.sql), ['one', 'schema_migrations', 'three'])
})

test('line ends are no change', async (context) => {
  await using database = await createTestDatabase('empty')
  await migrate(database.sql, await directoryOf(context, { '0001_lines.sql': 'create table one ();\n' }))
  assert.deepEqual(
    await migrate(database.sql, await directoryOf(context, { '0001_lines.sql': 'create table one ();\r\n' })),
    [],
  )
})

test('a database that is ahead of the code is refused', async (context) => {
  await using database = await createTestDatabase('empty')
  await migrate(database.sql, await directoryOf(context, second))
  await assert.rejects(
    migrate(database.sql, await directoryOf(context, first)),
    /ahead of this version of Naru.*0002_second\.sql/,
  )
})

test('a file that fails leaves nothing behind, not even of the files before it', async (context) => {
  await using database = await createTestDatabase('empty')
  const broken = { ...second, '0003_broken.sql': 'create table three (); select * from nowhere;' }
  await assert.rejects(migrate(database.sql, await directoryOf(context, broken)), /0003_broken\.sql failed.*nowhere/)
  assert.deepEqual(await tables(database.sql), [])
  assert.equal((await migrate(database.sql, await directoryOf(context, second))).length, 2)
})

test('a number used twice is refused before anything is applied', async (context) => {
  await using database = await createTestDatabase('empty')
  const twice = await directoryOf(context, { ...first, '0001_third.sql': '' })
  await assert.rejects(migrate(database.sql, twice), /0001_third\.sql must be named NNNN_….sql, with a unique number/)
  assert.deepEqual(await tables(database.sql), [])
})

const tables = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`
  return rows.map(({ name }) => name)
}
