import type { Fragment } from 'postgres'
import type { Sql } from '../db/connect.ts'
import { untilNotOvertaken } from '../db/overtaken.ts'
import { realTime } from '../kernel/clock.ts'
import type { DueItem, DueSource } from './due.ts'

/** Where rows are found; see `DueRows`. */
type Rows = {
  readonly table: string
  readonly idColumn: string
  readonly condition?: Fragment
  /** The ids of those to be run side by side, of all rows `r` of one instant; the first by their id, unless given. */
  readonly choose?: (isDue: Fragment) => Fragment
}

type Leases = Pick<DueSource, 'take' | 'giveBack' | 'endLeases'>

/** More would make one long wait of what the clock reports in steps. */
const mostAtOnce = 500

/** Of many rows, which others write in another order. */
const lease = <Result>(write: () => Promise<Result>): Promise<Result> => untilNotOvertaken('a lease of due rows', write)

/** How a moving clock leases rows, so that none is run by it and by a worker of another server; and how leases of the dead end. */
export const leasesOf = (sql: Sql, rowsOf: (storeId: string) => Rows | Promise<Rows>): Leases => {
  const ids = (items: readonly DueItem[]) => items.map(({ id }) => id)
  return {
    take: async (storeId, dueAt, { until, evenLeased }) => {
      const { table, idColumn, condition = sql``, choose } = await rowsOf(storeId)
      const id = sql(idColumn)
      const isDue = sql`
        r.store_id = ${storeId} ${condition}
        and r.due_at >= ${dueAt}::timestamptz and r.due_at < ${dueAt + 1}::timestamptz
        and (r.leased_until is null or r.leased_until < ${realTime()}::timestamptz or ${evenLeased})`
      const chosen =
        choose?.(isDue) ?? sql`select r.${id} from ${sql(table)} r where ${isDue} order by r.${id} limit ${mostAtOnce}`
      // Where a worker's claim and this meet, the second one finds the row leased.
      const taken = await lease(
        () => sql<{ id: string }[]>`
          with taken as (
            update ${sql(table)} r set leased_until = ${until}::timestamptz
            where ${isDue} and r.${id} = any(array(${chosen})) returning r.${id} as id
          )
          select id from taken order by id`,
      )
      return taken.map((row) => ({ storeId, id: row.id, dueAt }))
    },
    giveBack: async (items, until) => {
      const [first] = items
      if (!first) return
      const { table, idColumn, condition = sql`` } = await rowsOf(first.storeId)
      await lease(
        () => sql`
          update ${sql(table)} r set leased_until = null
          where r.store_id = ${first.storeId} ${condition} and r.${sql(idColumn)} = any(${ids(items)}::text[])
            and r.due_at is not null and r.leased_until = ${until}::timestamptz`,
      )
    },
    endLeases: async (storeId) => {
      const { table, condition = sql`` } = await rowsOf(storeId)
      await lease(
        () => sql`
          update ${sql(table)} r set leased_until = null
          where r.store_id = ${storeId} ${condition} and r.due_at is not null and r.leased_until is not null`,
      )
    },
  }
}
