import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { realTime } from '../kernel/clock.ts'
import type { DueItem, DueSource } from './due.ts'

/** Where rows are found; see `DueRows`. */
type Rows = { readonly table: string; readonly idColumn: string; readonly condition?: Fragment }

type Leases = Pick<DueSource, 'take' | 'giveBack' | 'endLeases'>

/** How a moving clock leases rows, so that none is run by it and by a worker of another server; and how leases of the dead end. */
export const leasesOf = (sql: Sql, rowsOf: (storeId: string) => Rows | Promise<Rows>): Leases => {
  const ids = (items: readonly DueItem[]) => items.map(({ id }) => id)
  return {
    take: async (items, until, evenLeased) => {
      const [first] = items
      if (!first) return items
      const { storeId, dueAt } = first
      const { table, idColumn, condition = sql`` } = await rowsOf(storeId)
      const id = sql(idColumn)
      // Where a worker's claim and this meet, the second one finds the row leased.
      const taken = await sql<{ id: string }[]>`
        update ${sql(table)} r set leased_until = ${until}::timestamptz
        where r.store_id = ${storeId} ${condition} and r.${id} = any(${ids(items)}::text[])
          and r.due_at >= ${dueAt}::timestamptz and r.due_at < ${dueAt + 1}::timestamptz
          and (r.leased_until is null or r.leased_until < ${realTime()}::timestamptz or ${evenLeased})
        returning r.${id} as id`
      const isTaken = new Set(taken.map((row) => row.id))
      return items.filter((item) => isTaken.has(item.id))
    },
    giveBack: async (items, until) => {
      const [first] = items
      if (!first) return
      const { table, idColumn, condition = sql`` } = await rowsOf(first.storeId)
      await sql`
        update ${sql(table)} r set leased_until = null
        where r.store_id = ${first.storeId} ${condition} and r.${sql(idColumn)} = any(${ids(items)}::text[])
          and r.due_at is not null and r.leased_until = ${until}::timestamptz`
    },
    endLeases: async (storeId) => {
      const { table, condition = sql`` } = await rowsOf(storeId)
      await sql`
        update ${sql(table)} r set leased_until = null
        where r.store_id = ${storeId} ${condition} and r.due_at is not null and r.leased_until is not null`
    },
  }
}
