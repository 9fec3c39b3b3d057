import type { Sql } from '../../src/db/connect.ts'
import type { TransactionSql } from '../../src/db/transaction.ts'

/** Into how many partitions each table of a tenant is divided in this run of the tests; 0: into none. */
export const partitionsInTests = Number(process.env.NARU_TEST_PARTITIONS ?? 0)

type Table = { readonly name: string; readonly tenant: string; readonly options: string | null }

type Definitions = {
  /** Such as `alter table payments add constraint …`. */
  readonly keys: readonly string[]
  readonly indexes: readonly string[]
}

/**
 * Divides each table of a tenant by a hash of the tenant, as an operator may before the first start. The tables are empty:
 * each is made anew like the old one, with the same names of constraints and indexes.
 */
export const partitionByHash = (sql: Sql, partitions: number): Promise<void> =>
  sql.begin(async (transaction) => {
    const foreignKeys = await readForeignKeys(transaction)
    for (const { drop } of foreignKeys) await transaction.unsafe(drop)
    for (const table of await readTables(transaction)) await divide(transaction, table, partitions)
    for (const { add } of foreignKeys) await transaction.unsafe(add)
  })

/**
 * Those whose primary key leads with a tenant, which each unique index must contain. That leaves out what belongs to the
 * installation, and `stores`: a store is unique in itself and within its merchant.
 */
const readTables = (sql: TransactionSql): Promise<readonly Table[]> => sql<Table[]>`
  select quote_ident(c.relname) as name, a.attname as tenant, array_to_string(c.reloptions, ', ') as options
  from pg_class c
  join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname in ('store_id', 'merchant_id')
    and not exists (
      select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum <> all(i.indkey::int2[])
    )
  order by c.relname`

const readForeignKeys = (sql: TransactionSql): Promise<readonly { drop: string; add: string }[]> => sql<
  { drop: string; add: string }[]
>`
  select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`

const divide = async (sql: TransactionSql, { name, tenant, options }: Table, partitions: number): Promise<void> => {
  const { keys, indexes } = await readDefinitions(sql, name)
  await sql.unsafe(`create table divided (like ${name} including all excluding indexes) partition by hash (${tenant})`)
  await sql.unsafe(`drop table ${name}; alter table divided rename to ${name}`)
  // The storage is the partitions'.
  const storage = options === null ? '' : `with (${options})`
  for (let remainder = 0; remainder < partitions; remainder++)
    await sql.unsafe(
      `create table ${name}_of_${remainder} partition of ${name}
         for values with (modulus ${partitions}, remainder ${remainder}) ${storage}`,
    )
  for (const definition of [...keys, ...indexes]) await sql.unsafe(definition)
}

const readDefinitions = async (sql: TransactionSql, table: string): Promise<Definitions> => {
  const [row] = await sql<[Definitions]>`
    select
      array(
        select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where conrelid = ${table}::text::regclass and contype in ('p', 'u')
      ) as keys,
      array(
        select pg_get_indexdef(indexrelid) from pg_index i where indrelid = ${table}::text::regclass
          and not exists (select from pg_constraint where conindid = i.indexrelid)
      ) as indexes`
  return row
}

/** Where rows are stored that the table says it has: its partitions, or itself. */
export const partitionsOf = async (sql: Sql, table: string): Promise<readonly string[]> => {
  const rows = await sql<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = ${table}::text::regclass`
  return rows.length === 0 ? [table] : rows.map(({ name }) => name)
}

/** The tables and indexes that plans name, by what they are part of: a plan that reads one partition names its index. */
export const wholeOfParts = async (sql: Sql): Promise<ReadonlyMap<string, string>> => {
  const rows = await sql<{ part: string; whole: string }[]>`
    select inhrelid::regclass::text as part, inhparent::regclass::text as whole from pg_inherits`
  return new Map(rows.map(({ part, whole }) => [part, whole]))
}

/** The partitions that had no row when they were last analysed: PostgreSQL reads those in no order, and it costs nothing. */
export const emptyParts = async (sql: Sql): Promise<ReadonlySet<string>> => {
  const rows = await sql<{ part: string }[]>`
    select inhrelid::regclass::text as part from pg_inherits join pg_class c on c.oid = inhrelid
    where c.relkind = 'r' and c.reltuples = 0`
  return new Set(rows.map(({ part }) => part))
}
