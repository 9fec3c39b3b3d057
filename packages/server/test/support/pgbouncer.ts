import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { accountFor, giveTo } from '../../src/db/embedded/account.ts'
import { freePort } from './listen.ts'

export type PgBouncer = AsyncDisposable & {
  /** The same database, through PgBouncer. */
  readonly url: string
}

const isInstalled = (): boolean => {
  try {
    execFileSync('pgbouncer', ['--version'])
    return true
  } catch {
    return false
  }
}

/** For tests that need it: in Debian and Ubuntu it is the package `pgbouncer`. */
export const withPgBouncer = {
  skip: !isInstalled() && process.env.NARU_TEST_PGBOUNCER !== 'required' && 'pgbouncer is not installed',
}

/**
 * PgBouncer in transaction mode with its defaults, apart from what says where everything is, and from how many sessions it
 * keeps: fewer than Naru opens connections, so that each transaction gets another session.
 */
export const startPgBouncer = async (databaseUrl: string, mode = 'transaction'): Promise<PgBouncer> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-pgbouncer-'))
  const account = await accountFor(directory)
  await giveTo(account, directory)
  const { username, pathname, port, searchParams } = new URL(databaseUrl)
  const ownPort = await freePort()
  await writeFile(join(directory, 'users.txt'), `"${username}" ""\n`)
  const configuration = join(directory, 'pgbouncer.ini')
  await writeFile(
    configuration,
    `
[databases]
* = host=${searchParams.get('host')} port=${port || 5432}
[pgbouncer]
pool_mode = ${mode}
default_pool_size = 3
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory, 'users.txt')}
`,
  )
  const child = spawn('pgbouncer', [configuration], { ...account, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  await untilItSays(child.stderr, 'process up')
  return {
    url: `postgres://${username}@127.0.0.1:${ownPort}${pathname}`,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const untilItSays = async (output: Readable, text: string): Promise<void> => {
  let said = ''
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    said += String(chunk)
    if (said.includes(text)) {
      output.resume()
      return
    }
  }
  throw new Error(`PgBouncer ended:\n${said}`)
}
