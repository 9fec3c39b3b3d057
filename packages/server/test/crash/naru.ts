import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Sql } from '../../src/db/connect.ts'
import type { Gateway } from '../../src/gateways/port/gateway.ts'
import type { PayoutBank } from '../../src/gateways/port/payout.ts'
import { fillDataDirectory } from '../support/new-cluster.ts'

/** Between a commit and a call of a gateway or a bank: the intent is committed, the outcome is not. */
export type CrashPoint = `${'before' | 'after'} ${keyof Gateway | BankCall}`

/** What dies at a point: the server, or PostgreSQL under it, which the server starts again. */
export type Trap = { readonly point: CrashPoint; readonly victim: 'server' | 'PostgreSQL' }

/** What a bank is asked while it pays out. */
export type BankCall = Extract<keyof PayoutBank, 'transfer' | 'inquireTransfer'>

/** What the server says when it answers requests. */
export type Ready = { readonly url: string; readonly clusterDirectory: string; readonly socketDirectory: string }

/** Built where all tests run, which start some fifty of it. */
export const crashServer = process.env.NARU_TEST_CRASH_SERVER ?? join(import.meta.dirname, 'server.ts')

export const apiSecret = 'a-secret-for-crash-tests'
export const storeId = 'store-crash'
export const channelKey = 'channel-crash'

/**
 * A server on a durable database of its own, which is killed and started again. PostgreSQL outlives the server, as it
 * does in production, and is killed by itself.
 */
export class Naru {
  readonly directory: string
  readonly #events = new EventEmitter().setMaxListeners(0)
  #process: ChildProcess | undefined
  #ready: Ready | undefined

  private constructor(directory: string) {
    this.directory = directory
  }

  static async create(): Promise<Naru> {
    const naru = new Naru(await mkdtemp(join(tmpdir(), 'naru-crash-')))
    await fillDataDirectory(naru.directory)
    await naru.start()
    return naru
  }

  get url(): string {
    return this.#given().url
  }

  get databaseUrl(): string {
    return `postgres://naru@localhost/postgres?host=${encodeURIComponent(this.#given().socketDirectory)}`
  }

  /** To look at what the server did. An audit of all that a run leaves may take longer than a request. */
  connect(): Sql {
    return connect(this.databaseUrl, { max: 2, applicationName: 'crash tests', statementTimeout: 0 })
  }

  get logFile(): string {
    return join(this.directory, 'server.log')
  }

  /** Starts the server and returns how many milliseconds it took until it answered. */
  async start(): Promise<number> {
    const since = performance.now()
    const log = openSync(this.logFile, 'a')
    const child = spawn(process.execPath, [crashServer], {
      env: { ...process.env, ...environment, NARU_DATA_DIR: this.directory },
      stdio: ['ignore', log, log, 'ipc'],
    })
    const exited = once(child, 'exit')
    const [first] = await Promise.race([once(child, 'message'), exited])
    if (!isReady(first)) throw new Error(`the server did not start (${first}); it said:\n${await this.#lastWords()}`)
    this.#process = child
    this.#ready = first
    this.#events.emit('up')
    return performance.now() - since
  }

  /** Resolves when a server answers: at once, or after the next start. */
  async up(): Promise<void> {
    if (this.#process === undefined) await once(this.#events, 'up')
  }

  /** Ends the server the hard way. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined) return
    this.#process = undefined
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** Ends PostgreSQL's main process the hard way, and returns once the server has started another. */
  async killPostgres(): Promise<void> {
    const killed = await this.#postmaster()
    process.kill(killed.pid, 'SIGKILL')
    await this.#postgresAfter(killed.pid)
  }

  /**
   * Runs `work`, in which the server must come to `point` and ends PostgreSQL there. Returns once the server has started
   * another, and whether it came there within a minute.
   */
  async losePostgresAt(point: CrashPoint, work: () => Promise<unknown>): Promise<boolean> {
    const { pid } = await this.#postmaster()
    const child = await this.#arm({ point, victim: 'PostgreSQL' })
    const reached = once(child, 'message', { signal: AbortSignal.timeout(60_000) }).then(
      () => true,
      () => false,
    )
    const [isReached] = await Promise.all([reached, work()])
    // A trap that stayed armed would end it in the middle of what follows, which says nothing about why.
    if (isReached) await this.#postgresAfter(pid)
    else await this.#arm(undefined)
    return isReached
  }

  /**
   * Runs `work`, in which or after which the server must end itself at `point`. Returns whether it did within a minute. The
   * client may hear of the end of the connection before we hear of the end of the process.
   */
  async dieAt(point: CrashPoint, work: () => Promise<unknown>): Promise<boolean> {
    const child = await this.#arm({ point, victim: 'server' })
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(60_000) }).then(
      () => true,
      () => false,
    )
    const died = await Promise.race([exited, work().then(() => exited)])
    await this.kill()
    return died
  }

  /** Stops everything in order and removes the directory, unless there is something in it to look at. */
  async close(keep: boolean): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    }
    if (keep) return
    await rm(this.directory, { recursive: true, force: true })
    // Not inside it where the account that PostgreSQL runs as may not look into the temporary directory.
    if (this.#ready) await rm(this.#ready.clusterDirectory, { recursive: true, force: true })
  }

  async #arm(trap: Trap | undefined): Promise<ChildProcess> {
    const child = this.#process
    if (child === undefined) throw new Error('there is no server to arm')
    const armed = once(child, 'message')
    child.send(trap ?? 'disarm')
    await armed
    return child
  }

  /** Until the server has started another PostgreSQL than this one. */
  async #postgresAfter(killed: number): Promise<void> {
    for (let attempt = 0; attempt < 1_500; attempt++) {
      const { pid, isReady } = await this.#postmaster()
      if (pid !== killed && isReady) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('PostgreSQL was killed and the server did not start it again')
  }

  #given(): Ready {
    if (this.#ready === undefined) throw new Error('the server was not started')
    return this.#ready
  }

  async #postmaster(): Promise<{ pid: number; isReady: boolean }> {
    const note = await readFile(join(this.#given().clusterDirectory, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = note.split('\n')
    return { pid: Number(lines[0]), isReady: lines[7]?.trim() === 'ready' }
  }

  async #lastWords(): Promise<string> {
    return (await readFile(this.logFile, 'utf8')).split('\n').slice(-20).join('\n')
  }
}

export const environment = {
  PORT: '0',
  DATABASE_URL: '',
  // Compiled code is kept between starts, as `npm start` does.
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  NARU_API_SECRET: apiSecret,
  // For several servers on one database.
  NARU_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  NARU_STORE_ID: storeId,
  NARU_CHANNEL_KEY: channelKey,
}

export const isReady = (message: unknown): message is Ready =>
  typeof message === 'object' && message !== null && 'url' in message && 'clusterDirectory' in message
