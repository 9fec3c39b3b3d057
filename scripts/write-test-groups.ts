import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildTests, builtFile } from './build-tests.ts'
import { groupSource } from './group-source.ts'
import { groupsOfFiles } from './test-groups.ts'
import { limits } from './test-limits.ts'

/** Not in `node_modules`: Node's test runner ignores what is in there. */
const directory = 'dist/tests'

/** What was compiled once is not compiled again by every other process. */
export const compileCache = resolve(directory, 'compiled')

const built = resolve(directory, 'built')

/** The crash tests start some fifty of it. */
const crashServer = 'packages/server/test/crash/server.ts'

export const builtCrashServer: string = builtFile(built, crashServer)

/**
 * Builds the tests, and writes a file for each group, of so many files at most, that runs them. Returns what the test runner
 * is given, which begins files in the order of their names.
 */
export const writeGroups = async (most: number): Promise<readonly string[]> => {
  const groups = groupsOfFiles(most)
  await mkdir(directory, { recursive: true })
  await buildTests([...groups.flat(), crashServer], built)
  return await Promise.all(
    groups.map(async (files, index) => {
      const entry = join(directory, `group-${String(index).padStart(3, '0')}.mjs`)
      const sources = files.map((path) => ({ path, url: pathToFileURL(builtFile(built, path)).href }))
      await writeFile(entry, groupSource(sources, limits))
      return entry
    }),
  )
}
