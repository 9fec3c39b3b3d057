import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { connect, type Sql } from './connect.ts'
import { buildIndexesFirst } from './indexes-first.ts'
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

const indexed = {
  ...first,
  '0002_index.sql': '-- So that it is found.\ncreate unique index one_by_number on one (number)\n  where number > 0;\n',
}

test('an index can be built before the migration, which finds it there; writes go on meanwhile', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const directory = await directoryOf(context, indexed)
  // Building begins once this has ended. A plain `create index` would let nobody write before that.
  const building = await sql.begin(async (transaction) => {
    await transaction`insert into one values (2)`
    const building = buildIndexesFirst(sql, { directory })
    while ((await sql`select from pg_stat_progress_create_index where phase like 'waiting for %'`).length === 0);
    await sql`insert into one values (3)`
    return { building }
  })
  assert.deepEqual(await building.building, ['one_by_number'])
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), [])
  assert.deepEqual(await migrate(sql, directory), ['0002_index.sql'])
  await assert.rejects(sql`insert into one values (3)`, { code: '23505' })
})

test('an index that was left half-built is refused by the migration, and built again', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const directory = await directoryOf(context, indexed)
  await sql`insert into one values (1)`
  await assert.rejects(buildIndexesFirst(sql, { directory }), { code: '23505' })
  await assert.rejects(migrate(sql, directory), /one_by_number .*half-built.*--indexes-only/)
  await sql`delete from one`
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), ['one_by_number'])
  assert.deepEqual(await migrate(sql, directory), ['0002_index.sql'])
})

test('an index of a table or a column that comes with the migrations is left to them', async (context) => {
  await using database = await createTestDatabase('empty')
  await migrate(database.sql, await directoryOf(context, first))
  const directory = await directoryOf(context, {
    ...second,
    '0003_indexes.sql': 'create index one_by_word on one (word);\ncreate index two_by_nothing on two ((1));\n',
  })
  assert.deepEqual(await buildIndexesFirst(database.sql, { directory }), [])
  assert.equal((await migrate(database.sql, directory)).length, 2)
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

const directoryOf = async (context: TestContext, files: Readonly<Record<string, string>>): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-migrations-'))
  context.after(() => rm(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  return directory
}

const tables = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`
  return rows.map(({ name }) => name)
}

test('the function that an index is made of is there before the index is built', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const doubled =
    'create or replace function doubled(given integer) returns integer immutable language sql return given * 2;'
  const text = `${doubled}\ncreate index one_by_doubled on one (doubled(number));\n`
  const directory = await directoryOf(context, { ...first, '0002_function.sql': text })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), ['one_by_doubled'])
  assert.deepEqual(await migrate(sql, directory), ['0002_function.sql'])
})
