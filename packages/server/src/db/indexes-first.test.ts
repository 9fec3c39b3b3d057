import assert from 'node:assert/strict'
import test from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { migrationsDirectoryOf as directoryOf } from '../../test/support/migration-files.ts'
import { buildIndexesFirst, type IndexesBuilt } from './indexes-first.ts'
import { migrate } from './migrate.ts'

const first = { '0001_first.sql': 'create table one (number integer, word text); insert into one values (1);' }

const indexed = {
  ...first,
  '0002_index.sql': '-- So that it is found.\ncreate unique index one_by_number on one (number)\n  where number > 0;\n',
}

const built = (...names: readonly string[]): IndexesBuilt => ({ type: 'BUILT', names })

test('an index can be built before the migration, which finds it there; writes go on meanwhile', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const directory = await directoryOf(context, indexed)
  // Building begins once this has ended. A plain `create index` would let nobody write before that.
  const building = await sql.begin(async (transaction) => {
    await transaction`insert into one (number) values (2)`
    const building = buildIndexesFirst(sql, { directory })
    while ((await sql`select from pg_stat_progress_create_index where phase like 'waiting for %'`).length === 0);
    await sql`insert into one (number) values (3)`
    return { building }
  })
  assert.deepEqual(await building.building, built('one_by_number'))
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built())
  assert.deepEqual(await migrate(sql, directory), ['0002_index.sql'])
  await assert.rejects(sql`insert into one (number) values (3)`, { code: '23505' })
})

test('an index that was left half-built is refused by the migration, and built again', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const directory = await directoryOf(context, indexed)
  await sql`insert into one (number) values (1)`
  await assert.rejects(sql`create unique index concurrently one_by_number on one (number)`, { code: '23505' })
  await assert.rejects(migrate(sql, directory), /one_by_number .*half-built.*--indexes-only/)
  await sql`delete from one`
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built('one_by_number'))
  assert.deepEqual(await migrate(sql, directory), ['0002_index.sql'])
})

test('an index of a table or a column that comes with the migrations is left to them', async (context) => {
  await using database = await createTestDatabase('empty')
  await migrate(database.sql, await directoryOf(context, first))
  const directory = await directoryOf(context, {
    ...first,
    '0002_second.sql': 'alter table one add column later text; create table two ();',
    '0003_indexes.sql': 'create index one_by_later on one (later);\ncreate index two_by_nothing on two ((1));\n',
  })
  assert.deepEqual(await buildIndexesFirst(database.sql, { directory }), built())
  assert.equal((await migrate(database.sql, directory)).length, 2)
})

test('the function that an index is made of is there before the index is built, and what it calls', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const times =
    'create or replace function times(given integer, factor integer) returns integer immutable language sql return given * factor;'
  const doubled =
    'create or replace function doubled(given integer) returns integer immutable language sql return times(given, 2);'
  const text = `${times}\n${doubled}\ncreate index one_by_doubled on one (doubled(number));\n`
  const directory = await directoryOf(context, { ...first, '0002_function.sql': text })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built('one_by_doubled'))
  assert.deepEqual(await migrate(sql, directory), ['0002_function.sql'])
})

test('neither a semicolon in a function nor a line break in an index ends its statement', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  const doubled =
    'create or replace function doubled(given integer) returns integer immutable language plpgsql as $$ begin return given * 2; end $$;'
  const text = `${doubled}\n-- Numbers; by their doubles.\ncreate index one_by_doubled\n  on one (doubled(number));\n`
  const directory = await directoryOf(context, { ...first, '0002_function.sql': text })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built('one_by_doubled'))
  assert.deepEqual(await migrate(sql, directory), ['0002_function.sql'])
})

test('a function that is there stays as servers know it, and an index of the new one is left to the migrations', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const times = (factor: number) =>
    `create or replace function times(given integer) returns integer immutable language sql return given * ${factor};`
  const before = { '0001_first.sql': `${first['0001_first.sql']}${times(2)}` }
  await migrate(sql, await directoryOf(context, before))
  const text = `${times(3)}create index one_by_times on one (times(number));create index one_by_word on one (word);`
  const directory = await directoryOf(context, { ...before, '0002_three.sql': text })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built('one_by_word'))
  assert.deepEqual([...(await sql`select times(1)`)], [{ times: 2 }])
  await migrate(sql, directory)
  assert.deepEqual([...(await sql`select times(1)`)], [{ times: 3 }])
})

test('an index of what has the name of something else before the migrations is left to them', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const before = { '0001_first.sql': `${first['0001_first.sql']}create table two (number integer);` }
  await migrate(sql, await directoryOf(context, before))
  const directory = await directoryOf(context, {
    ...before,
    '0002_before.sql': 'create index one_by_former on one (word);create index one_for_now on one (number);',
    '0003_columns.sql': 'alter table one rename column word to former; alter table one add column word text;',
    '0004_tables.sql': 'alter table two rename to three; create table two (number integer);',
    '0005_indexes.sql':
      'create index one_by_word on one (word);create index two_by_number on two (number);drop index one_for_now;',
  })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built('one_by_former'))
  await migrate(sql, directory)
  const indexes = await sql<{ name: string; table: string; column: string }[]>`
    select indexname as name, tablename as "table", substring(indexdef from '\\((.*)\\)') as column from pg_indexes
    where schemaname = 'public' and tablename in ('one', 'two', 'three') order by indexname`
  assert.deepEqual(
    [...indexes],
    [
      { name: 'one_by_former', table: 'one', column: 'former' },
      { name: 'one_by_word', table: 'one', column: 'word' },
      { name: 'two_by_number', table: 'two', column: 'number' },
    ],
  )
})

test('a unique index of rows that only a migration makes unique is left to it', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  await migrate(sql, await directoryOf(context, first))
  await sql`insert into one (number) values (1)`
  const text = `delete from one a using one b where a.ctid > b.ctid and a.number = b.number;\n${indexed['0002_index.sql']}`
  const directory = await directoryOf(context, { ...first, '0002_index.sql': text })
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), built())
  assert.deepEqual(await migrate(sql, directory), ['0002_index.sql'])
})

test('an empty database, one whose tables are elsewhere and one that is up to date are told apart', async (context) => {
  await using database = await createTestDatabase('empty')
  const { sql } = database
  const directory = await directoryOf(context, indexed)
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), { type: 'EMPTY' })
  await migrate(sql, directory)
  assert.deepEqual(await buildIndexesFirst(sql, { directory }), { type: 'UP_TO_DATE' })
  await sql`create schema elsewhere`
  await sql`alter table schema_migrations set schema elsewhere`
  await assert.rejects(buildIndexesFirst(sql, { directory }), /in the schema "elsewhere"/)
})
