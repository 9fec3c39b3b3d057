import type { Sql } from './connect.ts'
import { isPassing } from './passing.ts'

/** Why transactions are lost though the database answers statements: a pooler in statement mode. */
export const transactionProblem = async (sql: Sql): Promise<string | undefined> => {
  try {
    await sql.begin(async (transaction) => await transaction`select 1`)
    return undefined
  } catch (error) {
    if (error instanceof Error && isPassing(error)) return error.message
    throw error
  }
}
