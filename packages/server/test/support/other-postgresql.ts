import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { accountFor, giveTo } from '../../src/db/embedded/account.ts'
import { program } from '../../src/db/embedded/binaries.ts'
import { type Settings, startPostmaster, stopPostmaster } from '../../src/db/embedded/postmaster.ts'
import { urlOf } from '../../src/db/embedded/socket.ts'

/**
 * Where another PostgreSQL than the bundled one is installed (its `bin` lies in there), on which this run makes its databases.
 * Tests of the bundled one, and those that kill one, start the bundled one all the same.
 */
export const otherPostgresql = process.env.NARU_TEST_POSTGRESQL

const run = promisify(execFile)

/** Makes a cluster with the PostgreSQL that is installed in a directory, and starts it. Texts sort by code point. */
export const startOtherPostgresql = async (
  installed: string,
  options: { readonly dataDirectory: string; readonly settings: Settings; readonly signal: AbortSignal | undefined },
): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const { dataDirectory, settings, signal } = options
  const directory = join(dataDirectory, 'other')
  const account = await accountFor(directory)
  await mkdir(directory)
  await giveTo(account, directory)
  const cluster = { directory, place: directory, account, binaries: { directory: installed, version: 'other' } }
  const chosen = ['--username', 'naru', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--auth', 'trust']
  await run(program(cluster.binaries, 'initdb'), ['--pgdata', directory, ...chosen], { ...account, cwd: directory })
  const logFile = join(dataDirectory, 'other.log')
  const postmaster = await startPostmaster(cluster, { logFile, settings, signal, report: () => {} })
  return { url: urlOf(postmaster.socketDirectory), stop: () => stopPostmaster(postmaster) }
}
