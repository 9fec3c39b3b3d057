import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { parsedStatements } from '../../test/support/statements/migrations.ts'
import { migrationsDirectory } from './migrate.ts'
import { statementsOf } from './sql-statements.ts'

const textsOf = (file: string) => statementsOf(file).map(({ text }) => text)

test('a semicolon ends a statement where it stands by itself', () => {
  const statements = [
    `select ';', 'it''s;', e'\\';', ";""", $$;$$, $tag$ $$; $other$ $tag$`,
    'select 1 -- ;\n+ 1',
    'select /* ; /* ; */ ; */ 2',
    'create rule one as on insert to two do (select 1; select 2)',
    'create or replace function f() returns int language sql begin atomic select case when true then 1 end; select 2; end',
    'create procedure p(a int) begin atomic select 1; end',
    'begin',
    'select a$$b, 1 as ü$$',
    'end',
  ]
  assert.deepEqual(textsOf(`-- First; of all.\n${statements.join('\n;\n')}\n;;\n/* ; */`), statements)
})

test('words are compared as PostgreSQL compares them, and stand where they stood', () => {
  const [statement] = statementsOf('  Create INDEX "One" on tWo(a)')
  assert.deepEqual(
    statement?.tokens.map(({ text }) => text),
    ['create', 'index', '"One"', 'on', 'two', '(', 'a', ')'],
  )
  assert.deepEqual(statement?.tokens[2], { text: '"One"', start: 15, end: 20 })
})

test('what is open at its end goes to the end', () => {
  for (const text of ["select ';", "select e'\\';", 'select ";', 'select $a$;', 'select (;'])
    assert.deepEqual(textsOf(text), [text])
  assert.deepEqual(textsOf('select 1; /* select 2;'), ['select 1'])
})

test("every migration has the statements that PostgreSQL's own parser finds in it", async () => {
  const names = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql'))
  assert.notEqual(names.length, 0)
  for (const name of names) {
    const path = join(migrationsDirectory, name)
    const found = textsOf(await readFile(path, 'utf8'))
    const parsed = await parsedStatements(path)
    assert.equal(found.length, parsed.length, name)
    for (const [place, text] of found.entries()) {
      const whole = parsed[place]?.trim() ?? ''
      assert.ok(whole.endsWith(text), `${name}: ${text}`)
      assert.match(whole.slice(0, -text.length), /^(--[^\n]*\n|\s)*$/, `${name}: ${text}`)
    }
  }
})
