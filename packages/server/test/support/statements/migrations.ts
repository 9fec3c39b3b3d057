import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint, parse } from 'libpg-query'
import { migrationsDirectory } from '../../../src/db/migrate.ts'
import { isFields, listOf } from './tree.ts'

/** By what each statement of the migrations is known, whatever its values. They are about all tenants, once. */
export const migratingStatements = async (): Promise<ReadonlySet<string>> => {
  const files = (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql'))
  const statements = await Promise.all(files.map((name) => parsedStatements(join(migrationsDirectory, name))))
  return new Set(await Promise.all(statements.flat().map(fingerprint)))
}

/** The statements of a file as PostgreSQL's own parser tells them apart. It counts in bytes; without a length one goes to the end. */
export const parsedStatements = async (path: string): Promise<readonly string[]> => {
  const content = await readFile(path)
  const tree: unknown = await parse(content.toString('utf8'))
  return listOf(isFields(tree) ? tree.stmts : undefined).flatMap((one) => {
    if (!isFields(one)) return []
    const start = typeof one.stmt_location === 'number' ? one.stmt_location : 0
    const end = typeof one.stmt_len === 'number' ? start + one.stmt_len : content.length
    return [content.subarray(start, end).toString('utf8')]
  })
}
