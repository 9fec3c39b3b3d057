import type { Fragment } from 'postgres'
import type { Sql } from './connect.ts'
import type { RowsQuery } from './page.ts'

type Order = {
  readonly by: Fragment
  readonly direction: 'ASC' | 'DESC' | undefined
  /** Breaks ties. */
  readonly id: Fragment
  /** Whether rows may lack the instant: they come last in either direction. */
  readonly mayBeNull: boolean
}

/** Latest first, unless asked otherwise. */
export const orderBy = (
  sql: Sql,
  { by, direction, id, mayBeNull }: Order,
): Pick<RowsQuery, 'order' | 'withoutInstant'> => {
  const towards = direction === 'ASC' ? sql`asc` : sql`desc`
  const order = sql`${by} ${towards}, ${id} ${towards}`
  if (!mayBeNull) return { order }
  // PostgreSQL has no index in the order `desc nulls last`, unless one is made for it alone.
  const withoutInstant = { has: sql`${by} is not null`, lacks: sql`${by} is null`, order, rest: sql`${id} ${towards}` }
  return { order: sql`${by} ${towards} nulls last, ${id} ${towards}`, withoutInstant }
}
