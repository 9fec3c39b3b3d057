import postgres from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { readAddress } from '../../db/connection/address.ts'
import { types } from '../../db/types.ts'

/** A part of a plan, as PostgreSQL explains it once it has run. */
type Part = {
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Join Filter'?: number
  readonly Plans?: readonly Part[]
}

/** PostgreSQL explains every statement of the session, in a notice. */
const explaining = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
  'auto_explain.log_parameter_max_length': '0',
} as const

/**
 * A connection that counts the rows which the parts of its statements' plans handle: read, joined, or thrown away again. A
 * statement that compares each with each handles their square, which shows with few rows and does not depend on how fast the
 * machine is. `rowsRead` sees tables alone, and not what a statement reads again of what it has found itself.
 */
export const countingRows = (url: string) => {
  const address = readAddress(url)
  const [target] = address.targets
  const whereabouts = target !== undefined && 'path' in target ? { path: target.path } : {}
  let handled = 0
  const client = postgres(address.url, {
    ...whereabouts,
    types,
    max: 1,
    fetch_types: false,
    connection: { ...explaining },
    onnotice: ({ message = '' }) => {
      const plan = message.indexOf('{')
      if (plan >= 0) handled += rowsOf(JSON.parse(message.slice(plan)).Plan)
    },
  })
  const sql: Sql = Object.assign(client, {
    begin: () => Promise.reject(new Error('Every statement is one transaction.')),
  })
  return {
    /** How many rows are handled by what a test does. */
    handledBy: async (work: (sql: Sql) => Promise<unknown>): Promise<number> => {
      handled = 0
      await work(sql)
      return handled
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}

const rowsOf = (part: Part): number => {
  const once =
    (part['Actual Rows'] ?? 0) + (part['Rows Removed by Filter'] ?? 0) + (part['Rows Removed by Join Filter'] ?? 0)
  return once * (part['Actual Loops'] ?? 1) + (part.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), 0)
}
