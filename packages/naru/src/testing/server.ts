import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeForServer, serverProgram } from '../node.ts'

export type OwnServer = { readonly url: string; readonly apiSecret: string; stop(): Promise<void> }

/**
 * Starts a server on a free port, with a database of its own in a temporary directory. It is a child with a channel, which
 * keeps neither this process alive nor itself: it stops where this process ends, however that comes about.
 */
export const startServer = async (environment: Readonly<Record<string, string>>): Promise<OwnServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-test-'))
  // PostgreSQL does not run as root: the account that it runs under instead has to reach its files.
  await chmod(directory, 0o711)
  const apiSecret = environment.NARU_API_SECRET ?? randomBytes(24).toString('hex')
  const output = join(directory, 'output.log')
  const server = launch(output, {
    NARU_LOG_LEVEL: 'warn',
    NARU_DATA_DIR: join(directory, 'data'),
    ...environment,
    NARU_API_SECRET: apiSecret,
    PORT: environment.PORT ?? '0',
  })
  const stop = async (): Promise<void> => {
    await stopChild(server)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const url = await ready(server)
    server.unref()
    server.channel?.unref()
    return { url, apiSecret, stop }
  } catch (error) {
    const said = await readFile(output, 'utf8').catch(() => '')
    await stop()
    throw new Error(`Naru did not start. It said:\n${said.trim() || String(error)}`)
  }
}

const launch = (output: string, environment: Readonly<Record<string, string>>): ChildProcess => {
  const file = openSync(output, 'a')
  try {
    return fork(serverProgram, ['serve'], {
      execPath: nodeForServer(),
      execArgv: [],
      env: { ...inherited(), ...environment },
      stdio: ['ignore', file, file, 'ipc'],
    })
  } finally {
    closeSync(file)
  }
}

/** Not what is meant for the program under test, its runner, or another Naru. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NARU_|NODE_|DATABASE_URL$|HOST$)/.test(name)))

/** Under which URL it answers, as it says once it does. */
const ready = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('message', (message) => {
      const url: unknown = Reflect.get(Object(message), 'url')
      if (typeof url === 'string') resolve(url)
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`It ended with ${code}.`)))
  })

const stopChild = async (server: ChildProcess): Promise<void> => {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  server.ref()
  const exited = once(server, 'exit')
  server.kill('SIGTERM')
  await exited
}
