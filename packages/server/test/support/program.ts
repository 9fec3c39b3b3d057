import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '../../src/db/embedded/embedded.ts'
import { fillDataDirectory } from './new-cluster.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Starts the command line by itself, without npm in between. */
export const naru: readonly string[] = [process.execPath, 'packages/server/bin/naru.js']

/** As `npm run naru -- …` is typed. */
export const npmRunNaru: readonly string[] = ['npm', 'run', '--silent', 'naru', '--']

/** A program that runs in a process group of its own, as a shell starts them. */
export class Program {
  readonly child: ChildProcess
  readonly #output: EventEmitter = new EventEmitter()
  #text = ''
  /** Its exit code once it, and all that it started and that shares its output, is gone; undefined after a signal. */
  readonly ended: Promise<number | undefined>

  constructor(command: readonly string[], environment: Readonly<Record<string, string>>) {
    const [file = '', ...words] = command
    // Without what this test's own npm and runner tell their children.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|NARU_|DATABASE_URL)/.test(name))
    this.child = spawn(file, words, {
      cwd: root,
      env: { ...Object.fromEntries(inherited), PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#text += text
        this.#output.emit('more')
      })
    this.ended = once(this.child, 'close').then(([code]) => (typeof code === 'number' ? code : undefined))
    void this.ended.then(() => this.#output.emit('more'))
  }

  /** Everything it has said. */
  get text(): string {
    return this.#text
  }

  /** What it says next that matches; fails where it ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#text)
      if (found !== null) return found
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`The program ended without saying ${pattern}:\n${this.#text}`)
      await once(this.#output, 'more')
    }
  }

  /** Under which URL the server answers. */
  async url(): Promise<string> {
    const [, url = ''] = await this.says(/API URL +(\S+)/)
    return url
  }

  /** To every process of the group, as a terminal sends Ctrl+C. */
  signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal)
  }
}

/** A data directory that PostgreSQL's account may enter, which is cleared away after the test. */
export const temporaryDataDirectory = async (context: TestContext): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-program-'))
  await chmod(directory, 0o711)
  context.after(async () => {
    // Where the test failed.
    if (hasPostgres(directory)) await (await startEmbedded({ dataDirectory: directory })).stop()
    await rm(directory, { recursive: true, force: true })
  })
  return directory
}

/** The same with a new PostgreSQL's files in it, for tests that are not about first starts. */
export const filledDataDirectory = async (context: TestContext): Promise<string> => {
  const directory = await temporaryDataDirectory(context)
  await fillDataDirectory(directory)
  return directory
}

/** Whether a PostgreSQL of this data directory runs, or has left its note behind. */
export const hasPostgres = (dataDirectory: string): boolean =>
  existsSync(join(dataDirectory, 'postgres', 'postmaster.pid'))
