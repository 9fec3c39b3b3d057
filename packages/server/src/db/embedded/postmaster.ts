import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { readFile, rm, rmdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cannotRun, program } from './binaries.ts'
import { stopOrphan } from './orphan.ts'
import { readPidFile } from './pid-file.ts'
import type { Cluster } from './place.ts'
import { processKind } from './process.ts'
import { becomes, prepareSocketDirectory, socketIn } from './socket.ts'

/** PostgreSQL's main process while it serves a cluster. */
export type Postmaster = {
  readonly pid: number
  readonly socketDirectory: string
  /** It ran already: a Naru that was killed left it behind, or another program started it. */
  readonly adopted: boolean
}

export type Settings = Readonly<Record<string, string | number>>

/** What differs from PostgreSQL's own defaults, which are durable (fsync, synchronous_commit, full_page_writes). */
const defaultSettings: Settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: 100,
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Images of whole pages after a checkpoint: a third of their size, for a few microseconds each.
  wal_compression: 'on',
  random_page_cost: 1.1,
  // Queries here are short. Parallel workers would share memory through /dev/shm, which containers limit to 64 MB.
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  // A statement's errors go to whoever sent it. Its text and values have no business in a log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
}

/**
 * What PostgreSQL says when a later start will do: someone else was faster (and has not yet written its number into its
 * lock file), a stop or another's failed start took the socket's directory away between our making it and its use, or
 * the processes of a killed postmaster are still noticing its death.
 */
const passing = new RegExp(
  [
    'lock file .* already exists',
    'lock file .* is empty',
    'could not create lock file .*: No such file or directory',
    'pre-existing shared memory block',
  ].join('|'),
)

export type Launching = {
  readonly report: (message: string) => void
  readonly logFile: string
  readonly settings: Settings
  /** Calls the start off. A PostgreSQL that was launched is stopped. */
  readonly signal?: AbortSignal | undefined
}

/** Adopts the cluster's running PostgreSQL, or starts one, and returns once it accepts connections. */
export const startPostmaster = async (cluster: Cluster, launching: Launching): Promise<Postmaster> => {
  for (let attempt = 1; ; attempt++) {
    const running = await findPostmaster(cluster, launching.signal)
    if (running !== undefined) return running
    const failure = await launch(cluster, launching)
    if (typeof failure !== 'string') return failure
    if (!passing.test(failure) || attempt > 100)
      throw new Error(`PostgreSQL did not start. Its log (${launching.logFile}) says:\n${failure}`)
    await delay(100)
  }
}

/** Stops PostgreSQL at once but in order: sessions are ended, everything is on disk. Waits until it is gone. */
export const stopPostmaster = async (postmaster: Omit<Postmaster, 'adopted'>): Promise<void> => {
  const gone = async (): Promise<boolean> => !(await isThere(postmaster))
  // SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its "immediate" one: safe too, but the next start has to recover.
  for (const [signal, seconds] of [
    ['SIGINT', 30],
    ['SIGQUIT', 5],
  ] as const) {
    if (!(await gone())) process.kill(postmaster.pid, signal)
    if (!(await becomes(seconds, gone))) continue
    await rmdir(postmaster.socketDirectory).catch(() => {})
    return
  }
  throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop. Stop it by hand before the next start.`)
}

/**
 * Resolves when the postmaster is no longer there. Does not keep our own process alive. A PostgreSQL that was told from outside to
 * stop in its "smart" way (SIGTERM, `systemctl stop`) takes no new sessions and waits for ours, which do not end: it is told to end them.
 */
export const postmasterGone = async (cluster: Cluster, postmaster: Postmaster): Promise<void> => {
  for (let isTold = false; await isThere(postmaster); await delay(250, undefined, { ref: false })) {
    const file = isTold ? undefined : await readPidFile(cluster)
    if (file?.pid !== postmaster.pid || file.status !== 'stopping') continue
    isTold = true
    try {
      process.kill(postmaster.pid, 'SIGINT')
    } catch {
      // It has just ended by itself.
    }
  }
}

const isThere = async ({ pid }: Pick<Postmaster, 'pid'>): Promise<boolean> => (await processKind(pid)) === 'postgres'

/** The cluster's running PostgreSQL, once it is ready; a leftover that cannot be talked to is put aside. */
const findPostmaster = async (cluster: Cluster, signal: AbortSignal | undefined): Promise<Postmaster | undefined> => {
  for (;;) {
    signal?.throwIfAborted()
    const file = await readPidFile(cluster)
    if (file === undefined) return undefined
    const kind = await processKind(file.pid)
    if (kind === 'gone') return undefined
    const postmaster = { pid: file.pid, socketDirectory: file.socketDirectory, adopted: true }
    if (kind === 'other') {
      // In a container the same small numbers return after a crash, and PostgreSQL would take the stranger for itself.
      await rm(join(cluster.directory, 'postmaster.pid'), { force: true })
      await rm(`${socketIn(file.socketDirectory)}.lock`, { force: true })
      return undefined
    }
    if (file.status === 'ready') {
      if (await answers(file.socketDirectory)) return postmaster
      // Its socket was deleted, by a cleaner of temporary files for one.
      await stopPostmaster(postmaster)
    }
    await delay(20)
  }
}

const answers = async (socketDirectory: string): Promise<boolean> => {
  const socket = connect(socketIn(socketDirectory))
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Starts PostgreSQL; a text is what it said when it gave up. */
const launch = async (
  cluster: Cluster,
  { logFile, settings, signal, report }: Launching,
): Promise<Postmaster | string> => {
  const socketDirectory = await prepareSocketDirectory(cluster)
  await stopOrphan(cluster, report)
  const log = openSync(logFile, 'a', 0o600)
  const { size } = fstatSync(log)
  const path = program(cluster.binaries, 'postgres')
  const chosen = Object.entries({ ...defaultSettings, ...settings, unix_socket_directories: socketDirectory })
  const child = spawn(
    path,
    ['-D', cluster.directory, ...chosen.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...cluster.account,
      cwd: cluster.directory,
      env: {},
      // Its own session: Ctrl+C is for Naru, which stops PostgreSQL when it has answered its last request. And a file
      // instead of a pipe, which would break when Naru is killed and PostgreSQL lives on.
      detached: true,
      stdio: ['ignore', log, log],
    },
  )
  closeSync(log)
  const exited = new AbortController()
  child.once('exit', () => exited.abort())
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new Error(cannotRun(path), { cause })
  })
  child.unref()
  const { pid } = child
  while (!exited.signal.aborted) {
    if (signal?.aborted && pid !== undefined) {
      await stopPostmaster({ pid, socketDirectory })
      throw signal.reason
    }
    const file = await readPidFile(cluster)
    if (pid !== undefined && file?.pid === pid && file.status === 'ready')
      return { pid, socketDirectory, adopted: false }
    await delay(10)
  }
  await rmdir(socketDirectory).catch(() => {})
  return (await readFile(logFile)).subarray(size).toString().trim()
}
