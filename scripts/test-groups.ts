/**
 * Which test files share a process. Loading the server costs half a second of a core, the tests of most files less than that,
 * so sixteen share one. Files run one after the other all the same, each as a suite of its name.
 */
import { globSync, readFileSync } from 'node:fs'

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

/** They start Naru as its users do, whom nothing of another test may meet. */
const asUsersDo = ['examples/', 'packages/naru/']

/** What the whole process shares: its environment, its signals, its output. What `context.mock` changes is put back by itself. */
const changesProcess =
  /\bprocess\.(env(\.\w+|\[.+?\])? = |(emit|on|once|chdir|umask)\(|exitCode = )|\bdelete process\.|(?<!\.)\bmock\.\w+\(/

/** Whether a test file, by its path and its source, needs a process that no other file is run in. */
export const standsAlone = (file: string, source: string): boolean =>
  asUsersDo.some((path) => file.startsWith(path)) || changesProcess.test(source)

export const filesOfGroup = 16

/** The groups of all test files, with so many in each at most, in the order in which they are begun. */
export const groupsOfFiles = (most: number): readonly (readonly string[])[] => {
  const files = globSync(everything).sort()
  const isAlone = new Set(files.filter((file) => standsAlone(file, readFileSync(file, 'utf8'))))
  const alone = files.filter((file) => !long.includes(file) && isAlone.has(file))
  // What is at the end of the alphabet takes longest: tests of the whole server.
  const shared = files.filter((file) => !long.includes(file) && !isAlone.has(file)).reverse()
  const groups = shared.flatMap((_, index) => (index % most === 0 ? [shared.slice(index, index + most)] : []))
  return [
    ...long.filter((file) => files.includes(file)).map((file) => [file]),
    ...groups,
    ...alone.map((file) => [file]),
  ]
}
