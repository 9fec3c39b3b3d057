import { mkdir, readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration.ts'
import { aborted } from '../kernel/abort.ts'
import { credentialsFile, type SandboxCredentials, writeCredentials } from '../merchants/bootstrap.ts'
import { type RunningServer, startServer } from '../server.ts'
import { banner } from './banner.ts'
import type { StopSignals } from './stop-signals.ts'

/** Runs the server until it is told to stop, finishes the requests under way, and lets everything go. */
export const serve = async (configuration: Configuration, log: Logger, { stop, hurry }: StopSignals): Promise<void> => {
  const server = await start(configuration, log, stop)
  if (server === undefined) return
  await aborted(stop)
  log.info(`${reasonOf(stop)}: finishing what is under way`)
  hurry.addEventListener('abort', () => log.warn(`${reasonOf(hurry)} again: giving up what is under way`))
  await server.close(hurry)
}

/** The server, answering; nothing where it was told to stop before. */
const start = async (
  configuration: Configuration,
  log: Logger,
  stop: AbortSignal,
): Promise<RunningServer | undefined> => {
  await mkdir(configuration.dataDirectory, { recursive: true })
  try {
    const server = await startServer(configuration, { log, signal: stop })
    const credentials = await completeCredentials(configuration, server.sandbox)
    await writeCredentials(configuration.dataDirectory, credentials)
    process.stdout.write(banner(configuration.publicUrl ?? server.url, credentials))
    return server
  } catch (error) {
    if (error !== stop.reason) throw error
    log.info(`${reasonOf(stop)}: stopped before it was ready`)
    return undefined
  }
}

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : String(reason))

/** Secrets are stored as digests; the file from the first start still has them in full. */
const completeCredentials = async (
  { dataDirectory }: Configuration,
  made: SandboxCredentials,
): Promise<SandboxCredentials> => {
  const known = await readFile(credentialsFile(dataDirectory), 'utf8').then(JSON.parse, () => ({}))
  const isSame = Object(known).storeId === made.storeId
  const text = (name: 'apiSecret' | 'webhookSecret') => {
    const kept: unknown = isSame ? Object(known)[name] : undefined
    return made[name] ?? (typeof kept === 'string' ? kept : undefined)
  }
  return { ...made, apiSecret: text('apiSecret'), webhookSecret: text('webhookSecret') }
}
