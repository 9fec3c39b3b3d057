import { scaled } from '../packages/server/test/support/scale.ts'

const minute = scaled(60_000, 600_000)

/**
 * How long tests may take, in milliseconds. Node's runner has no limit by itself: a test that waited for what never comes kept a
 * run going, without a word of which test that was, until somebody ended it. These are some ten times what the slowest ones
 * take on two cores that others use too, so that only what hangs comes to them, and within the hour and a half after which
 * hosted runners are usually ended.
 */
export const limits = {
  /** Each test, and each `before` or `after`. Not suites, which take as long as their tests. */
  test: 40 * minute,
  file: 60 * minute,
  end: 10 * minute,
}
