import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'
import { ofStores } from './page.ts'

/** How often these stores were reset, as a text: whatever was found of them before is of another world, on every server. */
export const resetsOf = (sql: Queryable, storeIds: readonly string[]): Fragment =>
  sql`(select sum(s.epoch) from stores s where ${ofStores(sql, 's', storeIds)})::text`
