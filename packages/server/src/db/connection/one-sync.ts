import { message } from './messages.ts'

/**
 * What the driver sends, without the second of two Syncs. It (postgres.js 3.4.9) sends two where a statement that is read in slices
 * fails among its rows: one at the end of the rows, which `WholeAnswers` tells it of, and one for the error. PostgreSQL would answer
 * both, and the driver would take the second answer for that of its next statement: no rows, whatever there are.
 */
export const withoutSecondSync = (chunk: Buffer): Buffer =>
  chunk.length >= both.length && chunk.subarray(-both.length).equals(both) ? chunk.subarray(0, -sync.length) : chunk

const sync = message('S')
const both = Buffer.concat([sync, sync])
