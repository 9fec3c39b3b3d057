import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'
import { codeOf } from '../kernel/error-code.ts'
import type { Aggregate } from './kind.ts'

type Table = Pick<Aggregate<never, never>, 'table' | 'idColumn'> & { readonly underWay?: { readonly table: string } }

/**
 * What the statement that writes says of first rows: those that `begun` under way; and which of those `given` are new to `table`, because
 * nothing was there, or because they are `ended`, under way no more.
 *
 * Who reads while another server moves a row may find that nothing is there. What is written on that basis is refused by the key of
 * the events, the only one that both tables have in common (`isJournaled`).
 */
export const firstRowsOf = (
  sql: Queryable,
  { table, idColumn, underWay }: Table,
  storeId: string,
  /** The names of the columns. */
  listed: Fragment,
) => {
  if (!underWay)
    return { begun: sql``, written: sql``, ended: sql``, isNew: sql`expected = 0`, createdAt: sql`given.created_at` }
  const id = sql(idColumn)
  const isIn = (where: string) =>
    sql`exists (select from ${sql(where)} known where known.store_id = ${storeId} and known.${id} = given.${id})`
  return {
    begun: sql`, begun as (
      insert into ${sql(underWay.table)} (store_id, ${id}, ${listed}, created_at)
      select ${storeId}, ${id}, ${listed}, created_at from given where expected = 0 and is_under_way and not ${isIn(table)}
      on conflict (store_id, ${id}) do nothing returning ${id} as id
    ), ended as (
      delete from ${sql(underWay.table)} begun using given
      where given.expected > 0 and begun.store_id = ${storeId} and begun.${id} = given.${id} and begun.version = given.expected
      returning begun.${id} as id, begun.created_at
    )`,
    written: sql`union all select * from begun`,
    ended: sql`left join ended on ended.id = given.${id}`,
    isNew: sql`expected = 0 and not is_under_way and not ${isIn(underWay.table)} or ended.id is not null`,
    createdAt: sql`coalesce(ended.created_at, given.created_at)`,
  }
}

/**
 * Somebody else wrote the same event of the same thing at the same moment, and moved it between the tables meanwhile. Nothing of the
 * statement was written.
 */
export const isJournaled = (error: unknown): boolean =>
  codeOf(error) === '23505' &&
  error instanceof Error &&
  'table_name' in error &&
  String(error.table_name).startsWith('journal')
