import { timeOrderedId } from '../kernel/ids.ts'
import type { Sql } from './connect.ts'
import { isPassing } from './passing.ts'
import { type Trouble, troubleOf } from './trouble.ts'

/**
 * The series does not fit into its memory limit, so PostgreSQL writes it to a temporary file next to its tables, which fails
 * on a full disk and leaves nothing behind. A small row could still fit into an existing page.
 */
export const fillsTemporaryFile = `
  set local work_mem = '64kB';
  select count(*) from generate_series(1, 10000)`

/**
 * What fails where something small is written, and what to do about it; nothing where all is well. Of the row that is committed
 * nothing is left: it is deleted in the same transaction.
 */
export const writeProblem = async (sql: Sql): Promise<Trouble | undefined> => {
  const serverId = `doctor-${timeOrderedId()}`
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(fillsTemporaryFile)
      await transaction`insert into servers (server_id, alive_until) values (${serverId}, now())`
      await transaction`delete from servers where server_id = ${serverId}`
    })
    return undefined
  } catch (error) {
    if (!(error instanceof Error) || isPassing(error)) throw error
    const { what, remedy } = troubleOf(error) ?? {
      what: 'The database took no write.',
      remedy: "Look into PostgreSQL's log.",
    }
    return { what: `${what} It says: ${error.message}.`, remedy }
  }
}
