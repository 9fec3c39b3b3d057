/**
 * Which test files share a process. Loading the server costs half a second of a core, the tests of most files less than that,
 * so sixteen share one. Files run one after the other all the same, each as a suite of its name.
 */
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildTests, builtFile } from './build-tests.ts'

/** Not in `node_modules`: Node's test runner ignores what is in there. */
const directory = 'dist/tests'

/** What was compiled once is not compiled again by every other process. */
export const compileCache = resolve(directory, 'compiled')

const built = resolve(directory, 'built')

/** The crash tests start some fifty of it. */
const crashServer = 'packages/server/test/crash/server.ts'

export const builtCrashServer: string = builtFile(built, crashServer)

const everything = ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'examples/**/*.test.mjs']

/** Begun first, each in a process of its own: what begins last is what a run ends with. */
const long = [
  'packages/checkout/test/browser.test.ts',
  'packages/server/test/a-year-of-subscriptions.test.ts',
  'packages/server/src/db/embedded/embedded.test.ts',
  'packages/server/test/fuzz.test.ts',
  'packages/server/test/crash/short.test.ts',
  'packages/server/test/crash/schedules.test.ts',
  'packages/server/test/concurrency.test.ts',
  'packages/server/test/concurrency-billing-keys.test.ts',
  'packages/server/test/concurrency-promotions.test.ts',
  'packages/server/test/concurrency-payouts.test.ts',
  'packages/server/test/crash/payouts.test.ts',
]

/** They change what the whole process shares: its environment, its signals, its thread pool, PostgreSQL itself. */
const changeTheirProcess = [
  'examples/',
  'packages/naru/',
  'packages/server/src/cli/',
  'packages/server/src/db/',
  'packages/server/src/webhooks/lookup',
  'packages/server/src/webhooks/resolve',
  'packages/server/test/crash/',
]

const standsAlone = (file: string): boolean => changeTheirProcess.some((path) => file.startsWith(path))

const filesOfGroup = 16

/** The groups of all test files, in the order in which they are begun. */
export const groupsOfFiles = (): readonly (readonly string[])[] => {
  const files = globSync(everything).sort()
  const alone = files.filter((file) => !long.includes(file) && standsAlone(file))
  const shared = files.filter((file) => !long.includes(file) && !standsAlone(file))
  const groups = shared.flatMap((_, index) =>
    index % filesOfGroup === 0 ? [shared.slice(index, index + filesOfGroup)] : [],
  )
  return [
    ...long.filter((file) => files.includes(file)).map((file) => [file]),
    ...groups,
    ...alone.map((file) => [file]),
  ]
}

/**
 * Builds the tests, and writes a file for each group that runs the group's files. Returns what the test runner is given, which
 * begins files in the order of their names.
 */
export const writeGroups = async (): Promise<readonly string[]> => {
  const groups = groupsOfFiles()
  await mkdir(directory, { recursive: true })
  await buildTests([...groups.flat(), crashServer], built)
  return await Promise.all(
    groups.map(async (files, index) => {
      const entry = join(directory, `group-${String(index).padStart(3, '0')}.mjs`)
      await writeFile(entry, groupSource(files))
      return entry
    }),
  )
}

const groupSource = (files: readonly string[]): string =>
  [
    "import { describe } from 'node:test'",
    ...files.map((file) => {
      const url = JSON.stringify(pathToFileURL(builtFile(built, file)).href)
      return `await describe(${JSON.stringify(file)}, () => import(${url}).then(() => {}))`
    }),
  ].join('\n')
