import type { Fragment } from 'postgres'
import type { Queryable } from './connect.ts'

/** Rows of tables that have the same columns and meet a condition, as a FROM item without a name; `as` names a row in the condition. */
export const eitherOf = (sql: Queryable, tables: readonly string[], as: string, condition: Fragment): Fragment => {
  const [first, ...others] = tables.map(
    (table) => sql`select ${sql(as)}.* from ${sql(table)} ${sql(as)} where ${condition}`,
  )
  return sql`(${others.reduce((all, one) => sql`${all} union all ${one}`, first ?? sql``)})`
}
