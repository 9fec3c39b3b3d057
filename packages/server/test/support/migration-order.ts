import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationsDirectory } from '../../src/db/migrate.ts'

/** A migration, and a digest of it and of all that landed before it: a line put in between changes every later one. */
export type Landed = { readonly name: string; readonly digest: string }

/**
 * The order in which the migrations landed: a file that grows at its end. Git knows it too, but not where a clone is
 * shallow, as those of continuous integration are.
 */
export const landedFile = join(migrationsDirectory, 'landed.txt')

export const landedMigrations = async (): Promise<readonly Landed[]> => {
  const lines = (await readFile(landedFile, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [digest = '', name = ''] = line.split(' ')
    return { name, digest }
  })
}

export const migrationNames = async (): Promise<readonly string[]> =>
  (await readdir(migrationsDirectory)).filter((name) => name.endsWith('.sql')).toSorted()

/** The lines for these migrations, landed in this order. */
export const landingOrder = async (names: readonly string[]): Promise<readonly Landed[]> => {
  const order: Landed[] = []
  for (const name of names) {
    const text = (await readFile(join(migrationsDirectory, name), 'utf8')).replaceAll('\r\n', '\n')
    const digest = createHash('sha256')
      .update(`${order.at(-1)?.digest} ${name}\n${text}`)
      .digest('hex')
      .slice(0, 16)
    order.push({ name, digest })
  }
  return order
}

/** Appends what is new, in the order of the numbers. What is there stays, also where it is wrong: a test says so. */
export const appendLanded = async (): Promise<string> => {
  const landed = await landedMigrations()
  const names = landed.map(({ name }) => name)
  const added = (await migrationNames()).filter((name) => !names.includes(name))
  const order = await landingOrder([...names, ...added])
  return [...landed, ...order.slice(landed.length)].map(({ name, digest }) => `${digest} ${name}\n`).join('')
}
