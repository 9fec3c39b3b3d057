import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { expectedRows, isRare } from '../../db/expected-rows.ts'
import type { Platform } from '../platform.ts'
import { type Criterion, holding, lookedThrough } from './criteria.ts'
import type { TransferOrder } from './order.ts'
import { ofRow } from './rows.ts'
import type { TransferSearch } from './search.ts'

/**
 * Whether transfers by days that have an entry, such as a product, are found along the days: where so many have it that the wanted
 * ones come early. No index has the transfers of an entry by days: all of them would be looked up and sorted, which took 2.8 s where
 * half a million of a million had the entry. `undefined` for lists that do not ask for both.
 */
export const daysBeforeEntries = async (
  sql: Sql,
  platform: Platform,
  { criteria, text }: TransferSearch,
  order: TransferOrder,
): Promise<((wanted: number) => boolean) | undefined> => {
  const entries = criteria.find(({ streams }) => streams !== undefined)?.streams?.entries
  if (!entries || !order.isByDay || text) return undefined
  const [all, expected] = await Promise.all([
    expectedRows(sql, sql`select from platform_transfers t where ${holding(sql, platform, [])}`),
    expectedRows(
      sql,
      sql`
        select from platform_transfer_entries e
        where ${ofRow(sql, platform, 'e')} and e.entry = any(${[...entries]}::text[])`,
    ),
  ])
  return (wanted) => !isRare(expected, { wanted, all })
}

type Wanted = {
  readonly platform: Platform
  readonly order: TransferOrder
  readonly criteria: readonly Criterion[]
  readonly limit: number
}

/**
 * The first places along the days, if enough of the first transfers there meet all criteria; otherwise those that are found by the
 * entry, `all`. They may all be of other days, which is not looked for to the end.
 */
export const daysFirst = (sql: Sql, { platform, order, criteria, limit }: Wanted, all: Fragment): Fragment => {
  const days = criteria.filter(({ isOfDays }) => isOfDays === true)
  const rest = criteria.filter(({ isOfDays }) => isOfDays !== true)
  return sql`
    with ahead as materialized (
      select ${order.key} from (
        select t.* from platform_transfers t where ${holding(sql, platform, days)}
        order by ${order.order} limit ${lookedThrough}
      ) t where ${holding(sql, platform, rest)} order by ${order.order} limit ${limit}
    )
    select * from ahead where (select count(*) from ahead) = ${limit}
    union all
    select * from (${all}) otherwise where (select count(*) from ahead) < ${limit}`
}
