import type { Sql } from '../db/connect.ts'
import { isPassing } from '../db/passing.ts'
import { codeOf } from '../kernel/error-code.ts'
import type { Finding } from './finding.ts'

/** Looks for one kind of fault. `of` begins the sentence that says that this could not be done. */
export type Finder<Connection = Sql> = {
  readonly of: string
  readonly find: (sql: Connection) => AsyncIterable<Finding> | Promise<readonly Finding[]>
}

/**
 * What a finder finds. Where it throws, what it has found before and that it could not go on: one thing that cannot be read must
 * not hide what else is wrong. A database that is away is no fault of the books, and is thrown.
 */
export async function* foundBy(sql: Sql, { of, find }: Finder): AsyncGenerator<Finding> {
  try {
    yield* await find(sql)
  } catch (error) {
    if (isPassing(error) || isClosed(error)) throw error
    const what = `${of} could not be checked: ${reasonOf(error)}`
    yield { storeId: null, paymentId: null, rule: 'can-be-checked', what }
  }
}

/** By us, where somebody does not want to wait for the end. */
const isClosed = (error: unknown): boolean => codeOf(error) === 'CONNECTION_ENDED'

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
