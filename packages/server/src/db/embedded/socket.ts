import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../kernel/error-code.ts'
import { giveTo, obstacleFor } from './account.ts'
import type { Place } from './place.ts'

/** PostgreSQL's socket in such a directory. */
export const socketIn = (directory: string): string => join(directory, '.s.PGSQL.5432')

/** Under which URL PostgreSQL is reached through it. */
export const urlOf = (directory: string): string =>
  `postgres://naru@localhost/postgres?host=${encodeURIComponent(directory)}`

/**
 * A socket's path may have 107 bytes at most, so it cannot lie in the data directory. Its directory belongs to the
 * account alone, because whoever reaches the socket is let in.
 */
export const prepareSocketDirectory = async (cluster: Place): Promise<string> => {
  const directory = await socketDirectoryOf(cluster)
  // Whoever created it just now, at the same time as we tried, may not have given it away yet.
  if (await becomes(1, () => makeOwn(cluster, directory))) return directory
  throw new Error(
    `${directory}, the directory of PostgreSQL's socket, belongs to another user or is open to others. Remove it.`,
  )
}

/** Where the socket of a place lies, also where nothing has been made yet. */
export const socketDirectoryOf = async ({ place, account }: Place): Promise<string> => {
  const name = `naru-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`
  const temporary = tmpdir()
  const short = Buffer.byteLength(socketIn(join(temporary, name))) <= 100
  const reachable = (await obstacleFor(account, temporary)) === undefined
  return join(short && reachable ? temporary : '/tmp', name)
}

/** Makes the directory where there is none, and says whether it is the account's alone. */
const makeOwn = async ({ account }: Place, directory: string): Promise<boolean> => {
  try {
    if (await makes(directory)) await giveTo(account, directory)
    return await isOwn(account, directory)
  } catch (error) {
    // A stop takes it away at any moment: then it is made again.
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

const makes = async (directory: string): Promise<boolean> => {
  try {
    await mkdir(directory, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

const isOwn = async (account: Place['account'], directory: string): Promise<boolean> => {
  const { uid, mode } = await lstat(directory)
  return uid === (account?.uid ?? process.getuid?.() ?? uid) && (mode & 0o077) === 0
}

/** Whether the condition holds within so many seconds. */
export const becomes = async (seconds: number, condition: () => Promise<boolean>): Promise<boolean> => {
  for (let attempt = 0; attempt < seconds * 50; attempt++) {
    if (await condition()) return true
    await delay(20)
  }
  return false
}
