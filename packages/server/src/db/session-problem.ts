import type { Sql } from './connect.ts'
import { introduction, reliedOn } from './connection/session-settings.ts'

/**
 * What statements of this pool get and Naru cannot work with: a setting that a pooler takes away again though each
 * statement asks for it, with what to do about it.
 */
export const sessionProblem = async (sql: Sql): Promise<string | undefined> => {
  const { default_transaction_isolation: isolation = '', ...others } = reliedOn
  const needed = Object.entries({ ...introduction, ...others, transaction_isolation: isolation })
  const rows = await sql<{ name: string; value: string; role: string; database: string }[]>`
    select name, pg_catalog.current_setting(name) as value, current_user::text as role, current_database()::text as database
    from pg_catalog.unnest(${needed.map(([name]) => name)}::text[]) as name`
  const values = new Map(needed)
  const wrong = rows.find(({ name, value }) => value !== values.get(name))
  if (wrong === undefined) return undefined
  const name = wrong.name === 'transaction_isolation' ? 'default_transaction_isolation' : wrong.name
  const value = `'${values.get(wrong.name)}'`
  return (
    `The database's sessions have ${name} = '${wrong.value}', and Naru needs ${value}, which a pooler seems to ignore. ` +
    `Run: alter role "${wrong.role}" in database "${wrong.database}" set ${name} = ${value}, and let the pooler connect anew.`
  )
}
