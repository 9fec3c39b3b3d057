/** A file of tests: its path, and where it is loaded from. */
type TestFile = { readonly path: string; readonly url: string }

/** How long a group may take, in milliseconds. */
type Limits = {
  /** Each file. That ends what the limit of a test does not, such as the body of a suite. */
  readonly file: number
  /** From the last test to the end of the process. */
  readonly end: number
}

/**
 * The source of a group. A file that hangs fails by its name, and the next one is run. What hangs leaves something open more often
 * than not, and the test runner would wait for such a process for ever.
 */
export const groupSource = (files: readonly TestFile[], { file, end }: Limits): string => {
  const paths = files.map(({ path }) => path).join(', ')
  return [
    "import { describe } from 'node:test'",
    ...files.map(
      ({ path, url }) =>
        `await describe(${JSON.stringify(path)}, { timeout: ${file} }, () => import(${JSON.stringify(url)}).then(() => {}))`,
    ),
    'setTimeout(() => {',
    `  console.error('After its last test something is still open:', process.getActiveResourcesInfo(), ${JSON.stringify(paths)})`,
    '  process.exit(1)',
    `}, ${end}).unref()`,
  ].join('\n')
}
