import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from './place.ts'

/** The database that was opened is not where it was; said as it is, without a stack. */
export class DatabaseGone extends Error {}

/** The number that `initdb` gave the cluster, which no other has, with its copies excepted; `undefined` where there is none. */
export const identityOf = async ({ directory }: Place): Promise<string | undefined> => {
  const control = await readFile(join(directory, 'global', 'pg_control')).catch(() => undefined)
  return control?.subarray(0, 8).toString('hex')
}

/** Throws unless the cluster is the one that was opened: it may have been deleted since, and another begun in its place. */
export const requireIdentity = async (place: Place, opened: string | undefined): Promise<void> => {
  if (opened !== undefined && (await identityOf(place)) === opened) return
  throw new DatabaseGone(
    `The database in ${place.place} was deleted, moved away or replaced while this server ran, and its PostgreSQL has ` +
      'ended. This server ends, too. Start Naru again: it opens the database that is there, or begins a new one.',
  )
}
