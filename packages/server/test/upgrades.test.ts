import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { Sql } from '../src/db/connect.ts'
import { buildIndexesFirst } from '../src/db/indexes-first.ts'
import { migrate, migrationsDirectory } from '../src/db/migrate.ts'
import { createTestDatabase } from './support/database.ts'
import { migrationsDirectoryOf } from './support/migration-files.ts'
import { migrationNames } from './support/migration-order.ts'

test('with the indexes built first, every earlier version comes to the same schema as without', async (context) => {
  const names = await migrationNames()
  await using plain = await createTestDatabase('empty')
  await migrate(plain.sql)
  const expected = await schemaOf(plain.sql)
  assert.ok(expected.length > 100, 'the catalogue was read')
  for (const count of await versionsOf(names)) {
    const version = names[count - 1]
    await using database = await createTestDatabase('empty')
    const { sql } = database
    await migrate(sql, await directoryOf(context, names.slice(0, count)))
    const built = await buildIndexesFirst(sql)
    assert.equal(built.type, 'BUILT', version)
    assert.deepEqual(await migrate(sql), names.slice(count))
    assert.deepEqual(await schemaOf(sql), expected, `of a database of ${version}`)
  }
})

/** How many migrations each has had: at full scale all, otherwise those before the last and before what could not be told apart once. */
const versionsOf = async (names: readonly string[]): Promise<readonly number[]> => {
  const texts = await Promise.all(names.map((name) => readFile(join(migrationsDirectory, name), 'utf8')))
  const isTelling = (text: string) => /^create (or replace )?function|^alter table .* rename|^drop table/m.test(text)
  const versions = [...names.keys()].slice(1)
  if (process.env.NARU_TEST_SCALE === 'full') return versions
  return versions.filter((count) => count === names.length - 1 || isTelling(texts[count] ?? ''))
}

const directoryOf = async (context: TestContext, names: readonly string[]): Promise<string> => {
  const texts = names.map(async (name) => [name, await readFile(join(migrationsDirectory, name), 'utf8')] as const)
  return await migrationsDirectoryOf(context, Object.fromEntries(await Promise.all(texts)))
}

/** Everything that migrations make, one line each. */
const schemaOf = async (sql: Sql): Promise<readonly string[]> => {
  const rows = await sql<{ line: string }[]>`
    select format('%s %s: %s', r.relname, a.attnum, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))) as line
    from pg_attribute a join pg_class r on r.oid = a.attrelid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where r.relnamespace = 'public'::regnamespace and r.relkind <> 'i' and a.attnum > 0
    union all
    select format('%s is of the kind %s %s', relname, relkind, reloptions) from pg_class
    where relnamespace = 'public'::regnamespace
    union all
    select format('%s, valid: %s', pg_get_indexdef(i.indexrelid), i.indisvalid) from pg_index i
      join pg_class r on r.oid = i.indrelid where r.relnamespace = 'public'::regnamespace
    union all
    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all
    select case prokind when 'a' then oid::regprocedure::text else pg_get_functiondef(oid) end from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    order by line`
  return rows.map(({ line }) => line)
}
