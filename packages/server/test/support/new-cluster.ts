import { execFile } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { accountFor, obstacleFor } from '../../src/db/embedded/account.ts'

const run = promisify(execFile)

/** Copies a PostgreSQL's files, which nobody uses, with their owner. */
export const copyCluster = async (from: string, to: string): Promise<void> => {
  await run('cp', ['-a', from, to])
}

/**
 * Puts the files of a new PostgreSQL into an empty data directory, for tests that are not about first starts: `initdb` takes
 * half a second of CPU, a copy of what it made for this run a tenth of that. Where there is none, or a start would put them
 * elsewhere, the start makes them as ever.
 */
export const fillDataDirectory = async (dataDirectory: string): Promise<void> => {
  const made = process.env.NARU_TEST_NEW_CLUSTER
  if (made === undefined) return
  await chmod(dataDirectory, 0o711)
  const place = join(dataDirectory, 'postgres')
  if ((await obstacleFor(await accountFor(place), dataDirectory)) === undefined) await copyCluster(made, place)
}
