import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../kernel/error-code.ts'
import { type Account, giveTo } from './account.ts'
import { type Binaries, cannotRun, program } from './binaries.ts'

/** What runs PostgreSQL's programs, and as whom. */
export type Runner = { readonly binaries: Binaries; readonly account: Account | undefined }

/** Makes a new database in this directory, which is empty. */
export const initialize = async (runner: Runner, directory: string, signal: AbortSignal | undefined): Promise<void> => {
  signal?.throwIfAborted()
  try {
    const said = await runInitdb(runner, directory, signal)
    await keepSharedMemoryOf(directory, said)
  } catch (error) {
    await releaseSharedMemory(runner, directory)
    throw error
  }
}

/**
 * Text sorts by code point, the same on every machine: an index would break if the system's collations changed.
 *
 * The PostgreSQL that `initdb` runs does not tidy up where its disk is full, or where it is killed, and a restart loop would fill
 * /dev/shm. As files in the data directory its shared memory goes where that goes.
 */
const runInitdb = async (
  { binaries, account }: Runner,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const child = spawn(
    program(binaries, 'initdb'),
    [
      ...['--pgdata', directory, '--username', 'naru', '--encoding', 'UTF8', '--locale', 'C'],
      ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--data-checksums', '--no-instructions'],
      // The socket's directory, which only the account may enter, is the lock on the door.
      ...['--auth', 'trust'],
      // What failed is needed for a moment, to give back its shared memory.
      ...['--set', 'dynamic_shared_memory_type=mmap', '--no-clean'],
    ],
    {
      ...account,
      cwd: directory,
      env: {},
      // Its own session: Ctrl+C is for Naru, which ends it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const end = () => killGroup(child)
  signal?.addEventListener('abort', end)
  const [code] = await once(child, 'close').catch((error: unknown) => {
    throw new Error(cannotRun(program(binaries, 'initdb')), { cause: error })
  })
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  if (/could not look up effective user ID/.test(output)) throw new Error(withoutName)
  if (code !== 0) throw new Error(failureIn(output, directory))
  return output
}

const failureIn = (output: string, directory: string): string => {
  const why = output.includes('No space left on device')
    ? 'The disk is full: make room on it, or set NARU_DATA_DIR to a directory elsewhere. '
    : ''
  return `${why}PostgreSQL could not create a database in ${directory}:\n${output.trim()}`
}

/** The server keeps its shared memory where `initdb` found it best: in files it would be written to the disk. */
const keepSharedMemoryOf = async (directory: string, said: string): Promise<void> => {
  const [, best = 'posix'] = /dynamic shared memory implementation \.\.\. (\w+)/.exec(said) ?? []
  const file = join(directory, 'postgresql.conf')
  const text = await readFile(file, 'utf8')
  const changed = text.replace(/^dynamic_shared_memory_type = mmap/m, `dynamic_shared_memory_type = ${best}`)
  await writeFile(file, changed, { flush: true })
}

/**
 * A killed PostgreSQL also leaves a System V segment of a few bytes, of which a machine has some thousand at most. The next one on
 * the same directory (the segment's key is the directory's number) removes it before it does anything else, so one is started that
 * only checks its settings. It finds no database, for the disk may be full, and fails: that does not matter.
 */
const releaseSharedMemory = async ({ binaries, account }: Runner, directory: string): Promise<void> => {
  try {
    const version = await readFile(join(directory, 'PG_VERSION'))
    for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true, force: true })
    for (const [name, content] of [
      ['PG_VERSION', version],
      ['postgresql.conf', ''],
    ] as const) {
      await writeFile(join(directory, name), content)
      await giveTo(account, join(directory, name))
    }
    // The one that was killed may still be ending.
    for (let attempt = 0; attempt < 100; attempt++) {
      if (!/pre-existing shared memory block/.test(await runCheck({ binaries, account }, directory))) return
      await delay(100)
    }
  } catch {
    // Nothing was begun, or nothing runs here: the error that led here says so.
  }
}

const runCheck = async ({ binaries, account }: Runner, directory: string): Promise<string> => {
  const child = spawn(program(binaries, 'postgres'), ['--check', '-D', directory], {
    ...account,
    cwd: directory,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  await once(child, 'close')
  return said
}

/** Outright, and with the processes it has started: nothing of a database that is half made is worth an ordered end. */
const killGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It has just ended by itself.
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

const withoutName =
  'PostgreSQL needs an account that is listed in /etc/passwd, and this one is not. Run the container as a user of its ' +
  'image, or set DATABASE_URL to your own PostgreSQL server.'
