import type { Sql } from '../../src/db/connect.ts'

/**
 * How many rows of a table are read by what a test does. A statement that compares each with each reads its square, which shows
 * with few rows and does not depend on how fast the machine is.
 */
export const rowsRead = async (
  sql: Sql,
  table: string,
  work: (transaction: Sql) => Promise<unknown>,
): Promise<number> => {
  const read = await sql.begin(async (transaction) => {
    await work(transaction)
    const [row] = await transaction<[{ rows: number }]>`
      select seq_tup_read + coalesce(idx_tup_fetch, 0) as rows from pg_stat_xact_user_tables where relname = ${table}`
    return row.rows
  })
  return Number(read)
}
