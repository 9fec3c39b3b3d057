import { fingerprint } from 'libpg-query'
import type { Sql } from '../../../src/db/connect.ts'
import { connect } from '../../../src/db/connect.ts'
import { templateName, withDatabase } from '../cluster.ts'
import { allowed } from './allowed.ts'
import { migratingStatements } from './migrations.ts'
import { type Catalogue, faultsOf } from './rules.ts'

/**
 * Holds everything that servers have asked this PostgreSQL so far to the rules, prints what breaks them, and returns whether
 * nothing does. What migrations and tests asked is left out. After all tests, entries of the list that nothing needed are told
 * too: some are needed only where a run lasts long.
 */
export const checkAsked = async (clusterUrl: string, tests: 'all' | 'some'): Promise<boolean> => {
  const sql = connect(clusterUrl, { max: 1, statementTimeout: 0 })
  try {
    const template = connect(withDatabase(clusterUrl, templateName), { max: 1 })
    const catalogue = await readCatalogue(template).finally(() => template.end({ timeout: 5 }))
    const [{ forgotten }] = await sql<[{ forgotten: number }]>`select dealloc as forgotten from pg_stat_statements_info`
    if (forgotten > 0)
      throw new Error('PostgreSQL could not remember all that it was asked: raise pg_stat_statements.max')
    const statements = await sql<{ text: string }[]>`
      select distinct query as text from pg_stat_statements join pg_roles on pg_roles.oid = userid
      where rolname = 'naru' and toplevel and dbid <> (select oid from pg_database where datname = ${templateName})
        and dbid <> (select oid from pg_database where datname = current_database())`
    const used = new Set<RegExp>()
    const problems: string[] = []
    const migrating = await migratingStatements()
    for (const { text } of statements) {
      if (isSchema.test(text)) continue
      const faults = await faultsOf(text, catalogue)
      if (faults.length === 0 || migrating.has(await fingerprint(text))) continue
      const plain = text.replace(/\s+/g, ' ').trim()
      const entry = allowed.find(({ statement }) => statement.test(plain))
      if (entry) used.add(entry.statement)
      else problems.push(`${faults.join('; ')}:\n  ${plain}`)
    }
    for (const { statement } of tests === 'all' ? allowed : [])
      if (!used.has(statement)) process.stdout.write(`ℹ no statement needs this entry of the list: ${statement}\n`)
    for (const problem of problems) process.stderr.write(`✖ ${problem}\n`)
    process.stdout.write(`ℹ statements asked ${statements.length}, against the rules ${problems.length}\n`)
    return problems.length === 0
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Of a schema or a session, which belong to no tenant. */
const isSchema =
  /^\s*(--|create|alter|drop|do |begin|commit|rollback|set |show |lock |comment|truncate|explain|analyze)/i

const readCatalogue = async (sql: Sql): Promise<Catalogue> => {
  const columns = await sql<{ table: string; lead: string; isDue: boolean }[]>`
    select c.relname as "table", a.attname as lead, exists (
      select from pg_attribute d where d.attrelid = c.oid and d.attname = 'due_at' and c.relname not like 'due_work'
    ) as "isDue"
    from pg_constraint p join pg_class c on c.oid = p.conrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.conkey[1]
    where p.contype = 'p' and c.relnamespace = 'public'::regnamespace and a.attname in ('store_id', 'merchant_id')`
  return {
    tenants: new Map(columns.map(({ table, lead }) => [table, lead])),
    due: new Set(columns.filter(({ isDue }) => isDue).map(({ table }) => table)),
  }
}
