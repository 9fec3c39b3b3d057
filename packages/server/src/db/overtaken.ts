import { codeOf } from '../kernel/error-code.ts'
import { again, inRounds } from '../kernel/rounds.ts'

/** Two transactions took the same rows in different orders: PostgreSQL undid this one, which may try again. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === '40P01'

/**
 * Runs a statement or a transaction, and runs it again where somebody else was faster and PostgreSQL undid all of it: after a
 * deadlock, and after the SQLSTATEs in `also`, which mean the same to the caller. Throws any other error, and throws after a
 * hundred rounds, as `inRounds` does.
 *
 * @param what completes "… was decided 100 times without an end"
 */
export const untilNotOvertaken = <Result>(
  what: string,
  write: () => Promise<Result>,
  also: readonly string[] = [],
): Promise<Result> =>
  inRounds(what, () =>
    write().catch((error: unknown) => {
      if (isDeadlock(error) || also.includes(codeOf(error) ?? '')) return again
      throw error
    }),
  )
