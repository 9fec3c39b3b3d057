import { minute } from '../kernel/clock.ts'

/** The first attempt and five more. */
export const maxExecutionCount = 6

/**
 * How long to wait, in milliseconds, after the `executionCount`-th attempt failed; `undefined` when that was the last.
 *
 * PortOne documents 1, 4, 16, 64 and 256 minutes, each multiplied by a random factor in [0, 1) ("full jitter", which
 * spreads a recovering receiver's load best). `chance` is that factor.
 */
export const retryDelay = (executionCount: number, chance: number): number | undefined =>
  executionCount >= maxExecutionCount ? undefined : Math.floor(4 ** (executionCount - 1) * minute * chance)
