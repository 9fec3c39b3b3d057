import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A directory with these migrations in it, for as long as the test runs. */
export const migrationsDirectoryOf = async (
  context: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-migrations-'))
  context.after(() => rm(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  return directory
}
